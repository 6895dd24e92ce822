"""What serves now, and what was before: for people, and with --json for programs."""

import json
import time
from dataclasses import asdict

from release import compose, edge, journal, records
from release.records import Release
from release.settings import Settings


def status(settings: Settings, as_json: bool) -> str:
    """The release that serves, its colour, and what is under way."""
    now, under_way, colour = records.serving(), journal.read(), edge.live_colour()
    told = {
        "project": settings.project,
        "environment": settings.environment,
        "release": now.release if now else None,
        "image": now.image if now else None,
        "commit": now.commit if now else None,
        "since": now.ended if now else None,
        "colour": colour,
        "running": bool(colour) and compose.look(colour).state == "running",
        "maintenance": edge.in_maintenance(),
        "under_way": under_way.release.release if under_way else None,
        "phase": under_way.phase if under_way else None,
        "rollback_target": next((release.release for release in records.targets()), None),
    }
    if as_json:
        return json.dumps(told)
    lines = [f"{settings.project} {settings.environment}: nothing has been released yet"]
    if now:
        lines = [
            f"{settings.project} {settings.environment}: {now.release} serves since {_when(now.ended)} ({colour})",
            f"  image      {now.image}",
            f"  commit     {now.commit or 'unknown'}, released by {now.actor}",
            f"  container  {'runs' if told['running'] else 'DOES NOT RUN'}",
            f"  rollback   would go to {told['rollback_target'] or 'nothing: there is no earlier good release'}",
        ]
    if under_way:
        lines.append(f"  under way  {under_way.release.release}: {under_way.phase}")
    if told["maintenance"]:
        lines.append("  maintenance is on: every request is answered with 503")
    return "\n".join(lines)


def history(as_json: bool) -> str:
    """Every attempt, the latest first."""
    attempts = list(reversed(records.history()))
    if as_json:
        return json.dumps([asdict(release) for release in attempts])
    return "\n".join(_row(release) for release in attempts) or "nothing has been released yet"


def _row(release: Release) -> str:
    came_back = f"{release.rollback_of} back to {release.rollback_to}" if release.rollback_of else ""
    words = "; ".join(part for part in (came_back, release.sentence, release.reason) if part)
    return (
        f"{release.release:5} {_when(release.ended)}  {release.result.replace('_', ' '):11}  "
        f"{release.commit[:7] or '-':7}  {release.actor:14}  {words}"
    ).rstrip()


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
