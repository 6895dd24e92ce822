"""The generated monitoring with the real programs: who is told of what, and when."""

import json
import re
import time
from itertools import pairwise

import pytest

from tests.monitoring.server import Server, wait_for

pytestmark = pytest.mark.needs("caddy", "blackbox_exporter", "node_exporter")
ABOUT_THIS_MACHINE = {"DiskAlmostFull", "InodesAlmostFull", "MemoryLow", "OutOfMemoryKill"}
"""Alerts that can be true here, whatever the story is."""


def told_within(server: Server, alert: str, seconds: float):
    """The mail about an alert, which must come in time after the fault."""
    left = seconds - (time.monotonic() - server.broken_at)
    mail = wait_for(lambda: server.mail_about(alert), f"no mail about {alert} after {seconds} s", max(0, left))
    print(f"{alert}: told after {mail.arrived - server.broken_at:.0f} s")
    return mail


def test_a_mail_says_within_75_seconds_that_every_request_fails(servers):
    mail = told_within(servers["failing"], "HighErrorRate", 75)
    assert re.fullmatch(r"critical: shop \(production\): [\d.]+% of all requests fail \(status 5xx\)", mail.subject)
    assert mail.message["to"] == "alerts@localhost.example.com"
    assert "http://localhost:9093" in mail.text


def test_the_chat_is_told_as_well_with_a_link_that_opens_on_a_phone(servers):
    told_within(servers["failing"], "HighErrorRate", 75)
    chat = servers["failing"].outside.chat
    wait_for(lambda: any("HighErrorRate" in message for message in chat), "the chat was told nothing", 20)
    message = json.loads(next(message for message in chat if "HighErrorRate" in message))["attachments"][0]
    assert message["title"].startswith("critical: shop (production): ")
    assert message["title_link"] == "https://github.com/acme/shop/blob/main/docs/runbooks/HighErrorRate.md"


def test_a_mail_says_within_95_seconds_that_the_application_is_gone(servers):
    mail = told_within(servers["gone"], "ServiceDown", 95)
    assert mail.subject.startswith("critical: shop (production) does not answer its health check at https://localhost")


def test_of_two_alerts_with_one_cause_only_the_cause_is_told(servers):
    server = servers["gone"]
    told_within(server, "ServiceDown", 95)
    wait_for(lambda: "HighErrorRate" in server.firing(), "it does not even fire", 120)
    time.sleep(30)
    assert not server.mail_about("HighErrorRate")


def test_calm_with_few_errors_tells_nobody_anything(servers):
    server = servers["calm"]
    time.sleep(max(0, 120 - (time.monotonic() - server.broken_at)))
    assert server.visitors.seen[500] >= 2, "there were no errors to be calm about"
    assert server.firing() <= ABOUT_THIS_MACHINE
    assert {mail.subject for mail in server.mailbox.mails if "MB" not in mail.subject} == set()


def test_the_heartbeat_beats_every_minute(servers):
    beats = servers["calm"].outside.beats
    wait_for(lambda: len(beats) >= 3, "three beats were expected by now", 60)
    pauses = [later - earlier for earlier, later in pairwise(beats)]
    assert all(50 < pause < 70 for pause in pauses), pauses


def test_the_four_golden_signals_have_figures(servers):
    (rate,) = servers["calm"].query("golden:requests:rate5m")
    assert rate["metric"]["service"] == "shop"
    assert rate["metric"]["environment"] == "production"
    assert 3 < float(rate["value"][1]) < 6
    for signal in ("golden:latency:p95_5m", "golden:error_ratio:5m", "golden:slow_ratio:5m", "golden:inflight"):
        assert len(servers["calm"].query(signal)) == 1, signal
    assert servers["calm"].query("node_memory_MemAvailable_bytes")[0]["metric"]["host"] == "shop-production"


def test_every_query_of_the_dashboards_has_data(servers):
    server = servers["calm"]
    for file in (server.monitoring / "grafana/dashboards").glob("*.json"):
        dashboard = json.loads(file.read_text("utf-8"))
        panels = dashboard["panels"]
        asked = [(panel["title"], target["expr"]) for panel in panels for target in panel.get("targets", [])]
        asked += [(mark["name"], mark["expr"]) for mark in dashboard["annotations"]["list"]]
        asked = [(title, query.replace("$service", "shop")) for title, query in asked]
        empty = [title for title, query in asked if not server.query(query)]
        assert set(empty) <= {"Alerts that fire now"}


def test_nothing_is_measured_that_nobody_uses(servers):
    (series,) = servers["calm"].query("prometheus_tsdb_head_series")
    print(f"{series['value'][1]} series; MB resident: {servers['calm'].memory()}")
    assert int(series["value"][1]) < 5000


def test_without_secrets_alertmanager_starts_and_its_failures_are_measured(servers):
    server = servers["first day"]
    failed = 'alertmanager_notifications_failed_total{integration="webhook"} > 0'
    wait_for(lambda: server.query(failed), "the missing address of the heartbeat goes unnoticed", 150)
    broken = 'ALERTS{alertname="MonitoringBroken",fault="messages by webhook are not delivered"}'
    wait_for(lambda: server.query(broken), "MonitoringBroken does not see it", 60)
