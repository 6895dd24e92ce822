"""Draws the dashboards from a quarter of an hour of real life: python docs/pictures/draw.py (needs matplotlib).

The server is that of tests/monitoring: the generated configuration with the real programs, visitors, containers, and
things that go wrong. What is drawn is the JSON that Grafana gets, and what Prometheus answers to each of its queries;
Grafana itself draws the same with its own fonts and colours.
"""

import json
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, date2num

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.monitoring.conftest import measure_for_ever  # noqa: E402
from tests.monitoring.faults import begin_container, end_container  # noqa: E402
from tests.monitoring.server import RECORD, Server  # noqa: E402
from tests.toolbox import search  # noqa: E402

WIDTH, ROW = 16.0, 0.42
"""Inches of a picture, and of one row of Grafana's grid."""
STEP = 15
COLOURS = {"green": "#3f9b57", "yellow": "#d99a00", "red": "#cf3d3d", "blue": "#3b78c4"}
LINES = ["#3b78c4", "#d9772b", "#3f9b57", "#8a5fbf", "#cf3d3d", "#6b7280", "#17a2b8", "#b8860b"]
STORY = "began with r1; r2 at 2 min; one of five requests failed from 4 to 7 min; every request slow from 9 to 11 min"
ROLLED_BACK = RECORD.replace("records.DEPLOYED", "records.ROLLED_BACK")


@dataclass(frozen=True)
class Theme:
    """Grafana's light or dark."""

    name: str
    paper: str
    card: str
    ink: str
    faint: str


LIGHT = Theme("light", "#f4f5f5", "#ffffff", "#24292e", "#d0d7de")
DARK = Theme("dark", "#111217", "#181b1f", "#d8d9da", "#34373d")


