"""What a package.json and the files beside it say."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from richtfest.detect.databases import drivers
from richtfest.detect.findings import Fact, Why
from richtfest.detect.tree import Tree, join, upwards
from richtfest.detect.versions import pinned

LANGUAGE = "javascript"
LOCKS = {
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
    "bun.lockb": "bun",
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
}
DRIVERS = {
    "postgres": "pg postgres pg-promise @neondatabase/serverless @vercel/postgres @prisma/adapter-pg",
    "mysql": "mysql mysql2 mariadb",
    "redis": "redis ioredis @redis/client bullmq bull connect-redis",
    "sqlite": "sqlite3 better-sqlite3 @libsql/client sql.js",
    "mongodb": "mongodb mongoose",
}
PRISMA = {"postgresql": "postgres", "mysql": "mysql", "sqlite": "sqlite", "mongodb": "mongodb"}


def manifest(tree: Tree, folder: str) -> dict[str, Any]:
    """The package.json of a folder; empty when there is none, or none that can be read."""
    told = tree.json(join(folder, "package.json"))
    return told if isinstance(told, dict) else {}


def is_package(tree: Tree, folder: str) -> bool:
    """Whether a package.json is for something that others install; many in a root only list tools, or call others."""
    told = manifest(tree, folder)
    # "main" tells nothing: `npm init` writes it into every package.
    brings = ("module", "exports", "types", "bin", "files", "browser")
    return bool(told.get("name")) and not told.get("private") and any(name in told for name in brings)


def table(told: dict[str, Any], name: str) -> dict[str, str]:
    """A table of texts in a manifest, such as its scripts; what is no text is left out."""
    found = told.get(name)
    return {k: v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}


def dependencies(tree: Tree, folder: str, name: str = "dependencies") -> dict[str, Why]:
    """The packages that run with the application, each with its place; those for development stand in another table."""
    path = join(folder, "package.json")
    listed = table(manifest(tree, folder), name)
    return {name: Why(path, tree.line(path, f'"{name}"'), f"{name} {version}") for name, version in listed.items()}


def facts(tree: Tree, folder: str) -> dict[str, list[Fact]]:
    """Package manager, version of Node and databases."""
    return {
        "package_manager": managers(tree, folder),
        "version": versions(tree, folder),
        "database": _databases(tree, folder),
    }


def managers(tree: Tree, folder: str) -> list[Fact]:
    """What installs the packages: what the manifest names, then the lock files, here or at the workspace's root."""
    found: list[Fact] = []
    for place in upwards(folder):
        path = join(place, "package.json")
        named = manifest(tree, place).get("packageManager")
        if isinstance(named, str) and (name := named.partition("@")[0]) in LOCKS.values():
            found.append(Fact(name, Why(path, tree.line(path, '"packageManager"'), named.partition("+")[0])))
        found += [Fact(name, Why(join(place, lock))) for lock, name in LOCKS.items() if tree.has(join(place, lock))]
    unique = {fact.value: fact for fact in reversed(found)}
    return list(unique.values())[::-1] or [Fact("npm", Why(join(folder, "package.json")))]


def versions(tree: Tree, folder: str) -> list[Fact]:
    """The version of Node: what is pinned first, then what is allowed."""
    found = []
    for place in upwards(folder):
        found += pinned(
            tree,
            place,
            (".nvmrc", r"^\s*v?(\d+(?:\.\d+)*)"),
            (".node-version", r"^\s*v?(\d+(?:\.\d+)*)"),
            (".tool-versions", r"^nodejs\s+(\d+(?:\.\d+)*)"),
        )
        path, told = join(place, "package.json"), manifest(tree, place)
        wanted = table(told, "volta").get("node") or table(told, "engines").get("node")
        if wanted and (lowest := re.search(r"\d+(?:\.\d+)*", wanted)):
            found.append(Fact(lowest[0], Why(path, tree.line(path, wanted), f"node {wanted}"), wanted))
    return found


def workspaces(tree: Tree, folder: str) -> list[str]:
    """The folders of a workspace's members, as package.json or pnpm-workspace.yaml list them."""
    told = manifest(tree, folder).get("workspaces")
    listed = told.get("packages") if isinstance(told, dict) else told
    pnpm = tree.yaml(join(folder, "pnpm-workspace.yaml"))
    if isinstance(pnpm, dict):
        listed = pnpm.get("packages")
    patterns = [item for item in listed if isinstance(item, str)] if isinstance(listed, list) else []
    members = dict.fromkeys(member for pattern in patterns for member in _matching(tree, folder, pattern))
    return [member for member in members if tree.has(join(member, "package.json"))]


def _matching(tree: Tree, folder: str, pattern: str) -> Iterable[str]:
    """Folders that a pattern of a workspace means: names, * for one level, ** for two."""
    places = [folder]
    for part in PurePosixPath(pattern.removeprefix("./")).parts:
        if part.startswith("!") or part == "..":
            return []
        if part == "**":
            inner = [child for place in places for child in tree.folders(place)]
            places = [*inner, *(child for place in inner for child in tree.folders(place))]
        elif "*" in part:
            places = [c for place in places for c in tree.folders(place) if PurePosixPath(c).match(part)]
        else:
            places = [join(place, part) for place in places]
    return places[:200]


def _databases(tree: Tree, folder: str) -> list[Fact]:
    found = drivers(dependencies(tree, folder), DRIVERS)
    for path in (join(folder, "prisma/schema.prisma"), join(folder, "schema.prisma")):
        told = re.search(r'^\s*provider\s*=\s*"(postgresql|mysql|sqlite|mongodb)"', tree.read(path) or "", re.MULTILINE)
        if told and PRISMA[told[1]] not in {fact.value for fact in found}:
            found.append(Fact(PRISMA[told[1]], Why(path, tree.line(path, told[0].strip()), told[0].strip())))
    return found
