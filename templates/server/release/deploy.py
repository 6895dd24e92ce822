"""Deploying a release. `run` is the story; every step is below, in the order in which it happens."""

import time

from release import compose, edge, journal, metrics, records
from release.outcome import Failed, RolledBack, Stop
from release.records import Release
from release.settings import Settings
from release.telling import tell
from release.watch import Watch

PROBES_IN_A_ROW = 3


class Deployment:
    """One image on its way to the traffic. The caller holds the lock and has recovered what was left behind."""

    def __init__(self, release: Release, settings: Settings, login: tuple[str, str] | None = None) -> None:
        """Take the colour that is idle now."""
        self.release = release
        self.settings = settings
        self.login = login
        self.former = edge.live_colour()
        self.colour = compose.other(self.former) if self.former else "blue"
        self.at_start = edge.counts() or edge.Counts()

    def run(self) -> None:
        """Bring the image into service, or leave everything as it was.

        Raises:
            Failed: it was not good enough to get traffic.
            RolledBack: it had traffic, failed its watch, and the former release serves again.
        """
        self.pull()
        try:
            self.start()
            self.verify()
            self.switch()
            self.watch()
        except Stop as stop:
            self.give_up(stop)
            raise
        self.commit()

    def pull(self) -> None:
        """Fetch the image before anything else changes."""
        tell(f"{self.release.release}: pulling {self.release.image}")
        try:
            compose.pull(self.release.image, self.login)
        except Failed as failed:
            finish(self.release, "failed", str(failed))
            raise
        self.release.commit = compose.commit_of(self.release.image)
        self.release.configuration = compose.configuration()

    def start(self) -> None:
        """Start the idle colour; nobody is sent there yet."""
        journal.write(self.colour, self.former, self.release)
        tell(f"starting {self.colour}" + (f" beside {self.former}" if self.former else ""))
        compose.put_in_slot(self.colour, self.release.image)
        compose.start(self.colour, self.settings)
        edge.preview(self.colour)

    def verify(self) -> None:
        """Ask the idle colour through the edge until it has answered well three times in a row."""
        end = time.monotonic() + self.settings.health_seconds
        good = 0
        while good < PROBES_IN_A_ROW:
            if broken := self._broken():
                raise Failed(f"{broken}; its last words: {compose.last_words(self.colour, self.settings)}")
            wrong = edge.ask_preview(self.settings.health_path)
            good = 0 if wrong else good + 1
            if wrong and time.monotonic() > end:
                raise Failed(
                    f"{self.settings.health_path} was not healthy within {self.settings.health_seconds:.0f} s: {wrong}"
                )
            time.sleep(0.2)
        tell(f"{self.colour} answers {self.settings.health_path}, {PROBES_IN_A_ROW} times in a row")

    def _broken(self) -> str:
        container = compose.look(self.colour, self.settings)
        if container is None or not container.running:
            return "the container ended"
        if container.restarts:
            return "the container crashes at its start"
        return "Docker calls the container unhealthy" if container.health == "unhealthy" else ""

    def switch(self) -> None:
        """Give the new colour the traffic with one rename. The former one keeps running."""
        self.at_switch = edge.counts() or edge.Counts()
        edge.switch_to(self.colour)
        tell(f"switched: {self.colour} has the traffic")

    def watch(self) -> None:
        """Watch the golden signals of the new colour."""
        seconds = self.settings.watch_seconds
        tell(f"watching for {seconds:.0f} s")
        watch = Watch(
            container=lambda: compose.look(self.colour, self.settings),
            probe=lambda: edge.ask_live(self.settings.health_path),
            counts=edge.counts,
            at_switch=self.at_switch,
            before=self.at_switch.since(self.at_start),
            suspended=edge.in_maintenance,
        )
        verdict = watch.run(seconds)
        self.release.figures = watch.figures()
        if verdict:
            raise RolledBack(verdict)

    def give_up(self, stop: Stop) -> None:
        """Let the former colour serve, stop the new one, record why."""
        had_traffic = isinstance(stop, RolledBack)
        if had_traffic and self.former:
            edge.switch_to(self.former)
            tell(f"went back: {self.former} has the traffic")
        elif had_traffic:
            edge.withdraw()
            tell("this was the first release: nothing serves now")
        finish(self.release, "rolled back" if had_traffic else "failed", str(stop))
        compose.stop(self.colour, self.settings)
        journal.clear()

    def commit(self) -> None:
        """The release is good: record it, let the former colour finish its requests, tidy up."""
        finish(self.release, records.GOOD, "")
        journal.clear()
        tell(f"{self.release.release} is in service")
        if self.former:
            compose.stop(self.former, self.settings)
            tell(f"{self.former} has finished its requests and is stopped")
        compose.remove_images(self.settings.image_repository, records.kept_images() | set(compose.slots().values()))


def finish(release: Release, result: str, sentence: str) -> None:
    """Record how an attempt ended, for people and for Prometheus."""
    release.result, release.sentence = result, sentence
    records.write(release)
    metrics.publish()
