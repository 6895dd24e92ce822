"""Alerts: each has a test that fires and one that stays silent, a page in both languages, and a way to a person."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.generation import ROOT, questionnaire, render

TEMPLATES = ROOT / "templates"
PROMETHEUS = TEMPLATES / "monitoring" / "prometheus"
ALERTS = {
    rule["alert"]: rule
    for group in yaml.safe_load((PROMETHEUS / "rules" / "20-alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
}
CASES = [
    case["name"]
    for file in sorted((PROMETHEUS / "tests").glob("*.yml"))
    for case in yaml.safe_load(file.read_text("utf-8"))["tests"]
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> Path:
    return render({"alert_email": "on+call@example.com"}, tmp_path_factory.mktemp("rules") / "shop")


def run(*command: object, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True, check=False)


def test_there_are_at_most_twenty_alerts():
    assert 10 < len(ALERTS) <= 20


@pytest.mark.parametrize("name", ALERTS)
def test_every_alert_says_what_happens_and_has_a_page_in_both_languages(name):
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in ("critical", "warning", "none")
    assert rule["annotations"]["summary"]
    page = rule["annotations"]["runbook_url"].replace("{{ $externalLabels.runbooks }}", "docs/runbooks")
    for language in ("en", "de"):
        text = (TEMPLATES / f"#{{ language_{language} }}#" / page).read_text("utf-8")
        assert text.startswith(f"# {name}: ")


@pytest.mark.parametrize("name", ALERTS)
def test_every_alert_has_a_test_that_fires_and_one_that_stays_silent(name):
    assert any(re.match(rf"{name} fires", case) for case in CASES)
    assert name == "Watchdog" or any(case.startswith(f"{name} is silent") for case in CASES)


@pytest.mark.needs("promtool")
def test_prometheus_accepts_its_configuration_and_the_rules_pass_their_tests(repository, toolbox):
    folder = repository / "monitoring" / "prometheus"
    checked = run(toolbox("promtool"), "check", "config", "prometheus.yml", folder=folder)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tested = run(toolbox("promtool"), "test", "rules", *sorted((folder / "tests").glob("*.yml")))
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.needs("promtool")
@pytest.mark.parametrize(("availability", "allowed"), [("99", 0.01), ("99.5", 0.005), ("99.8", 0.002), ("99.9", 0.001)])
@pytest.mark.parametrize("latency", questionnaire()["latency_objective"]["choices"].values())
def test_the_objectives_are_what_was_answered(availability, allowed, latency, toolbox, tmp_path):
    """Asked of Prometheus, with buckets as it writes them; the alerts' own tests bring objectives of their own."""
    repository = render({"availability_objective": availability, "latency_objective": latency}, tmp_path / "shop")
    bound = str(float(latency))
    series = 'caddy_http_response_duration_seconds_%s{server="public",method="GET",code="200",service="shop"%s}'
    case = {
        "interval": "15s",
        "input_series": [
            {"series": series % ("count", ""), "values": "0+20x40"},
            {"series": series % ("bucket", f',le="{bound}"'), "values": "0+15x40"},
        ],
        "promql_expr_test": [
            {"expr": "objective:errors:ratio", "eval_time": "9m",
             "exp_samples": [{"labels": "objective:errors:ratio", "value": allowed}]},
            {"expr": "objective:latency:seconds", "eval_time": "9m",
             "exp_samples": [{"labels": f'objective:latency:seconds{{le="{bound}"}}', "value": float(latency)}]},
            {"expr": "round(golden:slow:increase5m)", "eval_time": "9m",
             "exp_samples": [{"labels": '{service="shop"}', "value": 100}]},
        ],
    }  # fmt: skip
    rules = [str(file) for file in sorted((repository / "monitoring/prometheus/rules").glob("*.yml"))]
    order = ["objectives", "golden-caddy"]
    file = tmp_path / "case.yml"
    file.write_text(json.dumps({"rule_files": rules, "group_eval_order": order, "tests": [case]}))
    done = run(toolbox("promtool"), "test", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("amtool")
def test_alertmanager_accepts_its_configuration_and_keeps_the_address(repository, toolbox):
    file = repository / "monitoring" / "alertmanager" / "alertmanager.yml"
    checked = run(toolbox("amtool"), "check-config", file)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    told = yaml.safe_load(file.read_text("utf-8"))
    assert json.dumps(told["receivers"]).count("on+call@example.com") == 1


def test_only_warnings_wait_for_working_hours(repository):
    told = yaml.safe_load((repository / "monitoring/alertmanager/alertmanager.yml").read_text("utf-8"))
    waiting = [route for route in told["route"]["routes"] if "active_time_intervals" in route]
    assert [route["matchers"] for route in waiting] == [['severity="warning"']]
    assert waiting[0]["active_time_intervals"] == [interval["name"] for interval in told["time_intervals"]]


@pytest.mark.needs("amtool")
@pytest.mark.parametrize("receiver", questionnaire()["alert_receiver"]["choices"].values())
def test_alertmanager_accepts_every_other_receiver_and_its_secret_comes_from_a_file(receiver, toolbox, tmp_path):
    repository = render({"alert_receiver": receiver}, tmp_path / "shop")
    file = repository / "monitoring/alertmanager/alertmanager.yml"
    checked = run(toolbox("amtool"), "check-config", file)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    secrets = {"none": None, "pagerduty": "alert_key"}.get(receiver, "alert_url")
    assert set(re.findall(r"/run/monitoring-secrets/(alert_\w+)", file.read_text())) == (
        {secrets} if secrets else set()
    )


@pytest.mark.needs("amtool")
@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (["alertname=ServiceDown", "severity=critical"], "team"),
        (["alertname=HighLatency", "severity=warning"], "team"),
        (["alertname=Watchdog", "severity=none"], "heartbeat"),
    ],
)
def test_every_alert_finds_its_way(repository, toolbox, labels, receiver):
    file = repository / "monitoring" / "alertmanager" / "alertmanager.yml"
    done = run(
        toolbox("amtool"),
        "config",
        "routes",
        "test",
        f"--config.file={file}",
        f"--verify.receivers={receiver}",
        *labels,
    )
    assert done.returncode == 0, done.stdout + done.stderr
