"""What the edge has counted: requests of customers, those that failed, and how fast the others were answered."""

import http.client
import math
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field

from release.outcome import Failed
from release.settings import COUNTERS


@dataclass(frozen=True)
class Counts:
    """Requests of customers that the edge has answered since it started, and those answered with 5xx.

    `within`: by a number of seconds, how many of the others got their answer's first byte within them; the numbers
    are the bounds of the edge's histogram, infinity stands for all.
    """

    requests: float = 0
    errors: float = 0
    within: dict[float, float] = field(default_factory=dict)

    def since(self, earlier: "Counts") -> "Counts":
        """What came after `earlier`. A restart of the edge begins at zero again: then all of it is new."""
        if self.requests < earlier.requests:
            return self
        within = {bound: max(0, count - earlier.within.get(bound, 0)) for bound, count in self.within.items()}
        return Counts(self.requests - earlier.requests, max(0, self.errors - earlier.errors), within)

    @property
    def ratio(self) -> float:
        """Share of errors, 0 to 1; 0 without requests."""
        return self.errors / self.requests if self.requests else 0

    @property
    def answered(self) -> float:
        """Requests whose time counts."""
        return self.within.get(math.inf, 0)

    def slower(self, bound: float) -> float:
        """Share of the answered requests that took longer, 0 to 1; 0 without requests."""
        return 1 - self.within.get(bound, 0) / self.answered if self.answered else 0

    def next_bound(self, share: float) -> float:
        """The bound after the first one that this share of the requests was within: at least twice as long.

        The bounds of Caddy's histogram are 5 ms, 10, 25, 50, 100, 250, 500, 1 s, 2.5, 5, 10.
        """
        bounds = sorted(self.within)
        reached = [bound for bound in bounds if self.slower(bound) <= 1 - share]
        return reached[1] if len(reached) > 1 else math.inf


def require(seconds: float = 5) -> Counts:
    """The counters of an edge that is up; it gets some seconds, because it may just be taking new settings.

    Raises:
        Failed: it does not answer.
    """
    end = time.monotonic() + seconds
    while True:
        if found := read():
            return found
        if time.monotonic() > end:
            raise Failed("the edge of this server does not answer: start it with scripts/apply.sh")
        time.sleep(0.2)


def read() -> Counts | None:
    """Ask the edge for its counters; None when it does not answer just now."""
    connection = http.client.HTTPConnection("127.0.0.1", COUNTERS, timeout=2)
    try:
        connection.request("GET", "/metrics")
        return understand(connection.getresponse().read().decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def understand(text: str) -> Counts:
    """What Prometheus' text says of customers' requests.

    A websocket (101) is no request with an end, a HEAD is a probe, who gave up (499) has not waited for us, and who
    looks at Grafana is no customer.
    """
    requests = errors = 0.0
    within: dict[float, float] = defaultdict(float)
    for name, told, value in re.findall(r"^caddy_http_(request_duration_seconds_count|response_duration_seconds_bucket)"
                                        r"\{(.*?)\} (\S+)$", text, re.MULTILINE):  # fmt: skip
        labels = dict(re.findall(r'(\w+)="([^"]*)"', told))
        if labels["server"] != "public" or labels["method"] == "HEAD" or labels["code"] == "101":
            continue
        if labels.get("host", "").startswith("grafana."):
            continue
        failed = labels["code"].startswith("5")
        if name.startswith("request"):
            requests += float(value)
            errors += float(value) if failed else 0
        elif not failed and labels["code"] != "499":
            within[float(labels["le"])] += float(value)
    return Counts(requests, errors, dict(within))
