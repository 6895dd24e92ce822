"""What decides about a release: version, tag, changelog, records and wheel agree, or it does not happen."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.generation import ROOT
from tests.released import Origin, origin
from tools import questionnaire

WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"


@pytest.fixture(scope="module")
def template_origin(tmp_path_factory) -> Origin:
    """This checkout with all its releases, and the next one made ready as the guide says. Only to be copied."""
    made = origin(tmp_path_factory.mktemp("release"))
    changelog = made.path / "CHANGELOG.md"
    changelog.write_text(changelog.read_text("utf-8").replace("(unreleased)", "(2026-12-01)", 1), "utf-8")
    commit_and_tag(made, made.next)
    return made


@pytest.fixture
def ready(template_origin, tmp_path) -> Origin:
    path = shutil.copytree(template_origin.path, tmp_path / "richtfest", symlinks=True)
    return Origin(path, template_origin.released, template_origin.next)


def commit_and_tag(made: Origin, tag: str) -> None:
    made.git("commit", "--quiet", "--all", "--allow-empty", "--message", tag)
    made.git("tag", "--force", tag)


def release(made: Origin, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.release", *map(str, arguments)]
    return subprocess.run(command, cwd=made.path, capture_output=True, text=True, check=False)


def edit(made: Origin, file: str, old: str, new: str) -> None:
    path = made.path / file
    text = path.read_text("utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_what_is_made_ready_by_the_guide_can_be_released_and_recorded(ready):
    done = release(ready, "check", ready.next)
    assert done.returncode == 0, done.stderr
    done = release(ready, "record", ready.next)
    assert done.returncode == 0, done.stderr
    told = yaml.safe_load((ready.path / "releases.yml").read_text())["releases"][-1]
    assert told == {"version": ready.next, "commit": ready.git("rev-parse", f"{ready.next}^{{commit}}")}
    assert yaml.safe_load((ready.path / questionnaire.RECORD).read_text())["version"] == ready.next
    assert release(ready, "record", ready.next).returncode == 1


def test_everything_that_disagrees_is_told_at_once(ready):
    edit(ready, "generator/richtfest/__init__.py", ready.next[1:], "9.9.9")
    edit(ready, "CHANGELOG.md", "(2026-12-01)", "(unreleased)")
    edit(ready, "copier.yml", "    OpenTofu: opentofu\n", "")
    ready.git("tag", "v0.0.9")
    done = release(ready, "check", ready.next)
    assert done.returncode == 1
    for sentence in (
        f"__init__.py says 9.9.9, the tag {ready.next}",
        f"must have the tag {ready.next} and no other",
        "CHANGELOG.md begins with",
        "releases.yml lacks v0.0.9: python -m tools.release record v0.0.9",
        "the question iac no longer offers opentofu",
    ):
        assert sentence in done.stderr


def test_a_release_that_was_not_recorded_stops_the_next_one(ready):
    edit(ready, "generator/richtfest/__init__.py", ready.next[1:], "9.9.9")
    edit(ready, "CHANGELOG.md", "## ", "## 9.9.9 (2026-12-02)\n\n- More.\n\n## ")
    commit_and_tag(ready, "v9.9.9")
    assert (
        f"lacks {ready.next}: python -m tools.release record {ready.next}" in release(ready, "check", "v9.9.9").stderr
    )
    assert release(ready, "record", ready.next).returncode == 0
    commit_and_tag(ready, "v9.9.9")
    done = release(ready, "check", "v9.9.9")
    assert done.returncode == 0, done.stderr
    assert release(ready, "notes", "v9.9.9").stdout == "- More.\n"


def test_what_is_no_version_is_refused(ready):
    assert "write it as v1.2.3" in release(ready, "check", "main").stderr


BREAKS = {
    "gone": ("\nsmtp_host:\n", "\nsmtp_server:\n", "the question smtp_host is gone"),
    "type": ("application_port:\n  type: int", "application_port:\n  type: str", "has the type str, and had int"),
    "value": ("    OpenTofu: opentofu\n", "", "no longer offers opentofu"),
    "validator": ("if not 1024 <= application_port", "if not 8000 <= application_port", "are refused"),
}


@pytest.mark.parametrize("case", BREAKS)
def test_a_break_of_recorded_answers_is_told(case, tmp_path):
    old, new, sentence = BREAKS[case]
    text = (ROOT / "copier.yml").read_text("utf-8")
    assert old in text
    (tmp_path / "copier.yml").write_text(text.replace(old, new, 1), "utf-8")
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / questionnaire.RECORD, tmp_path / "tests")
    assert any(sentence in told for told in questionnaire.breaks(tmp_path))


def test_no_recorded_answer_is_refused_today():
    assert list(questionnaire.breaks(ROOT)) == []


def test_the_record_cannot_hide_a_break_after_a_release(ready):
    release(ready, "record", ready.next)
    edit(ready, questionnaire.RECORD, "  smtp_host: {type: str}\n", "")
    assert any("is not the questionnaire of" in told for told in questionnaire.breaks(ready.path))
    assert "only `record` writes" in release(ready, "questionnaire").stderr


def test_every_recorded_release_is_in_the_history_with_its_version(template_origin):
    assert template_origin.git("tag", "--list").split() == sorted({*template_origin.released, template_origin.next})
    for version in template_origin.released:
        assert f'"{version[1:]}"' in template_origin.git("show", f"{version}:generator/richtfest/__init__.py")


def steps(job: str) -> dict[str, str]:
    told = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    return {step["name"]: step["run"] for step in told["jobs"][job]["steps"] if "run" in step}


def test_the_steps_of_the_workflow_build_what_the_tag_holds_and_nothing_else(ready):
    """The very lines of the workflow, run in a clone: all but the suite, and what needs PyPI and GitHub."""
    (ready.path / ".venv").symlink_to(Path(sys.prefix))
    lines = steps("build")
    for name in (
        "Check that version, tag, changelog and records agree",
        "Build",
        "Check that the wheel carries the template of the tag",
        "Take the notes from the changelog",
    ):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", lines[name]],
            cwd=ready.path, env=os.environ | {"GITHUB_REF_NAME": ready.next},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    built = sorted(path.suffix for path in (ready.path / "dist").iterdir())
    assert built == [".gz", ".md", ".whl"]
    assert (ready.path / "dist" / "notes.md").read_text("utf-8").startswith("- ")

    wheel = next((ready.path / "dist").glob("*.whl"))
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("richtfest/template/templates/more.txt", "not of the tag")
    done = release(ready, "wheel", ready.next, wheel)
    assert done.returncode == 1 and "templates/more.txt" in done.stderr


@pytest.mark.needs("actionlint", "zizmor")
def test_the_workflow_is_clean_for_the_strictest_linters():
    strict = ("--offline", "--no-progress", "--quiet", "--persona", "auditor", "--no-ignores")
    for command in (["actionlint"], ["zizmor", *strict]):
        done = subprocess.run([*command, WORKFLOW], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_has_the_pins_of_the_list():
    pins = yaml.safe_load((ROOT / "templates" / "pins.yml").read_text("utf-8"))
    listed = {f"{pin['name']}@{pin['sha']} # {pin['tag']}" for pin in pins["actions"]}
    used = re.findall(r"uses: (.+)", WORKFLOW.read_text("utf-8"))
    assert used and set(used) <= listed
    uv = next(tool["version"] for tool in pins["tools"] if tool["name"] == "uv")
    assert f'version: "{uv}"' in WORKFLOW.read_text("utf-8")
