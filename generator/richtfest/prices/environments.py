"""What of a repository costs money: the environments that answers generate, or that are there with their edits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from richtfest.answers import changed
from richtfest.prices.data import Cloud, clouds
from richtfest.template import ANSWERS_FILE

DATA_VOLUME_GB = 20
"""The data volume for a database on the server, or for the copies of a managed one."""


class UnknownPrice(Exception):
    """A bill cannot be written. The message is one sentence for a person."""


@dataclass(frozen=True)
class Environment:
    """What of an environment costs money; volume in GB, 0: none. An empty region is the default one."""

    name: str
    region: str
    server_type: str
    volume_size: int
    backups: bool
    database_type: str | None


def planned(answers: Mapping[str, Any]) -> list[Environment]:
    """The environments that these answers generate.

    Raises:
        UnknownPrice: there are no prices of the cloud.
    """
    cloud = cloud_of(answers)
    database = answers.get("database", "none")
    volume = DATA_VOLUME_GB if database != "none" else 0
    server_type = answers.get("server_type") or cloud.default
    database_type = cloud.managed_postgres.type if cloud.managed_postgres else None
    names = ["production", "staging"] if answers.get("environments") == "staging_production" else ["production"]
    region = answers.get("region", "")
    return [Environment(name, region, server_type, volume, False, database_type) for name in names]


def cloud_of(answers: Mapping[str, Any]) -> Cloud:
    """The prices of the answered cloud.

    Raises:
        UnknownPrice: there are none.
    """
    cloud = answers.get("cloud", "hetzner")
    if cloud not in clouds():
        raise UnknownPrice(f"there are no prices of the cloud {cloud}; known are {', '.join(clouds())}")
    return clouds()[cloud]


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


def environments_in(repository: Path, recorded: Mapping[str, Any], changes: Mapping[str, Any]) -> list[Environment]:
    """The environments of a repository as terraform/environments says by now, and as other answers would have them.

    Raises:
        UnknownPrice: a file of variables that cannot be read, or a cloud without prices.
    """
    before = {environment.name for environment in planned(recorded)}
    after = {environment.name: environment for environment in planned(changed(recorded, changes))}
    environments = [
        _adapted(environment, after["production"], recorded, changes)
        for environment in _written(repository)
        if environment.name in after or environment.name not in before  # the latter are the team's own
    ]
    return environments + [environment for name, environment in after.items() if name not in before]


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
