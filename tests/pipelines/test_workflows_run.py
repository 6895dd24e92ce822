"""The workflows themselves, run by act: from a commit to what visitors get, with real builds, a real registry and a
real server behind real SSH."""

import asyncio
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.generation import render
from tests.pipelines.runner import Run, Runner, jobs_of
from tests.releases.load import GET, Load, ask
from tests.releases.team import Team, alone, fit_for_tests, team_and_server
from tests.toolbox.images import without_digests

STARTER = {"stack": "docker", "starter": True, "project_name": "shop"}
TEST_STAGE = """FROM python:3.13-slim AS test
COPY site ./
RUN grep -q '<h1>It ' server.py || { echo "the page does not say what it does"; exit 1; }

"""
"""What scripts/test.sh looks for in a Dockerfile: here it insists on the first word of the page."""
VISITORS = ((4, GET, True), (2, GET, False))
START = 'if __name__ == "__main__":\n'
ANSWER = "        self.do_HEAD()\n"
"""Lines of the starter before which a mistake is planted."""
RED = {"test": "success", "build": "success", "deploy": "failure"}
RED_STEPS = {"Check out": "success", "Release": "failure", "Report what serves now": "success"}
"""A release that the server did not want: the job fails, and still reports what serves."""

pytestmark = pytest.mark.needs("act", "docker")
has_server = pytest.mark.needs("compose", "docker-registry", "sshd")


def starter(folder: Path, base_image: Callable[[str], str], **answers: object) -> Path:
    """The starter on the base image that is here."""
    base_image("python:3.13-slim")
    repository = render(STARTER | answers, folder / "shop")
    (dockerfile,) = repository.rglob("Dockerfile")
    dockerfile.write_text(without_digests(dockerfile.read_text("utf-8")), "utf-8")
    return repository


# ---- a pull request ----------------------------------------------------------------------------------


@pytest.mark.needs(
    "amtool",
    "caddy",
    "checkov",
    "compose",
    "hadolint",
    "promtool",
    "provider-hcloud",
    "shellcheck",
    "terraform",
    "tflint",
)
def test_a_pull_request_is_green_on_the_starter(tmp_path, base_image):
    repository = starter(tmp_path, base_image)
    run = Runner(repository, tmp_path / "home").run("ci", "pull_request", pull_request={"number": 1})
    assert run.code == 0
    assert run.jobs == jobs_of(repository, "ci")
    assert "The image starts, and /healthz answers on port 8000." in run.log
    assert "FAILED" not in run.log and "not checked" not in run.log


def test_one_red_job_makes_the_check_red_that_branch_protection_names(tmp_path, base_image):
    repository = starter(tmp_path, base_image)
    (repository / "scripts/checks.sh").write_text("exit 1\n", "utf-8")
    run = Runner(repository, tmp_path / "home").run("ci", "pull_request", pull_request={"number": 1})
    assert run.code == 1
    assert run.jobs == {"test": "success", "checks": "failure", "image": "success", "all": "failure"}


def test_a_pull_request_is_compared_with_main(tmp_path, base_image):
    """The check of migrations needs more history than a checkout brings by itself."""
    repository = starter(tmp_path, base_image)
    checks = repository / "scripts/checks.sh"
    checks.write_text(re.sub('^groups=".*"', 'groups="migrations"', checks.read_text("utf-8"), flags=re.MULTILINE))
    runner = Runner(repository, tmp_path / "home")
    runner.git("switch", "--quiet", "--create", "names")
    migration = repository / "migrations/versions/0001_names.py"
    migration.parent.mkdir(parents=True)
    migration.write_text('def upgrade():\n    op.drop_table("names")\n', "utf-8")
    runner.commit("Drop the names")
    run = runner.run("ci", "pull_request", pull_request={"number": 1})
    assert run.jobs == {"test": "success", "checks": "failure", "image": "success", "all": "failure"}
    assert "0001_names.py:2: drop_table takes away what older releases use" in run.log


