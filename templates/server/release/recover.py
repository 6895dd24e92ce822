"""After a killed process or a power cut: make sure that one confirmed release serves. Run at boot, every minute,
and before every verb that changes something."""

from release import compose, edge, jobs, journal, metrics, records
from release.outcome import Stop
from release.settings import METRICS, Settings
from release.telling import tell


def recover(settings: Settings) -> None:
    """Bring an interrupted release to its end, if there is one. The caller holds the lock."""
    if left := journal.read():
        if not any(release.release == left.release.release for release in records.history()):
            _settle(left)
        _stop_idle_colour(settings)
        jobs.restore_workers()
        metrics.publish(settings)
        journal.clear()
        tell(f"{left.release.release} was interrupted and has been brought to an end")
    elif not METRICS.exists():
        metrics.publish(settings)  # zeros: a counter that is born with its first event counts nothing


def _settle(left: journal.Entry) -> None:
    """Confirm or undo what is not in the record yet."""
    serves = edge.live_colour() == left.colour
    failed_its_watch = left.phase == journal.GOING_BACK
    had_traffic = serves or left.phase in (journal.WATCHING, journal.REPLACING_WORKERS, journal.GOING_BACK)
    if serves and not failed_its_watch and (left.release.rollback_of or not left.former):
        # Going back was what somebody wanted, and before a first release there is nothing to go back to.
        records.write(left.release, records.DEPLOYED, "interrupted after the switch")
        return
    if serves:
        _go_back(left.former)
    sentence = left.release.sentence or f"interrupted ({left.phase})"
    records.write(left.release, records.ROLLED_BACK if had_traffic else records.FAILED, sentence)


def _go_back(former: str) -> None:
    if former:
        try:
            compose.resume(former)
        except Stop as stop:
            tell(f"{former} cannot be started ({stop}); the switch goes back all the same")
    edge.switch_to(former)


def _stop_idle_colour(settings: Settings) -> None:
    for colour in compose.COLOURS:
        if colour != edge.live_colour():
            compose.stop(colour, settings)
