"""Fixtures of the fast suite."""

import pytest

from richtfest import template as richtfest_template
from tests import generation


@pytest.fixture(autouse=True)
def released_template(monkeypatch):
    """Let the command generate from a plain copy of the template, as an installed package does: no git clone."""
    copy = richtfest_template.Template(generation.template(), released=True)
    monkeypatch.setattr("richtfest.generate.locate", lambda: copy)
