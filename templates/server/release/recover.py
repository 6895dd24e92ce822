"""After a killed process or a power cut: make sure that one confirmed release serves. Run at boot, every minute,
and before every verb that changes something."""

from release import compose, edge, journal, records
from release.deploy import finish
from release.outcome import Stop
from release.settings import Settings
from release.telling import tell


def recover(settings: Settings) -> bool:
    """Bring an interrupted release to an end; true when there was one. The caller holds the lock."""
    left = journal.read()
    if left is None:
        return False
    if not any(release.release == left.release.release for release in records.history()):
        _settle(left, settings)
    _stop_idle_colour(settings)
    journal.clear()
    tell(f"{left.release.release} was interrupted and has been brought to an end")
    return True


def _settle(left: journal.Entry, settings: Settings) -> None:
    """Undo what is not confirmed. A rollback that has switched is done; a first release has nothing before it."""
    if edge.live_colour() != left.colour:
        finish(left.release, "failed", "interrupted before it had traffic")
    elif left.release.rollback_of or not left.former:
        finish(left.release, records.GOOD, "interrupted after the switch")
    else:
        _go_back(left.former, settings)
        finish(left.release, "rolled back", "interrupted in its watch")


def _go_back(former: str, settings: Settings) -> None:
    try:
        compose.resume(former, settings)
    except Stop as stop:
        tell(f"{former} cannot be started ({stop}); the switch goes back all the same")
    edge.switch_to(former)


def _stop_idle_colour(settings: Settings) -> None:
    live = edge.live_colour()
    for colour in compose.COLOURS:
        if colour != live:
            compose.stop(colour, settings)
