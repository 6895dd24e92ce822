"""What must hold for the files of the template themselves, before anything is generated."""

import re
import subprocess
from itertools import product

import pytest
import yaml

from richtfest import reference
from tests.generation import (
    PLACES,
    ROOT,
    THREE,
    choices,
    covering_answers,
    dependent,
    files_of,
    name_of,
    possible,
    questionnaire,
)

TEMPLATES = ROOT / "templates"
DELIMITER = re.compile(r"#\{|\}#|#%|%#|#\||\|#")


def committed(folder: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listed.stdout.split("\0") if name]


def test_no_delimiter_stands_outside_quotes_in_the_questionnaire():
    """Unquoted, `#{ x }#` is a YAML comment: the value would silently be null."""
    told = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8"))
    text = (ROOT / "copier.yml").read_text("utf-8")
    kept = "".join(str(value) for value in _strings(told))
    for line in text.splitlines():
        if line.lstrip().startswith("#") and not re.match(r"\s*#[%{]", line):
            continue
        for found in DELIMITER.findall(line):
            assert found in kept, line


def _strings(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, str):
        yield value


def test_nothing_in_the_template_asks_for_trust():
    told = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8"))
    assert not {"_tasks", "_migrations", "_jinja_extensions"} & told.keys()


@pytest.mark.parametrize("name", questionnaire())
def test_every_question_has_a_default_and_help(name):
    question = questionnaire()[name]
    assert "default" in question
    assert question["help"]


@pytest.mark.parametrize(
    "name", [n for n, q in questionnaire().items() if q["type"] in ("str", "int") and "choices" not in q]
)
def test_every_free_answer_has_a_validator(name):
    validator = questionnaire()[name]["validator"]
    if "regex_search" in validator:
        assert r"\\Z" in validator, "a pattern that ends in $ lets a newline through"


def test_help_is_there_in_both_languages():
    for name, question in questionnaire().items():
        if name != "language":
            assert "'en'" in question["help"] and "'de'" in question["help"], name


def test_the_page_about_the_answers_says_what_the_questionnaire_asks():
    assert (ROOT / "docs/answers.md").read_text("utf-8") == reference.page(), reference.__doc__


def test_a_first_run_asks_at_most_seven_questions():
    assert len([q for q in questionnaire().values() if q.get("ask", True)]) <= 7


def test_no_file_name_is_illegal_on_windows():
    reserved = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
    names = committed(".")
    assert len({name.lower() for name in names}) == len(names), "two names differ in case only"
    for name in names:
        for part in name.split("/"):
            assert not re.search(r'[<>:"\\|?*\x00-\x1f]', part), name
            assert not reserved.match(part), name
            assert not part.endswith((" ", ".")), name
        assert len(name) < 180, name


def test_the_covering_array_holds_every_pair_of_choices():
    space = {name: values for name, values in choices().items() if name not in dependent()}
    rows = covering_answers()
    for cloud, place in PLACES.items():
        for name, values in place.items():
            assert {row[name] for row in rows if row["cloud"] == cloud} == set(values), (cloud, name)
    for first in space:
        for second in space:
            if first < second:
                seen = {(row[first], row[second]) for row in rows}
                pairs = ({first: one, second: two} for one in space[first] for two in space[second])
                assert len(seen) == sum(map(possible, pairs)), (first, second)
    triples = {tuple(row[name] for name in THREE) for row in rows}
    assert triples == set(product(*(space[name] for name in THREE)))


def test_a_plain_file_arrives_byte_for_byte(repositories):
    for repository in repositories.values():
        for path in files_of(repository):
            relative = path.relative_to(repository)
            source = TEMPLATES / relative
            if source.is_file():
                assert path.read_bytes() == source.read_bytes(), relative


def test_a_workflow_without_answers_arrives_byte_for_byte(repositories):
    compared = 0
    for repository in repositories.values():
        for path in (repository / ".github" / "workflows").glob("*.yml"):
            source = TEMPLATES / "github-actions" / path.name
            if not DELIMITER.search(source.read_text("utf-8")):
                assert path.read_bytes() == source.read_bytes(), path.name
                compared += 1
    assert compared


def test_no_delimiter_is_left_in_a_generated_file(repositories):
    for repository in repositories.values():
        for path in files_of(repository):
            for line in path.read_text("utf-8").splitlines():
                found = re.search(r"#\{ |#% |#\| | \}#| %#| \|#", line)
                assert not found, f"{path}: {line}"


def test_every_text_file_says_in_its_first_line_what_it_is_for(repositories):
    for repository in repositories.values():
        for path in files_of(repository):
            if path.suffix in (".json", ".pub"):
                continue  # neither can hold a comment
            lines = path.read_text("utf-8").splitlines()
            first = (
                lines[1]
                if lines[0].startswith(("#!", "---", "<!--", "<!doctype", "<?xml")) and len(lines) > 1
                else lines[0]
            )
            assert re.match(r'\s*(#|//|<\?php //|<!--|"""|\{\{--|<%#|Comment:|/\*|\{\{/\*)\s*\S.{10,}', first) or (
                path.suffix == ".md" and lines[0].startswith("# ")
            ), f"{path.relative_to(repository)}: {first!r}"


def test_no_file_is_empty_and_every_file_ends_with_one_newline(repositories):
    for repository in repositories.values():
        for path in files_of(repository):
            text = path.read_text("utf-8")
            assert text.strip(), path
            assert text.endswith("\n") and not text.endswith("\n\n"), path


def test_every_choice_leaves_only_its_own_files(repositories):
    for answers in covering_answers():
        repository = repositories[name_of(answers)]
        staging = [path for path in files_of(repository) if "staging" in path.name]
        assert bool(staging) == (answers["environments"] == "staging_production"), staging
        if answers["own_dockerfile"]:
            assert not (repository / answers["application_folder"] / "Dockerfile").exists()
        assert not (repository / "pins.yml").exists()
        assert not (repository / "github-actions").exists()
