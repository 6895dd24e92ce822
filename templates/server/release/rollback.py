"""Going back to an earlier good release: its image and the settings it ran with are still here, so neither a build
nor a registry is needed."""

from release import configuration, records, schema
from release.deploy import Deployment
from release.outcome import Refused
from release.records import Release
from release.settings import Settings
from release.telling import tell


def choose(wanted: str | None) -> Release:
    """The release to go back to: the named one, else the one before what serves.

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
    if named.result != records.DEPLOYED:
        raise Refused(f"{wanted} was no good release: {named.sentence}")
    now = records.serving()
    if (named.image, named.configuration) == (now.image, now.configuration):
        raise Refused(f"{wanted} is what serves now")
    return named


def run(target: Release, actor: str, reason: str, settings: Settings) -> None:
    """Start the target's image in the idle colour, verify it, switch. It was good before: there is no watch.

    Raises:
        Refused: the database has moved on too far for it.
        Failed: it does not answer any more; nothing was changed.
    """
    release = Release(
        records.next_id(), target.image, actor, reason,
        configuration=target.configuration if configuration.is_kept(target.configuration) else configuration.keep(),
        schema=target.schema, rollback_of=records.serving().release, rollback_to=target.release,
    )  # fmt: skip
    schema.require_that_it_can_run(release)
    tell(f"going back to {target.release}")
    Deployment(release, settings).run(watched=False)