def test_a_job_that_does_not_run_is_no_success(tmp_path, base_image):
    """What all of these tests rest on: act itself says nothing about it."""
    repository = starter(tmp_path, base_image)
    workflow = repository / ".github/workflows/ci.yml"
    workflow.write_text(workflow.read_text("utf-8").replace("ubuntu-24.04", "ubuntu-28.04"), "utf-8")
    run = Runner(repository, tmp_path / "home").run("ci", "pull_request", pull_request={"number": 1})
    assert run.code == 0
    assert "success" not in run.jobs.values()


# ---- from a push to the server -----------------------------------------------------------------------


class Shop:
    """A team whose repository is at GitHub, and whose pipeline has the key to the server."""

    def __init__(self, team: Team, runner: Runner, registry: str) -> None:
        self.team, self.runner, self.registry = team, runner, registry
        (self.page,) = team.repository.rglob("site/server.py")
        self.original = self.page.read_text("utf-8")

    def push(self, title: str, before: str = "", after: str = "") -> Run:
        """Give the page of the starter another title, change something more, and push that to main."""
        assert before in self.original
        text = self.original.replace(before, after) if before else self.original
        self.page.write_text(text.replace("<h1>It runs.</h1>", f"<h1>{title}</h1>"), "utf-8")
        self.runner.commit(title)
        return self.run("deploy", "push", ref="refs/heads/main")

    def run(self, workflow: str, event: str, **payload: object) -> Run:
        """Run a workflow with the secret that scripts/setup.sh has put into the environment at GitHub."""
        return self.runner.run(workflow, event, {"DEPLOY_SSH_KEY": self.team.pipeline["DEPLOY_SSH_KEY"]}, **payload)

    def last(self) -> dict:
        """The latest attempt to release something, from the record of the server."""
        return self.team.history()[0]

    def title(self) -> str:
        """What visitors read; empty when they get no page."""
        status, page = ask("/")
        found = re.search("<h1>(.*)</h1>", page)
        return found[1] if status == 200 and found else ""

    def serving(self) -> str:
        """What visitors read, after having made sure that something is released."""
        if not self.title():
            self.push("It is good.")
        return self.title()

    def digest(self) -> str:
        """What the registry has for the commit that was pushed last."""
        address = f"http://{self.registry}/v2/acme/shop/manifests/{self.runner.git('rev-parse', 'HEAD')}"
        kind = "application/vnd.docker.distribution.manifest.v2+json"
        request = urllib.request.Request(address, method="HEAD", headers={"Accept": kind})
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
            return answer.headers["Docker-Content-Digest"]


@pytest.fixture(scope="module")
def shop(registry, base_image, docker, tmp_path_factory) -> Iterator[Shop]:
    """The starter in a folder of its repository, with a test of its own, its server, and nothing released yet."""
    folder = tmp_path_factory.mktemp("starter")
    answers = {"domain": "localhost.example.com", "grafana": False, "application_folder": "services/api"}
    repository = starter(folder, base_image, **answers)
    fit_for_tests(repository, base_image)
    dockerfile = repository / "services/api/Dockerfile"
    dockerfile.write_text(TEST_STAGE + dockerfile.read_text("utf-8"), "utf-8")
    (repository / "schema.env").write_text("# Numbers.\nSCHEMA=3\nSCHEMA_FLOOR=2\n", "utf-8")
    with alone(), team_and_server(repository, registry, base_image, docker, tmp_path_factory) as team:
        where = {name: team.pipeline[name] for name in ("DEPLOY_HOST", "DEPLOY_PORT")}
        yield Shop(team, Runner(team.repository, folder / "home", **where), registry)


def with_visitors(step: Callable[[], Run]) -> tuple[Run, Load]:
    """What came of a run while people were looking at the page, and what they got."""

    async def story() -> tuple[Run, Load]:
        async with Load(VISITORS) as load:
            run = await asyncio.to_thread(step)
        return run, load

    return asyncio.run(story())


