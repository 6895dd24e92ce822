"""Watching a release that has just got the traffic: is it as good as the one before?

Looks every 0.4 s at three things that do not depend on Prometheus being up: the container, own probes, and what
the edge counted for customers. The limits are right for one request a minute and for thousands.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from release.compose import Container
from release.edge import Counts

PAUSE = 0.4
ERROR_SHARE = 0.05
"""More failed requests than this, out of at least MANY, is a bad release."""
MANY = 50
FEW_ERRORS, FEW_SHARE = 5, 0.20
"""With fewer requests: at least this many errors and this share. One visitor's bad luck is no verdict."""
FAILED_PROBES = 3
"""So many failed probes, and more than ERROR_SHARE of all, is a bad release without any visitor."""


@dataclass
class Watch:
    """One watch: where to look, what was before, what has been seen."""

    container: Callable[[], Container | None]
    probe: Callable[[], str]
    counts: Callable[[], Counts | None]
    at_switch: Counts
    before: Counts
    suspended: Callable[[], bool]
    seen: Counts = field(default_factory=Counts)
    probes: int = 0
    probe_failures: int = 0
    last_failure: str = ""

    def run(self, seconds: float) -> str:
        """Watch for so many seconds; "" when all was well, else the sentence that says what was not."""
        end = time.monotonic() + seconds
        while True:
            if verdict := self.look():
                return verdict
            if time.monotonic() >= end:
                return ""
            time.sleep(PAUSE)

    def look(self) -> str:
        """One look at everything."""
        return self.judge_container() or self.judge_probe() or self.judge_requests()

    def judge_container(self) -> str:
        """A container that ended or was restarted is broken, however it answers."""
        container = self.container()
        if container is None or not container.running:
            return "the container ended"
        if container.restarts:
            return f"the container was restarted {container.restarts} time(s)"
        return ""

    def judge_probe(self) -> str:
        """Own probes judge when nobody visits. Not while maintenance answers them."""
        if self.suspended():
            return ""
        self.probes += 1
        if failure := self.probe():
            self.probe_failures += 1
            self.last_failure = failure
        share = self.probe_failures / self.probes
        if self.probe_failures >= FAILED_PROBES and share > ERROR_SHARE:
            return f"{self.probe_failures} of {self.probes} own probes failed ({self.last_failure})"
        return ""

    def judge_requests(self) -> str:
        """Customers' requests. What the release before already failed does not count against this one."""
        now = self.counts()
        if now is None or self.suspended():
            return ""
        self.seen = now.since(self.at_switch)
        allowance = self.before.ratio if self.before.ratio > ERROR_SHARE else 0
        many = self.seen.requests >= MANY and self.seen.ratio > ERROR_SHARE + allowance
        few = self.seen.errors >= FEW_ERRORS and self.seen.ratio > FEW_SHARE + allowance
        if many or few:
            limit = (ERROR_SHARE if many else FEW_SHARE) + allowance
            return (
                f"{self.seen.errors:.0f} of {self.seen.requests:.0f} requests failed "
                f"({self.seen.ratio:.0%}, limit {limit:.0%})"
            )
        return ""

    def figures(self) -> dict[str, Any]:
        """What was seen, for the record."""
        return {
            "requests": int(self.seen.requests),
            "errors": int(self.seen.errors),
            "probes": self.probes,
            "probe_failures": self.probe_failures,
        }
