"""Runs a generated workflow with act: on this machine instead of GitHub's, without the internet, with a stand-in for
every action that would come from there."""

import json
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.toolbox.catalogue import environment

STAND_INS = Path(__file__).parent / "stand_ins"
USES = re.compile(r"^\s*(?:- )?uses: ([\w.-]+/[\w.-]+)@([0-9a-f]{40})", re.MULTILINE)
GITHUB = "https://github.com/Acme/shop"
"""Where the repository says that it is: with a capital, which the name of an image may not have."""
NO_INTERNET = {
    "HTTP_PROXY": "http://127.0.0.1:1",
    "HTTPS_PROXY": "http://127.0.0.1:1",
    "NO_PROXY": "localhost,127.0.0.1",
}


@dataclass
class Run:
    """What came of one run. A job that did not run is not in `jobs`: act calls such a workflow a success."""

    code: int
    jobs: dict[str, str] = field(default_factory=dict)
    steps: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    log: str = ""

    def __str__(self) -> str:
        return f"it ended with {self.code}; jobs {self.jobs}\n{self.log}"


class Runner:
    """GitHub and its machines for one repository: what a job finds there besides the files of the commit."""

    def __init__(self, repository: Path, folder: Path, **variables: str) -> None:
        self.repository = repository
        self.folder = folder
        self.variables = environment() | NO_INTERNET | {"HOME": str(folder)} | variables
        _prepare_home(folder, repository, self.variables.pop("DOCKER_CONFIG", None))
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("remote", "add", "origin", f"{GITHUB}.git")
        self.commit("The repository as it was generated")

    def git(self, *words: str) -> str:
        """Run git in the repository."""
        done = subprocess.run(
            ["git", *words], cwd=self.repository, env=self.variables, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, why: str) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", why)

    def run(self, workflow: str, event: str, secrets: dict[str, str] | None = None, **payload: object) -> Run:
        """Let an event with this payload start one workflow."""
        file = self.repository / ".github/workflows" / f"{workflow}.yml"
        told = {"event.json": payload, "secrets.yml": {"GITHUB_TOKEN": "the-token-of-the-job"} | (secrets or {})}
        for name, content in told.items():
            (self.folder / name).write_text(yaml.safe_dump(content) if "yml" in name else json.dumps(content), "utf-8")
        done = subprocess.run(
            ["act", event, "--json", "--workflows", file, "--eventpath", self.folder / "event.json",
             "--secret-file", self.folder / "secrets.yml", "--actor", "ada", "--platform", "ubuntu-24.04=-self-hosted",
             "--no-cache-server", "--no-skip-checkout", *_stand_ins(file)],
            cwd=self.repository, env=self.variables, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        run = _read(done.returncode, done.stdout)
        print(run, done.stderr, sep="\n")
        return run


def jobs_of(repository: Path, workflow: str) -> dict[str, str]:
    """Every job of a workflow, as a run in which all of them succeed would list them."""
    told = yaml.safe_load((repository / ".github/workflows" / f"{workflow}.yml").read_text("utf-8"))
    return dict.fromkeys(told["jobs"], "success")


def _prepare_home(home: Path, repository: Path, docker: str | None) -> None:
    """A home without anybody's keys, in which git finds the repository when it asks GitHub for it."""
    home.mkdir(exist_ok=True)
    (home / ".gitconfig").write_text(
        f'[user]\n\tname = Ada\n\temail = ada@example.com\n[url "{repository}"]\n\tinsteadOf = {GITHUB}\n', "utf-8"
    )
    if docker:  # `docker login` writes into that folder
        (home / ".docker").mkdir()
        (home / ".docker/cli-plugins").symlink_to(Path(docker, "cli-plugins"))


def _stand_ins(workflow: Path) -> list[str]:
    """What tells act where each action of a workflow is."""
    options = []
    for name, commit in sorted(set(USES.findall(workflow.read_text("utf-8")))):
        folder = STAND_INS / name
        assert folder.is_dir(), f"{name} needs a stand-in: {folder}"
        options += ["--local-repository", f"{name}@{commit}={folder}"]
    return options


def _read(code: int, lines: str) -> Run:
    """act writes one JSON object a line."""
    run = Run(code)
    for line in lines.splitlines():
        told = json.loads(line) if line.startswith("{") else {"msg": line}
        run.log += f"{told.get('jobID', ''):8} {told['msg'].rstrip()}\n"
        if "jobResult" in told:
            run.jobs[told["jobID"]] = told["jobResult"]
        elif "stepResult" in told and told.get("stage") == "Main":
            run.steps[told["jobID"]][told["step"]] = told["stepResult"]
    return run
