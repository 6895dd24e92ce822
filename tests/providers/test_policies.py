"""The rules that a repository brings for its own Terraform: they pass as generated, and each one bites."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.generation import PLACES, name_of, render

VIOLATIONS = sorted((Path(__file__).parent / "violations").glob("*.tf"))
EVERY = [*({"cloud": cloud} for cloud in PLACES), {"cloud": "scaleway", "database": "managed"}]
Verdict = dict[str, list[tuple[str, str]]]
"""By "passed" and "failed": file and rule."""


@pytest.fixture(scope="module")
def judge(toolbox, tmp_path_factory) -> Callable[[Path], Verdict]:
    """What the rules of a repository say about a folder."""
    policies = render({}, tmp_path_factory.mktemp("repository")) / "terraform/policies"

    def run(folder: Path) -> Verdict:
        done = subprocess.run(
            [toolbox("checkov"), "--directory", folder, "--framework", "terraform", "--external-checks-dir", policies,
             "--skip-download", "--output", "json"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
        told = json.loads(done.stdout)["results"]
        return {
            kind: [(Path(check["file_path"]).name, check["check_id"]) for check in told[f"{kind}_checks"]]
            for kind in ("passed", "failed")
        }

    return run


@pytest.mark.needs("checkov")
@pytest.mark.parametrize("answers", EVERY, ids=name_of)
def test_the_infrastructure_of_every_cloud_keeps_the_rules(answers, judge, tmp_path):
    verdict = judge(render(answers, tmp_path) / "terraform")
    assert verdict["failed"] == []
    read = {rule for _, rule in verdict["passed"]}
    wanted = {"CKV_OWN_1", "CKV_OWN_2", "CKV_OWN_3"} | ({"CKV_OWN_4"} if "database" in answers else set())
    assert wanted <= read, "the rules read the resources of this cloud"


@pytest.mark.needs("checkov")
def test_a_violation_is_found_by_its_own_rule_and_no_other(judge):
    found = {(file, rule) for file, rule in judge(VIOLATIONS[0].parent)["failed"] if rule.startswith("CKV_OWN")}
    assert found == {(path.name, path.name.split("-")[0]) for path in VIOLATIONS}


def test_every_rule_has_a_violation(tmp_path):
    rules = (render({}, tmp_path) / "terraform/policies").glob("*.py")
    ids = {line.split('"')[1] for path in rules for line in path.read_text().splitlines() if "id=" in line}
    assert ids == {path.name.split("-")[0] for path in VIOLATIONS}


@pytest.mark.needs("tflint")
@pytest.mark.parametrize("answers", EVERY, ids=name_of)
def test_tflint_finds_nothing_and_sees_what_is_not_used(answers, toolbox, tmp_path):
    folder = render(answers, tmp_path) / "terraform"
    command = [toolbox("tflint"), f"--chdir={folder}", f"--config={folder}/.tflint.hcl", "--recursive", "--no-color"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    (folder / answers["cloud"] / "more.tf").write_text('variable "nobody" {}\n')
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "terraform_unused_declarations" in done.stdout and "terraform_typed_variables" in done.stdout
