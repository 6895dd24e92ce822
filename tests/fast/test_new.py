"""`richtfest new`: all or nothing, nothing overwritten, and the same bytes as plain Copier."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from richtfest.cli import group
from tests.generation import ROOT, files_of, render


def new(*arguments: str):
    return CliRunner().invoke(group, ["new", *map(str, arguments)])


def tree(folder) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files_of(folder)}


def test_help_does_not_import_copier():
    code = (
        "import sys; from click.testing import CliRunner; from richtfest.cli import group; "
        "CliRunner().invoke(group, ['--help']); sys.exit('copier' in sys.modules or 'rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_defaults_ask_nothing_and_name_the_next_three_commands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = new("shop", "--defaults", "-d", "language=en")
    assert result.exit_code == 0, result.output
    commands = result.output.split("Next three commands:\n")[1].strip().splitlines()
    assert len(commands) == 4
    assert commands[0].strip().startswith("cd shop && git init")
    assert commands[3] == "Then go on with docs/first-day.md"
    assert (tmp_path / "shop/docs/first-day.md").is_file()


def test_the_keys_are_committed_before_anything_is_pushed(tmp_path):
    shop = tmp_path / "shop"
    subprocess.run(["git", "init", "--quiet", shop], check=True)
    subprocess.run(["git", "remote", "add", "origin", "git@github.com:acme/shop.git"], cwd=shop, check=True)
    commands = new(shop, "--defaults", "-d", "language=en").output.split("Next three commands:\n")[1].splitlines()
    assert commands[1].strip() == "bash scripts/setup.sh"
    assert commands[2].strip() == 'git add terraform/keys && git commit -m "Keys" && git push'


def test_what_lies_in_the_folders_of_the_machinery_is_named(tmp_path):
    for name in ("scripts/ours.sh", "server/app.py", "docs/notes.md"):
        (tmp_path / "shop" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "shop" / name).write_text("# ours\n")
    told = new(tmp_path / "shop", "--defaults", "-d", "language=en").output
    assert "Files of yours lie in the same folders (server/): all of server/ and" in told


def test_a_module_that_is_not_there_is_told(tmp_path):
    (tmp_path / "requirements.txt").write_text("fastapi\n")
    (tmp_path / "main.py").write_text("app = None\n")
    assert "There is no module" not in new(tmp_path, "--defaults", "--dry-run", "-d", "language=en").output
    (tmp_path / "main.py").rename(tmp_path / "start.py")
    told = new(tmp_path, "--defaults", "--dry-run", "-d", "language=en").output
    assert "There is no module app.main" in told


def test_the_port_that_a_dockerfile_exposes_is_the_default(tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM scratch\nEXPOSE 3000\n")
    told = new(tmp_path, "--defaults", "-d", "language=en").output
    assert "application_port: 3000" in told
    assert "APPLICATION_PORT=3000\n" in (tmp_path / "server/environments/production.env").read_text()


def test_a_folder_inside_another_repository_is_told(tmp_path):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    told = new(tmp_path / "backend", "--defaults", "-d", "language=en").output
    assert f"lies inside the git repository {tmp_path}" in told


def test_a_repository_for_gitlab_is_pushed_before_its_first_pipeline(tmp_path):
    result = new(tmp_path / "shop", "--defaults", "-d", "language=en", "-d", "ci=gitlab")
    commands = result.output.split("Next three commands:\n")[1].strip().splitlines()
    assert "glab repo create --private" in commands[1] and "ci.skip" in commands[1]


def test_the_summary_speaks_german_when_asked(tmp_path):
    result = new(tmp_path / "shop", "--defaults", "-d", "language=de")
    assert "Die nächsten drei Befehle" in result.output


def test_the_repository_equals_that_of_plain_copier(tmp_path):
    new(tmp_path / "a" / "shop", "--defaults", "-d", "language=en", "-d", "stack=docker")
    render({"stack": "docker"}, tmp_path / "b" / "shop")
    ours, plain = tree(tmp_path / "a" / "shop"), tree(tmp_path / "b" / "shop")
    del ours[".copier-answers.yml"], plain[".copier-answers.yml"]  # the origin differs: a folder has no tag
    assert ours == plain


def test_the_answers_name_the_public_origin_and_the_version(tmp_path):
    new(tmp_path / "shop", "--defaults")
    answers = yaml.safe_load((tmp_path / "shop" / ".copier-answers.yml").read_text("utf-8"))
    assert answers["_src_path"].startswith("https://")
    assert answers["_commit"].startswith("v")


def test_dry_run_writes_nothing(tmp_path):
    result = new(tmp_path / "shop", "--defaults", "--dry-run")
    assert result.exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_the_folder_becomes_the_name_of_the_project(tmp_path):
    new(tmp_path / "My Shop_2", "--defaults")
    answers = yaml.safe_load((tmp_path / "My Shop_2" / ".copier-answers.yml").read_text("utf-8"))
    assert answers["project_name"] == "my-shop-2"


@pytest.fixture
def application(tmp_path):
    folder = tmp_path / "existing"
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    (folder / "requirements.txt").write_text("fastapi==0.115.0\nuvicorn==0.34.0\n")
    (folder / "README.md").write_text("# ours\n")
    (folder / "Dockerfile").write_text("FROM scratch\n")
    return folder


def test_an_existing_application_keeps_every_file_and_the_stack_is_named_with_its_reason(application):
    before = tree(application)
    result = new(application, "--defaults", "-d", "language=en")
    assert result.exit_code == 0, result.output
    after = tree(application)
    assert {name: after[name] for name in before} == before
    assert "stack: fastapi (requirements.txt:1 fastapi==0.115.0)" in result.output
    assert "Kept as they are" in result.output and "README.md" in result.output
    answers = yaml.safe_load(after[".copier-answers.yml"])
    assert (answers["starter"], answers["own_dockerfile"]) == (False, True)
    assert answers["python_module"] == "app.main:app"


def test_workflows_that_were_here_are_named_and_not_taken_for_ours(application):
    folder = application / ".github/workflows"
    folder.mkdir(parents=True)
    for name in ("release.yaml", "ci.yml"):
        (folder / name).write_text("on: push\n")
    result = new(application, "--defaults", "-d", "language=en")
    assert "Your own workflows are still there (release.yaml)" in result.output
    assert "ci.yml" in result.output.split("Kept as they are")[1]


@pytest.mark.parametrize(
    ("name", "move"),
    [
        ("scripts/release.sh", "mv scripts/release.sh scripts/release-ours.sh"),
        (".github/workflows/deploy.yml", "mv .github/workflows/deploy.yml .github/workflows/deploy-ours.yml"),
        ("docs/operations.md", "mv docs/operations.md docs/operations-ours.md"),
        ("terraform/main.tf", "mv terraform terraform-ours"),
    ],
)
def test_a_file_in_a_place_that_the_rest_relies_on_is_moved_first_and_then_all_is_written(application, name, move):
    (application / name).parent.mkdir(parents=True)
    (application / name).write_text("# ours\n")
    before = tree(application)
    result = new(application, "--defaults", "-d", "language=en")
    assert result.exit_code == 1
    assert f"stand where these must be: {name}; move them and run this again" in result.stderr
    assert tree(application) == before
    commands = result.stderr.rpartition("for example: ")[2].strip()
    assert commands == f"cd {application} && {move}"
    subprocess.run(["sh", "-ec", commands], check=True)
    again = new(application, "--defaults", "-d", "language=en")
    assert again.exit_code == 0 and "Files of yours" not in again.output
    assert (application / name).exists() and b"# ours\n" in tree(application).values()


def test_gitlab_reads_one_file_only_and_another_one_has_its_place(application):
    (application / ".gitlab-ci.yml").write_text("test: {script: [make test]}\n")
    result = new(application, "--defaults")
    assert result.exit_code == 1
    assert "mv .gitlab-ci.yml .gitlab-ci-ours.yml" in result.stderr
    (application / ".gitlab-ci.yml").rename(application / ".gitlab-ci-ours.yml")
    assert new(application, "--defaults").exit_code == 0
    assert (application / ".gitlab/ci/release.yml").exists() and not (application / ".github").exists()


def test_checks_and_tests_of_the_team_stay_and_what_they_must_do_is_told(application):
    ours = {".github/workflows/ci.yml": "on: push\n", "scripts/test.sh": "make test\n"}
    for name, text in ours.items():
        (application / name).parent.mkdir(parents=True)
        (application / name).write_text(text)
    ours[".github/workflows/ci.yml"] += "jobs:\n  a:\n    steps:\n      - run: kubectl apply -f k8s\n"
    (application / ".github/workflows/ci.yml").write_text(ours[".github/workflows/ci.yml"])
    result = new(application, "--defaults", "-d", "language=en")
    assert "(.github/workflows/ci.yml:5 - run: kubectl apply -f k8s)" in result.output
    assert "Your .github/workflows/ci.yml stays: let a job of it run bash scripts/checks.sh" in result.output
    assert "Your scripts/test.sh stays, and the pipelines run it" in result.output
    assert {name: (application / name).read_text() for name in ours} == ours


def test_what_their_gitignore_would_keep_from_being_committed_is_named(application):
    (application / ".gitignore").write_text("*.env\n/docs\n")
    told = new(application, "--defaults", "-d", "language=en").output
    (line,) = (line for line in told.splitlines() if line.startswith("A .gitignore of yours"))
    assert "docs/application.md, docs/first-day.md" in line and "(+" in line
    assert "git check-ignore -v docs/application.md names one" in line
    (application / ".gitignore").write_text("*.env\n")
    subprocess.run(["git", "init", "-q"], cwd=application, check=True)
    subprocess.run(["git", "add", "-A"], cwd=application, check=True)
    listed = subprocess.run(["git", "ls-files"], cwd=application, capture_output=True, text=True).stdout
    assert "server/environments/production.env" not in listed, "what is told is what git does"


def test_a_second_run_in_the_same_folder_is_refused(application):
    new(application, "--defaults")
    before = tree(application)
    result = new(application, "--defaults")
    assert result.exit_code == 1
    assert "`richtfest update` (or `copier update`)" in result.stderr
    assert tree(application) == before


def test_a_file_where_a_folder_is_needed_is_refused_and_nothing_is_written(application):
    (application / "terraform").write_text("a file\n")
    before = tree(application)
    result = new(application, "--defaults")
    assert result.exit_code == 1
    assert "terraform is a file" in result.stderr
    assert tree(application) == before


def test_a_folder_that_leads_elsewhere_is_refused(application, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (application / "terraform").symlink_to(tmp_path / "elsewhere")
    result = new(application, "--defaults")
    assert result.exit_code == 1
    assert "leads out of" in result.stderr
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_destination_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "shop").write_text("")
    assert "is a file: name a folder" in new(tmp_path / "shop", "--defaults").stderr


def test_a_failure_in_the_middle_of_moving_leaves_the_application_as_it_was(application, monkeypatch):
    before = tree(application)
    real, calls = Path.rename, []

    def fail_at_the_tenth(source, target):
        calls.append(target)
        if len(calls) == 10:
            raise OSError(28, "No space left on device")
        return real(source, target)

    monkeypatch.setattr(Path, "rename", fail_at_the_tenth)
    result = new(application, "--defaults")
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert tree(application) == before
    assert not list(application.glob(".richtfest*"))


@pytest.mark.parametrize("delay", [0.05, 0.3, 0.8])
def test_an_interrupted_run_leaves_nothing(tmp_path, delay):
    # Python itself says where it was interrupted while it starts: the time is taken from our first line on.
    ready = "print('ready', flush=True); from richtfest.__main__ import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", ready, "new", str(tmp_path / "shop"), "--defaults"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdout.readline()
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert "Traceback" not in stderr
    left = list(tmp_path.iterdir())
    assert left == [] or (left == [tmp_path / "shop"] and (tmp_path / "shop" / "README.md").exists())


@pytest.mark.parametrize(("sent", "code"), [("SIGINT", 1), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_in_the_middle_of_garbage_collection_is_not_lost(tmp_path, sent, code):
    script = f"""
import os, signal, sys, time, weakref
usual = signal.default_int_handler if signal.{sent} == signal.SIGINT else signal.SIG_DFL
signal.signal(signal.{sent}, usual)  # whoever started the tests may ignore it
from richtfest import cli
class Waste: pass
def collect(**_):
    waste = Waste()
    weakref.finalize(waste, os.kill, os.getpid(), signal.{sent})
    del waste
    time.sleep(30)
    print("nobody interrupted")
cli.group.callback = None
cli.group.invoke = lambda context: collect()
sys.argv = ["richtfest", "new"]
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "nobody interrupted" not in done.stdout and "Traceback" not in done.stderr, done.stderr
