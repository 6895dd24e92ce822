"""Fixtures of the suite `update`: a released template, and repositories that were made from its first version."""

import shutil

import pytest

from tests.update import kept
from tests.update.released import FIRST, SECOND, Template, second_version
from tests.update.repository import Repository, generate


@pytest.fixture(scope="session", autouse=True)
def _caches_of_our_own(tmp_path_factory):
    """Neither Copier's cache nor ours is that of the person who runs this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("COPIER_CACHE_DIR", str(tmp_path_factory.mktemp("copier")))
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """The template, with v0.1.0 made from this checkout and v0.2.0 that changes a bit of everything; only read."""
    made = Template(tmp_path_factory.mktemp("origin") / "template")
    made.release(FIRST)
    second_version(made)
    made.release(SECOND)
    return made


@pytest.fixture(scope="session")
def pristine(template, tmp_path_factory):
    """A repository as v0.1.0 makes it, committed; only to be copied."""
    return generate(template, tmp_path_factory.mktemp("pristine") / "shop")


@pytest.fixture
def shop(pristine, tmp_path):
    """A repository of a test's own."""
    return Repository(shutil.copytree(pristine.path, tmp_path / "shop", symlinks=True))


@pytest.fixture(scope="session")
def kept_renderings(tmp_path_factory):
    """Make each rendering once: for tests that are about the merge."""
    with kept.renderings(tmp_path_factory.mktemp("kept")):
        yield
