"""Secrets on their way to the server, and looked for in the repository: nothing is lost by a slip, and what could not
be checked is no finding."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.generation import ROOT

SERVER = ROOT / "templates/server/server-secrets"
SSH = """#!/usr/bin/env bash
# Stand-in for ssh: the server is a folder here, and what would run there as root runs here.
words="${*: -1}"
exec python3 SERVER ${words##*server-secrets}
"""


@pytest.fixture
def shop(generated):
    """A repository whose server is a folder."""
    found = generated(None)
    (found.home / "opt/app/monitoring-secrets").mkdir(parents=True)
    (found.home / "opt/app/monitoring-secrets/smtp_password").touch()
    (found.path / "terraform/keys/host").mkdir(parents=True, exist_ok=True)
    (found.path / "terraform/keys/host/production.pub").write_text("ssh-ed25519 AAAA host\n")
    ssh = found.programs / "ssh"
    ssh.write_text(SSH.replace("SERVER", str(SERVER)))
    ssh.chmod(0o755)
    return found


def secrets(shop, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return shop.run("secrets.sh", "production", *words, typed=typed, RELEASE_ROOT=str(shop.home))


def test_a_secret_arrives_as_it_was_typed(shop):
    assert secrets(shop, "set", "TOKEN", typed='a "b" $c').returncode == 0
    assert (shop.home / "opt/app/application.env").read_text() == 'TOKEN="a \\"b\\" \\$c"\n'


def test_an_empty_answer_changes_nothing_and_says_so(shop):
    secrets(shop, "set", "TOKEN", typed="good")
    done = secrets(shop, "set", "TOKEN", typed="")
    assert done.returncode == 1
    assert done.stderr.startswith("Nothing was entered: TOKEN stays as it is.")
    assert (shop.home / "opt/app/application.env").read_text() == 'TOKEN="good"\n'


def test_a_name_of_the_monitoring_never_becomes_a_variable_of_the_application(shop):
    done = secrets(shop, "set", "alert_url", typed="https://chat.example.com/hook")
    assert done.returncode == 5
    assert "alert_url is read by nothing here" in done.stderr
    assert not (shop.home / "opt/app/application.env").exists()
    assert secrets(shop, "set", "smtp_password", typed="x").returncode == 0


@pytest.mark.parametrize(("verb", "tool"), [("secrets", "gitleaks"), ("dependencies", "trivy")])
@pytest.mark.parametrize(
    ("code", "ends", "words"),
    [
        ({"gitleaks": 0, "trivy": 0}, 0, ""),
        ({"gitleaks": 1, "trivy": 3}, 1, "revoke it|known holes"),
        ({"gitleaks": 126, "trivy": 1}, 2, "could not be checked"),
    ],
    ids=["nothing found", "something found", "the tool itself failed"],
)
def test_what_could_not_be_checked_is_no_finding(generated, verb, tool, code, ends, words):
    shop = generated(None)
    program = shop.programs / tool
    program.write_text(f"#!/usr/bin/env bash\n# Stand-in.\nexit {code[tool]}\n")
    program.chmod(0o755)
    (shop.programs / "trivy").touch(mode=0o755)
    done = shop.run("security.sh", verb)
    assert done.returncode == ends
    assert any(word in done.stderr for word in words.split("|")), done.stderr


REQUIREMENTS = {"requirements.txt": "tomli\n", "requirements-dev.txt": "iniconfig\n"}
GROUPS = {"pyproject.toml": """[project]
name = "shop"
version = "1"
dependencies = ["tomli"]
[dependency-groups]
dev = ["iniconfig"]
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[tool.setuptools]
packages = []
"""}  # fmt: skip


@pytest.mark.parametrize("files", [REQUIREMENTS, GROUPS], ids=["requirements", "pyproject"])
def test_what_the_tests_need_is_installed_beside_what_the_application_needs(files, tmp_path):
    """With the index of packages of this machine; the test of the application proves that both are there."""
    from tests.generation import render

    for name, text in (files | {"tests/test_both.py": "import iniconfig, tomli\n"}).items():
        (tmp_path / "shop" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "shop" / name).write_text(text)
    shop = render({"stack": "fastapi", "starter": False}, tmp_path / "shop")
    script = (shop / "scripts/test.sh").read_text()
    (shop / "scripts/test.sh").write_text(script.replace("python -c 'import pytest'", "true").replace(
        "python -m pytest", "python tests/test_both.py"))  # fmt: skip
    path = f"{Path(sys.executable).resolve().parent}:{os.environ['PATH']}"
    done = subprocess.run(["bash", "scripts/test.sh"], cwd=shop, env=os.environ | {"PATH": path},
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
