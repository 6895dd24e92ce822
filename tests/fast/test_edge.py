"""The edge with what answers add to it: the application's figures stay inside, Grafana has a name of its own."""

import http.client
import os
import re
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.generation import render
from tests.ports import free_ports

ANYBODY = ssl.create_default_context()
ANYBODY.check_hostname = False
ANYBODY.verify_mode = ssl.CERT_NONE
"""Nobody issues certificates here: the edge makes them itself."""

PAGE = b"first log in " * 1000


class Program(ThreadingHTTPServer):
    """Answers everything with its own name."""

    daemon_threads = True

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.name = name
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answer(BaseHTTPRequestHandler):
    server: Program

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.name.encode())

    def do_POST(self) -> None:
        """A long page that somebody must log in first, said before the form has been read."""
        self.send_response(401)
        self.end_headers()
        for _ in range(3):
            self.wfile.write(PAGE)
            time.sleep(0.002)
        self.connection.shutdown(socket.SHUT_WR)
        self.rfile.read()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def edge(toolbox, tmp_path_factory):
    """The edge of a repository with both answers, on free ports of loopback."""
    folder = tmp_path_factory.mktemp("edge")
    shop = render({"metrics_path": "/metrics", "grafana_public": True}, folder / "shop")
    application, grafana = Program("application"), Program("grafana")
    ports = free_ports("443", "8081", "8082", "9180", "2019", "plain")
    for file in (shop / "server/edge").rglob("*"):
        if file.is_file():
            text = re.sub(r":(443|8081|8082|9180|2019)\b", lambda found: f":{ports[found[1]]}", file.read_text())
            text = text.replace("grafana:3000", f"127.0.0.1:{grafana.server_port}").replace(
                "app-{args[0]}", "127.0.0.1"
            )
            own = f"\thttp_port {ports['plain']}\n\thttps_port {ports['443']}\n\tmetrics {{\n"
            file.write_text(text.replace("\tmetrics {\n", own))
    settings = {"DOMAIN": "localhost", "APPLICATION_PORT": str(application.server_port), "HEALTH_PATH": "/healthz",
                "XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}  # fmt: skip
    words = [toolbox("caddy"), "run", "--config", shop / "server/edge/Caddyfile"]
    with (folder / "log").open("wb") as log:
        caddy = subprocess.Popen(words, env=os.environ | settings, stdout=log, stderr=log)
    yield ports
    caddy.terminate()
    caddy.wait(20)


def ask(port: int, path: str, name: str = "") -> tuple[int, str]:
    """Status and body, by HTTPS if a name is given; the edge gets some seconds to start."""
    for _ in range(50):
        try:
            connection = http.client.HTTPConnection(name or "127.0.0.1", port, timeout=5)
            connection.sock = socket.create_connection(("127.0.0.1", port), 5)
            if name:
                connection.sock = ANYBODY.wrap_socket(connection.sock, server_hostname=name)
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
    raise AssertionError(f"nobody answers on {port}")


@pytest.mark.needs("caddy")
@pytest.mark.parametrize(
    ("path", "status"), [("/", 200), ("/metrics", 404), ("/metrics/more", 404), ("/metricsx", 200)]
)
def test_visitors_do_not_see_the_figures_of_the_application(edge, path, status):
    assert ask(edge["443"], path, "localhost")[0] == status


@pytest.mark.needs("caddy")
def test_prometheus_asks_for_them_inside(edge):
    assert ask(edge["8082"], "/metrics") == (200, "application")


@pytest.mark.needs("caddy")
def test_an_application_may_answer_a_form_before_it_has_read_it(edge):
    """Without the edge's buffer such an answer is cut off when the form comes a moment after its head."""
    ask(edge["443"], "/", "localhost")

    def post(_: int) -> tuple[int, int]:
        connection = http.client.HTTPSConnection("localhost", edge["443"], context=ANYBODY, timeout=5)
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", "10")
        connection.endheaders()
        time.sleep(0.001)
        connection.send(b"quantity=1")
        answer = connection.getresponse()
        return answer.status, len(answer.read())

    with ThreadPoolExecutor(8) as visitors:
        assert Counter(visitors.map(post, range(1000))) == {(401, 3 * len(PAGE)): 1000}


@pytest.mark.needs("caddy")
def test_grafana_is_reached_by_its_own_name_and_its_visitors_are_told_apart(edge):
    assert ask(edge["443"], "/login", "grafana.localhost") == (200, "grafana")
    assert ask(edge["443"], "/login", "localhost") == (200, "application")
    counters = ask(edge["9180"], "/metrics")[1]
    hosts = set(re.findall(r'request_duration_seconds_count{.*?host="([^"]*)".*?server="public"', counters))
    assert {host.split(":")[0] for host in hosts} == {"localhost", "grafana.localhost"}
