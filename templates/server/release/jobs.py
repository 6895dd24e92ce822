"""What runs beside the colours, when server/compose.yml has it:

- services called `backup` and `migrate`: run once before a release, in this order, `migrate` from the new image;
- services of the profile `worker`: replaced when the release has passed its watch, the old ones stopped first.
"""

import json
import time

from release import compose, records
from release.compose import docker, last_line, project
from release.outcome import Failed
from release.records import Release
from release.settings import Settings
from release.telling import tell

BACKUP, MIGRATE, WORKER = "backup", "migrate", "worker"
WAIT_FOR_LOCKS = "-c lock_timeout=5s"
"""For PostgreSQL: a change of a table that waits behind a long query would block every query after it."""
WORKERS_SECONDS = 3
"""So long workers are looked at: one that ends at once is a bad release."""


def known() -> dict[str, dict]:
    """Every service of server/compose.yml by name, as Compose understands it.

    Raises:
        Failed: Compose does not.
    """
    done = project("--profile", "*", "config", "--format", "json")
    if done.returncode:
        raise Failed(f"server/compose.yml is not understood: {last_line(done.stderr)}")
    return json.loads(done.stdout)["services"]


def run_once(name: str, service: dict, image: str, settings: Settings, container: str = "job") -> str:
    """Run a service to its end, as a container of its own that is removed afterwards.

    Args:
        name: of the service.
        service: as Compose understands it.
        image: of the new release.
        settings: say how long it may take.
        container: what its container is called besides; the nightly backup is not the one of a release.

    Returns:
        The last line that it printed.

    Raises:
        Failed: it ended with another code than 0, or took too long.
    """
    forget(name, container)
    environment = [] if "PGOPTIONS" in (service.get("environment") or {}) else ["--env", f"PGOPTIONS={WAIT_FOR_LOCKS}"]
    words = ("run", "--rm", "--no-deps", "--no-TTY", "--name", _name(name, container), *environment, name)
    done = project("--profile", "*", *words, release=image, seconds=settings.job_seconds)
    if done.returncode:
        forget(name, container)
        raise Failed(f"{name} failed: {last_line(done.stderr or done.stdout)}")
    return last_line(done.stdout)[:200] if done.stdout.strip() else ""


def forget(name: str, container: str = "job") -> None:
    """Remove what a killed run of a job left behind; a job that still runs is ended."""
    docker("container", "rm", "--force", _name(name, container))


def workers(services: dict[str, dict]) -> list[str]:
    """Names of the workers."""
    return sorted(name for name, service in services.items() if WORKER in service.get("profiles", ()))


def replace_workers(names: list[str], release: Release) -> None:
    """Stop the workers, then start those of this release: two versions never work at the same time.

    Raises:
        Failed: one could not be started, or ended within seconds.
    """
    if names:
        project("--profile", WORKER, "stop", *names, seconds=compose.PATIENCE)
    compose.put_in_slot(compose.RELEASE, release.image)
    if not names:
        return
    words = ("up", "--detach", "--no-deps", "--force-recreate", "--pull", "never", *names)
    done = project("--profile", WORKER, *words, settings=release.configuration)
    if done.returncode:
        raise Failed(f"the workers could not be started: {last_line(done.stderr)}")
    end = time.monotonic() + WORKERS_SECONDS
    while time.monotonic() < end:
        for name in names:
            container = compose.look_at(f"application-{name}-1")
            if container.ended or container.restarts:
                raise Failed(f"the worker {name} ended at once; its last words: {_last_words(name)}")
        time.sleep(0.2)


def restore_workers() -> None:
    """Let the workers run what serves, and end what a killed run left behind. Does nothing when all is so already."""
    for job in (BACKUP, MIGRATE):
        forget(job)
    now, image = records.serving(), compose.slots().get(compose.RELEASE, "")
    if image == (now.image if now else ""):
        return
    try:
        replace_workers(workers(known()), now) if now else stop_workers()
    except Failed as failure:
        tell(f"the workers of {now.release if now else 'nothing'} are not back: {failure}")


def stop_workers() -> None:
    """Before a first release there is nothing to work."""
    if names := workers(known()):
        project("--profile", WORKER, "stop", *names, seconds=compose.PATIENCE)
    compose.put_in_slot(compose.RELEASE, "")


def _last_words(name: str) -> str:
    done = docker("logs", "--tail", "5", f"application-{name}-1")
    return " | ".join((done.stdout + done.stderr).strip().splitlines()) or "(none)"


def _name(job: str, container: str) -> str:
    return f"application-{job}-{container}"
