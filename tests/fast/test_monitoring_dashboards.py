"""The dashboards: every figure has a unit and an explanation, every query parses and asks for what is recorded."""

import json
import re
import subprocess

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from tests.generation import ROOT

register_default_plugins()
MONITORING = ROOT / "templates" / "monitoring"
DASHBOARDS = sorted((MONITORING / "grafana" / "dashboards").glob("*.json"))
UNITS = {"bytes", "short", "percentunit", "s", "reqps", "none"}
KINDS = {"row", "stat", "timeseries", "table"}
EXPORTED = {
    "ALERTS", "app_release_info", "backup_last_success_timestamp_seconds", "container_cpu_seconds_total",
    "container_memory_limit_bytes", "container_memory_working_set_bytes", "container_restarts_total",
    "deploy_last_success", "deploy_last_timestamp_seconds", "deploy_lead_time_seconds_count",
    "deploy_lead_time_seconds_sum", "deploy_restore_seconds_count", "deploy_restore_seconds_sum",
    "deploy_rollback_total", "deploy_total", "node_boot_time_seconds", "node_cpu_seconds_total",
    "node_disk_io_time_seconds_total", "node_filesystem_avail_bytes", "node_filesystem_files",
    "node_filesystem_files_free", "node_filesystem_size_bytes", "node_load1", "node_memory_MemAvailable_bytes",
    "node_memory_MemTotal_bytes", "node_vmstat_oom_kill", "probe_ssl_earliest_cert_expiry", "release_in_progress",
    "release_maintenance",
}  # fmt: skip
"""What the exporters and the release tool offer, as far as dashboards use it."""


def recorded() -> set[str]:
    """Series that our rules record."""
    files = (MONITORING / "prometheus" / "rules").glob("*.yml*")
    return {name for file in files for name in re.findall(r"- record: (\S+)", file.read_text("utf-8"))}


@pytest.fixture(params=DASHBOARDS, ids=lambda file: file.stem)
def dashboard(request) -> dict:
    return json.loads(request.param.read_text("utf-8"))


def panels(dashboard: dict) -> list[dict]:
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def queries(dashboard: dict) -> list[str]:
    told = [target["expr"] for panel in panels(dashboard) for target in panel["targets"]]
    return told + [mark["expr"] for mark in dashboard["annotations"]["list"]]


def differences(told, understood, place: str = "") -> list[str]:
    """What of a dashboard Grafana's model does not give back."""
    if isinstance(told, dict) and isinstance(understood, dict):
        lost = [f"{place}.{key}" for key in told.keys() - understood.keys()]
        return lost + [one for key in told.keys() & understood.keys()
                       for one in differences(told[key], understood[key], f"{place}.{key}")]  # fmt: skip
    if isinstance(told, list) and isinstance(understood, list) and len(told) == len(understood):
        return [one for number, (a, b) in enumerate(zip(told, understood, strict=True))
                for one in differences(a, b, f"{place}[{number}]")]  # fmt: skip
    return [] if told == understood else [f"{place}: {told!r}"]


def as_grafana_understands(dashboard: dict) -> dict:
    return json.loads(json.dumps(Dashboard.from_json(dashboard), cls=JSONEncoder))


def test_grafanas_own_model_understands_every_key(dashboard):
    """The model is generated from Grafana's schemas and published by Grafana; what it does not know it drops."""
    assert differences(dashboard, as_grafana_understands(dashboard)) == []


def test_a_misspelt_key_would_be_noticed(dashboard):
    dashboard["panels"][0]["gridpos"] = dashboard["panels"][0].pop("gridPos")
    dashboard["panels"][0]["targets"][0]["exprr"] = dashboard["panels"][0]["targets"][0].pop("expr")
    lost = differences(dashboard, as_grafana_understands(dashboard))
    assert {one.rpartition(".")[2] for one in lost} >= {"gridpos", "exprr"}, lost


