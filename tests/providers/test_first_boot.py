"""The first boot, carried out by cloud-init in a real Debian 13; then the server is asked what it has become."""

import importlib
import json
import shutil
import subprocess
import uuid
from pathlib import Path

import pytest
import yaml

from tests.generation import ROOT

HERE = Path(__file__).parent / "debian-13"
pytestmark = pytest.mark.needs("docker", "base-images")


@pytest.fixture(scope="session")
def image(docker, base_image) -> str:
    base = base_image("debian:trixie-slim")
    docker("build", "--build-arg", f"BASE={base}", "--tag", "richtfest/debian-13-server", HERE)
    return "richtfest/debian-13-server"


@pytest.fixture(scope="session")
def first_boot(workplace, terraform_environment, host_key, tmp_path_factory) -> str:
    """The user data of a server, as Terraform writes it."""
    place = workplace()
    folder = place.folder / "cloud-init"
    shutil.copy(host_key, folder / "host-key")
    (folder / "try.tfvars.json").write_text(
        json.dumps(
            {
                "hostname": "shop-production",
                "admin_keys": {"ada": (place.folder / "tests/keys/admin/ada.pub").read_text().strip()},
                "deploy_keys": {"github": (place.folder / "tests/keys/deploy/github.pub").read_text().strip()},
                "ssh_host_private_key": host_key.read_text(),
                "data_device": "/dev/disk/by-id/scsi-0HC_Volume_14",
            }
        )
    )
    done = subprocess.run(
        [place.program, "apply", "-auto-approve", "-no-color", "-var-file=try.tfvars.json"],
        cwd=folder, env=place.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((folder / "terraform.tfstate").read_text())["outputs"]["user_data"]["value"]


@pytest.fixture(scope="session")
def server(docker, image, first_boot, tmp_path_factory):
    """Boot once; gives a function that runs a command on the server."""
    seed = tmp_path_factory.mktemp("seed")
    (seed / "user-data").write_text(first_boot)
    (seed / "meta-data").write_text("instance-id: i-1\nlocal-hostname: shop-production\n")
    name = f"richtfest-first-boot-{uuid.uuid4().hex[:8]}"
    docker(
        "run", "--detach", "--rm", "--name", name, "--network", "none", "--sysctl", "net.ipv4.ip_forward=1",
        "--cap-add", "NET_ADMIN", "--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined",
        "--security-opt", "apparmor=unconfined",
        "--volume", f"{seed}:/var/lib/cloud/seed/nocloud:ro", "--volume", f"{HERE / 'firewall.py'}:/firewall.py:ro",
        image, "sleep", "600",
    )  # fmt: skip

    def run(*command: str) -> str:
        return docker("exec", name, *command)

    try:
        run("sh", "-c", "cloud-init init --local && cloud-init init && cloud-init modules --mode config")
        yield run
    finally:
        docker("rm", "--force", name)


def test_its_own_cloud_init_knows_every_key(server):
    server("cloud-init", "schema", "--config-file", "/var/lib/cloud/seed/nocloud/user-data")
    status = json.loads(server("cat", "/run/cloud-init/status.json"))["v1"]
    assert [status[stage]["errors"] for stage in ("init-local", "init", "modules-config")] == [[], [], []]


def test_both_users_are_locked_for_passwords_and_in_no_group(server):
    for user in ("ops", "deploy"):
        assert server("id", "--name", "--groups", user) == user
        assert server("getent", "shadow", user).split(":")[1].startswith("!")


def test_sshd_takes_two_users_with_keys_and_shows_the_known_host_key(server, host_key):
    server("install", "--directory", "/run/sshd")
    told = server("sshd", "-T", "-C", "user=deploy,host=x,addr=203.0.113.2").splitlines()
    for line in (
        "hostkey /etc/ssh/ssh_host_ed25519_key",
        "allowusers ops",
        "allowusers deploy",
        "permitrootlogin no",
        "authenticationmethods publickey",
        "passwordauthentication no",
        "kbdinteractiveauthentication no",
        "authorizedkeysfile /etc/ssh/authorized_keys/%u",
    ):
        assert line in told
    assert len([line for line in told if line.startswith(("hostkey ", "allowusers "))]) == 3
    shown = server("cat", "/etc/ssh/ssh_host_ed25519_key.pub").split()[:2]
    assert shown == Path(f"{host_key}.pub").read_text().split()[:2]
    assert server("sh", "-c", "ls /etc/ssh/ssh_host_*_key") == "/etc/ssh/ssh_host_ed25519_key"


def test_keys_belong_to_root_and_open_the_gate_only(server):
    assert server("stat", "--format", "%U %a", "/etc/ssh/authorized_keys/deploy") == "root 644"
    lines = server("cat", "/etc/ssh/authorized_keys/deploy").splitlines()
    assert [line.split(" ssh-")[0] for line in lines] == [
        'restrict,command="/usr/local/sbin/release-gate ada"',
        'restrict,command="/usr/local/sbin/release-gate github"',
    ]


def test_deploy_may_run_the_release_tool_as_root_and_nothing_else(server):
    server("visudo", "--check")
    told = server("sudo", "-l", "-U", "deploy").split("commands on")[1].splitlines()[1:]
    assert [line.strip() for line in told] == ["(root) NOPASSWD: /usr/local/bin/release"]


def test_the_firewall_lets_in_and_out_what_it_should(server):
    told = json.loads(server("python3", "/firewall.py"))
    assert told == {
        "internet reaches 22": True,
        "internet reaches 80": True,
        "internet reaches 443": True,
        "internet reaches another port": False,
        "container reaches another port of the server": False,
        "server reaches its own ports": True,
        "internet reaches a container": True,
        "container reaches the internet": True,
        "container reaches the metadata": False,
        "root reaches the metadata": True,
        "another user reaches the metadata": False,
        "another user reaches the internet": True,
        "tables that are left": ["table ip docker"],
    }


def test_systemd_reads_its_units(server):
    # A setting that it does not know is only told, not failed.
    assert server("sh", "-c", "systemd-analyze verify --man=no /etc/systemd/system/host-firewall.service 2>&1") == ""
    timer = server("systemd-analyze", "cat-config", "systemd/system/apt-daily-upgrade.timer")
    assert "OnCalendar=*-*-* 02:30" in timer
    assert "SystemMaxUse=500M" in server("systemd-analyze", "cat-config", "systemd/journald.conf")


def test_folders_are_made_for_those_who_write_there(server):
    server("systemd-tmpfiles", "--create", "/etc/tmpfiles.d/application.conf")
    folders = ("/opt/app", "/var/lib/release", "/var/lib/node-exporter")
    assert [server("stat", "--format", "%U %a", folder) for folder in folders] == ["root 755", "root 750", "root 755"]


def test_updates_come_at_night_and_docker_is_left_alone(server):
    told = server("apt-config", "dump")
    assert 'Unattended-Upgrade::Automatic-Reboot "true"' in told
    assert 'Unattended-Upgrade::Automatic-Reboot-Time "03:30"' in told
    origins = [line for line in told.splitlines() if "Unattended-Upgrade::Origins-Pattern::" in line]
    assert origins
    assert not [line for line in origins if "docker" in line.lower()]


def test_docker_comes_from_docker_with_its_known_key(server):
    told = server("gpg", "--batch", "--with-colons", "--show-keys", "/etc/apt/keyrings/docker.asc")
    fingerprints = [line.split(":")[9] for line in told.splitlines() if line.startswith("fpr:")]
    assert fingerprints[0] == "9DC858229FC7DD38854AE2D88D81803C0EBFCD88"
    asked = server("apt-get", "update", "--print-uris")
    assert "'https://download.docker.com/linux/debian/dists/trixie/InRelease'" in asked
    assert "Signed-By: /etc/apt/keyrings/docker.asc" in server("cat", "/etc/apt/sources.list.d/docker.sources")


def test_docker_finds_its_settings(server):
    assert json.loads(server("cat", "/etc/docker/daemon.json")) == {
        "default-network-opts": {"bridge": {"com.docker.network.enable_ipv6": "true"}},
        "live-restore": True,
        "log-driver": "local",
        "log-opts": {"max-size": "20m", "max-file": "5"},
        "no-new-privileges": True,
        "userland-proxy": False,
    }


def test_a_later_apply_finds_keys_and_hardening_as_the_first_boot_left_them(first_boot, monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(ROOT / "templates/server")
    package = importlib.import_module("apply.package")
    later = package.authorized(ROOT / "templates/terraform/tests/keys", "production")
    files = {file["path"]: file["content"] for file in yaml.safe_load(first_boot)["write_files"]}
    for user, lines in later.items():
        assert files[f"/etc/ssh/authorized_keys/{user}"] == "".join(f"{line}\n" for line in lines)

    package.copy_host(ROOT / "templates/terraform/cloud-init/files", tmp_path)
    written = {file["path"]: file for file in yaml.safe_load(first_boot)["write_files"]}
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert found
    for path in found:
        first = written[f"/{path.relative_to(tmp_path)}"]
        assert (first["content"], int(first["permissions"], 8)) == (path.read_text(), path.stat().st_mode & 0o777)
