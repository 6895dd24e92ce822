"""What serves now, and what was before: for people, and with --json for programs."""

import json
import time
from dataclasses import asdict

from release import compose, edge, journal, records
from release.settings import Settings


def status(settings: Settings, as_json: bool) -> str:
    """The release that serves, its colour, and what is under way."""
    now, under_way, colour = records.serving(), journal.read(), edge.live_colour()
    container = compose.look(colour, settings) if colour else None
    told = {
        "project": settings.project,
        "environment": settings.environment,
        "release": now.release if now else None,
        "image": now.image if now else None,
        "commit": now.commit if now else None,
        "since": now.ended if now else None,
        "colour": colour,
        "running": bool(container and container.running),
        "maintenance": edge.in_maintenance(),
        "under_way": under_way.release.release if under_way else None,
        "rollback_target": next((release.release for release in records.targets()), None),
    }
    if as_json:
        return json.dumps(told)
    if not now:
        return f"{settings.project} {settings.environment}: nothing has been released yet"
    lines = [
        f"{settings.project} {settings.environment}: {now.release} serves since {_when(now.ended)} ({colour})",
        f"  image     {now.image}",
        f"  commit    {now.commit or 'unknown'}, released by {now.actor}",
        f"  container {'runs' if told['running'] else 'DOES NOT RUN'}",
        f"  rollback  would go to {told['rollback_target'] or 'nothing: there is no earlier good release'}",
    ]
    if told["under_way"]:
        lines.append(f"  {told['under_way']} is under way")
    if told["maintenance"]:
        lines.append("  maintenance is on: every request is answered with 503")
    return "\n".join(lines)


def history(as_json: bool) -> str:
    """Every attempt, the latest first."""
    attempts = list(reversed(records.history()))
    if as_json:
        return json.dumps([asdict(release) for release in attempts])
    if not attempts:
        return "nothing has been released yet"
    return "\n".join(
        f"{release.release:5} {_when(release.ended)}  {release.result:11}  {release.commit[:7] or '-':7}  "
        f"{release.actor:20} "
        + " ".join(
            part
            for part in (
                f"instead of {release.rollback_of}." if release.rollback_of else "",
                release.sentence,
                release.reason,
            )
            if part
        )
        for release in attempts
    )


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
