"""Fixtures of the fast suite."""

import pytest

from richtfest import template as richtfest_template
from tests import generation
from tests.fast.repository import Repository


@pytest.fixture(autouse=True)
def released_template(monkeypatch):
    """Let the command generate from a plain copy of the template, as an installed package does: no git clone."""
    copy = richtfest_template.Template(generation.template(), packaged=True)
    monkeypatch.setattr("richtfest.generate.locate", lambda: copy)


@pytest.fixture(scope="session")
def repositories(tmp_path_factory, worker_id):
    """A repository for each row of the covering array, made once for all processes: only to be read."""
    base = tmp_path_factory.getbasetemp()
    return generation.covering_repositories((base if worker_id == "master" else base.parent) / "covering")


@pytest.fixture
def generated(tmp_path):
    """Generated repositories whose scripts can be run: generated("team", environments="staging_production")."""

    def build(github: str | None = "team", *, own_key: bool = True, **answers: str) -> Repository:
        repository = Repository(tmp_path, {"project_name": "shop"} | answers, github)
        if own_key:
            (repository.home / ".ssh" / "id_ed25519.pub").write_text("ssh-ed25519 AAAAexample ada@laptop\n")
        return repository

    return build
