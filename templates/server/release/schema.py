"""Which releases can run on the database as it is now.

An image may say by two labels which schema it brings (app.schema, a number that grows with each migration) and the
oldest schema whose releases can still run afterwards (app.schema-floor). Images that say nothing are never refused.
In maintenance nothing is refused: then nobody is served, and the data may just have been restored.
"""

from release import edge, records
from release.outcome import Refused
from release.records import Release


def require_that_it_can_run(wanted: Release) -> None:
    """A release that is older than the floor does not understand today's database.

    Raises:
        Refused: naming the release that raised the floor, and the backup before it.
    """
    highest = _highest_floor()
    if not highest or wanted.schema >= highest.schema_floor or edge.in_maintenance():
        return
    backup = f" (the backup before it: {highest.backup})" if highest.backup else ""
    raise Refused(
        f"{wanted.rollback_to or wanted.release} knows schema {wanted.schema} of the database, and since "
        f"{highest.release} every release must know {highest.schema_floor}: turn maintenance on, restore the data"
        f"{backup}, then do it again"
    )


def require_that_what_serves_can_live_with(floor: int) -> None:
    """What serves goes on during the migration and the watch, and comes back if the new release is bad.

    Raises:
        Refused: the migration would take away what it needs.
    """
    now = records.serving()
    if now and floor > now.schema and not edge.in_maintenance():
        raise Refused(
            f"after its migration every release must know schema {floor}, and {now.release}, which "
            f"serves, knows {now.schema}: release one in between that knows both, or turn maintenance on first"
        )


def _highest_floor() -> Release | None:
    """The attempt that raised the floor highest. A failed one counts: its migration was carried out."""
    migrated = [release for release in records.history() if release.schema_floor and not release.rollback_of]
    return max(migrated, key=lambda release: release.schema_floor, default=None)
