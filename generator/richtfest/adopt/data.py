"""Data: databases that nobody ordered, and files that a release would lose."""

from collections.abc import Iterator

from richtfest.adopt.suggestion import Adoption, Suggestion

SERVERS = ("mysql", "mongodb", "sqlserver")
"""Databases that the server does not run."""


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


def files(adoption: Adoption) -> Iterator[Suggestion]:
    """What is written into a container is gone with it."""
    if why := adoption.only_sqlite():
        yield Suggestion("sqlite", why)
    if why := adoption.habits.uploads(adoption.tree, adoption.found):
        yield Suggestion("uploads", why)
