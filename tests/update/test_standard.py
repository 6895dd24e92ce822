"""A house standard at an update: told, not contradicted, and announced when it asks for something else by now."""

import json
import shlex

import pytest

from tests.update.repository import Repository, generate, richtfest

STANDARD = "name: Acme\nlocked: {{iac: {iac}, ci: github}}\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The file of a standard."""
    return tmp_path_factory.mktemp("house") / "standard.yml"


@pytest.fixture(scope="module")
def bound(template, house, tmp_path_factory):
    """A repository that was made with it; only dry runs."""
    house.write_text(STANDARD.format(iac="terraform"))
    version = "sha256:" + "0" * 64
    folder = tmp_path_factory.mktemp("bound") / "shop"
    return generate(template, folder, iac="terraform", standard=str(house), standard_version=version)


def update(shop: Repository, *words: str):
    return richtfest("update", str(shop.folder), "--dry-run", *words)


def test_the_locked_answers_are_told(bound, house):
    house.write_text(STANDARD.format(iac="terraform"))
    told = update(bound).output.splitlines()
    assert told[0] == "House standard: Acme; its locked answers: iac: terraform, ci: github"
    assert not told[1].startswith("It asks")


def test_an_answer_against_it_is_refused_and_nothing_happens(bound, house):
    house.write_text(STANDARD.format(iac="terraform"))
    before = bound.state()
    refused = update(bound, "-d", "iac=opentofu")
    assert refused.exit_code == 4
    assert "iac is terraform by the house standard Acme and cannot be opentofu" in refused.output
    assert bound.state() == before


def test_a_standard_that_has_changed_is_announced_with_the_words_that_take_it_over(bound, house):
    house.write_text(STANDARD.format(iac="opentofu"))
    done = update(bound, "--json")
    assert done.exit_code == 0
    announced = json.loads(done.stdout)["standard"][1]
    assert announced.startswith("It asks for something else than this repository has: iac: opentofu.")
    words = shlex.split(announced.partition("richtfest update ")[2])
    taken = json.loads(update(bound, "--json", *words).stdout)
    assert taken["answers"]["iac"] == ["terraform", "opentofu"]
    assert taken["answers"]["standard_version"][1] == words[-1].partition("=")[2]
    assert len(taken["standard"]) == 1, "with these answers there is nothing to announce"


def test_another_version_that_asks_for_nothing_else_is_announced_and_recorded_by_the_words_told(bound, house):
    house.write_text(STANDARD.format(iac="terraform") + "presets: {database: postgres}\n")
    announced = json.loads(update(bound, "--json").stdout)["standard"][1]
    assert announced.startswith("It has another version than the one recorded here, and no locked answer differs.")
    taken = json.loads(update(bound, "--json", *shlex.split(announced.partition("richtfest update ")[2])).stdout)
    assert taken["answers"]["standard_version"][1].startswith("sha256:") and "iac" not in taken["answers"]
    assert len(taken["standard"]) == 1, "with this version there is nothing to announce"


def test_what_a_standard_that_is_gone_may_have_locked_was_checked_by_nobody(bound, house):
    house.unlink(missing_ok=True)
    told = update(bound, "-d", "iac=opentofu").output.splitlines()[0]
    assert told.endswith("its locked answers were not looked at. Nobody has checked whether they allow iac: opentofu.")


def test_a_standard_that_is_gone_holds_nobody_up(bound, house):
    house.unlink(missing_ok=True)
    done = update(bound)
    assert done.exit_code == 0
    assert done.output.startswith(f"House standard: there is no house standard {house}")


def test_a_repository_without_one_hears_nothing_of_it(shop):
    assert "standard" not in update(shop).output
