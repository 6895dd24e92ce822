"""Deploying a release. `run` is the story; every step is below, in the order in which it happens."""

import time
from dataclasses import asdict
from functools import cached_property

from release import (
    backups,
    compose,
    configuration,
    counters,
    edge,
    interruption,
    jobs,
    journal,
    metrics,
    records,
    schema,
)
from release.counters import Counts
from release.outcome import Failed, RolledBack, Stop
from release.records import Release
from release.settings import Settings
from release.telling import tell
from release.watch import Watch

PROBES_IN_A_ROW, PAUSE = 3, 0.1
"""So many good answers, so many seconds apart, before a new image gets traffic. One that was good before needs one."""


class Deployment:
    """One image on its way to the traffic. The caller holds the lock and has recovered what was left behind."""

    def __init__(self, release: Release, settings: Settings, login: tuple[str, str] | None = None) -> None:
        """Take the colour that is idle now."""
        self.release = release
        self.settings = settings
        self.login = login
        self.former = edge.live_colour()
        self.colour = release.colour = compose.other(self.former) if self.former else "blue"

    @cached_property
    def services(self) -> dict[str, dict]:
        """What server/compose.yml has beside the colours; asked when it is needed, as Compose takes its time."""
        return jobs.known()

    def run(self, watched: bool = True) -> None:
        """Bring the image into service, or leave everything as it was.

        Raises:
            Failed: it was not good enough to get traffic.
            RolledBack: it had traffic, failed its watch, and the former release serves again.
        """
        try:
            self.pull()
            self.prepare()
            self.start()
            self.verify()
            self.switch()
            if watched:
                self.watch()
            self.replace_workers()
            self.confirm()
        except Exception as error:
            self.go_back(error)
        self.tidy_up()

    def pull(self) -> None:
        """Fetch the image before anything else changes."""
        self.at_start = counters.require()
        metrics.publish(self.settings, under_way=True)
        tell(f"{self.release.release}: fetching {self.release.image}")
        compose.pull(self.release.image, self.login)
        self.origin = compose.origin(self.release.image)
        self.release.commit, self.release.built = self.origin.commit, self.origin.built
        self.release.schema = self.origin.schema
        if not self.release.rollback_of:
            self.release.configuration = configuration.keep()

    def prepare(self) -> None:
        """Back up and migrate the database, if there is one. Going back never does: the data stays as it is."""
        if self.release.rollback_of:
            return
        schema.require_that_it_can_run(self.release)
        schema.require_that_what_serves_can_live_with(self.origin.schema_floor)
        self.release.schema_floor = self.origin.schema_floor
        if jobs.MIGRATE not in self.services:
            return
        if jobs.BACKUP in self.services and not self._has_the_schema_of_what_serves():
            self.note(journal.BACKING_UP)
            tell("backing up")
            self.release.backup = self._run(jobs.BACKUP)
            backups.remember(self.release.backup)
        self.note(journal.MIGRATING)
        tell("migrating the database")
        self._run(jobs.MIGRATE)

    def _run(self, job: str) -> str:
        return jobs.run_once(job, self.services[job], self.release.image, self.settings)

    def _has_the_schema_of_what_serves(self) -> bool:
        now = records.serving()
        return bool(now and now.schema and now.schema == self.release.schema)

    def start(self) -> None:
        """Start the idle colour; nobody is sent there yet."""
        self.note(journal.STARTING)
        tell(f"starting {self.colour}" + (f" beside {self.former}" if self.former else ""))
        is_there = self._is_still_there()
        compose.put_in_slot(self.colour, self.release.image)
        if is_there:
            compose.resume(self.colour)
        else:
            compose.start(self.colour, self.release.configuration)

    def _is_still_there(self) -> bool:
        """Going back at once finds the very container that served before."""
        last = records.last_in(self.colour)
        wanted = self.release.image, self.release.configuration
        return bool(self.release.rollback_of and last and wanted == (last.image, last.configuration))

    def verify(self) -> None:
        """Ask the idle colour through the edge until it has answered well often enough in a row."""
        self.note(journal.VERIFYING)
        edge.preview(self.colour)
        end = time.monotonic() + self.settings.health_seconds
        good, enough = 0, 1 if self.release.rollback_of else PROBES_IN_A_ROW
        while good < enough:
            if broken := self._broken():
                raise Failed(f"{broken}; its last words: {compose.last_words(self.colour)}")
            wrong = edge.ask_preview(self.settings)
            good = 0 if wrong else good + 1
            if wrong and time.monotonic() > end:
                raise Failed(
                    f"{self.settings.health_path} was not healthy within {self.settings.health_seconds:.0f} s: {wrong}"
                )
            if good < enough:
                time.sleep(PAUSE)
        often = f", {enough} times in a row" if enough > 1 else ""
        tell(f"{self.colour} answers {self.settings.health_path}{often}")

    def _broken(self) -> str:
        container = compose.look(self.colour)
        if container.ended:
            return "the container ended"
        if container.restarts:
            return "the container crashes at its start"
        return "Docker calls the container unhealthy" if container.health == "unhealthy" else ""

    def switch(self) -> None:
        """Give the new colour the traffic with one rename. The former one keeps running."""
        self.note(journal.SWITCHING)
        self.at_switch = counters.require()
        edge.switch_to(self.colour)
        tell(f"switched: {self.colour} has the traffic")

    def watch(self) -> None:
        """Watch the golden signals of the new colour."""
        self.note(journal.WATCHING)
        tell(f"watching for {self.settings.watch_seconds:.0f} s")
        watch = Watch(
            container=lambda: compose.look(self.colour),
            probe=lambda: edge.ask_live(self.settings),
            counts=counters.read,
            at_switch=self.at_switch,
            before=Counts() if edge.in_maintenance() else self.at_switch.since(self.at_start),
            usual=self.at_switch.since(records.counts_at_confirmation()),
            suspended=edge.in_maintenance,
            settle_seconds=self.settings.watch_seconds / 3,
        )
        verdict = watch.run(self.settings.watch_seconds)
        self.release.figures = watch.figures()
        tell(f"seen: {watch.summary()}")
        if verdict:
            raise Failed(verdict)

    def replace_workers(self) -> None:
        """Let the workers of the new release take over; a failure brings the former ones back, like everything."""
        if names := jobs.workers(self.services):
            self.note(journal.REPLACING_WORKERS)
            tell(f"replacing {', '.join(names)}")
        jobs.replace_workers(names, self.release)

    def confirm(self) -> None:
        """The release is good: with its line in the record it is the one to keep."""
        interruption.shut_out()
        self.release.counts = asdict(counters.read() or Counts())
        records.write(self.release, records.DEPLOYED)
        tell(f"{self.release.release} is in service")

    def tidy_up(self) -> None:
        """Let the former colour finish its requests, remove what nobody will go back to."""
        metrics.publish(self.settings)
        if self.former:
            compose.stop(self.former, self.settings)
            tell(f"{self.former} has finished its requests and is stopped")
        configuration.forget_all_but(records.kept_configurations())
        compose.remove_images(self.settings.image_repository, records.kept_images() | set(compose.slots().values()))
        journal.clear()

    def go_back(self, error: Exception) -> None:
        """Let the former colour serve, stop the new one, record why.

        Raises:
            Failed: the new colour never had traffic.
            RolledBack: it had.
        """
        interruption.shut_out()
        sentence = str(error) if isinstance(error, Stop) else f"the release tool failed: {error!r}"
        had_traffic = edge.live_colour() == self.colour
        if had_traffic:
            edge.switch_to(self.former)
            tell(f"went back: {self.former or 'nothing'} has the traffic")
        try:
            if had_traffic:
                self.note(journal.GOING_BACK)
            records.write(self.release, records.ROLLED_BACK if had_traffic else records.FAILED, sentence)
            compose.stop(self.colour, self.settings)
            jobs.restore_workers()
            journal.clear()
        except OSError as trouble:
            sentence += f" (not recorded yet: {trouble.strerror})"  # the journal stays, `recover` makes up for it
        metrics.publish(self.settings)
        if had_traffic:
            raise RolledBack(f"{self.release.release} was rolled back: {sentence}") from error
        raise Failed(f"{self.release.release} failed: {sentence}") from error

    def note(self, phase: str) -> None:
        """Write into the journal what comes next: `recover` goes on from there."""
        journal.write(phase, self.colour, self.former, self.release)
