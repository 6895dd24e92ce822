"""Watching a release that has just got the traffic: is it as good as the one before?

Looks every 0.4 s at three things that do not depend on Prometheus being up: the container, own probes, and what
the edge counted for customers. The limits are right for one request a minute and for thousands.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from release.compose import Container
from release.counters import Counts

PAUSE = 0.4
ERROR_SHARE, MANY = 0.05, 50
"""More failed requests than this share, out of at least so many, is a bad release."""
FEW_SHARE, FEW_ERRORS = 0.20, 5
"""With fewer requests: this share, and at least so many errors. One visitor's bad luck is no verdict."""
FAILED_PROBES = 3
"""So many failed probes, and more than ERROR_SHARE of all, is a bad release without any visitor."""
USUAL_SHARE, NOTICEABLE = 0.95, 0.1
"""Slow is what takes at least twice as long as this share of the requests did before, and at least so many seconds;
a bad release is slow for more than half of its requests. A few slow pages, or another mix of pages, is no verdict."""


@dataclass
class Watch:
    """One watch: where to look, what was before, what has been seen."""

    container: Callable[[], Container]
    probe: Callable[[], str]
    counts: Callable[[], Counts | None]
    at_switch: Counts
    before: Counts
    usual: Counts
    suspended: Callable[[], bool]
    settle_seconds: float = 0
    seen: Counts = field(default_factory=Counts)
    settled: Counts = field(default_factory=Counts)
    probes: int = 0
    probe_failures: int = 0
    last_failure: str = ""
    is_suspended: bool = False
    seconds: float = 0

    def __post_init__(self) -> None:
        """What is slow, and from where on it counts: caches fill and code is compiled in the first seconds."""
        known = self.usual.answered >= MANY
        self.slow = max(NOTICEABLE, self.usual.next_bound(USUAL_SHARE)) if known else math.inf
        self.at_settled = self.at_switch

    def run(self, seconds: float) -> str:
        """Watch for so many seconds; "" when all was well, else the sentence that says what was not."""
        begin = time.monotonic()
        while True:
            verdict = self.look()
            self.seconds = time.monotonic() - begin
            if verdict or self.seconds >= seconds:
                return verdict
            time.sleep(PAUSE)

    def look(self) -> str:
        """One look at everything; each check says "" or what is wrong, with its figure."""
        return self.judge_requests() or self.judge_container() or self.judge_probe()

    def judge_requests(self) -> str:
        """Customers' requests. What the release before already failed does not count against this one."""
        was_suspended, self.is_suspended = self.is_suspended, self.suspended()
        now = self.counts()
        if now is None:
            return ""
        if self.is_suspended or was_suspended:
            self.at_switch = self.at_settled = now  # the 503s of maintenance are nobody's fault
            return ""
        self.seen = now.since(self.at_switch)
        if self.seconds < self.settle_seconds:
            self.at_settled = now
        self.settled = now.since(self.at_settled)
        allowance = self.before.ratio if self.before.errors >= FEW_ERRORS and self.before.ratio > ERROR_SHARE else 0
        for enough, share in (
            (self.seen.requests >= MANY, ERROR_SHARE + allowance),
            (self.seen.errors >= FEW_ERRORS, FEW_SHARE + allowance),
        ):
            if enough and self.seen.ratio > share:
                return (
                    f"{self.seen.errors:.0f} of {self.seen.requests:.0f} requests failed "
                    f"({self.seen.ratio:.0%}, limit {share:.0%})"
                )
        return self.judge_latency()

    def judge_latency(self) -> str:
        """Customers' patience, compared with the release before. Without visitors the probes have their own limit."""
        slower = self.settled.slower(self.slow)
        if self.settled.answered >= MANY and slower > 0.5:
            return (
                f"{slower:.0%} of {self.settled.answered:.0f} requests took longer than {self.slow:g} s; "
                f"before, {self.usual.slower(self.slow):.0%} did"
            )
        return ""

    def judge_container(self) -> str:
        """A container that ended or was restarted is broken, however it answers."""
        container = self.container()
        if container.ended:
            return "the container ended"
        if container.restarts:
            return f"the container was restarted {container.restarts} time(s)"
        return ""

    def judge_probe(self) -> str:
        """Own probes judge when nobody visits. They do not go through maintenance, so it does not suspend them."""
        self.probes += 1
        if failure := self.probe():
            self.probe_failures += 1
            self.last_failure = failure
        if self.probe_failures >= FAILED_PROBES and self.probe_failures / self.probes > ERROR_SHARE:
            return f"{self.probe_failures} of {self.probes} own probes failed ({self.last_failure})"
        return ""

    def figures(self) -> dict[str, Any]:
        """What was seen, for the record."""
        return {
            "seconds": round(self.seconds, 1),
            "requests": int(self.seen.requests),
            "errors": int(self.seen.errors),
            "answered": int(self.settled.answered),
            "slow": round(self.settled.answered * self.settled.slower(self.slow)),
            "probes": self.probes,
            "probe_failures": self.probe_failures,
        }

    def summary(self) -> str:
        """What was seen, for a person."""
        slow = "" if self.slow == math.inf else f"{self.settled.slower(self.slow):.0%} took over {self.slow:g} s, "
        return (
            f"{self.seen.errors:.0f} of {self.seen.requests:.0f} requests failed, {slow}"
            f"{self.probe_failures} of {self.probes} own probes failed"
        )
