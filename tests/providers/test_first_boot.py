"""What the server is told at its first boot, before the programs that will read it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.providers.test_infrastructure import built


@pytest.fixture
def user_data(site, hetzner) -> str:
    """The text that the real provider sent for a new server."""
    built(site)
    (text,) = hetzner.user_data.values()
    return text


@pytest.fixture
def files(user_data) -> dict[str, dict]:
    """The files that it writes, by path."""
    return {file["path"]: file for file in yaml.safe_load(user_data)["write_files"]}


def run(*command: object, **options) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


pytestmark = pytest.mark.needs("moto-server", "aws")


@pytest.mark.needs("cloud-init")
def test_cloud_init_accepts_it(user_data, tmp_path):
    (tmp_path / "user-data").write_text(user_data)
    assert "Valid" in run("cloud-init", "schema", "--config-file", tmp_path / "user-data")


def test_it_stays_below_the_limit_of_the_cloud(user_data):
    assert len(user_data.encode()) < 32 * 1024


@pytest.mark.needs("nft", "sshd", "visudo")
def test_sudo_ssh_firewall_and_docker_accept_their_files(files, tmp_path):
    sudoers = tmp_path / "sudoers"
    sudoers.write_text(files["/etc/sudoers.d/50-server"]["content"])
    sudoers.chmod(0o440)
    run("visudo", "--check", "--file", sudoers)

    rules = tmp_path / "host.nft"
    rules.write_text(files["/etc/nftables/host.nft"]["content"])
    run("nft", "--check", "--file", rules)

    key = tmp_path / "key"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    drop_in = next(file["content"] for path, file in files.items() if path.startswith("/etc/ssh/sshd_config.d/"))
    settings = tmp_path / "sshd_config"
    # In this copy only: a host key that is here.
    settings.write_text(drop_in.replace("/etc/ssh/ssh_host_ed25519_key", str(key)))
    Path("/run/sshd").mkdir(exist_ok=True)  # the service makes it at its start
    effective = run(shutil.which("sshd"), "-T", "-f", settings)
    for line in ("permitrootlogin no", "passwordauthentication no", "allowusers ops", "allowusers deploy"):
        assert line in effective, line

    json.loads(files["/etc/docker/daemon.json"]["content"])


def test_the_pipeline_gets_the_release_gate_and_nothing_else(files):
    for line in files["/etc/ssh/authorized_keys/deploy"]["content"].splitlines():
        assert line.startswith('restrict,command="/usr/local/sbin/release-gate ')
