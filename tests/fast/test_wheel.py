"""The wheel carries the template, writes what plain Copier writes, and plain Copier can update the result."""

import os
import shutil
import subprocess
import sys

import pytest

from richtfest.template import SOURCE, Template
from tests.generation import ROOT, files_of, template

TAG = Template(template(), released=True).version


def run(*command: object, **options) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The package as an installation of its wheel puts it in place."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--quiet")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    run(*pip, "install", "--no-deps", "--no-index", "--target", folder / "site", next(folder.glob("*.whl")))
    return folder / "site"


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    """A clone of the template's repository in which this version is released, and the environment that makes
    git take it for the public origin."""
    folder = tmp_path_factory.mktemp("origin") / "richtfest"
    shutil.copytree(template(), folder)
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", folder)
    run(*git, "init", "-q", "-b", "main")
    run(*git, "add", "-A")
    run(*git, "commit", "-qm", "release")
    run(*git, "tag", TAG)
    environment = os.environ | {
        "GIT_CONFIG_COUNT": "3",
        "GIT_CONFIG_KEY_0": f"url.{folder}.insteadOf", "GIT_CONFIG_VALUE_0": SOURCE,
        "GIT_CONFIG_KEY_1": "user.name", "GIT_CONFIG_VALUE_1": "t",
        "GIT_CONFIG_KEY_2": "user.email", "GIT_CONFIG_VALUE_2": "t@example.com",
        "COPIER_CACHE_DIR": str(folder.parent / "cache"),
        "LANG": "C.UTF-8",
    }  # fmt: skip
    return folder, git, environment


def test_the_wheel_writes_the_same_bytes_and_modes_as_plain_copier(wheel, origin, tmp_path):
    _, _, environment = origin
    answers = ("-d", "environments=staging_production", "-d", "domain=shop.example.org")
    run(
        sys.executable, "-m", "richtfest", "new", tmp_path / "a" / "shop", "--defaults", *answers,
        env=environment | {"PYTHONPATH": str(wheel)},
    )  # fmt: skip
    run(
        sys.executable, "-m", "copier", "copy", "-q", "--defaults", "-r", TAG, *answers, SOURCE,
        tmp_path / "b" / "shop", env=environment,
    )  # fmt: skip
    ours, plain = (
        {p.relative_to(base): (p.read_bytes(), p.stat().st_mode) for p in files_of(base)}
        for base in (tmp_path / "a" / "shop", tmp_path / "b" / "shop")
    )
    assert ours == plain


def test_plain_copier_updates_what_the_wheel_wrote_and_keeps_the_edits(wheel, origin, tmp_path):
    folder, git, environment = origin
    shop = tmp_path / "shop"
    run(
        sys.executable, "-m", "richtfest", "new", shop, "--defaults",
        env=environment | {"PYTHONPATH": str(wheel)},
    )  # fmt: skip
    run("git", "init", "-q", "-b", "main", cwd=shop)
    run("git", "add", "-A", cwd=shop)
    run("git", "commit", "-qm", "generated", cwd=shop, env=environment)
    edited = shop / "scripts" / "test.sh"
    edited.write_text(edited.read_text("utf-8") + "# ours\n", "utf-8")
    run("git", "commit", "-qam", "edit", cwd=shop, env=environment)

    source = folder / "templates" / "terraform" / "outputs.tf"
    source.write_text(source.read_text("utf-8") + "# newer\n", "utf-8")
    run(*git, "commit", "-qam", "newer")
    run(*git, "tag", "v99.0.0")
    run(sys.executable, "-m", "copier", "update", "-q", "--defaults", cwd=shop, env=environment)

    assert (shop / "terraform" / "outputs.tf").read_text("utf-8").endswith("# newer\n")
    assert edited.read_text("utf-8").endswith("# ours\n")
    assert "_commit: v99.0.0" in (shop / ".copier-answers.yml").read_text("utf-8")
