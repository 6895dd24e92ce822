"""What holds for every stack: it is one folder, nothing else knows its name, and its starter belongs to the team."""

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree
from pathlib import Path, PurePosixPath

import pytest

from tests.generation import ROOT, choices, covering_answers, files_of, name_of, render

TEMPLATES = ROOT / "templates"
STACKS = choices()["stack"]
NEEDED = (
    "scripts/test.sh*",
    "fragments/gitlab.yml",
    "#{ application_folder }#/#{ starter_files }#/*",
    "#{ language_en }#/docs/application.md.jinja",
    "#{ language_de }#/docs/application.md.jinja",
)


def folder(stack: str):
    return TEMPLATES / f"#{{ stack_{stack} }}#"


def test_there_is_a_folder_for_every_stack_and_for_nothing_else():
    assert {path.name for path in TEMPLATES.glob("#{ stack_*")} == {folder(stack).name for stack in STACKS}


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_brings_what_it_needs(stack):
    for pattern in NEEDED:
        assert list(folder(stack).glob(pattern)), pattern
    dockerfiles = [*folder(stack).rglob("Dockerfile.jinja")]
    assert len(dockerfiles) == 1


def test_no_shared_file_of_the_template_knows_the_name_of_a_stack():
    condition = re.compile(r"\bstack\s*(==|!=|in\b)|\[stack\]")
    for path in TEMPLATES.rglob("*"):
        if path.is_file() and not path.relative_to(TEMPLATES).parts[0].startswith("#{ stack_"):
            assert not condition.search(path.read_text("utf-8")), path


@pytest.mark.parametrize("stack", STACKS)
def test_files_of_the_starter_belong_to_the_team_and_the_others_to_the_template(stack, repositories, tmp_path):
    answers = next(row for row in covering_answers() if row["stack"] == stack and row["starter"])
    repository = shutil.copytree(repositories[name_of(answers)], tmp_path / "shop")
    edited = {path: path.read_bytes() + b"# edited\n" for path in files_of(repository)}
    for path, content in edited.items():
        path.write_bytes(content)
    render(answers, repository)
    kept = {path.relative_to(repository).as_posix() for path, content in edited.items() if path.read_bytes() == content}
    starter = folder(stack) / "#{ application_folder }#/#{ starter_files }#"
    place = PurePosixPath(answers["application_folder"])
    theirs = [path.relative_to(starter) for path in files_of(starter) if "#{ image_files }#" not in path.parts]
    assert {str(place / path).removesuffix(".jinja") for path in theirs} <= kept
    machinery = (
        ".github/",
        ".gitlab",
        "docs/",
        "monitoring/",
        "scripts/",
        "server/",
        "terraform/",
        str(place / "Dockerfile"),
    )
    bucket = f"terraform/{answers['cloud']}/backend.hcl"  # of the state: another one would be an empty state
    assert [name for name in kept if name.startswith(machinery)] == [bucket]


@pytest.fixture(scope="module")
def dockerfiles(repositories) -> dict[str, Path]:
    """Every Dockerfile of the covering array, once each, by its text."""
    found = {path.read_text("utf-8"): path for it in repositories.values() for path in files_of(it, ["**/Dockerfile"])}
    assert len(found) >= len(STACKS) - 1, "that of docker comes with its starter only"
    return found


def test_every_image_has_a_user_without_rights_and_a_health_check(dockerfiles):
    """That its base images are pinned, test_pins.py says."""
    for text in dockerfiles:
        assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", text, re.MULTILINE) and "HEALTHCHECK" in text


@pytest.mark.needs("hadolint")
def test_hadolint_finds_nothing_in_any_dockerfile(dockerfiles, toolbox):
    done = subprocess.run([toolbox("hadolint"), *dockerfiles.values()], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.needs("checkov")
def test_checkov_finds_nothing_in_any_dockerfile(dockerfiles, toolbox, tmp_path):
    for number, text in enumerate(dockerfiles):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "Dockerfile").write_text(text, "utf-8")
    command = [toolbox("checkov"), "--skip-download", "--framework", "dockerfile", "--directory", tmp_path]
    done = subprocess.run([*command, "--output", "json"], capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)["summary"]
    assert (done.returncode, told["failed"], told["parsing_errors"]) == (0, 0, 0), done.stdout
    assert told["passed"] > 30 * len(dockerfiles), "it has read them all"


def test_every_project_file_in_xml_can_be_read(repositories):
    suffixes = (".csproj", ".props", ".slnx", ".xml")
    found = {path.name: path for it in repositories.values() for path in files_of(it) if path.suffix in suffixes}
    assert {"Application.csproj", "pom.xml"} <= set(found)
    for path in found.values():
        xml.etree.ElementTree.parse(path)  # noqa: S314 - our own files
