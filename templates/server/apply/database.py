"""The application's database and its copies, when server/compose.yml has them: folders, password, the address for the
application. All of it lies on the data volume, so that a new server finds it again."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

from apply.outcome import Invalid
from release.settings import APPLICATION, ROOT

DECLARED = re.compile(r"^  database:", re.MULTILINE)
DATA = ROOT / "srv/data"
PASSWORD = DATA / "postgres-secrets/password"
POSTGRES = 999
"""The user and the group that PostgreSQL runs with in its image."""
VARIABLE = "DATABASE_URL"


def make_ready() -> None:
    """Make what the database needs before it starts; what is there stays.

    Raises:
        Invalid: the data volume is missing, or the password of a database that has data.
    """
    services = (APPLICATION / "compose.yml").read_text("utf-8")
    if "/srv/data/" in services:
        _require_volume()
    if "/srv/data/backups:" in services:
        _make_folder(DATA / "backups", POSTGRES, 0o700)
    if DECLARED.search(services):
        _make_ready_on_this_server()


def _make_ready_on_this_server() -> None:
    _make_folder(DATA / "postgres", POSTGRES, 0o700)
    _make_folder(PASSWORD.parent, 0, 0o750)
    if not PASSWORD.exists():
        _make_password()
    if VARIABLE not in _server_secrets("list").split():
        address = f"postgresql://app:{PASSWORD.read_text('utf-8')}@database:5432/app"
        _server_secrets("set", VARIABLE, words=address)
        print(f"The application gets {VARIABLE} with its next release.")


def _make_folder(folder: Path, owner: int, mode: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    os.chown(folder, owner, POSTGRES)
    folder.chmod(mode)


def _require_volume() -> None:
    """What lies on the server's own disk is gone with the server."""
    if Path("/") == ROOT and not os.path.ismount(DATA):
        raise Invalid(
            "server/compose.yml needs the data volume, and none is mounted on /srv/data: see volume_size in "
            'terraform/environments, and docs/operations.md, "Room for data"'
        )


def _make_password() -> None:
    if any((DATA / "postgres").iterdir()):
        raise Invalid(f"{DATA}/postgres holds a database, but {PASSWORD} with its password is gone: bring it back")
    beside = PASSWORD.with_name(".password.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(secrets.token_urlsafe(32))
    os.chown(beside, 0, POSTGRES)
    beside.chmod(0o440)
    beside.rename(PASSWORD)


def _server_secrets(*words_of_command: str, words: str = "") -> str:
    """The program that keeps the application's variables; a value goes through its standard input."""
    program = ROOT / "usr/local/sbin/server-secrets"
    done = subprocess.run(
        [sys.executable, "-I", program, *words_of_command], input=words, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Invalid(f"server-secrets {words_of_command[0]} failed: {done.stderr.strip()}")
    return done.stdout
