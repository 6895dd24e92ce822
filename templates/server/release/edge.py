"""The edge: which colour has the traffic, how it is switched, and what it answers.

The switch is one rename. The edge looks at every request whether the file `live-green` exists: green if it does,
blue otherwise. There is no reload, so no connection is cut, and a restart of anything finds the same answer.
"""

import http.client

from release import files
from release.settings import GATE, LIVE, PREVIEW, Settings

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
