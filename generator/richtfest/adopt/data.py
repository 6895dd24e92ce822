"""Data: databases that nobody ordered, migrations that nobody runs, files that a release would lose."""

import re
from collections.abc import Iterator

from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect.tree import join
from richtfest.template import locate

SERVERS = ("mysql", "mongodb", "sqlserver")
"""Databases that the server does not run."""

MIGRATES = re.compile(
    r"alembic\s+upgrade|manage\.py\s+migrate|\bmigrate\s+--noinput|db:(migrate|prepare)|prisma\s+migrate\s+deploy|"
    r"artisan\s+migrate|flask\s+db\s+upgrade|typeorm\s+migration:run|knex\s+migrate|sequelize\s+db:migrate"
)


def databases(adoption: Adoption) -> Iterator[Suggestion]:
    """A database that the application speaks to, where none was ordered; or one that cannot be had."""
    found, ordered = adoption.databases(), adoption.value("database", "none")
    if "postgres" in found and ordered == "none":
        others = [name for name in found if name in (*SERVERS, "sqlite")]
        started = found["postgres"].seen.startswith("image:")
        kind = "database_one_of" if others else "database_started" if started else "database_none"
        yield Suggestion(kind, found["postgres"], {"database": "postgres", "others": ", ".join(others)})
    elif "postgres" not in found and "sqlite" not in found:
        for name in SERVERS:
            if name in found:
                kind = "database_other_started" if found[name].seen.startswith("image:") else "database_other"
                yield Suggestion(kind, found[name], {"database": name})
                return


def migrations(adoption: Adoption) -> Iterator[Suggestion]:
    """Told unless the generated server or the team's own image runs them."""
    told = adoption.habits.migrations(adoption.tree, adoption.found)
    yield from _settings(adoption)
    if not told or adoption.only_sqlite() or _runs_them(adoption):
        return
    fragments = locate().path / "templates" / f"#{{ stack_{adoption.found.stack} }}#" / "fragments"
    if adoption.value("database", "none") == "none" or not (fragments / "migrate.yml").is_file():
        code = f"command: {told.value}" if told.value else ""
        yield Suggestion("migrations", told.why, {}, code)


def _settings(adoption: Adoption) -> Iterator[Suggestion]:
    """Commands take other settings than the server, and neither the image nor the server's services say which."""
    told = adoption.habits.settings(adoption.tree, adoption.found)
    places = ("server/compose.yml", *([adoption.dockerfile] if adoption.dockerfile else []))
    if told and not any(told.variable in (adoption.tree.read(place) or "") for place in places):
        values = {"variable": told.variable, "commands": told.commands.value, "server": told.server.value}
        code = f"environment:\n  {told.variable}: {told.server.value}"
        yield Suggestion("settings_differ", told.commands.why, values, code)


def files(adoption: Adoption) -> Iterator[Suggestion]:
    """What is written into a container is gone with it."""
    if why := adoption.only_sqlite():
        yield Suggestion("sqlite", why)
    if why := adoption.habits.uploads(adoption.tree, adoption.found):
        yield Suggestion("uploads", why)


def _runs_them(adoption: Adoption) -> bool:
    """Whether the image, or a script that may be its first program, migrates when it starts."""
    tree, folder = adoption.tree, adoption.folder
    if not adoption.dockerfile:
        return False
    places = [folder, *(join(folder, place) for place in ("bin", "docker", "scripts", "deploy", ".docker"))]
    places += [inner for place in places[1:] for inner in tree.folders(place)]
    scripts = [path for place in places for path in tree.named(place, "*.sh", "*entrypoint*", "start*", "run*")]
    return any(MIGRATES.search(tree.read(path) or "") for path in (adoption.dockerfile, *scripts[:60]))
