"""What the generated image and the tests take, and what an application that is adopted needs of them."""

import pytest

from richtfest.adopt import words
from richtfest.detect import of_tree, offer
from richtfest.detect.tree import Tree
from tests.fast import trees
from tests.fast.adopted import EXPRESS, SHOP, suggestions
from tests.fast.trees import RAILS, START, package, plant

LARAVEL = {"composer.json": trees.LARAVEL, "artisan": "", "composer.lock": ""}


@pytest.mark.parametrize(
    ("files", "kind", "line"),
    [
        (RAILS | {"Gemfile": 'gem "rails"\nruby "3.3.5"\n'}, "pinned", 2),
        (RAILS | {"Gemfile": 'gem "rails"\nruby "~> 3.4.1"\n'}, None, None),
        (RAILS | {"Gemfile": 'gem "rails"\nruby ">= 3.2"\n'}, None, None),
        (EXPRESS | {".nvmrc": "20\n"}, "pinned", 1),
        (EXPRESS | {"package.json": package("express", scripts=START, engines={"node": ">=18 <21"})}, "pinned", 1),
        (EXPRESS | {"package.json": package("express", scripts=START, engines={"node": "^20 || >=22"})}, None, None),
        (LARAVEL, None, None),
        (LARAVEL | {"composer.json": trees.LARAVEL[:-1] + ',\n"config": {"platform": {"php": "8.3.0"}}}'}, "pinned", 2),
        (SHOP | {".python-version": "3.9\n"}, "pinned", 1),
        (SHOP | {"Dockerfile": "FROM node:20 AS a\nFROM python:3.12-slim\n"}, None, None),
        (SHOP | {"Dockerfile": "FROM node:20 AS a\nFROM python:3.10-slim\n"}, "pinned_tests", 2),
    ],
)  # fmt: skip
def test_a_pinned_version_that_is_not_taken_is_told_first(tmp_path, files, kind, line):
    told = suggestions(tmp_path, files)
    assert {one for one in told if one.startswith("pinned")} == ({kind} if kind else set())
    assert not kind or (next(iter(told)), told[kind].why.line) == (kind, line)


def test_with_a_dockerfile_of_the_team_the_tests_take_the_version_of_its_image(tmp_path):
    tree = Tree(plant(tmp_path, SHOP | {"Dockerfile": "FROM python:3.12-slim\n", ".python-version": "3.11\n"}))
    assert offer.answers(of_tree(tree).chosen)["python_version"] == "3.12"


def test_a_pinned_version_that_could_be_chosen_is_told_with_the_answer(tmp_path):
    told = suggestions(tmp_path, SHOP | {".python-version": "3.12\n"}, python_version="3.13")["pinned_offered"]
    assert words.sentences(told, "en")[1].startswith("Answer python_version=3.12,")


def test_of_the_versions_that_a_range_takes_the_newest_that_can_be_chosen_is_taken(tmp_path):
    tree = Tree(plant(tmp_path, RAILS | {"Gemfile": 'gem "rails"\nruby "~> 3.3"\n'}))
    assert offer.answers(of_tree(tree).chosen)["ruby_version"] == "3.4"


@pytest.mark.parametrize(
    ("needs", "missing"),
    [("fastapi\n", "uvicorn"), ("fastapi[standard]\n", None), ("fastapi\nuvicorn[standard]\n", None)],
)
def test_the_server_that_the_image_starts_must_be_a_dependency(tmp_path, needs, missing):
    told = suggestions(tmp_path, SHOP | {"requirements.txt": needs})
    assert (told["server_missing"].values["server"] if missing else told.get("server_missing")) == missing


@pytest.mark.parametrize(
    ("lock", "told"),
    [
        ({}, True),
        ({"bun.lock": ""}, True),
        ({"yarn.lock": ""}, False),
        ({"bun.lock": "", "Dockerfile": "FROM a"}, False),
    ],
)
def test_the_generated_image_needs_a_lock_file_that_it_can_read(tmp_path, lock, told):
    files = {"package.json": package("express", scripts=START)} | lock
    assert ("lock_needed" in suggestions(tmp_path, files)) == told


def _locked(platform: str) -> dict[str, str]:
    return RAILS | {"Gemfile.lock": f"GEM\n\nPLATFORMS\n  {platform}\n\nDEPENDENCIES\n  rails\n"}


def _composed(more: str, **files: str) -> dict[str, str]:
    composer = trees.LARAVEL.replace('"php"', f'{more}"php"')
    return LARAVEL | {"composer.json": composer} | files


BUILT = {"package.json": package(scripts={"build": "vite build"})}
BUNDLED = {"package.json": package(), "Gemfile": 'gem "rails"\ngem "jsbundling-rails"\n'}
LACKS = {
    "a platform of the lock file": (_locked("arm64-darwin-23"), "lock_platform"),
    "the platform of the server": (_locked("x86_64-linux"), None),
    "any platform": (_locked("ruby"), None),
    "assets by Node": (RAILS | BUNDLED, "node_build"),
    "assets by Node, and an image of the team": (RAILS | BUNDLED | {"Dockerfile": "FROM ruby\n"}, None),
    "Ruby to the last digit": (RAILS | {"Gemfile": 'gem "rails"\nruby "3.4.1"\n'}, "ruby_exact"),
    "an extension of PHP": (_composed('"ext-gd": "*", '), "extensions"),
    "an extension that is installed, and one of PHP": (_composed('"ext-pcntl": "*", "ext-json": "*", '), None),
    "pages by Node": (LARAVEL | BUILT, "node_build_kept"),
    "pages by Node that git keeps": (LARAVEL | BUILT | {"public/build/manifest.json": "{}"}, None),
    "pages by Node that git leaves out": (
        LARAVEL | BUILT | {"public/build/manifest.json": "{}", ".gitignore": "/public/build\n"}, "node_build_kept"),
}  # fmt: skip
"""What the generated image cannot do without or has not; one kind each, or none."""


@pytest.mark.parametrize(("files", "kind"), LACKS.values(), ids=LACKS)
def test_what_the_generated_image_does_not_have_is_told(tmp_path, files, kind):
    told = suggestions(tmp_path, files)
    assert told.keys() & {kind for _, kind in LACKS.values()} == ({kind} if kind else set())
    assert not kind or told[kind].why.file
