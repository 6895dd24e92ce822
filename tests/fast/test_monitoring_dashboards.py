"""The dashboard: every figure has a unit and an explanation, every query parses and asks for what is recorded."""

import json
import re
import subprocess

import pytest
import yaml

from tests.generation import ROOT

MONITORING = ROOT / "templates" / "monitoring"
DASHBOARDS = sorted((MONITORING / "grafana" / "dashboards").glob("*.json"))
UNITS = {"short", "percentunit", "s", "reqps", "none"}
KINDS = {"row", "stat", "timeseries", "table"}
EXPORTED = {
    "ALERTS", "app_release_info", "deploy_last_timestamp_seconds", "node_cpu_seconds_total",
    "node_filesystem_avail_bytes",
    "node_filesystem_files", "node_filesystem_files_free", "node_filesystem_size_bytes",
    "node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes", "probe_ssl_earliest_cert_expiry",
}  # fmt: skip
"""What the exporters and the release tool offer, as far as dashboards use it."""


def recorded() -> set[str]:
    """Series that our rules record."""
    rules = [yaml.safe_load(file.read_text("utf-8")) for file in (MONITORING / "prometheus" / "rules").glob("*.yml")]
    return {rule["record"] for told in rules for group in told["groups"] for rule in group["rules"] if "record" in rule}


@pytest.fixture(params=DASHBOARDS, ids=lambda file: file.stem)
def dashboard(request) -> dict:
    return json.loads(request.param.read_text("utf-8"))


def panels(dashboard: dict) -> list[dict]:
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def queries(dashboard: dict) -> list[str]:
    told = [target["expr"] for panel in panels(dashboard) for target in panel["targets"]]
    return told + [mark["expr"] for mark in dashboard["annotations"]["list"]]


def test_there_is_a_dashboard():
    assert [file.stem for file in DASHBOARDS] == ["golden-signals"]


def test_no_panel_has_the_number_or_the_place_of_another(dashboard):
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(numbers)) == len(numbers)
    taken = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells


def test_every_panel_says_what_it_means_and_in_which_unit(dashboard):
    for panel in panels(dashboard):
        assert panel["type"] in KINDS
        assert len(panel["description"]) > 20, panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, panel["title"]
        assert panel["datasource"]["uid"] == "prometheus"
        assert all(target["datasource"]["uid"] == "prometheus" for target in panel["targets"])


@pytest.mark.needs("promtool")
def test_every_query_parses(dashboard, toolbox, tmp_path):
    rules = [
        {"record": f"query:{number}", "expr": query.replace("$service", "shop")}
        for number, query in enumerate(queries(dashboard))
    ]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    done = subprocess.run([toolbox("promtool"), "check", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_query_asks_for_a_series_that_nobody_records(dashboard):
    words = {"service", "host", "mode", "fstype", "alertstate", "alertname", "severity"}
    functions = {"max", "min", "avg", "by", "rate", "or", "vector", "time"}
    for query in queries(dashboard):
        bare = re.sub(r'"[^"]*"', "", query)
        names = set(re.findall(r"[A-Za-z_][A-Za-z0-9_:]*", re.sub(r"\[\w+\]", "", bare)))
        unknown = names - words - functions - recorded() - EXPORTED
        assert not unknown, f"{query}: {unknown}"


@pytest.mark.parametrize(
    ("title", "limit", "alert"),
    [
        ("Share of requests that fail", 0.05, "HighErrorRate"),
        ("Share slower than one second", 0.1, "HighLatency"),
        ("Processor", 0.9, "CPUSaturated"),
        ("Memory in use", 0.9, "MemoryLow"),
        ("Disk in use", 0.9, "DiskAlmostFull"),
    ],
)
def test_the_lines_in_the_pictures_are_the_limits_of_the_alerts(dashboard, title, limit, alert):
    panel = next(panel for panel in panels(dashboard) if panel["title"] == title)
    assert panel["fieldConfig"]["defaults"]["thresholds"]["steps"][-1]["value"] == limit
    alerts = yaml.safe_load((MONITORING / "prometheus" / "rules" / "20-alerts.yml").read_text("utf-8"))
    rule = next(rule for group in alerts["groups"] for rule in group["rules"] if rule["alert"] == alert)
    inverse = round(1 - limit, 2)
    assert f"> {limit:.2f}" in rule["expr"] or f"< {inverse:.2f}" in rule["expr"], rule["expr"]
