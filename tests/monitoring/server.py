"""A server for tests: the edge and the monitoring of a generated repository as processes on loopback.

The configuration is the generated one. What differs in the copy stands in `Server.addresses`, `Server.paths` and
`SHORTER`: names of containers become ports of this machine, paths inside containers become folders of the test, and
what would be waited for too long is shorter.
"""

import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.generation import render
from tests.monitoring.application import Application, Visitors
from tests.monitoring.certificates import Certificates
from tests.monitoring.host import Host
from tests.monitoring.receivers import Mail, Mailbox, Outside
from tests.ports import free_ports

PROGRAMS = {"blackbox": "blackbox_exporter", "node": "node_exporter"}
"""Programs whose service in compose.yml has another name."""
SHORTER = {
    "CPUSaturated": ("for: 15m", "for: 1m"),
    "ContainerMemoryNearLimit": ("for: 10m", "for: 1m"),
    "CertificateExpiring": ("for: 1h", "for: 1m"),
    "BackupTooOld": ("for: 30m", "for: 1m"),
    "ContainerRestarting": ("[15m]", "[4m]"),
    "OutOfMemoryKill": ("[14h]", "[4m]"),
}
"""What differs in the copy of an alert so that nobody waits for it: what it says, and what it says in the test."""
ALWAYS = {"monday:friday": "sunday:saturday", '"07:00"': '"00:00"', '"17:00"': '"24:00"'}
"""The same for the working hours: the tests run at every hour of every day."""
RUNBOOKS = "https://github.com/acme/shop/blob/main/docs/runbooks"
RECORD = """
from release import metrics, records, settings
records.write(records.Release(records.next_id(), "image-a", "ada", commit="c0ffee", built=1), records.DEPLOYED)
metrics.publish(settings.read())
"""


