"""The starter of every stack, released twice under load behind the real edge: nobody notices."""

import asyncio
import os
import subprocess

import pytest

from tests.releases.conftest import digest_in
from tests.releases.load import GET, POST, Load
from tests.stacks import STACKS, build, starter, why_not_here

NOWHERE = GET.replace(b"GET /", b"GET /nowhere", 1)


@pytest.fixture(scope="module")
def starters(docker, registry, base_image, tmp_path_factory) -> dict[str, list[str]]:
    """Two images of each starter that can be had here, by digest; the second differs in nothing but a label."""
    pushed: dict[str, list[str]] = {}
    for stack in STACKS:
        if reason := why_not_here(stack, base_image, tmp_path_factory.mktemp(f"{stack}-tried") / "shop"):
            print(f"{stack} is left out: {reason}")
            continue
        repository = starter(stack, tmp_path_factory.mktemp(stack) / "shop", base_image)
        image = build(docker, repository, f"richtfest/starter-{stack}")
        for number in ("1", "2"):
            name = f"{registry}/acme/shop:{stack}-{number}"
            text = f"FROM {image}\nLABEL org.opencontainers.image.revision=0123abc richtfest.test={number}\n"
            subprocess.run(["docker", "build", "--quiet", "--tag", name, "-"],
                           input=text, text=True, capture_output=True, env=os.environ, check=True)  # fmt: skip
            docker("push", "--quiet", name)
            pushed.setdefault(stack, []).append(digest_in(docker, registry, name))
    return pushed


def test_every_starter_is_released_twice_under_load_without_a_failed_request(server, starters):
    # Code is compiled in the first seconds: watched for one second, a starter would be told to be slower than another.
    server.configure(HEALTH_SECONDS=30, WATCH_SECONDS=3)
    order = [image for images in starters.values() for image in images]
    server.release("deploy", order[0])
    clients = ((4, GET, True), (2, GET, False), (2, POST, True), (2, NOWHERE, True))

    async def story() -> Load:
        async with Load(clients, pause=0.01) as load:
            for image in order[1:]:
                before = load.total
                await asyncio.to_thread(server.release, "deploy", image)
                print(image, load.total - before, load.failed)
                assert load.failed == 0, f"{image}: {load}"
        return load

    load = asyncio.run(story())
    assert load.failed == 0, load
    assert load.total > 100 * len(order)
    assert server.results() == ["deployed"] * len(order)
