"""`richtfest drift` says what was edited since the recorded version, and changes nothing."""

import json

import pytest

from tests.update.released import FIRST
from tests.update.repository import Repository, richtfest

pytestmark = pytest.mark.usefixtures("kept_renderings")

OURS = "Ours: ask Ada first."


def drift(repository: Repository, *arguments: str, code: int = 0) -> str:
    done = richtfest("drift", str(repository.path), *arguments)
    assert done.exit_code == code, done.output
    return done.output


def test_an_untouched_repository_has_none(shop):
    assert drift(shop, "--exit-code") == f"Every file is as {FIRST} made it.\n"


def test_each_kind_of_edit_is_told_with_its_lines_committed_or_not(shop):
    shop.insert("scripts/checks.sh", OURS)
    (shop.path / "scripts/lib.sh").unlink()
    shop.commit()
    (shop.path / "scripts/smoke.sh").chmod((shop.path / "scripts/smoke.sh").stat().st_mode ^ 0o111)
    (shop.path / "scripts/setup.sh").unlink()
    (shop.path / "scripts/setup.sh").symlink_to("checks.sh")
    (shop.path / "docs/operations.md").write_bytes(b"\xff\xfe")
    before = shop.state()
    told = {one["path"]: one for one in json.loads(drift(shop, "--json"))["differences"]}
    assert {path: one["kind"] for path, one in told.items()} == {
        "docs/operations.md": "edited", "scripts/checks.sh": "edited", "scripts/lib.sh": "deleted",
        "scripts/setup.sh": "replaced", "scripts/smoke.sh": "mode",
    }  # fmt: skip
    assert (told["scripts/checks.sh"]["added"], told["scripts/checks.sh"]["removed"]) == (1, 0)
    assert told["docs/operations.md"]["added"] is None
    assert shop.state() == before


def test_a_file_that_was_renamed_is_told_with_its_new_name_committed_or_not(shop):
    shop.git("mv", "scripts/smoke.sh", "scripts/starts.sh")
    shop.insert("scripts/starts.sh", OURS)
    (shop.path / "scripts/setup.sh").rename(shop.path / "scripts/first day.sh")
    (shop.path / "scripts/lib.sh").unlink()
    before = shop.state()
    told = drift(shop)
    assert "scripts/smoke.sh  (renamed to scripts/starts.sh, edited +1 -0)" in told
    assert "scripts/setup.sh  (renamed to scripts/first day.sh)" in told and "scripts/lib.sh  (deleted)" in told
    assert shop.state() == before
    shop.commit()
    assert drift(shop) == told


def test_what_belongs_to_the_team_is_told_apart_and_is_no_drift(shop):
    shop.insert("README.md", OURS)
    told = drift(shop, "--exit-code")
    assert told.startswith("Yours from the first day on") and "README.md  (edited +1 -0)" in told
    shop.insert("scripts/checks.sh", OURS)
    drift(shop, "--exit-code", code=1)
    drift(shop)


def test_the_lines_are_shown_when_asked_for(shop):
    shop.insert("scripts/checks.sh", OURS)
    told = drift(shop, "--diff")
    assert "--- template/scripts/checks.sh\n+++ yours/scripts/checks.sh\n" in told and f"\n+{OURS}\n" in told
    assert f"\n+{OURS}\n" not in drift(shop)


def test_line_endings_of_a_machine_are_no_drift(shop):
    script = shop.path / "scripts/checks.sh"
    script.write_bytes(script.read_bytes().replace(b"\n", b"\r\n"))
    drift(shop, "--exit-code")


def test_what_cannot_be_compared_is_said_in_a_sentence(shop):
    (shop.path / ".copier-answers.yml").unlink()
    shop.commit()
    assert drift(shop, code=4).startswith("Not compared: ")
    told = json.loads(richtfest("drift", str(shop.path), "--json").stdout)
    assert told == json.loads(richtfest("update", str(shop.path), "--json").stdout), "as an update says it"
    assert "holds no .copier-answers.yml" in told["refused"] and told["exit_code"] == 4
