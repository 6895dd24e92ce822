"""How soon the team knows, and how often it is woken for nothing: our alerts beside those of dockprom and beside the
multiwindow burn rates of Google's SRE workbook, in the same Prometheus, on the same faults. Takes half an hour.

dockprom's rules are fetched for the measurement (DOCKPROM=<a clone> takes them from there); its examples about Jenkins
are left out. The burn rates are those of the workbook's chapter "Alerting on SLOs", for an objective of 99.9 %, on the
counters of the edge. Prometheus, Alertmanager and the mails are the generated ones for everybody.
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import yaml
from tests.monitoring.faults import FAULTS, Fault
from tests.monitoring.server import Server, wait_for
from tests.toolbox import search
from tests.toolbox.catalogue import environment
from tests.toolbox.prepare import prepare

TOOLS = ["prometheus", "promtool", "alertmanager", "blackbox_exporter", "node_exporter", "caddy", "git"]
REPOSITORY = "https://github.com/stefanprodan/dockprom"
CHOSEN = (
    "every request fails", "one of five requests fails", "every request takes 1.5 s longer",
    "the application is gone, many come", "the application is gone, nobody comes", "the disk is 95 % full",
    "5 % of the memory are available",
)  # fmt: skip
CALM = {"calm: 0.5 % errors, 300 a minute": 5.0, "calm: 5 % errors, 3 a minute": 0.05}
"""Nothing is wrong there but what is always wrong; visitors a second."""
WARM_UP, FAULT, ALL = 120, 900, 1800
"""Seconds: of good service, of the faults, of everything."""
SERIES = 5000
OBJECTIVE = 0.001
BURN_RATES = (("1h", "5m", 14.4), ("6h", "30m", 6.0))
"""Long window, short window, and how many times the budget's pace: the workbook's two pages."""


def main() -> None:
    """Measure, and print the tables."""
    if prepare(TOOLS):
        sys.exit("Not every tool is here: nothing was measured.")
    os.environ.update(environment())
    faults = [fault for fault in FAULTS if fault.name in CHOSEN]
    with tempfile.TemporaryDirectory(prefix="richtfest-bench-") as name, ExitStack() as stack:
        rules = peers(Path(name))
        servers: dict[str, Server] = {}
        for number, (story, visitors) in enumerate(
            [(f.name, f.settings["visitors"]) for f in faults] + [*CALM.items()]
        ):
            place = Path(name) / f"server{number}"
            place.mkdir()
            server = servers[story] = Server(place, lambda tool: str(search.find(tool)), visitors=visitors)
            with_peers(server, rules)
            stack.enter_context(server)
            server.host.make_disk(place / "data-disk")
        time.sleep(WARM_UP)
        told = tell(servers, faults)
        for fault in faults:
            print(f"{fault.name:45}" + "".join(f"{word:>14}" for word in told[fault.name]))
        for story in CALM:
            print(f"{story:45}" + "".join(f"{word:>14}" for word in told[story]))
        cost(servers[next(iter(CALM))])


PEERS = ("ours", "dockprom", "workbook")


def peers(folder: Path) -> str:
    """Their rules, each with a label that says whose it is."""
    told = os.environ.get("DOCKPROM")
    if not told:
        subprocess.run(["git", "clone", "--quiet", "--depth", "1", REPOSITORY, folder / "dockprom"], check=True)
        told = str(folder / "dockprom")
    words = ["git", "-C", told, "show", "HEAD:prometheus/alert.rules"]
    theirs = yaml.safe_load(subprocess.run(words, check=True, capture_output=True, text=True).stdout)["groups"]
    groups = [group for group in theirs if not any("jenkins" in rule["alert"] for rule in group["rules"])]
    for group in groups:
        for rule in group["rules"]:
            rule["labels"] = {"severity": rule["labels"]["severity"], "peer": "dockprom"}
    groups.append({"name": "workbook", "rules": [burn_rate(*windows) for windows in BURN_RATES]})
    return yaml.safe_dump({"groups": groups}, sort_keys=False)


def burn_rate(long: str, short: str, factor: float) -> dict:
    """One page of the workbook: the budget is used up so many times too fast, over a long window and a short one."""

    def ratio(window: str) -> str:
        name = 'caddy_http_request_duration_seconds_count{server="public",method!="HEAD"%s}[%s]'
        failed, every = name % (',code=~"5.."', window), name % ("", window)
        return f"sum(rate({failed})) / sum(rate({every})) > {factor * OBJECTIVE}"

    return {
        "alert": f"BurnRate{long}", "expr": f"{ratio(long)} and {ratio(short)}",
        "labels": {"severity": "critical", "peer": "workbook"}, "annotations": {"summary": "the budget burns"},
    }  # fmt: skip


def with_peers(server: Server, rules: str) -> None:
    """Their rules beside ours in the copy; no alert of one silences the other's, as nothing says that it should."""
    generate = server.generate

    def generate_with_peers() -> None:
        generate()
        (server.monitoring / "prometheus/rules/90-peers.yml").write_text(rules, "utf-8")

    server.generate = generate_with_peers


def tell(servers: dict[str, Server], faults: list[Fault]) -> dict[str, list[str]]:
    """Begin all faults, wait, and say for each server how many seconds passed until the first mail of each peer."""
    pad(servers[next(iter(CALM))])
    servers[next(iter(CALM))].application.failing = 5
    servers[list(CALM)[1]].application.failing = 50
    begun = time.monotonic()
    for fault in faults:
        fault.begin(servers[fault.name])
    time.sleep(FAULT)
    for fault in faults:
        fault.end(servers[fault.name])
    time.sleep(ALL - FAULT)
    found = {}
    for story, server in servers.items():
        words = []
        for peer in PEERS:
            mails = [
                mail for mail in server.mailbox.mails if whose(mail.text) == peer and "resolved" not in mail.subject[:9]
            ]
            after = [mail.arrived - begun for mail in mails if mail.arrived > begun]
            words.append(f"{len(mails)} mails" if story in CALM else f"{after[0]:.0f} s" if after else "never")
        found[story] = words
    print(f"{'seconds until the first mail':45}" + "".join(f"{peer:>14}" for peer in PEERS))
    return found


def whose(text: str) -> str:
    """Whose alert a mail is about."""
    return next((peer for peer in PEERS[1:] if f"peer = {peer}" in text), "ours")


def pad(server: Server) -> None:
    """As many series as a busy server has."""
    (now,) = server.query("prometheus_tsdb_head_series")
    lines = [f'padding{{number="{number}"}} {number}' for number in range(SERIES - int(now["value"][1]))]
    (server.folder / "root/var/lib/node-exporter/padding.prom").write_text("\n".join(lines) + "\n")
    wait_for(lambda: int(server.query("prometheus_tsdb_head_series")[0]["value"][1]) >= SERIES * 0.98, "no padding", 60)


def cost(server: Server) -> None:
    """What the programs use after half an hour."""
    (series,) = server.query("prometheus_tsdb_head_series")
    memory = {name: size for name, size in server.memory().items() if name != "caddy"}
    seconds = {name: cpu_seconds(server.processes[name].pid) for name in memory}
    share = sum(seconds.values()) / (WARM_UP + ALL)
    print(f"{series['value'][1]} series: {sum(memory.values())} MB resident {memory}, {share:.1%} of one core")


def cpu_seconds(process: int) -> float:
    """Processor time of a program so far."""
    words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
