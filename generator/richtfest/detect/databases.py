"""Which databases an application speaks to: by its drivers and by what its compose files start."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from richtfest.detect.findings import Fact, Why
from richtfest.detect.tree import Tree

IMAGES = {
    "postgres": "postgres postgis pgvector timescaledb timescaledb-ha postgresql pgautoupgrade",
    "mysql": "mysql mariadb mysql-server percona",
    "redis": "redis valkey keydb dragonfly redis-stack",
    "mongodb": "mongo mongodb",
    "sqlserver": "mssql server azure-sql-edge",
    "elasticsearch": "elasticsearch opensearch",
}


def drivers(needs: Mapping[str, Why], known: Mapping[str, str]) -> list[Fact]:
    """The databases whose driver is among the dependencies."""
    found = []
    for database, names in known.items():
        if driver := next((name for name in names.split() if name in needs), None):
            found.append(Fact(database, needs[driver]))
    return found


def of_compose(tree: Tree, folder: str) -> list[Fact]:
    """The databases that the compose files of a folder start."""
    kinds = {image: database for database, images in IMAGES.items() for image in images.split()}
    found: dict[str, Fact] = {}
    for path, _, service in services(tree, folder):
        image = str(service.get("image") or "")
        name = PurePosixPath(image.partition("@")[0].rsplit(":", 1)[0]).name
        if name == "server" and "mssql" not in image:
            continue
        if database := kinds.get(name):
            found.setdefault(database, Fact(database, Why(path, tree.line(path, image), f"image: {image}")))
    return list(found.values())


def services(tree: Tree, folder: str) -> list[tuple[str, str, dict]]:
    """The services of the compose files in a folder: file, name, definition."""
    found = []
    for path in tree.named(folder, "compose*.y*ml", "docker-compose*.y*ml"):
        told = tree.yaml(path)
        listed = told.get("services") if isinstance(told, dict) else None
        for name, service in (listed if isinstance(listed, dict) else {}).items():
            if isinstance(service, dict):
                found.append((path, str(name), service))
    return found
