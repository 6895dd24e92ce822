"""Going back to an earlier good release: its image is still here, so neither a build nor a registry is needed."""

from release import compose, edge, journal, records
from release.deploy import Deployment, finish
from release.outcome import Refused, Stop
from release.records import Release
from release.settings import Settings
from release.telling import tell


def choose(wanted: str | None) -> Release:
    """The release to go back to: the named one, else the latest good one that was not taken out of service.

    Raises:
        Refused: there is none, or the named one cannot be a target.
    """
    if not wanted:
        found = records.targets()
        if not found:
            raise Refused("there is no earlier good release to go back to")
        return found[0]
    named = next((release for release in records.history() if release.release == wanted), None)
    if named is None:
        raise Refused(f"there is no release {wanted}; `history` lists them")
    if named.result != records.GOOD:
        raise Refused(f"{wanted} never served ({named.result}: {named.sentence})")
    now = records.serving()
    if now and now.image == named.image:
        raise Refused(f"{wanted} is what serves now")
    return named


def run(target: Release, actor: str, reason: str, settings: Settings) -> None:
    """Start the target's image in the idle colour, verify it, switch, stop what served.

    Raises:
        Failed: the target does not answer any more; nothing was changed.
    """
    now = records.serving()
    release = Release(
        records.next_id(), target.image, actor, reason=reason, rollback_of=now.release if now else ""
    )
    rollback = Deployment(release, settings)
    rollback.pull()
    tell(f"going back to {target.release}")
    try:
        rollback.start()
        rollback.verify()
    except Stop as stop:
        rollback.give_up(stop)
        raise
    edge.switch_to(rollback.colour)
    finish(release, records.GOOD, "")
    journal.clear()
    tell(f"{release.release} is in service: the image of {target.release}")
    if rollback.former:
        compose.stop(rollback.former, settings)
