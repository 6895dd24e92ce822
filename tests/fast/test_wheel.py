"""The wheel carries the template, writes what plain Copier writes, and plain Copier can update the result."""

import os
import shutil
import subprocess
import sys

import pytest

from richtfest import __version__
from richtfest.template import SOURCE
from tests import released
from tests.generation import files_of, template
from tests.released import installed

TAG = f"v{__version__}"


def run(*command: object, **options) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A clone of this checkout in which its version is released."""
    return released.origin(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def wheel(checkout, tmp_path_factory):
    """The package of the release."""
    return installed(checkout.path, tmp_path_factory.mktemp("wheel"))


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


def test_a_wheel_of_a_later_commit_does_not_pass_for_the_release(checkout, wheel, tmp_path):
    later = tmp_path / "later"
    shutil.copytree(checkout.path, later)
    git = ("git", *released.IDENTITY, "-C", later)
    run(*git, "commit", "--quiet", "--allow-empty", "--message", "after the release")
    described = run(*git, "describe", "--tags").strip()
    assert described.startswith(f"{TAG}-1-g")
    (later / "templates" / "of-nobody.txt").touch()
    recorded = (installed(later, tmp_path / "edited") / "richtfest/template-version").read_text().strip()
    assert recorded == f"{described}-edited", "what is not committed is in no history"
    (later / "templates" / "of-nobody.txt").unlink()
    run(
        sys.executable, "-m", "richtfest", "new", tmp_path / "shop", "--defaults",
        env=os.environ | {"PYTHONPATH": str(installed(later, tmp_path / "wheel"))},
    )  # fmt: skip
    assert f"_commit: {described}\n" in (tmp_path / "shop/.copier-answers.yml").read_text("utf-8")
    assert (wheel / "richtfest/template-version").read_text().strip() == TAG


def test_a_source_distribution_keeps_what_its_wheel_must_know(checkout, tmp_path):
    run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", tmp_path, cwd=checkout.path)
    shutil.unpack_archive(next(tmp_path.glob("*.tar.gz")), tmp_path / "unpacked")
    site = installed(next((tmp_path / "unpacked").iterdir()), tmp_path / "wheel")
    assert (site / "richtfest/template-version").read_text().strip() == TAG
