"""What the server should have: the repository's folders, arranged as they lie on the server from its root."""

import shutil
from pathlib import Path

from apply.commands import require
from apply.outcome import Invalid
from release import settings

APPLICATION = settings.APPLICATION
WRAPPER = f'#!/bin/sh\n# The release tool.\nexec python3 -I {APPLICATION}/release "$@"\n'


def lay_out(package: Path, new: Path) -> None:
    """Arrange the repository's folders as they lie on the server, from its root."""
    environment = setting(package / "settings.env", "ENVIRONMENT")
    application = new / "opt/app"
    for name in ("compose.yml", "edge", "release"):
        copy(package / "server" / name, application / name)
    copy(package / "settings.env", application / "settings.env")
    copy(package / "monitoring", application / "monitoring")
    shutil.rmtree(application / "monitoring/environments")
    target = application / "monitoring/prometheus/targets/application.yml"
    copy(package / "monitoring/environments" / f"{environment}.yml", target)
    for unit in sorted((package / "server/systemd").iterdir()):
        copy(unit, new / "etc/systemd/system" / unit.name)
    for name in ("release-gate", "server-secrets", "container-metrics"):
        copy(package / "server" / name, new / "usr/local/sbin" / name, mode=0o755)
    write(new / "usr/local/bin/release", WRAPPER, mode=0o755)
    copy_host(package / "host", new)
    for user, lines in authorized(package / "keys", environment).items():
        write(new / "etc/ssh/authorized_keys" / user, "".join(f"{line}\n" for line in lines), mode=0o644)


def copy_host(host: Path, new: Path) -> None:
    """What the first boot brought (terraform/cloud-init/files), with the modes that it has given."""
    for file in host.rglob("*"):
        path = file.relative_to(host)
        if file.is_file():
            copy(file, new / path, mode=0o440 if path.is_relative_to("etc/sudoers.d") else 0o644)


def copy(source: Path, target: Path, mode: int | None = None) -> None:
    """Copy a file or a folder, readable for the containers whatever the umask of its author was."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() else mode or 0o644)


def write(target: Path, text: str, mode: int) -> None:
    """Make a file that the repository does not hold as it is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    target.chmod(mode)


def setting(file: Path, name: str) -> str:
    """One line of settings.env."""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith(f"{name}="):
            return line.split("=", 1)[1]
    raise Invalid(f"settings.env lacks {name}")


def authorized(keys: Path, environment: str) -> dict[str, list[str]]:
    """Who may log in, as at the first boot: people as ops; pipelines, and people, through the gate as deploy."""
    people = read_keys(keys / "admin")
    actors = people | read_keys(keys / "deploy") | read_keys(keys / "deploy" / environment)
    if not people:
        raise Invalid("terraform/keys/admin holds no public key: nobody could log in any more")
    gate = 'restrict,command="/usr/local/sbin/release-gate {}" {}'
    return {
        "ops": [people[person] for person in sorted(people)],
        "deploy": [gate.format(actor, actors[actor]) for actor in sorted(actors)],
    }


def read_keys(folder: Path) -> dict[str, str]:
    """Public keys by the name of their file; every one is put before ssh-keygen."""
    found = {}
    for file in sorted(folder.glob("*.pub")):
        if not all(letter.isascii() and (letter.isalnum() or letter in "._-") for letter in file.stem):
            raise Invalid(f"{file.name}: only letters, digits and . _ - may be in the name of a key")
        require(f"ssh-keygen ({file.name})", "ssh-keygen", "-l", "-f", file)
        found[file.stem] = file.read_text("utf-8").strip()
        if "\n" in found[file.stem]:
            raise Invalid(f"{file.name} holds more than one key")
    return found