def filled(query: str) -> str:
    """As Grafana sends it."""
    for variable, value in (("$service", "shop"), ("$host", "shop-production"), ("$__rate_interval", "1m")):
        query = query.replace(variable, value)
    return query


def test_every_dashboard_leads_to_the_others():
    names = {file.stem for file in DASHBOARDS}
    assert names == {"golden-signals", "host-and-containers", "releases"}
    for file in DASHBOARDS:
        told = json.loads(file.read_text("utf-8"))
        assert told["uid"] == file.stem
        assert {link["url"] for link in told["links"]} == {f"/d/{name}" for name in names - {file.stem}}


def test_rates_of_counters_follow_the_width_of_the_picture(dashboard):
    for panel in panels(dashboard):
        for target in panel["targets"]:
            if panel["type"] == "timeseries":
                assert re.findall(r"rate\([^)]*\[(.*?)\]", target["expr"]) in ([], ["$__rate_interval"]), panel["title"]


def test_nothing_is_written_in_a_colour_that_only_light_or_only_dark_can_show(dashboard):
    colours = set(re.findall(r'"(?:color|fixedColor)": "([^"]+)"', json.dumps(dashboard)))
    assert colours <= {"green", "yellow", "red"}
    assert {mark["iconColor"] for mark in dashboard["annotations"]["list"]} == {"blue"}


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
    rules = [{"record": f"query:{number}", "expr": filled(query)} for number, query in enumerate(queries(dashboard))]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    done = subprocess.run([toolbox("promtool"), "check", "rules", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_query_asks_for_a_series_that_nobody_records(dashboard):
    words = {"service", "host", "mode", "fstype", "alertstate", "alertname", "severity", "result", "container"}
    functions = {"max", "min", "avg", "sum", "count", "by", "on", "rate", "increase", "deriv", "or", "vector", "time"}
    for query in queries(dashboard):
        bare = re.sub(r'"[^"]*"', "", query)
        names = set(re.findall(r"[A-Za-z_][A-Za-z0-9_:]*", re.sub(r"\[[\w$]+\]", "", bare)))
        unknown = names - words - functions - recorded() - EXPORTED
        assert not unknown, f"{query}: {unknown}"


@pytest.mark.parametrize(
    ("title", "limit", "alert"),
    [
        ("Share of requests that fail", 0.05, "HighErrorRate"),
        ("Share slower than the objective", 0.1, "HighLatency"),
        ("Processor", 0.9, "CPUSaturated"),
        ("Memory in use", 0.9, "MemoryLow"),
        ("Disk in use", 0.9, "DiskAlmostFull"),
        ("Fullest disk", 0.9, "DiskAlmostFull"),
        ("Inodes in use", 0.9, "InodesAlmostFull"),
        ("Memory of the application", 0.9, "ContainerMemoryNearLimit"),
        ("Memory against the limit", 0.9, "ContainerMemoryNearLimit"),
        ("Restarts in 15 minutes", 2, "ContainerRestarting"),
        ("Last backup", 26 * 3600, "BackupTooOld"),
    ],
)
def test_the_lines_in_the_pictures_are_the_limits_of_the_alerts(title, limit, alert):
    alerts = yaml.safe_load((MONITORING / "prometheus" / "rules" / "20-alerts.yml").read_text("utf-8"))
    rule = next(rule for group in alerts["groups"] for rule in group["rules"] if rule["alert"] == alert)
    said = {f"> {limit:.2f}", f"< {1 - limit:.2f}", f"> {limit}", f"> {limit / 3600:.0f} * 3600"}
    assert any(words in rule["expr"] for words in said), rule["expr"]
    found = 0
    for file in DASHBOARDS:
        for panel in panels(json.loads(file.read_text("utf-8"))):
            steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
            if panel["title"] == title and len(steps) > 1:
                assert steps[-1] == {"color": "red", "value": limit}
                found += 1
    assert found
