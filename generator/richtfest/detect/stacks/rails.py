"""Rails: a Gemfile with rails, and config/application.rb."""

import re

from richtfest.detect.databases import drivers
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.tree import Tree, join
from richtfest.detect.versions import pinned

STACK = "rails"
LANGUAGE = "ruby"
DRIVERS = {
    "postgres": "pg",
    "mysql": "mysql2 trilogy",
    "sqlite": "sqlite3",
    "redis": "redis hiredis-client redis-rails",
    "mongodb": "mongoid mongo",
}
GEM = re.compile(r"""^\s*gem[\s(]+["']([\w.-]+)["']""")


def find(tree: Tree, folder: str) -> Application | None:
    """A gem that is tested against Rails has it in its Gemfile, too, but no application of its own."""
    needs = gems(tree, folder)
    start, server = join(folder, "config/application.rb"), join(folder, "config.ru")
    why = next((needs[name] for name in ("rails", "railties") if name in needs), None)
    if not why or not tree.has(start):
        return None
    return Application(
        STACK, LANGUAGE, folder, why,
        facts={
            "starts": [Fact("config.ru", Why(server))] if tree.has(server) else [],
            "package_manager": [Fact("bundler", Why(join(folder, "Gemfile")))],
            "version": versions(tree, folder),
            "database": drivers(needs, DRIVERS),
        },
    )  # fmt: skip


def gems(tree: Tree, folder: str) -> dict[str, Why]:
    """The gems of a Gemfile outside of the groups for development and test, each with its place."""
    path = join(folder, "Gemfile")
    found: dict[str, Why] = {}
    blocks: list[bool] = []
    for number, raw in enumerate((tree.read(path) or "").splitlines(), 1):
        line = raw.split("#")[0].rstrip() if '"#' not in raw and "'#" not in raw else raw
        if re.search(r"\bdo(\s*\|[^|]*\|)?\s*$", line) or re.match(r"\s*(if|unless|case)\b", line):
            blocks.append(bool(re.match(r"\s*group\b", line)) and not re.search(r":default|:production", line))
        elif re.match(r"\s*end\b", line) and blocks:
            blocks.pop()
        elif (gem := GEM.match(line)) and not any(blocks) and not re.search(r"group:\s*\[?:(test|development)", line):
            found.setdefault(gem[1], Why(path, number, line.strip()))
    return found


def versions(tree: Tree, folder: str) -> list[Fact]:
    """The version of Ruby: .ruby-version, .tool-versions, then the Gemfile."""
    return pinned(
        tree,
        folder,
        (".ruby-version", r"^\s*(?:ruby-)?(\d+\.\d+(?:\.\d+)?)"),
        (".tool-versions", r"^ruby\s+(\d+\.\d+(?:\.\d+)?)"),
        ("Gemfile", r"""^\s*ruby[\s(]+["'][^"'\d]*(\d+\.\d+(?:\.\d+)?)"""),
    )
