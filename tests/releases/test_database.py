"""The database on the server: made by `apply`, reached by the application only, backed up, restored, kept."""

import stat
import subprocess
from collections.abc import Iterator

import pytest

from tests.generation import render
from tests.releases.team import Team, fit_for_tests, team_and_server, wait_until

pytestmark = pytest.mark.needs("sshd")
NAME = "application-database-1"
RESTORE = ("pg_restore", "--clean", "--if-exists", "--username", "app", "--dbname", "app")


@pytest.fixture(scope="module")
def team(registry, images, base_image, docker, tmp_path_factory) -> Iterator[Team]:
    """A team whose application has a database, after the first `apply`."""
    answers = {"domain": "localhost.example.com", "project_name": "shop", "grafana": False, "database": "postgres"}
    repository = render(answers, tmp_path_factory.mktemp("generated") / "shop")
    fit_for_tests(repository, base_image)
    with team_and_server(repository, registry, base_image, docker, tmp_path_factory) as found:
        wait_for_database(docker)
        yield found


def wait_for_database(docker) -> None:
    health = ("inspect", "--format", "{{.State.Health.Status}}", NAME)
    wait_until(lambda: docker(*health).strip() == "healthy", "the database does not get healthy", seconds=60)


def sql(docker, words: str) -> str:
    """Ask the database from inside its container."""
    return docker("exec", NAME, "psql", "--username", "app", "--dbname", "app", "--no-align", "--tuples-only",
                  "--command", words).strip()  # fmt: skip


def address(team: Team) -> str:
    """What the application is told."""
    lines = (team.root / "opt/app/application.env").read_text("utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith("DATABASE_URL=")]
    return line.split("=", 1)[1].strip('"')


def test_the_application_reaches_it_with_the_address_that_it_is_told_and_with_no_other_password(team, docker):
    inside = ("run", "--rm", "--network", "edge", "--entrypoint", "psql", "postgres:18.6")
    assert docker(*inside, address(team), "--tuples-only", "--command", "select 6 * 7").strip() == "42"
    with pytest.raises(Exception, match="password authentication failed"):
        docker(*inside, "postgresql://app:guessed@database:5432/app", "--command", "select 1")


def test_it_has_no_port_no_root_and_a_root_file_system_that_nobody_writes(team, docker):
    told = docker(
        "inspect", "--format", "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.PortBindings}}", NAME
    )
    assert told.strip() == "999:999 true map[]"


def test_the_password_is_readable_for_root_and_the_database_only(team):
    found = (team.root / "srv/data/postgres-secrets/password").stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (0, 999, 0o440)
    assert stat.S_IMODE((team.root / "srv/data/postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE((team.root / "opt/app/application.env").stat().st_mode) == 0o600


def test_another_apply_and_a_new_container_change_neither_password_nor_data(team, docker):
    sql(docker, "create table kept (word text); insert into kept values ('here')")
    before = address(team)
    assert team.script("apply", "production") == "Nothing to do: the server has it already.\n"
    docker("rm", "--force", NAME)
    (team.repository / "server/compose.yml").write_text(
        (team.repository / "server/compose.yml").read_text("utf-8").replace("shm_size: 128m", "shm_size: 160m")
    )
    team.script("apply", "production")
    wait_for_database(docker)
    assert address(team) == before
    assert sql(docker, "select word from kept") == "here"


def test_a_server_that_is_made_anew_finds_its_database_on_the_volume(team, docker):
    sql(docker, "create table moved (word text); insert into moved values ('along')")
    (team.root / "opt/app/application.env").unlink()
    (team.repository / "server/compose.yml").write_text(
        (team.repository / "server/compose.yml").read_text("utf-8").replace("pids_limit: 256", "pids_limit: 300")
    )
    assert "The application gets DATABASE_URL with its next release." in team.script("apply", "production")
    wait_for_database(docker)
    inside = ("run", "--rm", "--network", "edge", "--entrypoint", "psql", "postgres:18.6")
    assert docker(*inside, address(team), "--tuples-only", "--command", "select word from moved").strip() == "along"


def test_a_lost_password_is_told_and_no_other_one_is_made(team):
    password = team.root / "srv/data/postgres-secrets/password"
    kept = password.read_bytes()
    password.rename(password.with_name("kept"))
    file = team.repository / "server/compose.yml"
    before = file.read_text("utf-8")
    file.write_text(before.replace("mem_limit: 512m", "mem_limit: 500m"), "utf-8")
    told = team.script("apply", "production", expect=1)
    assert "holds a database, but" in told and "bring it back" in told
    password.with_name("kept").rename(password)
    file.write_text(before, "utf-8")
    assert password.read_bytes() == kept


def test_a_backup_brings_back_what_was_deleted(team, docker):
    sql(docker, "create table orders (number int); insert into orders select generate_series(1, 1000)")
    told = team.script("release", "production", "backup")
    assert "backed up: 20" in told and ".dump, " in told
    (copy,) = sorted((team.root / "srv/data/backups").glob("*.dump"))[-1:]
    sql(docker, "drop table orders")
    with copy.open("rb") as stream:
        done = subprocess.run(["docker", "exec", "-i", NAME, *RESTORE], stdin=stream, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sql(docker, "select count(*) from orders") == "1000"


def test_a_backup_runs_before_a_migration_and_a_release_gets_the_address(team, docker, images):
    told = team.ci("release", "production", "deploy", images["good"])
    assert "r1 is in service" in told
    environment = docker("inspect", "--format", "{{json .Config.Env}}", "application-app-blue-1")
    assert address(team) in environment
