"""The unit tests of the rules are worth something: each mistake of mistakes.yml, planted in a rule, is caught."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.generation import ROOT

PROMETHEUS = ROOT / "templates" / "monitoring" / "prometheus"
MISTAKES = yaml.safe_load(Path(__file__).with_name("mistakes.yml").read_text("utf-8"))


@pytest.mark.parametrize("alert", MISTAKES)
def test_the_cases_of_an_alert_pass_on_the_rules_as_they_are(alert, toolbox, tmp_path):
    shutil.copytree(PROMETHEUS / "rules", tmp_path / "rules")
    cases = cases_of(alert, tmp_path)
    assert cases
    assert [run(toolbox, "test", "rules", file).returncode for file in cases] == [0] * len(cases)


@pytest.mark.parametrize(("alert", "mistake"), [(alert, name) for alert in MISTAKES for name in MISTAKES[alert]])
def test_a_planted_mistake_is_caught_by_the_cases_of_its_alert(alert, mistake, toolbox, tmp_path):
    plant(tmp_path / "rules", *MISTAKES[alert][mistake])
    checked = run(toolbox, "check", "rules", *sorted((tmp_path / "rules").glob("*.yml")))
    assert checked.returncode == 0, "promtool sees it without any test: it proves nothing"
    assert any(run(toolbox, "test", "rules", file).returncode for file in cases_of(alert, tmp_path))


def plant(folder: Path, good: str, bad: str) -> None:
    """Copy the rules with a mistake in them."""
    folder.mkdir()
    planted = 0
    for file in (PROMETHEUS / "rules").glob("*.yml"):
        text = file.read_text("utf-8")
        planted += text.count(good)
        (folder / file.name).write_text(text.replace(good, bad), "utf-8")
    assert planted, "there is nothing to replace"


def cases_of(alert: str, folder: Path) -> list[Path]:
    """Copies of the test files that hold the tests of one alert only."""
    (folder / "tests").mkdir()
    copies = []
    for file in (PROMETHEUS / "tests").glob("*.yml"):
        told = yaml.safe_load(file.read_text("utf-8"))
        told["tests"] = [case for case in told["tests"] if case["name"].split()[0] == alert]
        if told["tests"]:
            copies.append(folder / "tests" / file.name)
            copies[-1].write_text(yaml.safe_dump(told), "utf-8")
    return copies


def run(toolbox, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([toolbox("promtool"), *map(str, arguments)], capture_output=True, check=False)
