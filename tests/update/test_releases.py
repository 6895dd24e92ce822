"""From every release to the next, the last of them to what this checkout would release, and from there to a version
that changes a bit of everything: what a team has written and answered stays."""

from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from richtfest.upgrade import update
from tests.released import origin
from tests.update.hostile import MARK, Edit, Team
from tests.update.released import Template, second_version
from tests.update.repository import Repository, generate
from tests.update.test_hostile_trees import lines_of_the_team, lost

LAST = "v999.0.0"
EVERY = 7
"""Every so many files the team has added a line."""


@pytest.fixture(scope="module")
def versions(tmp_path_factory) -> tuple[Template, list[str]]:
    """The template with all releases as tags, and those in order."""
    made = origin(tmp_path_factory.mktemp("releases"))
    template = Template(made.path)
    second_version(template)
    template.release(LAST)
    return template, list(dict.fromkeys([*made.released, made.next, LAST]))


def test_what_a_team_wrote_and_answered_stays_from_release_to_release(versions, tmp_path):
    template, tags = versions
    for old, new in pairwise(tags):
        repository = generate(
            template, tmp_path / old / "shop", version=old, cloud="scaleway", domain="shop.example.org"
        )
        paths = [path for path in repository.git("ls-files").splitlines() if path != ".copier-answers.yml"]
        team = Team(repository)
        for path in paths[::EVERY]:
            team.do(Edit("insert", path))
        repository.commit()
        written, answers = lines_of_the_team(repository), recorded(repository)
        assert any(MARK in line for lines in written.values() for line in lines)
        outcome = update(repository.folder, to=new)
        assert (outcome.from_version, outcome.to_version) == (old, new)
        assert lost(repository, outcome, written) == {}
        assert recorded(repository) | answers == recorded(repository), "no answer is reset"


@pytest.mark.parametrize("answer", ["domain=other.example.org", "region=nl-ams"])
def test_the_state_stays_in_its_bucket_when_domain_or_region_change(versions, tmp_path, answer):
    template, tags = versions
    repository = generate(template, tmp_path / "shop", version=tags[-2], cloud="scaleway", domain="shop.example.org")
    backend = Path("terraform/scaleway/backend.hcl")
    before = repository.read(backend)
    assert 'bucket    = "shop-example-org-terraform-state"' in before and "fr-par" in before
    told = repository.update_json("--to", tags[-2], "-d", answer)
    assert "terraform/environments/production.tfvars.json" in told["updated"]
    assert repository.read(backend) == before


def recorded(repository: Repository) -> dict[str, object]:
    """The answers of the repository."""
    told = yaml.safe_load(repository.read(".copier-answers.yml"))
    return {name: value for name, value in told.items() if not name.startswith("_")}
