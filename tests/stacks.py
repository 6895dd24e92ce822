"""The starter of each stack as an image, for the suites that run it: built from base images that are here."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.generation import ROOT, choices, render
from tests.toolbox.catalogue import Unavailable
from tests.toolbox.images import NAMED, stand_in, without_digests

STACKS = [stack for stack in choices()["stack"] if stack != "docker"]
"""All but "docker", which is any image: what its own must do, the other tests of the pipelines say."""
OLDER = yaml.safe_load((ROOT / "tests" / "older.yml").read_text("utf-8"))
SLOW = yaml.safe_load((ROOT / "tests" / "slow.yml").read_text("utf-8"))


def application_in(stack: str) -> str:
    """Where the application of a stack lies in these tests: some in the root, some in a folder below."""
    return "services/api" if stack in ("fastapi", "node", "go") else "."


def starter(stack: str, folder: Path, base_image: Callable[[str], str], **answers: Any) -> Path:
    """A repository with the starter of a stack, whose base images are here.

    This copy has an answer that takes long and no digests, and is fit for older packages where those are here.
    """
    repository = render({"stack": stack, "starter": True} | answers, folder)
    application = repository / answers.get("application_folder", ".")
    dockerfile = application / "Dockerfile"
    text = dockerfile.read_text("utf-8")
    names = [base_image(name) for name in NAMED.findall(text)]
    dockerfile.write_text(without_digests(text), "utf-8")
    fit_for_this_machine(application, stack, names)
    make_slow(application, SLOW[stack])
    return repository


def why_not_here(stack: str, base_image: Callable[[str], str], folder: Path) -> str:
    """Why a stack cannot be tried on this machine, by tests/older.yml; empty when it can."""
    reason = OLDER.get(stack, {}).get("not_here", "")
    if reason:
        try:
            starter(stack, folder, base_image)
        except Unavailable:
            return reason
    return ""


def fit_for_this_machine(application: Path, stack: str, images: list[str]) -> None:
    """Fit a test copy of a starter for the older packages of Debian, where a stand-in with those is used."""
    if stack not in OLDER or not any(stand_in.made_by(name) for name in images):
        return
    for change in OLDER[stack]["replace"]:
        file = application / change["file"]
        text = file.read_text("utf-8")
        assert change["text"] in text, f"{file} has changed: see tests/older.yml"
        file.write_text(text.replace(change["text"], change["by"]), "utf-8")
    shutil.copytree(ROOT / "tests" / "older" / stack, application, dirs_exist_ok=True)


def make_slow(application: Path, slow: dict[str, Any]) -> None:
    """Put the slow answer into the starter."""
    file = application / slow["file"]
    if "size" in slow:
        file.write_bytes(b"slow" * (slow["size"] // 4))
        return
    text = file.read_text("utf-8")
    place = slow.get("before", "")
    assert place in text, f"{file} has changed: see tests/slow.yml"
    file.write_text(text.replace(place, slow["add"] + place, 1) if place else text + "\n" + slow["add"], "utf-8")


def build(docker, application: Path, name: str) -> str:
    """Build the image under a name."""
    docker("build", "--quiet", "--tag", name, application)
    return name
