"""What runs beside the colours: backup and migration before the traffic, workers after it; and the schema's floor."""

import signal
import time

import pytest

from tests.releases.test_releases import run_under_load

JOBS = """
  backup:
    image: {backup}
    profiles: [release]
    command: [backup]
    volumes: [./jobs:/jobs]

  migrate:
    image: ${{RELEASE_IMAGE:-no-release-yet}}
    profiles: [release]
    command: [migrate]
    volumes: [./jobs:/jobs]

  worker:
    image: ${{RELEASE_IMAGE:-no-release-yet}}
    profiles: [worker]
    restart: unless-stopped
    command: [worker]
    volumes: [./jobs:/jobs]

networks:"""


@pytest.fixture
def company(server):
    """A server whose application has a database and a worker."""
    folder = server.application / "jobs"
    folder.mkdir()
    folder.chmod(0o777)

    def use(backup: str) -> None:
        file = server.application / "compose.yml"
        text = server.plain = getattr(server, "plain", "") or file.read_text("utf-8")
        file.write_text(text.replace("\nnetworks:", JOBS.format(backup=server.images[backup])), "utf-8")

    def log() -> list[str]:
        file = folder / "log"
        lines = file.read_text().splitlines()
        file.write_text("")  # the worker has it open
        return lines

    server.back_up_with, server.log = use, log
    use("good")
    yield server
    server.compose("--profile", "worker", "stop", "--timeout", "1")


def test_backup_and_migration_come_first_and_the_worker_last(company):
    told = company.release("deploy", "good")
    assert company.log() == [
        "backup good -c lock_timeout=5s", "migrate good -c lock_timeout=5s", "worker good ",
    ]  # fmt: skip
    steps = [
        "backing up",
        "migrating the database",
        "starting blue",
        "watching",
        "replacing worker",
        "r1 is in service",
    ]
    assert [told.index(step) for step in steps] == sorted(told.index(step) for step in steps)
    assert company.history()[0]["backup"] == "this is backup of good"


def test_a_backup_at_night_waits_for_no_release_and_prometheus_learns_of_it(company):
    company.release("deploy", "good")
    company.log()
    assert "backed up: this is backup of good" in company.release("backup")
    assert company.log() == ["backup good -c lock_timeout=5s"]
    figures = dict(line.rsplit(" ", 1) for line in company.metrics() if not line.startswith("#"))
    last = figures['backup_last_success_timestamp_seconds{service="shop",environment="production"}']
    assert abs(time.time() - float(last)) < 60


def test_a_backup_that_fails_is_no_backup(company):
    company.back_up_with("failing-backup")
    company.release("recover")
    told = company.release("backup", expect=1)
    assert "backup failed: backup does not work in this image" in told
    assert any(line.startswith("backup_last_success") and line.endswith(" 0") for line in company.metrics())


def test_without_a_service_that_backs_up_there_is_nothing_to_miss(server):
    assert "no service called backup" in server.release("backup", expect=5)
    server.release("recover")
    assert not any(line.startswith("backup_last_success") for line in server.metrics())


def test_two_versions_of_a_worker_never_work_at_once_and_customers_notice_nothing(company):
    company.release("deploy", "good")
    company.log()
    load = run_under_load(lambda: company.release("deploy", "better"), lambda: company.release("rollback"))
    assert load.failed == 0, load
    assert [line for line in company.log() if "backup" not in line] == [
        "migrate better -c lock_timeout=5s", "stopped good", "worker better ",
        "stopped better", "worker good ",  # the way back migrates nothing
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("image", "backup", "sentence"),
    [
        ("failing-migrate", "good", "migrate failed: migrate does not work in this image"),
        ("better", "failing-backup", "backup failed: backup does not work in this image"),
    ],
)
def test_a_job_that_fails_changes_nothing(company, image, backup, sentence):
    company.release("deploy", "good")
    company.back_up_with(backup)
    company.log()
    assert sentence in company.release("deploy", image, expect=1)
    assert company.serving() == "good"
    assert company.running() == {"blue"} | {"worker"}
    assert not any(line.startswith(("stopped", "worker")) for line in company.log()), "the worker was disturbed"


def test_a_worker_that_does_not_start_takes_its_release_back(company):
    company.release("deploy", "good")
    company.log()
    told = company.release("deploy", "failing-worker", expect=3)
    assert "the worker worker ended at once; its last words: " in told
    assert "worker does not work in this image" in told
    assert company.serving() == "good"
    log = company.log()
    assert log[-1] == "worker good " and "stopped good" in log


@pytest.mark.parametrize(
    ("moment", "serving", "worker"),
    [("backing up", "good", "good"), ("migrating", "good", "good"), ("replacing workers", "good", "good"),
     ("the workers were replaced", "good", "good"), ("recorded", "better", "better")],
)  # fmt: skip
def test_after_kill_9_one_release_serves_and_its_worker_works(company, moment, serving, worker):
    company.release("deploy", "good")
    load = run_under_load(
        lambda: company.release("deploy", "better", killed=moment, expect=-signal.SIGKILL),
        lambda: company.release("recover"),
    )
    assert load.failed == 0, load
    assert company.serving() == serving
    assert [line for line in company.log() if line.startswith("worker")][-1] == f"worker {worker} "
    assert company.running() == {company.status()["colour"], "worker"}


def test_a_migration_that_never_ends_is_ended(company, docker):
    company.release("deploy", "good")
    company.configure(JOB_SECONDS=3)
    assert "migrate failed: Docker did not answer within 3 s" in company.release("deploy", "long-migrate", expect=1)
    assert docker("ps", "--quiet", "--filter", "name=application-migrate-job") == ""
    assert company.serving() == "good"


# ---- the floor of the schema -------------------------------------------------------------------------------------


def test_an_equal_schema_needs_no_backup(company):
    company.release("deploy", "third")
    company.log()
    company.release("deploy", "also-third")
    assert not any(line.startswith("backup") for line in company.log())


def test_a_rollback_past_the_floor_is_refused_unless_the_data_was_restored(company):
    for image in ("first", "second", "third"):
        company.release("deploy", image)
    told = company.release("rollback", "r1", expect=5)
    assert "r1 knows schema 1 of the database, and since r3 every release must know 2" in told
    assert "the backup before it: this is backup of good" in told
    assert company.serving() == "third"
    assert company.results() == ["deployed"] * 3
    company.release("rollback")
    assert company.serving() == "second", "two steps that know each other's schema can go back"
    company.release("maintenance", "on")
    company.release("rollback", "r1")
    company.release("maintenance", "off")
    assert company.serving() == "first"


def test_a_release_that_what_serves_could_not_live_with_is_not_migrated(company):
    company.release("deploy", "first")
    company.log()
    told = company.release("deploy", "third", expect=1)
    assert "release one in between that knows both" in told
    assert company.log() == []
    company.release("deploy", "second")
    company.release("deploy", "third")
    assert company.serving() == "third"
