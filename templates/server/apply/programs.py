"""Starting and telling the programs of the server."""

import os
import re
import secrets
from pathlib import Path

from apply import database
from apply.commands import compose, run
from apply.differences import touch
from release import counters, settings
from release.settings import APPLICATION

SECRET = re.compile(r"/run/monitoring-secrets/(\w+)")
GRAFANA = "grafana_password"
NOBODY = 65534
"""The group that Alertmanager runs with, and only it besides root may read its secrets; Grafana runs with group 0."""
HOST = (
    ("etc/systemd/system", "systemctl daemon-reload"),
    ("etc/systemd/system/release-recover.service", "systemctl enable release-recover.service"),
    ("etc/systemd/system/release-recover.timer", "systemctl enable --now release-recover.timer"),
    ("etc/systemd/system/backup.timer", "systemctl enable --now backup.timer"),
    ("etc/systemd/system/container-metrics.timer", "systemctl enable --now container-metrics.timer"),
    ("etc/systemd/system/apt-daily-upgrade.timer.d", "systemctl restart apt-daily-upgrade.timer"),
    ("etc/systemd/system/host-firewall.service", "systemctl enable host-firewall.service"),
    ("etc/nftables", "systemctl reload-or-restart host-firewall.service"),
    ("etc/ssh/sshd_config.d", "systemctl reload-or-restart ssh.service"),
    ("etc/systemd/journald.conf.d", "systemctl restart systemd-journald.service"),
    ("etc/sysctl.d", "sysctl --quiet --system"),
    ("etc/tmpfiles.d", "systemd-tmpfiles --create"),
    ("etc/docker", "systemctl restart docker.service"),  # containers keep running: "live-restore"
)
"""Place, and who must know when something under it has changed, in this order."""


def tell(changed: list[Path], check: bool = True) -> None:
    """Start what does not run, and tell what runs about its new files."""
    make_places()
    database.make_ready()
    tell_host(changed, check)
    tell_edge(check)
    tell_monitoring(changed, check)


def make_places() -> None:
    """What the repository has no file for: the markers' folder, settings for a person's `docker compose`, secrets.

    The files of the monitoring say which secrets there are. Empty ones let it start (scripts/secrets.sh sets them);
    Grafana's password is made here.
    """
    for folder in (settings.GATE, settings.STATE, settings.METRICS.parent, APPLICATION / "monitoring-secrets"):
        folder.mkdir(parents=True, exist_ok=True)
    if not (APPLICATION / ".env").is_symlink():
        (APPLICATION / ".env").symlink_to("settings.env")
    for name in secrets_of_the_monitoring():
        file = APPLICATION / "monitoring-secrets" / name
        if not file.exists():
            file.touch(0o440)
            file.write_text(secrets.token_urlsafe(24) if name == GRAFANA else "", "utf-8")
        os.chown(file, 0, 0 if name == GRAFANA else NOBODY)
        file.chmod(0o440)


def secrets_of_the_monitoring() -> set[str]:
    """Names of the files that Alertmanager and Grafana are told to read."""
    files = (APPLICATION / "monitoring/compose.yml", APPLICATION / "monitoring/alertmanager/alertmanager.yml")
    return {name for file in files for name in SECRET.findall(file.read_text("utf-8"))}


def tell_host(changed: list[Path], check: bool) -> None:
    """Let the host's own programs read their files again, where systemd runs."""
    for place, words in HOST if Path("/run/systemd/system").is_dir() else ():
        if touch(changed, place):
            run(*words.split(), check=check)


def tell_edge(check: bool) -> None:
    """Start the edge, or let it read its file again: when nothing is new in it, it does nothing."""
    application = compose(APPLICATION, "")
    before = run(*application, "ps", "--quiet", "edge", check=False)
    run(*application, "up", "--detach", "--quiet-pull", check=check)
    if before and before != run(*application, "ps", "--quiet", "edge", check=False):
        print("The edge had to be restarted: its image or its settings are new. That cost some seconds of service.")
    if check:
        counters.require(seconds=15)
    run(*application, "exec", "-T", "edge", "caddy", "reload", "--config", "/etc/caddy/Caddyfile", check=check)


def tell_monitoring(changed: list[Path], check: bool) -> None:
    """Start the monitoring, or let it read its files again."""
    monitoring = compose(APPLICATION, "monitoring")
    run(*monitoring, "up", "--detach", "--quiet-pull", "--remove-orphans", check=check)
    for service in ("prometheus", "alertmanager", "blackbox"):
        if touch(changed, f"opt/app/monitoring/{service}"):
            run(*monitoring, "kill", "--signal", "SIGHUP", service, check=check)
