"""Good answers are accepted; a bad one is refused with one sentence, and nothing is written."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from richtfest import answers
from richtfest.cli import group
from tests.generation import PLACES, ROOT

ANSWERS = ROOT / "tests" / "answers"


def new(destination: Path, *arguments: str):
    return CliRunner().invoke(group, ["new", str(destination), "--defaults", *arguments])


@pytest.mark.parametrize("file", sorted((ANSWERS / "valid").glob("*.yml")), ids=lambda file: file.stem)
def test_valid_answers_make_a_repository(file, tmp_path):
    result = new(tmp_path / "shop", "--data-file", str(file))
    assert result.exit_code == 0, result.output
    assert (tmp_path / "shop" / ".copier-answers.yml").is_file()


@pytest.mark.parametrize("file", sorted((ANSWERS / "invalid").glob("*.yml")), ids=lambda file: file.stem)
def test_an_invalid_answer_is_refused_in_one_sentence_and_nothing_is_written(file, tmp_path):
    result = new(tmp_path / "shop", "--data-file", str(file))
    assert result.exit_code == 1, result.output
    message = result.stderr.strip()
    assert message.startswith("Error: ")
    assert len(message.splitlines()) == 1
    question = file.stem.replace("-", "_")
    assert any(question.startswith(name) and name in message for name in _names()), message
    assert list(tmp_path.iterdir()) == []


def _names() -> list[str]:
    from tests.generation import questionnaire

    return list(questionnaire())


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_refusal_speaks_the_language_of_the_answers(language, tmp_path):
    result = new(tmp_path / "shop", "-d", f"language={language}", "-d", "domain=X")
    assert ("must be" if language == "en" else "vollständiger") in result.stderr


@pytest.mark.parametrize("cloud", ["hetzner", "scaleway", "ovhcloud"])
def test_an_unknown_region_is_answered_with_those_of_the_chosen_cloud_only(cloud, tmp_path):
    told = new(tmp_path / "shop", "-d", "language=en", "-d", f"cloud={cloud}", "-d", "region=mars").stderr
    assert told == f"Error: region must be one of {cloud}: {', '.join(PLACES[cloud]['region'])}\n"


def test_a_region_is_not_judged_while_the_cloud_is_still_to_be_asked_for():
    assert answers.collect(["region=nl-ams"], None) == {"region": "nl-ams"}
    with pytest.raises(click.ClickException, match="must be one of scaleway: fr-par"):
        answers.collect(["region=fsn1"], None, recorded={"cloud": "scaleway", "language": "en"})
    with pytest.raises(click.ClickException, match=r"must be one of fsn1, .*WAW1"):
        answers.collect(["region=mars"], None)


def test_an_answer_to_no_question_is_refused_with_a_hint(tmp_path):
    result = new(tmp_path / "shop", "-d", "stakc=docker")
    assert result.exit_code == 2
    assert "did you mean stack?" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [("cloud_provider", "did you mean cloud?"), ("xyz", "what can be answered: https://")],
)
def test_a_name_that_is_far_from_all_questions_is_no_list_of_them(name, told, tmp_path):
    result = new(tmp_path / "shop", "-d", f"{name}=x")
    assert result.exit_code == 2 and told in result.stderr
    assert len(result.stderr.splitlines()[-1]) < 160
    assert list(tmp_path.iterdir()) == []


def test_a_data_file_that_is_no_yaml_is_refused(tmp_path):
    file = tmp_path / "answers.yml"
    file.write_text("a: [")
    result = new(tmp_path / "shop", "--data-file", str(file))
    assert result.exit_code == 2
    assert "no valid YAML" in result.stderr


def test_a_pair_without_equals_is_refused(tmp_path):
    assert "write it as name=value" in new(tmp_path / "shop", "-d", "stack").stderr


def test_without_a_terminal_and_without_defaults_it_says_what_to_add(tmp_path):
    result = CliRunner().invoke(group, ["new", str(tmp_path / "shop")])
    assert result.exit_code == 2
    assert "--defaults" in result.stderr
