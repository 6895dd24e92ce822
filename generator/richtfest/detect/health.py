"""Which path tells the health of an application, as its code or its own image says it."""

import re
from dataclasses import replace

from richtfest.detect import sources
from richtfest.detect.findings import Application
from richtfest.detect.habits import Endpoint, Habits
from richtfest.detect.stacks import ALL
from richtfest.detect.tree import Tree, join
from richtfest.template import ANSWERS_FILE

ASKED = re.compile(
    r"""^(?:HEALTHCHECK\b|[ \t]+).*?https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::[\w${}-]+)?(/[\w./-]*\w/?)""",
    re.MULTILINE,
)
"""The address in a HEALTHCHECK, which may stand in the line after it."""


def habits(found: Application) -> Habits:
    """What is usual in the stack of an application."""
    return next(module.HABITS for module in ALL if found.stack == module.STACK)


def endpoints(tree: Tree, found: Application) -> list[Endpoint]:
    """Every path that tells health, the likeliest first; what the team's own image asks is surest."""
    told = [one if one.is_plain else replace(one, sure=False) for one in habits(found).endpoints(tree, found)
            if one.is_plain or "health" in one.path.rstrip("/").rpartition("/")[2]]  # fmt: skip
    unique: dict[str, Endpoint] = {}
    for one in (*_of_image(tree, found), *sorted(told, key=lambda endpoint: endpoint.likelihood)):
        unique.setdefault(one.path, one)
    return list(unique.values())


def _of_image(tree: Tree, found: Application) -> list[Endpoint]:
    """What the HEALTHCHECK of a Dockerfile asks, unless that was generated from an answer."""
    recorded = tree.yaml(ANSWERS_FILE)
    if isinstance(recorded, dict) and not recorded.get("own_dockerfile"):
        return []
    path = join(found.folder, "Dockerfile")
    text = tree.read(path) or ""
    begin = text.find("\nHEALTHCHECK")
    return [
        Endpoint(hit.match[1], hit.why)
        for hit in sources.in_text(path, text, ASKED)
        if begin >= 0 and begin <= hit.match.start() <= begin + 300
    ]
