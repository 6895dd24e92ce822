"""The .gitignore of an application that is adopted: it is kept, and what it lacks is told, as git itself sees it."""

import os
import subprocess

import pytest

from tests.fast.adopted import EXPRESS, SHOP, suggestions
from tests.fast.trees import plant

OURS = ".env\n*.pem\n*.key\nid_ed25519*\n__pycache__/\n.venv/\n"
OF_TERRAFORM = "*.tfstate\n*.tfstate.*\n*.tfplan\n.terraform/\ncrash.log\n__pycache__/\n"
THEIRS = "__pycache__\n*.py[cod]\n.env*\n!.env.example\n/.venv\n*.pem\n*.key\nid_*\n"
"""Other words for the same."""


def lacking(folder, files):
    """The lines that are told, in their order."""
    told = suggestions(folder, files).get("ignoring")
    return told.code.splitlines() if told else []


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        (SHOP, []),  # ours is generated
        (SHOP | {".gitignore": OURS}, []),
        (SHOP | {".gitignore": THEIRS}, []),
        (SHOP | {".gitignore": OURS.replace("*.key\n", "")}, ["*.key"]),
        (SHOP | {".gitignore": "*.log\n"}, [".env", "*.key", "*.pem", "id_ed25519*", ".venv/", "__pycache__/"]),
        (SHOP | {".gitignore": OURS + "!.env\n"}, [".env"]),
        (EXPRESS | {".gitignore": OURS.replace(".venv/\n", "").replace("__pycache__/\n", "")}, []),
        (SHOP | {".gitignore": OURS, "terraform/.gitignore": OF_TERRAFORM}, []),
        (SHOP | {".gitignore": OURS + OF_TERRAFORM, "terraform/.gitignore": "# theirs\n"}, []),
        (SHOP | {"terraform/.gitignore": "crash.log\n__pycache__\nterraform.tfstate\n"},
         ["*.tfstate", "*.tfstate.*", "*.tfplan", ".terraform/"]),
    ],
)  # fmt: skip
def test_lines_that_a_kept_gitignore_lacks_are_told_the_most_dangerous_first(tmp_path, files, lines):
    assert lacking(tmp_path, files) == lines


def test_the_lines_that_are_told_are_enough(tmp_path):
    told = lacking(tmp_path, SHOP | {".gitignore": "*.log\n", "terraform/.gitignore": "*.log\n"})
    assert told[0] == "*.tfstate"
    assert lacking(tmp_path, {".gitignore": "\n".join(["*.log", *told]) + "\n"}) == []


def test_an_application_below_may_have_a_gitignore_of_its_own(tmp_path):
    files = {f"backend/{name}": text for name, text in SHOP.items()} | {"backend/.gitignore": ".env\n.venv\n"}
    assert lacking(tmp_path, files | {".gitignore": OURS.replace(".env\n", "").replace(".venv/\n", "")}) == []


def test_what_only_this_clone_or_this_person_leaves_out_does_not_count(tmp_path, monkeypatch):
    shop = plant(tmp_path / "shop", SHOP | {".gitignore": OURS.replace(".env\n", "")})
    subprocess.run(["git", "init", "--quiet", shop], check=True)
    (shop / ".git/info/exclude").write_text(".env\n")
    plant(tmp_path / "home", {".config/git/ignore": ".env\n"})
    monkeypatch.setenv("HOME", os.fspath(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert lacking(shop, {}) == [".env"]


def test_a_line_that_would_leave_out_what_git_keeps_is_not_told(tmp_path):
    files = SHOP | {".gitignore": OURS.replace("*.pem\n", ""), "certificates/authority.pem": "-----BEGIN CERTIFICATE\n"}
    assert lacking(tmp_path, files) == ["*.pem"]
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    assert lacking(tmp_path, {}) == []
