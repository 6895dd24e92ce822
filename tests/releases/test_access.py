"""From a laptop and a pipeline to the server and back: real sshd, the real gate, real sudo, the scripts of the
repository, and `apply` with everything that it brings."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.releases.load import ask
from tests.releases.team import Team, team_and_server, wait_until
from tests.releases.test_releases import run_under_load

FILES = "terraform/cloud-init/files/etc"
pytestmark = pytest.mark.needs("sshd")


@pytest.fixture(scope="module")
def team(generated, images, registry, base_image, docker, tmp_path_factory) -> Iterator[Team]:
    """A team after `scripts/setup.sh`, and its server after the first boot and the first `apply`."""
    with team_and_server(generated, registry, base_image, docker, tmp_path_factory) as found:
        yield found


# ---- apply -------------------------------------------------------------------------------------------


def test_the_first_apply_brings_everything_and_the_second_has_nothing_to_do(team):
    for path in (
        "opt/app/compose.yml",
        "opt/app/release/cli.py",
        "opt/app/monitoring/prometheus/targets/application.yml",
        "usr/local/sbin/release-gate",
        "etc/ssh/authorized_keys/deploy",
    ):
        assert f"new /{path}\n" in team.first_apply
    assert team.script("apply", "production") == "Nothing to do: the server has it already.\n"


# ---- releasing ---------------------------------------------------------------------------------------


def test_the_pipeline_releases_with_its_own_key_and_the_record_knows_who_and_why(team, images):
    told = team.ci("release", "production", "deploy", images["good"], REASON="the first\none; $(id)")
    assert "r1 is in service" in told
    first = team.history()[0]
    assert (first["actor"], first["reason"], first["image"]) == (
        "github-actions",
        "the first one;  (id)",
        images["good"],
    )
    assert json.loads(team.ci("release", "production", "status", "--json"))["image"] == images["good"]


def test_a_person_releases_and_goes_back_from_the_laptop(team, images):
    run_under = run_under_load(
        lambda: team.script("release", "production", "deploy", images["better"]),
        lambda: team.script("release", "production", "rollback", REASON="I changed my mind"),
    )
    assert run_under.failed == 0, run_under
    assert [(attempt["actor"], attempt["reason"]) for attempt in team.history()[:2]] == [
        ("ada", "I changed my mind"), ("ada", ""),
    ]  # fmt: skip
    assert ask("/")[1] == "good"


def test_a_bad_release_ends_with_its_sentence_and_exit_code_3_on_the_laptop(team, images):
    told = []
    run_under_load(lambda: told.append(team.script("release", "production", "deploy", images["failing"], expect=3)))
    assert "requests failed" in told[0].splitlines()[-1]


def test_a_person_reads_the_logs_and_runs_a_command_where_it_serves(team, images):
    team.script("release", "production", "deploy", images["best"])
    assert "listening as best" in team.script("release", "production", "logs", "--tail", "3")
    assert "listening as best" in team.script("release", "production", "logs", "--since", "5m")
    words = ("exec", "/application", "greet", "two words; $(id) 'and' more")
    assert team.script("release", "production", *words) == "best greets two words; $(id) 'and' more\n"
    team.script("release", "production", "exec", "/application", "fail", expect=1)
    assert "this is no verb" in team.ssh("deploy", "logs").stderr, "logs are for people"


def test_a_client_that_goes_away_does_not_stop_a_release(team, images):
    before = len(team.history())
    client = subprocess.Popen(
        ["bash", "scripts/release.sh", "production", "deploy", images["better"]],
        cwd=team.repository, env=team.pipeline, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert client.stdout.readline()
    os.killpg(client.pid, signal.SIGKILL)
    wait_until(lambda: len(team.history()) > before, "the release did not end")
    assert team.history()[0]["result"] == "deployed"
    wait_until(lambda: ask("/")[1] == "better", "it does not serve")


# ---- what the pipeline's key cannot do ---------------------------------------------------------------


NO_VERB = ("", "id", "recover", "maintenance maybe", "status --json --actor root", "--actor root status")
NO_WORD = ("status; id", "status && id", "deploy $(id)", "deploy `id`", "deploy *", "status\nid", "deploy 'x'",
           "deploy <x", "deploy ~\\x")  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "requests"),
    [
        ("this is no verb", NO_VERB),
        ("holds a character that no verb needs", NO_WORD),
        ("is not allowed here", ("deploy nginx:latest", "deploy current@sha256:0")),
        ("unrecognized arguments", ("deploy x --actor root", "rollback --act=root")),
    ],
)
def test_the_gate_refuses_what_is_no_verb(team, sentence, requests):
    for words in requests:
        done = team.ssh("deploy", words)
        assert (done.returncode, done.stdout) == (5, ""), words
        assert sentence in done.stderr, words
        assert "Traceback" not in done.stderr


def test_the_pipelines_key_opens_no_shell_no_tunnel_and_no_other_user(team, tmp_path):
    assert team.ssh("deploy", "status", options=("-tt",)).stdout.count("PTY") == 0
    assert team.ssh("ops", "true").returncode == 255
    assert team.ssh("root", "true").returncode == 255
    copy = subprocess.run(
        ["scp", "-q", "-P", str(team.port), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
         "-o", "BatchMode=yes", "-i", team.repository.parent / "pipeline", __file__, "deploy@127.0.0.1:copied"],
        stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    assert copy.returncode
    tunnel = team.ssh("deploy", "status", options=("-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:8082"))
    assert tunnel.returncode == 255, "a tunnel was opened"


def test_a_server_with_another_host_key_is_refused(team):
    pinned = team.repository / "terraform/keys/host/production.pub"
    right = pinned.read_text()
    pinned.write_text((team.repository.parent / "stranger.pub").read_text())
    try:
        told = team.script("release", "production", "status", expect=255)
        assert "could not be reached as deploy" in told
    finally:
        pinned.write_text(right)


# ---- secrets -----------------------------------------------------------------------------------------


def test_secrets_travel_by_standard_input_and_are_in_force_with_the_next_release(team, images):
    value = 'it\'s "so" $HOME #1 \\n and more'
    team.script("release", "production", "deploy", images["good"])
    told = team.script("secrets", "production", "set", "GREETING", given=value + "\n")
    assert "deploy current" in told and "so" not in told
    assert team.script("secrets", "production", "list").split() == ["GREETING"]
    file = team.root / "opt/app/application.env"
    assert file.stat().st_mode & 0o777 == 0o600
    assert ask("/greeting")[1] == ""
    team.script("release", "production", "deploy", "current")
    assert ask("/greeting")[1] == value
    team.script("secrets", "production", "remove", "GREETING")
    assert team.script("secrets", "production", "list").split() == []


def test_a_secret_of_the_monitoring_stays_readable_for_its_container_only(team):
    team.script("secrets", "production", "set", "smtp_password", given="s3cret")
    file = team.root / "opt/app/monitoring-secrets/smtp_password"
    assert file.read_text() == "s3cret"
    assert file.stat().st_mode & 0o777 == 0o440
    assert file.stat().st_gid == 65534


# ---- changing the configuration of a running server ---------------------------------------------------


def edited(team: Team, path: str, before: str, after: str):
    """A context in which a file of the repository is changed."""

    class Edit:
        def __enter__(self) -> None:
            self.file = team.repository / path
            self.text = self.file.read_text("utf-8")
            assert before in self.text
            self.file.write_text(self.text.replace(before, after), "utf-8")

        def __exit__(self, *_: object) -> None:
            self.file.write_text(self.text, "utf-8")

    return Edit()


def test_an_apply_that_has_nothing_to_do_disturbs_nobody(team, images):
    team.script("release", "production", "deploy", images["good"])
    load = run_under_load(lambda: team.script("apply", "production"))
    assert load.failed == 0, load


def test_a_new_edge_configuration_is_in_force_and_the_old_one_again(team, images):
    team.script("release", "production", "deploy", images["good"])
    change = ("handle @maintenance {", 'handle /new {\n\t\trespond "new"\n\t}\n\thandle @maintenance {')
    told: list[str] = []
    with edited(team, "server/edge/Caddyfile", *change):
        load = run_under_load(lambda: told.append(team.script("apply", "production")))
    in_force = ask("/new")
    back = team.script("apply", "production")
    assert (in_force, ask("/new")) == ((200, "new"), (200, "good"))
    for lines, sign in ((told[0], "+"), (back, "-")):
        assert lines.startswith("changed /opt/app/edge/Caddyfile\n")
        assert f'  {sign}\t\trespond "new"\n' in lines
        assert lines.count("/opt/") == 1
    # Caddy closes idle connections when it takes new settings; a client may just be using the one it keeps.
    assert load.failed <= sum(count for count, _, keeps in load.clients if keeps), load


@pytest.mark.parametrize(
    ("path", "before", "after", "sentence"),
    [
        ("server/edge/Caddyfile", "reverse_proxy", "reverse_poxy", "edge says"),
        ("server/compose.yml", "restart: unless-stopped", "restart: 7", "Compose says"),
        ("server/compose.yml", "read_only: true", "command: [no-such-program]", "no-such-program"),
        ("monitoring/prometheus/prometheus.yml", "scrape_interval", "scrap_interval", "prometheus says"),
        ("server/edge/Caddyfile", "app-{args[0]}:", "elsewhere-{args[0]}:", "could not be reached through the edge"),
        ("terraform/keys/admin/ada.pub", "ssh-ed25519 ", "ssh-rsa ", "ssh-keygen (ada.pub) says"),
        (f"{FILES}/sudoers.d/50-server", "deploy ALL=", "deploy ALLES", "/etc/sudoers.d/50-server says"),
        (
            f"{FILES}/ssh/sshd_config.d/10-server.conf",
            "AllowUsers",
            "AlowUsers",
            "/etc/ssh/sshd_config.d/10-server.conf",
        ),
        (f"{FILES}/nftables/host.nft", "policy drop", "policy droop", "/etc/nftables/host.nft says"),
        (f"{FILES}/docker/daemon.json", "true,", "true", "/etc/docker/daemon.json says"),
    ],
    ids=[
        "edge-invalid",
        "compose-invalid",
        "edge-cannot-start",
        "prometheus-invalid",
        "edge-breaks-the-site",
        "key-invalid",
        "sudoers-invalid",
        "sshd-invalid",
        "firewall-invalid",
        "docker-invalid",
    ],
)
def test_a_bad_configuration_is_refused_or_undone(team, images, path, before, after, sentence):
    team.script("release", "production", "deploy", images["good"])
    with edited(team, path, before, after):
        told = team.script("apply", "production", expect=1)
    assert told.startswith("Nothing is changed: ")
    assert sentence in told
    assert ask("/")[1] == "good"
    assert team.script("apply", "production") == "Nothing to do: the server has it already.\n"


def test_hardening_that_changed_since_the_first_boot_reaches_the_server_and_leaves_it_again(team):
    place = team.repository / FILES / "sysctl.d/70-more.conf"
    place.write_text("# More files.\nfs.file-max = 500000\n")
    told = team.script("apply", "production", "--dry-run")
    assert told == "new /etc/sysctl.d/70-more.conf\nNothing is changed: this was a dry run.\n"
    on_server = team.root / "etc/sysctl.d/70-more.conf"
    assert not on_server.exists()
    assert team.script("apply", "production") == "new /etc/sysctl.d/70-more.conf\n"
    assert on_server.read_text() == place.read_text()
    place.unlink()
    assert team.script("apply", "production") == "removed /etc/sysctl.d/70-more.conf\n"
    assert not on_server.exists()


def test_a_key_that_is_taken_away_opens_nothing_any_more(team):
    key = team.repository / "terraform/keys/deploy/production/github-actions.pub"
    words = key.read_text()
    key.unlink()
    assert "changed /etc/ssh/authorized_keys/deploy" in team.script("apply", "production")
    assert team.ssh("deploy", "status").returncode == 255
    key.write_text(words)
    team.script("apply", "production")
    assert team.ssh("deploy", "status").returncode == 0


def test_apply_waits_for_a_release_that_is_under_way(team, images):
    other = images["better"] if ask("/")[1] == "good" else images["good"]
    client = subprocess.Popen(
        ["bash", "scripts/release.sh", "production", "deploy", other],
        cwd=team.repository, env=team.pipeline, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(1)
    assert "github-actions is releasing since" in team.script("apply", "production")
    assert client.wait(60) == 0
