"""What Prometheus learns of releases, through the textfile collector of node_exporter: recomputed from the record
each time, so that a new server or a corrected record cannot leave it wrong."""

from collections import Counter
from collections.abc import Iterator

from release import backups, edge, files, records
from release.records import Release
from release.settings import METRICS, Settings
from release.telling import tell


def publish(settings: Settings, *, under_way: bool = False) -> None:
    """Write the figures of all releases so far. They are never worth a release: a full disk is only told."""
    try:
        METRICS.parent.mkdir(parents=True, exist_ok=True)
        files.write(METRICS, "".join(f"{line}\n" for line in _lines(settings, under_way)))
    except OSError as error:
        tell(f"the metrics could not be written to {METRICS}: {error.strerror}")


def _lines(settings: Settings, under_way: bool) -> Iterator[str]:
    history, now = records.history(), records.serving()
    labels = f'service="{settings.project}",environment="{settings.environment}"'
    results = Counter(release.result for release in history)

    yield from _head("deploy_total", "counter", "Attempts to release, rollbacks included, by how they ended.")
    for result in records.RESULTS:
        yield f'deploy_total{{{labels},result="{result}"}} {results[result]}'
    yield from _head("deploy_rollback_total", "counter", "Rollbacks that somebody asked for.")
    yield f"deploy_rollback_total{{{labels}}} {sum(1 for release in history if release.rollback_of)}"
    for name, text, values in (
        ("deploy_lead_time_seconds", "From the build of the image to the traffic.", lead_times(history)),
        ("deploy_restore_seconds", "From the begin of a bad release to the next good one.", restore_times(history)),
    ):
        yield from _head(name, "summary", text)
        yield f"{name}_sum{{{labels}}} {sum(values):.0f}"
        yield f"{name}_count{{{labels}}} {len(values)}"
    yield from _head("release_maintenance", "gauge", "1 while every request is answered with 503 on purpose.")
    yield f"release_maintenance{{{labels}}} {int(edge.in_maintenance())}"
    yield from _head("release_in_progress", "gauge", "1 while a release is on its way or being watched.")
    yield f"release_in_progress{{{labels}}} {int(under_way)}"
    if backups.are_made():
        yield from _head("backup_last_success_timestamp_seconds", "gauge", "When a backup was made last; 0: never.")
        yield f"backup_last_success_timestamp_seconds{{{labels}}} {backups.last_success():.0f}"

    if history:
        yield from _head("deploy_last_success", "gauge", "Whether the last attempt ended in service.")
        yield f"deploy_last_success{{{labels}}} {int(history[-1].result == records.DEPLOYED)}"
    if now:
        yield from _head("deploy_last_timestamp_seconds", "gauge", "When the release that serves was confirmed.")
        yield f"deploy_last_timestamp_seconds{{{labels}}} {now.ended:.0f}"
        yield from _head("app_release_info", "gauge", "The release that serves.")
        yield f'app_release_info{{{labels},release="{now.release}",commit="{now.commit}",image="{now.image}"}} 1'


def lead_times(history: list[Release]) -> list[float]:
    """Seconds from build to traffic, of every image's first good release."""
    first: dict[str, float] = {}
    for release in history:
        if release.result == records.DEPLOYED and release.built and not release.rollback_of:
            first.setdefault(release.image, max(0, release.ended - release.built))
    return list(first.values())


def restore_times(history: list[Release]) -> list[float]:
    """Seconds of trouble for customers: from the begin of a release that was rolled back to what put an end to it."""
    found = []
    begun = {release.release: release.started for release in history}
    for release in history:
        if release.result == records.ROLLED_BACK:
            found.append(release.ended - release.started)
        elif release.result == records.DEPLOYED and release.rollback_of:
            found.append(release.ended - begun.get(release.rollback_of, release.started))
    return found


def _head(name: str, kind: str, text: str) -> tuple[str, str]:
    return f"# HELP {name} {text}", f"# TYPE {name} {kind}"