@dataclass(frozen=True)
class Prometheus:
    """What it knows of a stretch of time."""

    address: str
    begin: float
    end: float

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The series over the time."""
        return self._get("query_range", query=query, start=self.begin, end=self.end, step=STEP)

    def last(self, query: str) -> list[dict[str, Any]]:
        """The series at the end."""
        return self._get("query", query=query, time=self.end)

    def _get(self, verb: str, **told: Any) -> list[dict[str, Any]]:
        for variable, value in (("$service", "shop"), ("$host", "shop-production"), ("$__rate_interval", "1m")):
            told["query"] = told["query"].replace(variable, value)
        url = f"{self.address}/api/v1/{verb}?{urllib.parse.urlencode(told)}"
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - loopback
            return json.load(answer)["data"]["result"]


def worded(value: float, unit: str, decimals: int | None = None) -> str:
    """A figure as Grafana writes it."""
    if unit == "percentunit":
        return f"{value * 100:.{1 if decimals is None else decimals}f} %"
    if unit == "s":
        for size, name in ((86400, "days"), (3600, "hours"), (60, "min"), (1, "s"), (0.001, "ms")):
            if abs(value) >= size:
                return f"{value / size:.{0 if decimals == 0 else 1}f} {name}"
        return "0 s"
    if unit == "bytes":
        return f"{value / 2**20:.0f} MiB"
    return f"{value:.{(0 if value == round(value) else 2) if decimals is None else decimals}f}" + (
        " req/s" if unit == "reqps" else ""
    )


def colour_of(value: float, steps: list[dict]) -> str:
    """The colour of the highest threshold that is reached."""
    return [step["color"] for step in steps if step["value"] is None or value >= step["value"]][-1]


def draw(dashboard: dict, prometheus: Prometheus, theme: Theme, target: Path) -> None:
    """One picture."""
    rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in dashboard["panels"]) + 1.6
    figure = plt.figure(figsize=(WIDTH, rows * ROW), facecolor=theme.paper, dpi=100)
    figure.text(0.008, 1 - 0.9 / rows, dashboard["title"], color=theme.ink, fontsize=17, weight="bold", va="center")
    figure.text(0.992, 1 - 0.9 / rows, STORY, color=theme.ink, fontsize=9, ha="right", va="center")
    marks = [float(value) / 1000 for found in prometheus.ask(dashboard["annotations"]["list"][0]["expr"])
             for value in {value for _, value in found["values"]}]  # fmt: skip
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        box = figure.add_axes((
            place["x"] / 24 + 0.004, 1 - (place["y"] + place["h"] + 1.6) / rows + 0.12 / rows,
            place["w"] / 24 - 0.008, (place["h"] - 0.24) / rows,
        ))  # fmt: skip
        box.set_xticks([])
        box.set_yticks([])
        for side in box.spines.values():
            side.set_color(theme.faint)
        box.set_facecolor(theme.card if panel["type"] != "row" else theme.paper)
        {"row": row, "stat": stat, "table": table, "timeseries": lines}[panel["type"]](
            box, panel, prometheus, theme, marks
        )
    figure.savefig(target, facecolor=theme.paper)
    plt.close(figure)


def row(box: Axes, panel: dict, _p: Prometheus, theme: Theme, _m: list[float]) -> None:
    """A heading."""
    for side in box.spines.values():
        side.set_visible(False)
    box.text(0.003, 0.5, panel["title"], color=theme.ink, fontsize=11.5, weight="bold", va="center")


def title(box: Axes, panel: dict, theme: Theme) -> None:
    """What a panel is called."""
    box.text(0.012 if panel["gridPos"]["w"] > 6 else 0.03, 0.985, panel["title"], color=theme.ink, fontsize=10,
             weight="medium", va="top", transform=box.transAxes)  # fmt: skip


def stat(box: Axes, panel: dict, prometheus: Prometheus, theme: Theme, _m: list[float]) -> None:
    """One figure, on the colour of its threshold."""
    told = panel["fieldConfig"]["defaults"]
    found = prometheus.last(panel["targets"][0]["expr"])
    ink, text = theme.ink, told.get("noValue", "no data")
    if found and panel["options"]["textMode"] == "name":
        text = found[0]["metric"]["release"]
    elif found and found[0]["value"][1] not in ("NaN", "+Inf"):
        value = float(found[0]["value"][1])
        text = worded(value, told["unit"], told.get("decimals"))
        for mapping in told["mappings"]:
            text = mapping["options"].get(str(int(value)), {"text": text})["text"]
        if panel["options"]["colorMode"] == "background":
            box.set_facecolor(COLOURS[colour_of(value, told["thresholds"]["steps"])])
            ink = "white"
    box.text(0.04, 0.93, panel["title"], color=ink, fontsize=10, va="top", transform=box.transAxes)
    width = panel["gridPos"]["w"] * 0.62
    box.text(0.5, 0.4, text, color=ink, fontsize=min(24, 9 + width * 60 / max(8, len(text)) / 3), weight="bold",
             ha="center", va="center", transform=box.transAxes)  # fmt: skip


def table(box: Axes, panel: dict, prometheus: Prometheus, theme: Theme, _m: list[float]) -> None:
    """What fires."""
    title(box, panel, theme)
    found = [one["metric"] for one in prometheus.last(panel["targets"][0]["expr"])]
    names = ("alertname", "severity", "service", "host", "instance")
    lines_ = ["".join(f"{metric.get(name, ''):28}" for name in names) for metric in found] or ["none"]
    box.text(0.012, 0.72, "\n".join(lines_), color=theme.ink, fontsize=10, va="top", family="monospace",
             transform=box.transAxes)  # fmt: skip


def lines(box: Axes, panel: dict, prometheus: Prometheus, theme: Theme, marks: list[float]) -> None:
    """Series over time, with the threshold and the releases."""
    title(box, panel, theme)
    told = panel["fieldConfig"]["defaults"]
    inner = box.inset_axes(
        (0.085 if panel["gridPos"]["w"] > 12 else 0.15, 0.27, 0.83 if panel["gridPos"]["w"] <= 12 else 0.9, 0.56)
    )
    inner.set_facecolor(theme.card)
    number, highest = 0, 0.0
    for target in panel["targets"]:
        for found in prometheus.ask(target["expr"]):
            name = target["legendFormat"]
            for label, value in found["metric"].items():
                name = name.replace("{{" + label + "}}", value)
            values = [float(value) for _, value in found["values"]]
            times = [date2num(time_of(moment)) for moment, _ in found["values"]]
            highest = max([highest, *(value for value in values if value == value)])
            inner.plot(times, values, color=LINES[number % len(LINES)], linewidth=1.7, label=name)
            number += 1
    steps = [step for step in told["thresholds"]["steps"] if step["value"] is not None]
    for step in steps:
        inner.axhline(step["value"], color=COLOURS[step["color"]], linestyle="--", linewidth=1.2)
    top = (
        told.get("max")
        or max([highest * 1.15, *(step["value"] * 1.2 for step in steps if highest * 4 > step["value"])])
        or 1
    )
    inner.set_ylim(0, top)
    for moment in marks:
        if prometheus.begin <= moment <= prometheus.end:
            inner.axvline(date2num(time_of(moment)), color=COLOURS["blue"], linewidth=1, alpha=0.8)
    inner.set_xlim(date2num(time_of(prometheus.begin)), date2num(time_of(prometheus.end)))
    inner.xaxis.set_major_formatter(DateFormatter("%H:%M"))
    inner.yaxis.set_major_formatter(lambda value, _: worded(value, told["unit"]))
    inner.locator_params(axis="y", nbins=4)
    inner.locator_params(axis="x", nbins=5 if panel["gridPos"]["w"] <= 8 else 10)
    inner.tick_params(colors=theme.ink, labelsize=8, length=0)
    inner.grid(color=theme.faint, linewidth=0.5)
    for side in inner.spines.values():
        side.set_visible(False)
    if number:
        box.legend(*inner.get_legend_handles_labels(), loc="lower left", ncols=4 if panel["gridPos"]["w"] < 9 else 8,
                   fontsize=7.5, frameon=False, labelcolor=theme.ink, handlelength=1.2, columnspacing=1.0,
                   borderaxespad=0.25)  # fmt: skip


def time_of(seconds: float) -> Any:
    """As matplotlib wants it."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC)


def live(server: Server) -> Prometheus:
    """The story; returns what can be asked afterwards."""
    time.sleep(60)
    begin = time.time()

    def until(minute: float) -> None:
        time.sleep(max(0, begin + minute * 60 - time.time()))

    until(2)
    server.let_the_release_tool(RECORD)
    until(4)
    server.application.failing = 200
    until(7)
    server.application.failing = 0
    server.let_the_release_tool(ROLLED_BACK)
    until(9)
    server.application.slower = 1.4
    until(11)
    server.application.slower = 0
    until(14)
    return Prometheus(f"http://127.0.0.1:{server.ports['prometheus']}", begin, time.time())


def main() -> None:
    """Live, then draw every dashboard in light, and the first in dark as well."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder), lambda name: str(search.find(name)), visitors=6) as server,
    ):
        ended = measure_for_ever(server)
        begin_container("app-blue", server)
        try:
            seen = live(server)
            for file in sorted((server.monitoring / "grafana/dashboards").glob("*.json")):
                told = json.loads(file.read_text("utf-8"))
                draw(told, seen, LIGHT, HERE / f"{file.stem}.png")
                if file.stem == "golden-signals":
                    draw(told, seen, DARK, HERE / f"{file.stem}-dark.png")
        finally:
            ended.set()
            end_container("app-blue", server)


if __name__ == "__main__":
    main()
