"""The edge: which colour has the traffic, how it is switched, and what the edge has counted.

The switch is one rename. The edge looks at every request whether the file `live-green` exists: green if it does,
blue otherwise. There is no reload, so no connection is cut, and a restart of anything finds the same answer.
"""

import http.client
import re
from dataclasses import dataclass

from release import files
from release.settings import COUNTERS, GATE, LIVE, PREVIEW

MARKERS = {"live": ("live-green", "live-blue"), "next": ("next-green", "next-blue")}


def live_colour() -> str | None:
    """The colour that has the traffic; None before the first release."""
    return _marked("live")


def switch_to(colour: str) -> None:
    """Give a colour the traffic: in effect with the next request."""
    _mark("live", colour)


def withdraw() -> None:
    """Let no colour have the traffic: a first release that failed leaves nothing to go back to."""
    if colour := live_colour():
        files.remove(GATE / f"live-{colour}")


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
        (GATE / f"{kind}-{now}").rename(GATE / f"{kind}-{colour}")


def ask_preview(path: str, seconds: float = 2) -> str:
    """Ask the idle colour through the edge; "" when it answers 200 to 399, else what was wrong."""
    return _ask(PREVIEW, path, seconds)


def ask_live(path: str, seconds: float = 1) -> str:
    """Ask the colour that has the traffic through the edge, uncounted; "" when it answers 200 to 399."""
    return _ask(LIVE, path, seconds)


def _ask(port: int, path: str, seconds: float) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path)
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


def counts() -> Counts | None:
    """Read the edge's counters; None when it does not answer just now.

    A websocket (101) is no request with an end; a HEAD is a probe.
    """
    connection = http.client.HTTPConnection("127.0.0.1", COUNTERS, timeout=2)
    try:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    requests = errors = 0.0
    for labels, value in re.findall(r"^caddy_http_request_duration_seconds_count\{(.*?)\} (\S+)$", text, re.MULTILINE):
        if 'server="public"' not in labels or 'method="HEAD"' in labels or 'code="101"' in labels:
            continue
        requests += float(value)
        if 'code="5' in labels:
            errors += float(value)
    return Counts(requests, errors)
