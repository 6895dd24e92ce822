"""The toolbox and the suites agree: every tool that is named can be had, every image has a way."""

import re

import pytest

from tests.generation import ROOT
from tests.suites import TESTS, suites
from tests.toolbox import images
from tests.toolbox.catalogue import HERE, tools
from tests.toolbox.images import stand_in

WITHOUT_A_STAND_IN = re.compile(
    r"grafana/grafana:.*"  # its packages are in no registry: tests that need it run only where images are pulled
    r"|mcr\.microsoft\.com/dotnet/.*"  # nor are those of .NET: tests/older.yml says what that leaves open
    # Another version of what has a stand-in. The same Dockerfile is proven with the version that is the default.
    r"|node:22-slim|python:3\.12-slim|maven:3\.9-eclipse-temurin-(21)?"
)

TOOLS = "".join(
    path.read_text("utf-8")
    for path in (images.TEMPLATES / "scripts/compose.tools.yml.jinja", *images.TEMPLATES.rglob("*gitlab*/**/*.yml"),
                 *images.TEMPLATES.rglob("gitlab.yml"))
)  # fmt: skip
"""Tools of the generated checks, and what jobs at GitLab run in: here they come as programs (tools.toml), their images
are not needed."""

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize("suite", suites().values(), ids=suites().keys())
def test_every_tool_of_a_suite_is_one_that_the_toolbox_can_bring(suite):
    assert set(suite.tools) | set(suite.uses) <= set(tools())


@pytest.mark.parametrize("tool", tools().values(), ids=tools().keys())
def test_every_tool_has_a_way(tool):
    ways = {"apt", "go", "npm", "provider", "special", "venv", "wheel"} & set(tool.settings)
    assert ways, f"{tool.name} names no way"


def test_no_folder_of_tests_is_outside_the_suites():
    folders = {path.parent.relative_to(TESTS).parts[0] for path in TESTS.rglob("test_*.py")}
    assert folders <= set(suites())


@pytest.mark.parametrize("name", images.references())
def test_every_image_that_the_templates_name_has_a_stand_in(name):
    assert (
        stand_in.exists_for(name)
        or WITHOUT_A_STAND_IN.fullmatch(name)
        or re.search(rf"image: {re.escape(name)}(@|\n)", TOOLS)
    )


def test_the_images_of_a_dockerfile_are_found():
    assert "python:3.13-slim" in images.references()


def test_a_copy_without_digests_says_so_and_a_file_without_one_stays_as_it_is():
    text = f"FROM python:3.13-slim@{DIGEST} AS build\nFROM python:3.13-slim@{DIGEST}\n"
    assert images.without_digests(text) == f"{images.NOTE}FROM python:3.13-slim AS build\nFROM python:3.13-slim\n"
    assert images.without_digests("FROM scratch\n") == "FROM scratch\n"


def test_an_installation_from_a_lock_file_asks_no_particular_host():
    locks = [TESTS / "requirements.txt", *(HERE / "wheels").glob("*.txt")]
    locks += (HERE / "npm").glob("*/package-lock.json")
    assert not [lock.name for lock in locks if "://" in lock.read_text("utf-8")]


def test_lock_file_and_distribution_agree():
    locked = (TESTS / "requirements.txt").read_text("utf-8")
    named = re.findall(r'^    "([a-z0-9-]+)[>=<]', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert named
    assert not [name for name in named if not re.search(rf"^{name}==", locked, re.MULTILINE)]