@has_server
def test_a_push_is_tested_built_and_released_by_its_digest_with_the_pipelines_key(shop):
    run = shop.push("It is new.")
    assert run.code == 0
    assert run.jobs == jobs_of(shop.runner.repository, "deploy")
    assert shop.title() == "It is new."
    last = shop.last()
    assert (last["result"], last["actor"]) == ("deployed", "github-actions")
    assert last["image"] == f"{shop.registry}/acme/shop@{shop.digest()}"
    assert (last["schema"], last["schema_floor"]) == (3, 2)
    assert "### production: https://localhost" in run.log
    assert "PRIVATE KEY" not in run.log


@has_server
def test_nobody_notices_the_next_push(shop):
    shop.serving()
    run, load = with_visitors(lambda: shop.push("It is better."))
    assert run.jobs == jobs_of(shop.runner.repository, "deploy")
    assert shop.title() == "It is better."
    assert load.failed == 0, load


@has_server
def test_a_failing_test_ends_it_before_anything_is_built(shop):
    former = shop.serving()
    run = shop.push("Nothing.")
    assert run.code == 1
    assert run.jobs == {"test": "failure"}
    assert "the page does not say what it does" in run.log
    assert shop.title() == former


@has_server
def test_an_image_that_does_not_start_makes_the_job_fail_with_the_reason(shop):
    former = shop.serving()
    run = shop.push("It is bad.", START, START + '    sys.exit("there is no database")\n')
    assert run.code == 1
    assert run.jobs == RED
    assert run.steps["deploy"] == RED_STEPS
    assert shop.last()["result"] == "failed"
    assert f"{shop.last()['release']} failed: " in run.log
    assert "there is no database" in run.log
    assert shop.title() == former


@has_server
def test_a_release_that_fails_visitors_goes_back_by_itself_and_makes_the_job_fail(shop):
    former = shop.serving()
    failing = '        if self.path == "/":\n            return self.send_error(500)\n'
    run, load = with_visitors(lambda: shop.push("It is bad.", ANSWER, failing + ANSWER))
    assert run.code == 1
    assert run.jobs == RED
    assert run.steps["deploy"] == RED_STEPS
    assert shop.last()["result"] == "rolled_back"
    assert re.search(rf"{shop.last()['release']} was rolled back: \d+ of \d+ requests failed", run.log)
    assert shop.title() == former, load


@has_server
def test_an_image_that_exists_is_released_without_a_build(shop):
    shop.push("It is old.")
    image = shop.last()["image"]
    shop.push("It is newer.")
    run = shop.run("deploy", "workflow_dispatch", inputs={"image": image})
    assert run.code == 0
    assert run.jobs == {"deploy": "success"}
    assert shop.last()["image"] == image
    assert shop.title() == "It is old."


@has_server
def test_a_rollback_brings_back_the_release_before(shop):
    former = shop.serving()
    shop.push("It is next.")
    assert shop.title() == "It is next."
    inputs = {"environment": "production", "reason": "Too new"}
    run, load = with_visitors(lambda: shop.run("rollback", "workflow_dispatch", inputs=inputs))
    assert run.code == 0
    assert run.jobs == jobs_of(shop.runner.repository, "rollback")
    assert shop.title() == former
    assert (shop.last()["actor"], shop.last()["reason"]) == ("github-actions", "Too new")
    assert load.failed == 0, load


@has_server
def test_a_rollback_brings_back_a_release_that_is_named(shop):
    shop.push("It is the one.")
    wanted = shop.last()["release"]
    for title in ("It is another.", "It is yet another."):
        shop.push(title)
    run = shop.run("rollback", "workflow_dispatch", inputs={"environment": "production", "release": wanted})
    assert run.jobs == jobs_of(shop.runner.repository, "rollback")
    assert shop.title() == "It is the one."
