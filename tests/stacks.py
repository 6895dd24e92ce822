"""The starter of each stack as an image, for the suites that run it: built from base images that are here."""

from pathlib import Path
from typing import Any

import yaml

from tests.generation import ROOT, choices, render
from tests.toolbox.images import DIGEST, NAMED, without_digests

STACKS = [stack for stack in choices()["stack"] if stack != "docker"]
"""All but "docker", which is any image: what its own must do, the other tests of the pipelines say."""
SLOW = yaml.safe_load((ROOT / "tests" / "slow.yml").read_text("utf-8"))


def starter(stack: str, folder: Path, base_image, **answers: Any) -> Path:
    """A repository with the starter of a stack; in this copy only it has an answer that takes long."""
    repository = render({"stack": stack, "starter": True} | answers, folder)
    dockerfile = repository / "Dockerfile"
    text = dockerfile.read_text("utf-8")
    for name in NAMED.findall(text):
        base_image(DIGEST.sub("", name))
    dockerfile.write_text(without_digests(text), "utf-8")
    make_slow(repository, SLOW[stack])
    return repository


def make_slow(repository: Path, slow: dict[str, Any]) -> None:
    """Put the slow answer into the starter."""
    file = repository / slow["file"]
    if "size" in slow:
        file.write_bytes(b"slow" * (slow["size"] // 4))
        return
    text = file.read_text("utf-8")
    place = slow.get("before", "")
    assert place in text, f"{file} has changed: see tests/slow.yml"
    file.write_text(text.replace(place, slow["add"] + place, 1) if place else text + "\n" + slow["add"], "utf-8")


def build(docker, repository: Path, name: str) -> str:
    """Build the image under a name."""
    docker("build", "--quiet", "--tag", name, repository)
    return name
