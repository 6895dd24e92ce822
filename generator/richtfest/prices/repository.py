"""The bill of a repository that is there: its answers, what was edited since, and what might be answered instead."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from richtfest.answers import changed
from richtfest.prices.bill import Bill, Environment, UnknownPrice, cloud_of, of_environments, planned
from richtfest.template import ANSWERS_FILE


def read_answers(repository: Path) -> dict[str, Any]:
    """The recorded answers of a generated repository.

    Raises:
        UnknownPrice: there are none.
    """
    try:
        return dict(yaml.safe_load((repository / ANSWERS_FILE).read_text("utf-8")))
    except (OSError, TypeError, ValueError, yaml.YAMLError) as error:
        raise UnknownPrice(
            f"{repository} holds no repository that richtfest made ({ANSWERS_FILE} cannot be read): name its folder, "
            "name none inside of it, or ask for a price without one: richtfest cost --compare"
        ) from error


def bill_of(repository: Path, changes: Mapping[str, Any] | None = None) -> Bill:
    """The bill of a generated repository: its answers, and what terraform/environments says by now.

    Args:
        repository: its folder.
        changes: answers that it might have instead; what was edited beside them counts as it is.

    Raises:
        UnknownPrice: the folder is no generated repository, or a type has no known price.
    """
    recorded, changes = read_answers(repository), changes or {}
    answers = changed(recorded, changes)
    before = {environment.name for environment in planned(recorded)}
    after = {environment.name: environment for environment in planned(answers)}
    environments = [
        _adapted(environment, after["production"], recorded, changes)
        for environment in _written(repository)
        if environment.name in after or environment.name not in before  # the latter are the team's own
    ]
    environments += [environment for name, environment in after.items() if name not in before]
    return of_environments(answers, environments)


def _adapted(
    written: Environment, planned: Environment, recorded: Mapping[str, Any], changes: Mapping[str, Any]
) -> Environment:
    """What is written down, but for what other answers change: another cloud has types and regions of its own."""
    moved = cloud_of(changed(recorded, changes)) != cloud_of(recorded)
    database = recorded.get("database", "none")
    if moved or "server_type" in changes:
        written = replace(written, server_type=planned.server_type)
    if moved or "region" in changes:
        written = replace(written, region=planned.region)
    if moved or written.database_type is None:
        written = replace(written, database_type=planned.database_type)
    if changes.get("database", database) != database:
        size = max(written.volume_size, planned.volume_size) if planned.volume_size else 0
        written = replace(written, volume_size=size)
    return written


def _written(repository: Path) -> list[Environment]:
    return [_read(file) for file in sorted((repository / "terraform" / "environments").glob("*.tfvars.json"))]


def _read(file: Path) -> Environment:
    try:
        told = json.loads(file.read_text("utf-8"))
        return Environment(
            name=file.name.removesuffix(".tfvars.json"),
            region=str(told.get("region", "")),
            server_type=str(told["server_type"]),
            volume_size=int(told.get("volume_size", 0)),
            backups=told.get("backups", False),
            database_type=told.get("database_type"),
        )
    except (OSError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise UnknownPrice(f"{file} is no JSON with a server_type ({error!r}): mend it first") from error
