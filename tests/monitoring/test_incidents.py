"""The generated monitoring with the real programs: what people read, and what is measured."""

import json
import re

import pytest

from tests.monitoring.server import Server, wait_for

pytestmark = pytest.mark.needs("caddy", "blackbox_exporter", "node_exporter", "docker", "compose", "base-images")
FAILING = "every request fails"


def mail_about(server: Server, alert: str):
    """The mail about an alert; that it comes in time is proven by test_faults.py."""
    return wait_for(lambda: server.mail_about(alert), f"no mail about {alert}", 180)


def test_a_mail_says_what_happens_which_release_serves_and_what_to_read(world):
    mail = mail_about(world.servers[FAILING], "HighErrorRate")
    assert re.fullmatch(r"critical: shop \(production\): [\d.]+% of all requests fail \(status 5xx\)", mail.subject)
    assert mail.message["to"] == "alerts@localhost.example.com"
    assert re.search(r"r1 serves since 20\d\d-\d\d-\d\d \d\d:\d\d UTC", mail.text)
    assert "http://localhost:9093" in mail.text


def test_the_chat_is_told_as_well_with_a_link_that_opens_on_a_phone(world):
    chat = world.servers[FAILING].outside.chat
    wait_for(lambda: any("HighErrorRate" in message for message in chat), "the chat was told nothing", 180)
    message = json.loads(next(message for message in chat if "HighErrorRate" in message))["attachments"][0]
    assert message["title"].startswith("critical: shop (production): ")
    assert message["title_link"] == "https://github.com/acme/shop/blob/main/docs/runbooks/HighErrorRate.md"
    assert "r1 serves since" in message["text"]


def test_the_four_golden_signals_have_figures(world):
    (rate,) = world.servers["calm"].query("golden:requests:rate5m")
    assert rate["metric"]["service"] == "shop"
    assert rate["metric"]["environment"] == "production"
    assert 3 < float(rate["value"][1]) < 6
    for signal in ("golden:latency:p95_5m", "golden:error_ratio:5m", "golden:slow_ratio:5m", "golden:inflight"):
        assert len(world.servers["calm"].query(signal)) == 1, signal
    assert world.servers["calm"].query("node_memory_MemAvailable_bytes")[0]["metric"]["host"] == "shop-production"


def test_every_query_of_the_dashboards_has_data(world):
    """Asked of a server with visitors and of one with containers; what is only there in trouble is named."""
    servers = world.servers["calm"], world.servers["containers"]
    fitting = {"$service": "shop", "$host": "shop-production", "$__rate_interval": "1m"}
    rare = {"Alerts that fire now", "Time to restore", "A disk is full in", "Last backup"}
    empty = set()
    for file in (servers[0].monitoring / "grafana/dashboards").glob("*.json"):
        dashboard = json.loads(file.read_text("utf-8"))
        panels = dashboard["panels"]
        asked = [(panel["title"], target["expr"]) for panel in panels for target in panel.get("targets", [])]
        asked += [(mark["name"], mark["expr"]) for mark in dashboard["annotations"]["list"]]
        for title, query in asked:
            for variable, value in fitting.items():
                query = query.replace(variable, value)
            ever = f"last_over_time(({query})[90m:15s])"  # the containers are gone by now
            empty |= set() if any(server.query(ever) for server in servers) else {title}
    assert empty <= rare


def test_nothing_is_measured_that_nobody_uses(world):
    (series,) = world.servers["calm"].query("prometheus_tsdb_head_series")
    print(f"{series['value'][1]} series; MB resident: {world.servers['calm'].memory()}")
    assert int(series["value"][1]) < 5000


def test_without_secrets_alertmanager_starts_and_its_failures_are_measured(world):
    server = world.servers["first day"]
    failed = 'alertmanager_notifications_failed_total{integration="webhook"} > 0'
    wait_for(lambda: server.query(failed), "the missing address of the heartbeat goes unnoticed", 150)
    broken = 'ALERTS{alertname="MonitoringBroken",fault="messages by webhook are not delivered"}'
    wait_for(lambda: server.query(broken), "MonitoringBroken does not see it", 60)
