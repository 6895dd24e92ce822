"""Laravel: composer.json requires the framework, and there is an artisan."""

import re

from richtfest.detect.databases import drivers
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.tree import Tree, join
from richtfest.detect.versions import pinned

STACK = "laravel"
LANGUAGE = "php"
DRIVERS = {
    "postgres": "ext-pdo_pgsql ext-pgsql",
    "mysql": "ext-pdo_mysql ext-mysqli",
    "sqlite": "ext-pdo_sqlite ext-sqlite3",
    "redis": "predis/predis ext-redis",
    "mongodb": "mongodb/laravel-mongodb jenssegers/mongodb",
}
CONNECTIONS = {"pgsql": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite", "sqlsrv": "sqlserver"}


def find(tree: Tree, folder: str) -> Application | None:
    """A package for Laravel requires parts of it, but has no artisan."""
    needs = requirements(tree, folder)
    if "laravel/framework" not in needs or not tree.has(join(folder, "artisan")):
        return None
    index = join(folder, "public/index.php")
    return Application(
        STACK, LANGUAGE, folder, needs["laravel/framework"],
        facts={
            "starts": [Fact("public/index.php", Why(index))] if tree.has(index) else [],
            "package_manager": [Fact("composer", Why(join(folder, "composer.json")))],
            "version": _versions(tree, folder, needs),
            "database": drivers(needs, DRIVERS) or _connection(tree, folder),
        },
    )  # fmt: skip


def requirements(tree: Tree, folder: str) -> dict[str, Why]:
    """What composer.json requires for running, each with its place."""
    path = join(folder, "composer.json")
    told = tree.json(path)
    listed = told.get("require") if isinstance(told, dict) else None
    return {name: Why(path, tree.line(path, f'"{name}"'), f"{name} {version}")
            for name, version in (listed if isinstance(listed, dict) else {}).items()}  # fmt: skip


def _versions(tree: Tree, folder: str, needs: dict[str, Why]) -> list[Fact]:
    found = pinned(tree, folder, (".php-version", r"^\s*(\d+\.\d+)"), (".tool-versions", r"^php\s+(\d+\.\d+)"))
    if "php" in needs and (lowest := re.search(r"\d+\.\d+", needs["php"].seen)):
        found.append(Fact(lowest[0], needs["php"]))
    return found


def _connection(tree: Tree, folder: str) -> list[Fact]:
    """The connection that the example of the environment names."""
    path = join(folder, ".env.example")
    told = re.search(r"^DB_CONNECTION=(\w+)", tree.read(path) or "", re.MULTILINE)
    if not told or told[1] not in CONNECTIONS:
        return []
    return [Fact(CONNECTIONS[told[1]], Why(path, tree.line(path, told[0]), told[0]))]
