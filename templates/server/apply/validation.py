"""Whether the new configuration is good: each changed part is put before the program that will read it."""

from pathlib import Path

from apply.commands import compose, require
from apply.differences import touch

HOST = (
    ("etc/sudoers.d", "visudo -c -q -f"),
    ("etc/ssh/sshd_config.d", "sshd -t -f"),
    ("etc/nftables", "nft --check --file"),
    ("etc/docker/daemon.json", "dockerd --validate --config-file"),
)
"""Place, and the command that reads a file of it on the server itself."""
CONTAINERS = (
    ("", "edge", "caddy validate --adapter caddyfile --config /etc/caddy/Caddyfile"),
    ("monitoring", "prometheus", "promtool check config /etc/prometheus/prometheus.yml"),
    ("monitoring", "alertmanager", "amtool check-config /etc/alertmanager/alertmanager.yml"),
    ("monitoring", "blackbox", "blackbox_exporter --config.check --config.file /etc/blackbox/blackbox.yml"),
)
"""Project, service, and the command in its own image that reads its configuration."""


def validate(new: Path, changed: list[Path]) -> None:
    """Put each changed part before the program that will read it.

    Raises:
        Invalid: with that program's own words.
    """
    for place, words in HOST:
        for path in changed:
            if path.is_relative_to(place) and (new / path).is_file():
                require(f"/{path}", *words.split(), new / path)
    application = new / "opt/app"
    for project in ("", "monitoring"):
        require("Compose", *compose(application, project), "config", "--quiet")
    for project, service, words in CONTAINERS:
        folder = Path("opt/app") / project
        if touch(changed, f"{folder / service}", f"{folder}/compose.yml", "opt/app/settings.env"):
            image = require("Compose", *compose(application, project), "config", "--images", service).split()[0]
            program, *arguments = words.split()
            mount = f"{new / folder / service}:{Path(arguments[-1]).parent}:ro"
            require(service, "docker", "run", "--rm", "--network", "none", "--env-file", application / "settings.env",
                    "--volume", mount, "--entrypoint", program, image, *arguments)  # fmt: skip
