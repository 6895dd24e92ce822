"""Runs a generated pipeline with gitlab-ci-local: on this machine instead of GitLab's, without the internet, with a
stand-in for what the images of the jobs would bring."""

import re
import subprocess
from pathlib import Path

import yaml

from tests.pipelines.runner import NO_INTERNET, STAND_INS, Run
from tests.toolbox import search
from tests.toolbox.catalogue import environment

GITLAB = "git@gitlab.com:Acme/shop.git"
"""Where the repository says that it is: with a capital, which the name of an image may not have."""
RESULT = re.compile(r"^ ?(PASS|FAIL)\s+(\S+(?: \S+)*?)\s*$", re.MULTILINE)
SERVICES = re.compile(r"^  services:\n(?:    .*\n)+", re.MULTILINE)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class GitLabRunner:
    """GitLab and its machines for one repository: what a job finds there besides the files of the commit."""

    def __init__(self, repository: Path, folder: Path, registry: str, **variables: str) -> None:
        self.repository = repository
        self.folder = folder
        self.registry = registry
        self.variables = environment() | NO_INTERNET | {"HOME": str(folder)} | variables
        self.variables["PATH"] = f"{STAND_INS / 'gitlab'}:{self.variables['PATH']}"
        self._prepare_home(self.variables.get("DOCKER_CONFIG"))
        _without_services(repository)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("remote", "add", "origin", GITLAB)
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.com")
        self.commit("The repository as it was generated")

    def git(self, *words: str) -> str:
        """Run git in the repository."""
        done = subprocess.run(
            ["git", *words], cwd=self.repository, env=self.variables, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, why: str) -> None:
        """Commit everything; what was there before is what the branch main had at GitLab."""
        before = subprocess.run(["git", "rev-parse", "--verify", "--quiet", "HEAD"], cwd=self.repository, check=False,
                                capture_output=True, text=True).stdout.strip()  # fmt: skip
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", why)
        self.git("update-ref", "refs/remotes/origin/main", before or "HEAD")

    def run(self, secrets: dict[str, dict[str, str]] | None = None, **given: str) -> Run:
        """Start a pipeline with these variables. A secret is a file that one environment gets."""
        plain = {
            "CI_REGISTRY": self.registry,
            "CI_REGISTRY_IMAGE": f"{self.registry}/acme/shop",
            "CI_REGISTRY_USER": "gitlab-ci-token",
            "CI_REGISTRY_PASSWORD": "the-token-of-the-job",
            # The engine of this machine, in place of one for each job.
            "DOCKER_HOST": "", "DOCKER_TLS_VERIFY": "", "DOCKER_CERT_PATH": "", "TMPDIR": str(self.folder / "tmp"),
        }  # fmt: skip
        variables: dict[str, object] = {
            name: {"type": "variable", "values": {"*": value}} for name, value in plain.items()
        }
        for name, values in (secrets or {}).items():
            variables[name] = {"type": "file", "values": values}
        place = self.folder / ".gitlab-ci-local" / "variables.yml"
        place.parent.mkdir(exist_ok=True)
        place.write_text(yaml.safe_dump({"global": variables}), "utf-8")
        done = subprocess.run(
            [search.find("gitlab-ci-local"), "--force-shell-executor", "--no-color", "--home", self.folder,
             *(f"--variable={name}={value}" for name, value in given.items())],
            cwd=self.repository, env=self.variables, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        run = _read(done.returncode, COLOUR.sub("", done.stdout + done.stderr))
        print(run)
        return run

    def _prepare_home(self, docker: str | None) -> None:
        """A home without anybody's keys, and a Docker that builds with the stand-in for buildx."""
        (self.folder / "tmp").mkdir(parents=True)
        plugins = self.folder / ".docker" / "cli-plugins"
        plugins.mkdir(parents=True)
        (plugins / "docker-buildx").symlink_to(STAND_INS / "gitlab" / "docker-buildx")
        if docker:
            (plugins / "docker-compose").symlink_to(Path(docker, "cli-plugins", "docker-compose"))
        self.variables["DOCKER_CONFIG"] = str(plugins.parent)


def _without_services(repository: Path) -> None:
    """In this copy only: no engine for each job, because its image cannot be had here."""
    file = repository / ".gitlab-ci.yml"
    text, found = SERVICES.subn("", file.read_text("utf-8"))
    assert found == 1
    file.write_text(text, "utf-8")


def _read(code: int, log: str) -> Run:
    """The end of the log lists every job that ran."""
    run = Run(code, log=log)
    for word, job in RESULT.findall(log):
        run.jobs[job.strip()] = "failure" if word == "FAIL" else "success"
    return run