class Server:
    """One server with an application, its edge, its monitoring, and those who hear of alerts."""

    def __init__(self, folder: Path, toolbox: Callable[[str], str], *, secrets: bool = True, visitors: float = 5,
                 receiver: str = "none", failing: int = 0, vmstat_of_the_machine: bool = False):  # fmt: skip
        self.folder, self.toolbox = folder, toolbox
        self.certificates, self.host = Certificates(folder), Host(folder)
        self.vmstat_of_the_machine = vmstat_of_the_machine
        self.mailbox, self.outside, self.application = Mailbox(), Outside(), Application()
        self.application.failing = failing
        self.ports = free_ports("public", "plain", "admin", "edge", "preview", "live", "prometheus", "alertmanager",
                                "blackbox", "node")  # fmt: skip
        self.receiver = receiver
        self.secrets, self.visitors_a_second = secrets, visitors
        self.visitors: Visitors | None = None
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.broken_at = 0.0

    # ---- what is copied, and how the copy differs --------------------------------------------------------

    @property
    def addresses(self) -> dict[str, str]:
        """Names of containers and their ports, and where they are here."""
        named = {"edge:9180": "edge", "blackbox:9115": "blackbox", "node:9100": "node", "localhost:9090": "prometheus",
                 "alertmanager:9093": "alertmanager"}  # fmt: skip
        return {name: f"127.0.0.1:{self.ports[port]}" for name, port in named.items()}

    @property
    def paths(self) -> dict[str, str]:
        """Paths inside containers, and where they are here."""
        return {
            "/etc/prometheus": f"{self.monitoring}/prometheus",
            "/etc/alertmanager": f"{self.monitoring}/alertmanager",
            "/etc/blackbox": f"{self.monitoring}/blackbox",
            "/run/monitoring-secrets": f"{self.folder}/secrets",
            "=/prometheus": f"={self.folder}/data/prometheus",
            "=/alertmanager": f"={self.folder}/data/alertmanager",
            "=/textfile": f"={self.folder}/root/var/lib/node-exporter",
            "--path.rootfs=/host": f"--path.rootfs=/\n--path.procfs={self.host.folder}",
        }

    @property
    def monitoring(self) -> Path:
        """The generated folder of the same name."""
        return self.folder / "shop/monitoring"

    def generate(self) -> None:
        """Generate, and let the copy find its neighbours on loopback."""
        repository = render(
            {
                "project_name": "shop",
                "domain": "localhost.example.com",
                "smtp_host": f"localhost:{self.mailbox.port}",
                "alert_receiver": self.receiver,
            },
            self.folder / "shop",
        )
        target = self.monitoring / "prometheus/targets/application.yml"
        target.parent.mkdir()
        shutil.copy(self.monitoring / "environments/production.yml", target)
        edit(target, {"https://localhost.example.com": f"https://localhost:{self.ports['public']}"})
        edit(self.monitoring / "prometheus/prometheus.yml", self.addresses)
        edit(self.monitoring / "alertmanager/alertmanager.yml", {"/run/monitoring-secrets": f"{self.folder}/secrets"})
        edit(self.monitoring / "alertmanager/alertmanager.yml", ALWAYS)
        shorten(self.monitoring / "prometheus/rules/20-alerts.yml")
        composed = yaml.safe_load((self.monitoring / "compose.yml").read_text("utf-8"))
        self.commands = {service: told.get("command", []) for service, told in composed["services"].items()}
        self.make_secrets()
        self.certificates.issue(days=80)
        self.record_a_release(repository / "server")
        self.fit_edge(repository / "server/edge/Caddyfile")

    def make_secrets(self) -> None:
        """Files as server/apply makes them on the first day, filled as scripts/secrets.sh does afterwards."""
        (self.folder / "secrets").mkdir()
        filled = {
            "smtp_password": self.mailbox.password,
            "heartbeat_url": self.outside.heartbeat_url,
            "alert_url": self.outside.chat_url,
        }
        for name, value in filled.items():
            (self.folder / "secrets" / name).write_text(value if self.secrets else "", "utf-8")

    def record_a_release(self, server: Path) -> None:
        """Let the generated release tool write its figures."""
        root = self.folder / "root"
        for place in ("opt/app/gate", "var/lib/release", "var/lib/node-exporter"):
            (root / place).mkdir(parents=True)
        settings = (server / "environments/production.env").read_text("utf-8")
        (root / "opt/app/settings.env").write_text(f"{settings}IMAGE_REPOSITORY=ghcr.io/acme/shop\n", "utf-8")
        self.let_the_release_tool(RECORD)

    def let_the_release_tool(self, do: str) -> None:
        """Run some lines with its modules on this server."""
        places = {"RELEASE_ROOT": str(self.folder / "root"), "PYTHONPATH": str(self.folder / "shop/server")}
        subprocess.run([sys.executable, "-c", do], env=os.environ | places, check=True)

    def fit_edge(self, file: Path) -> None:
        """Free ports, no containers, and localhost as the domain, with a certificate that nobody issues here."""
        ports = {"443": "public", "8081": "preview", "8082": "live", "9180": "edge", "2019": "admin"}
        text = file.read_text("utf-8")
        text = re.sub(r":(443|8081|8082|9180|2019)\b", lambda found: f":{self.ports[ports[found[1]]]}", text)
        own = f"\thttp_port {self.ports['plain']}\n\thttps_port {self.ports['public']}\n\tmetrics {{\n"
        file.write_text(text, "utf-8")
        edit(file, {
            "\tmetrics {\n": own,
            "{$DOMAIN} {\n": f"{{$DOMAIN}} {{\n\ttls {self.certificates.chain} {self.certificates.key}\n",
            "app-{args[0]}:": "127.0.0.1:",
            "root /gate": f"root {self.folder}/root/opt/app/gate",
        })  # fmt: skip

    # ---- running -------------------------------------------------------------------------------------------

    def __enter__(self) -> "Server":
        self.generate()
        self.host.start(vmstat_of_the_machine=self.vmstat_of_the_machine)
        self.run("caddy", ["run", "--config", self.edge_file], self.edge_settings)
        self.mailbox.certificate = self.certificates.chain, self.certificates.key
        for service in ("node", "blackbox", "alertmanager", "prometheus"):
            self.run_service(service)
        if self.visitors_a_second:
            trusted = ssl.create_default_context(cafile=self.certificates.authority)
            self.visitors = Visitors(f"https://localhost:{self.ports['public']}/", trusted, 1 / self.visitors_a_second)
        return self

    @property
    def edge_file(self) -> Path:
        """The edge's configuration."""
        return self.folder / "shop/server/edge/Caddyfile"

    @property
    def edge_settings(self) -> dict[str, str]:
        """What its container has in its environment, and folders of its own."""
        return {
            "DOMAIN": "localhost", "APPLICATION_PORT": str(self.application.port), "HEALTH_PATH": "/healthz",
            "XDG_DATA_HOME": str(self.folder / "data"), "XDG_CONFIG_HOME": str(self.folder / "config"),
        }  # fmt: skip

    def reload_edge(self) -> None:
        """Let the edge read its files again: all that it has counted is gone."""
        words = ["reload", "--force", "--address", f"127.0.0.1:{self.ports['admin']}", "--config", self.edge_file]
        subprocess.run([self.toolbox("caddy"), *map(str, words)], env=os.environ | self.edge_settings,
                       check=True, capture_output=True)  # fmt: skip

    def measure_containers(self) -> None:
        """What container-metrics.timer does, with the generated program."""
        text = (self.folder / "shop/server/container-metrics").read_text("utf-8")
        for place in ("/opt/app", "/var/lib/node-exporter"):
            assert place in text, f"container-metrics knows no {place} any more"
            text = text.replace(place, f"{self.folder}/root{place}")
        subprocess.run([sys.executable, "-I", "-c", text], check=True)

    def kill(self, service: str) -> None:
        """End a program at once, as a lack of memory would."""
        process = self.processes.pop(PROGRAMS.get(service, service))
        process.kill()
        process.wait(20)

    def run_service(self, service: str) -> None:
        """Start a service of compose.yml with its own arguments."""
        environment = {"SSL_CERT_FILE": str(self.certificates.authority), "RUNBOOKS": RUNBOOKS}
        told = "\n".join(self.commands[service])
        for inside, here in self.paths.items():
            told = told.replace(inside, here)
        (self.folder / "data" / service).mkdir(parents=True, exist_ok=True)
        listen = f"--web.listen-address=127.0.0.1:{self.ports[service]}"
        self.run(PROGRAMS.get(service, service), [*told.split("\n"), listen], environment)

    def run(self, program: str, arguments: list[object], environment: dict[str, str]) -> None:
        """Start one program; what it says stands in a file."""
        with (self.folder / f"{program}.log").open("ab") as log:
            self.processes[program] = subprocess.Popen(
                [self.toolbox(program), *map(str, arguments)],
                env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def __exit__(self, *_: object) -> None:
        if self.visitors:
            self.visitors.stopped.set()
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(20)
        self.host.stop()
        for receiver in (self.mailbox, self.outside):
            receiver.shutdown()
            receiver.server_close()

    # ---- what can be seen ----------------------------------------------------------------------------------

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Ask Prometheus."""
        told = urllib.parse.urlencode({"query": expression})
        url = f"http://127.0.0.1:{self.ports['prometheus']}/api/v1/query?{told}"
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return json.load(response)["data"]["result"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{expression}: {error.read().decode()}") from error
        except OSError:
            return []  # it is still starting

    def firing(self) -> set[str]:
        """Alerts that fire, the heartbeat left out."""
        return {found["metric"]["alertname"] for found in self.query('ALERTS{alertstate="firing"}')} - {"Watchdog"}

    def fired(self) -> set[str]:
        """Alerts that have fired so far, the heartbeat left out."""
        found = self.query('count by (alertname) (count_over_time(ALERTS{alertstate="firing"}[2h]))')
        return {one["metric"]["alertname"] for one in found} - {"Watchdog"}

    def mails_about(self, alert: str) -> list[Mail]:
        """Every mail that names an alert."""
        return [mail for mail in self.mailbox.mails if f"runbooks/{alert}.md" in mail.text]

    def mail_about(self, alert: str) -> Mail | None:
        """The first of them."""
        return next(iter(self.mails_about(alert)), None)

    def memory(self) -> dict[str, int]:
        """Resident memory of each program in MB."""
        return {
            program: int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())[1]) // 1024
            for program, process in self.processes.items()
        }


def edit(file: Path, replacements: dict[str, str]) -> None:
    """Replace in a copy; what is to be replaced must be there."""
    text = file.read_text("utf-8")
    for old, new in replacements.items():
        assert old in text, f"{file.name} has no {old} any more"
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


def shorten(file: Path) -> None:
    """Bring SHORTER into a copy of the alerts."""
    alerts = re.split(r"(?m)^(?=      - alert: )", file.read_text("utf-8"))
    for alert, (old, new) in SHORTER.items():
        (number,) = [n for n, text in enumerate(alerts) if text.startswith(f"      - alert: {alert}\n")]
        assert old in alerts[number], f"{alert} has no {old} any more"
        alerts[number] = alerts[number].replace(old, new)
    file.write_text("".join(alerts), "utf-8")


def wait_for(true: Callable[[], Any], failure: str, seconds: float) -> Any:
    """Ask again until it is so; what it was then."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, failure
        time.sleep(0.5)
    return found
