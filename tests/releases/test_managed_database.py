"""A database that the cloud runs: the server is told where it is, and copies and a way back work as documented.

In its place stands a PostgreSQL in a container, reached like the true one by address, port and password.
"""

import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.generation import render
from tests.releases.team import Team, fit_for_tests, team_and_server, wait_until

pytestmark = pytest.mark.needs("sshd")
NAME = "richtfest-database-of-the-cloud"
WORD = "of-this-test-only-Aa1-0123456789"


@pytest.fixture(scope="module")
def team(registry, images, base_image, docker, tmp_path_factory) -> Iterator[Team]:
    """A team whose database the cloud runs, after the first `apply`."""
    answers = {"domain": "localhost.example.com", "project_name": "shop", "grafana": False, "cloud": "scaleway",
               "database": "managed"}  # fmt: skip
    repository = render(answers, tmp_path_factory.mktemp("generated") / "shop")
    fit_for_tests(repository, base_image)
    with team_and_server(repository, registry, base_image, docker, tmp_path_factory) as found:
        yield found


@pytest.fixture(scope="module")
def address(team, docker) -> Iterator[str]:
    """Where the database is."""
    word = team.root / "word"
    word.write_text(WORD)
    docker("run", "--detach", "--name", NAME, "--network", "edge", "--user", "999:999", "--env", "POSTGRES_USER=app",
           "--env", "POSTGRES_DB=app", "--env", "POSTGRES_PASSWORD_FILE=/word", "--volume", f"{word}:/word:ro",
           "--tmpfs", "/var/lib/postgresql:uid=999,gid=999", "--tmpfs", "/var/run/postgresql:uid=999,gid=999",
           "postgres:18.6")  # fmt: skip
    try:
        # Over the network, for the image's first start has a server of its own on the socket.
        ready = ("run", "--rm", "--network", "edge", "--entrypoint", "pg_isready", "postgres:18.6", "--host", NAME)
        wait_until(lambda: "accepting" in _or_nothing(docker, *ready), "the database does not start", seconds=60)
        where = docker("inspect", "--format", '{{(index .NetworkSettings.Networks "edge").IPAddress}}', NAME)
        yield f"{where.strip()}:5432"
    finally:
        docker("rm", "--force", "--volumes", NAME)


def _or_nothing(docker, *words: str) -> str:
    try:
        return docker(*words)
    except Exception:
        return ""


def sql(docker, words: str) -> str:
    """Ask the database from inside its container."""
    return docker("exec", NAME, "psql", "--username", "app", "--dbname", "app", "--no-align", "--tuples-only",
                  "--command", words).strip()  # fmt: skip


def documented(team: Team, command: str) -> str:
    """The command that docs/operations.md gives for use on the server, without the ssh before it."""
    page = (team.repository / "docs/operations.md").read_text("utf-8")
    (found,) = [line for line in re.findall(r"ssh -t ops@\S+ '([^']+)'", page) if command in line]
    return found.replace("\\\n", "")


def on_the_server(team: Team, command: str) -> str:
    """Run it on the server, whose folders lie elsewhere in these tests."""
    command = command.replace("sudo ", "").replace("compose run --rm", "compose run --rm -T").split("&& ", 1)[1]
    done = subprocess.run(
        ["bash", "-c", command], cwd=team.root / "opt/app", stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_backup_without_an_address_says_what_is_missing(team):
    told = team.script("release", "production", "backup", expect=1)
    assert "DATABASE_URL: is not set: docs/operations.md, The database" in told


def test_the_server_is_told_where_the_database_is_and_nothing_stays_on_the_laptop(team, address):
    folder = team.repository.parent / "state"
    waiting = folder / "shop/secrets/infrastructure/DATABASE_PASSWORD_PRODUCTION"
    refused = team.script("database", "production", address, expect=5, XDG_STATE_HOME=str(folder))
    assert "The password is not on this machine" in refused
    waiting.parent.mkdir(parents=True)
    waiting.write_text(WORD + "\n")
    wrong = team.script(
        "database", "production", address, expect=1, DATABASE_PASSWORD=WORD[::-1], XDG_STATE_HOME=str(folder)
    )
    assert "The server could not log in" in wrong
    assert waiting.exists()
    told = team.script("database", "production", address, XDG_STATE_HOME=str(folder))
    assert ".dump, " in told and "do you keep a copy?" in told
    told = (team.root / "opt/app/application.env").read_text("utf-8")
    assert f"DATABASE_URL=postgresql://app:{WORD}@{address}/app" in told.replace('"', "")
    assert not waiting.exists()


def test_an_address_that_is_none_is_refused_in_one_sentence(team):
    assert "Usage: bash scripts/database.sh" in team.script("database", "production", "'; drop", expect=5)


def test_a_release_gets_the_address(team, address, docker, images):
    team.ci("release", "production", "deploy", images["good"])
    assert f"@{address}/app" in docker("inspect", "--format", "{{json .Config.Env}}", "application-app-blue-1")


def test_a_copy_brings_back_what_was_deleted_by_the_documented_command(team, address, docker):
    sql(docker, "create table orders (number int); insert into orders select generate_series(1, 1000)")
    told = team.script("release", "production", "backup")
    assert "backed up: 20" in told and ".dump, " in told
    (copy,) = sorted((team.root / "srv/data/backups").glob("*.dump"))[-1:]
    sql(docker, "drop table orders")
    on_the_server(team, documented(team, "pg_restore").replace("<name>.dump", copy.name))
    assert sql(docker, "select count(*) from orders") == "1000"


def test_the_database_can_be_asked_by_the_documented_command(team, address, docker):
    command = documented(team, '"psql').replace("$DATABASE_URL", "$DATABASE_URL -c 'select 6 * 7'")
    assert "42" in on_the_server(team, command)
