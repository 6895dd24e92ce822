"""The unit tests of the rules are worth something: a planted mistake makes them fail."""

import shutil
import subprocess

import pytest

from tests.generation import ROOT

PROMETHEUS = ROOT / "templates" / "monitoring" / "prometheus"
MISTAKES = {
    "a limit ten times too high": ("increase10m > 0) > 0.05", "increase10m > 0) > 0.5"),
    "no floor for few requests": ("and golden:errors:increase10m >= 5", "and golden:errors:increase10m >= 0"),
    "a burst is enough": ("golden:errors:increase2m offset 4m > 0.5", "golden:errors:increase2m offset 4m > -1"),
    "the wrong way round": ("node_memory_MemTotal_bytes < 0.10", "node_memory_MemTotal_bytes > 0.10"),
    "a forecast from a young series": ("and node_filesystem_avail_bytes offset 3h", "and node_filesystem_avail_bytes"),
    "silence is armed too early": ("offset 10m > 120", "offset 10m > 1"),
    "the host twice": ('up{job!="node"} == 0', "up == 0"),
    "another severity": ("labels: {severity: critical}", "labels: {severity: warning}"),
    "another bound": ('le=~"1|1[.]0"', 'le=~"1[.]0"'),
    "probes are visitors": ('method!="HEAD",code=~"5.."', 'code=~"5.."'),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_in_the_rules_is_caught_by_their_tests(mistake, toolbox, tmp_path):
    shutil.copytree(PROMETHEUS, tmp_path / "prometheus")
    good, bad = MISTAKES[mistake]
    planted = 0
    for file in (tmp_path / "prometheus" / "rules").glob("*.yml"):
        text = file.read_text("utf-8")
        planted += text.count(good)
        file.write_text(text.replace(good, bad), "utf-8")
    assert planted, "the planted mistake has nothing to replace"
    tests = sorted((tmp_path / "prometheus" / "tests").glob("*.yml"))
    done = subprocess.run([toolbox("promtool"), "test", "rules", *tests], capture_output=True, check=False)
    assert done.returncode != 0
