"""The edge: which colour has the traffic, how it is switched, and what the edge has counted.

The switch is one rename. The edge looks at every request whether the file `live-green` exists: green if it does,
blue otherwise. There is no reload, so no connection is cut, and a restart of anything finds the same answer.
"""

import http.client
import re
import time
from dataclasses import dataclass

from release import files
from release.outcome import Failed
from release.settings import COUNTERS, GATE, LIVE, PREVIEW, Settings

MARKERS = {"live": ("live-green", "live-blue"), "next": ("next-green", "next-blue")}


def live_colour() -> str | None:
    """The colour that has the traffic; None before the first release."""
    return _marked("live")


def switch_to(colour: str | None) -> None:
    """Give a colour the traffic: in effect with the next request. None: nobody, as before the first release."""
    if colour:
        _mark("live", colour)
    elif now := live_colour():
        files.remove(GATE / f"live-{now}")


def preview(colour: str) -> None:
    """Let the preview port show a colour."""
    _mark("next", colour)


def maintenance(on: bool) -> None:
    """Answer every request with 503 and a sentence, or stop doing so."""
    if on:
        files.write(GATE / "maintenance", "")
    else:
        files.remove(GATE / "maintenance")


def in_maintenance() -> bool:
    """Whether requests are answered with 503 on purpose."""
    return (GATE / "maintenance").exists()


def _marked(kind: str) -> str | None:
    for name in MARKERS[kind]:
        if (GATE / name).exists():
            return name.split("-")[1]
    return None


def _mark(kind: str, colour: str) -> None:
    now = _marked(kind)
    if now == colour:
        return
    if now is None:
        files.write(GATE / f"{kind}-{colour}", "")
    else:
        files.rename(GATE / f"{kind}-{now}", f"{kind}-{colour}")


def ask_preview(settings: Settings) -> str:
    """Ask the idle colour through the edge; "" when it answers 200 to 399, else what was wrong."""
    return _ask(PREVIEW, settings, seconds=2)


def ask_live(settings: Settings) -> str:
    """Ask the colour that has the traffic through the edge, uncounted; "" when it answers 200 to 399."""
    return _ask(LIVE, settings, seconds=1)


def _ask(port: int, settings: Settings, seconds: float) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        # As a customer asks: many frameworks answer 400 to a host name that is not theirs.
        connection.request("GET", settings.health_path, headers={"Host": settings.domain})
        status = connection.getresponse().status
    except TimeoutError:
        return f"no answer within {seconds:g} s"
    except (OSError, http.client.HTTPException) as error:
        return f"no answer ({type(error).__name__})"
    finally:
        connection.close()
    return "" if 200 <= status < 400 else f"status {status}"


@dataclass(frozen=True)
class Counts:
    """Requests of customers that the edge has answered since it started, and those answered with 5xx."""

    requests: float = 0
    errors: float = 0

    def since(self, earlier: "Counts") -> "Counts":
        """What came after `earlier`. A restart of the edge begins at zero again: then all of it is new."""
        if self.requests < earlier.requests:
            return self
        return Counts(self.requests - earlier.requests, max(0, self.errors - earlier.errors))

    @property
    def ratio(self) -> float:
        """Share of errors, 0 to 1; 0 without requests."""
        return self.errors / self.requests if self.requests else 0


def require_counts(seconds: float = 5) -> Counts:
    """The counters of an edge that is up; it gets some seconds, because it may just be taking new settings.

    Raises:
        Failed: it does not answer.
    """
    end = time.monotonic() + seconds
    while True:
        if found := counts():
            return found
        if time.monotonic() > end:
            raise Failed("the edge of this server does not answer: start it with scripts/apply.sh")
        time.sleep(0.2)


def counts() -> Counts | None:
    """Read the edge's counters; None when it does not answer just now."""
    connection = http.client.HTTPConnection("127.0.0.1", COUNTERS, timeout=2)
    try:
        connection.request("GET", "/metrics")
        return read_counts(connection.getresponse().read().decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def read_counts(text: str) -> Counts:
    """What Prometheus' text says of customers' requests.

    A websocket (101) is no request with an end; a HEAD is a probe.
    """
    requests = errors = 0.0
    for labels, value in re.findall(r"^caddy_http_request_duration_seconds_count\{(.*?)\} (\S+)$", text, re.MULTILINE):
        if 'server="public"' not in labels or 'method="HEAD"' in labels or 'code="101"' in labels:
            continue
        requests += float(value)
        if 'code="5' in labels:
            errors += float(value)
    return Counts(requests, errors)
