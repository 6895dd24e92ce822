"""Which applications are found in a repository, and how sure that is."""

import pytest

from richtfest.detect import detect
from tests.fast.trees import ASKED, CERTAIN, FASTAPI, NOTHING, plant


@pytest.mark.parametrize(("files", "expected"), CERTAIN.values(), ids=CERTAIN)
def test_what_is_told_without_a_question(tmp_path, files, expected):
    report = detect(plant(tmp_path, files))
    assert told(report) == expected
    assert report.chosen is report.applications[0]


@pytest.mark.parametrize(("files", "expected"), ASKED.values(), ids=ASKED)
def test_what_is_asked_the_likeliest_first(tmp_path, files, expected):
    report = detect(plant(tmp_path, files))
    assert told(report) == expected
    assert report.chosen is None


@pytest.mark.parametrize(("files", "languages"), NOTHING.values(), ids=NOTHING)
def test_what_is_no_application_is_not_claimed(tmp_path, files, languages):
    report = detect(plant(tmp_path, files))
    assert told(report) == ""
    assert report.languages == languages


def test_an_image_has_the_language_of_what_is_in_it(tmp_path):
    plant(tmp_path, CERTAIN["go without a module"][0])
    assert detect(tmp_path).languages == ["go"]


def test_an_image_has_the_language_of_lists_in_a_folder_of_their_own(tmp_path):
    plant(tmp_path, {"Dockerfile": "FROM python\n", "requirements/requirements_production.txt": "flask\n"})
    assert detect(tmp_path).languages == ["python"]


def test_everything_has_a_place_where_it_can_be_looked_up(tmp_path):
    for number, (files, _) in enumerate((CERTAIN | ASKED).values()):
        folder = plant(tmp_path / str(number), files)
        for found in detect(folder).applications:
            for why in [found.why, *(fact.why for facts in found.facts.values() for fact in facts)]:
                lines = (folder / why.file).read_text("utf-8").splitlines()
                assert why.line is None or 1 <= why.line <= len(lines), why


def test_the_line_that_is_named_holds_what_was_seen(tmp_path):
    files = {"requirements.txt": "# what we need\nuvicorn\n\nfastapi==0.115  # the framework\n", "main.py": FASTAPI}
    assert str(detect(plant(tmp_path, files)).chosen.why) == "requirements.txt:4 fastapi==0.115"


def told(report) -> str:
    return " ".join(f"{found.folder}={found.stack}" for found in report.applications)
