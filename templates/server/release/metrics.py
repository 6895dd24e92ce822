"""What Prometheus learns of releases, through the textfile collector of node_exporter: recomputed from the record
each time, so that a new server or a corrected record cannot leave it wrong."""

from collections import Counter

from release import files, records, settings


def publish() -> None:
    """Write the figures of all releases so far."""
    told = settings.read()
    labels = f'service="{told.project}",environment="{told.environment}"'
    history = records.history()
    results = Counter(release.result for release in history)
    rollbacks = sum(1 for release in history if release.rollback_of)
    lines = [
        "# HELP deploy_total Attempts to release, by how they ended.",
        "# TYPE deploy_total counter",
        *(
            f'deploy_total{{{labels},result="{result}"}} {results.get(result, 0)}'
            for result in (records.GOOD, "failed", "rolled back")
        ),
        "# HELP deploy_rollback_total Rollbacks asked for by a person or a pipeline.",
        "# TYPE deploy_rollback_total counter",
        f"deploy_rollback_total{{{labels}}} {rollbacks}",
    ]
    if history:
        good = int(history[-1].result == records.GOOD)
        lines += [
            "# HELP deploy_last_success Whether the last attempt ended in service.",
            "# TYPE deploy_last_success gauge",
            f"deploy_last_success{{{labels}}} {good}",
        ]
    if now := records.serving():
        lines += [
            "# HELP deploy_last_timestamp_seconds When the release that serves got the traffic.",
            "# TYPE deploy_last_timestamp_seconds gauge",
            f'deploy_last_timestamp_seconds{{{labels},release="{now.release}"}} {int(now.ended)}',
            "# HELP app_release_info The release that serves.",
            "# TYPE app_release_info gauge",
            f'app_release_info{{{labels},release="{now.release}",commit="{now.commit}",image="{now.image}"}} 1',
        ]
    settings.METRICS.parent.mkdir(parents=True, exist_ok=True)
    files.write(settings.METRICS, "\n".join(lines) + "\n")
