"""The weekly look for a newer template, with a template on disk: told on a laptop, one issue at GitHub and GitLab, or
one pull request at GitHub."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fast.git_over_http import served
from tests.fast.repository import STAND_INS, Repository
from tests.generation import ROOT
from tests.update.released import Template, git

TOKEN = {"ISSUES_TOKEN": "token-of-the-project"}
REQUESTS_TOKEN = "github_pat_of_the_team"  # noqa: S105
PAGE = "docs/of-the-template.md"


@pytest.fixture
def template(tmp_path):
    """A git repository whose tags are the versions of a template: template("v1.0.0", "v1.1.0") adds them."""
    folder = tmp_path / "template.git"
    git = ["git", "-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(["git", "init", "--quiet", folder], check=True)

    def release(*versions: str):
        for version in versions:
            subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", version], check=True)
            subprocess.run([*git, "tag", "--annotate", "--message", version, version], check=True)
        return folder

    return release


@pytest.fixture
def made_from(generated, template):
    """A repository and the version it was made from: made_from("v1.0.0", ci="gitlab")."""

    def build(commit: str, **answers: str):
        shop = generated(**answers)
        record(shop, commit, template())
        return shop

    return build


def record(shop, commit: str, source) -> None:
    file = shop.path / ".copier-answers.yml"
    lines = [line for line in file.read_text().splitlines(True) if not line.startswith(("_commit", "_src_path"))]
    file.write_text(f"_commit: {commit}\n_src_path: {source}\n" + "".join(lines))


@pytest.mark.parametrize(
    ("have", "versions", "newest"),
    [
        ("v1.0.0", ["v1.0.0", "v1.9.0", "v1.10.0"], "v1.10.0"),
        ("v1.0.0-3-g0123456", ["v1.0.0", "v1.0.1"], "v1.0.1"),
        ("'1.0'", ["1.0", "1.1"], "1.1"),
    ],
)
def test_a_newer_template_is_named(made_from, template, have, versions, newest):
    shop = made_from(have)
    template(*versions)
    done = shop.run("template.sh", "status")
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith(
        f"The template {newest} is there; this repository was made from {have.strip(chr(39))}."
    )
    assert f"richtfest update --branch template-{newest}" in done.stdout and "copier update" in done.stdout


@pytest.mark.parametrize("have", ["'0123456'", "1a23456"])
def test_a_commit_is_no_release_and_is_called_what_it_is(made_from, template, have):
    shop = made_from(have)
    template("v0.1.0")
    done = shop.run("template.sh", "status")
    assert done.returncode == 2, done.stderr
    made = f"an unreleased state of the template ({have.strip(chr(39))})"
    assert done.stdout.startswith(f"The template v0.1.0 is there; this repository was made from {made}.\n")


@pytest.mark.parametrize(
    ("have", "versions"),
    [
        ("v1.10.0", ["v1.9.0", "v1.10.0"]),
        ("v1.0.0", ["v1.0.0", "v2.0.0rc1", "v1.1.0-beta", "nightly", "vnext"]),
        ("v1.0.0-3-g0123456", ["v1.0.0"]),
    ],
)
def test_the_newest_template_and_what_is_no_release_are_nothing_to_do(made_from, template, have, versions):
    shop = made_from(have)
    template(*versions)
    done = shop.run("template.sh", "status")
    assert (done.returncode, done.stdout) == (0, f"This is the newest template: {have}.\n"), done.stderr


def test_a_repository_that_stands_on_its_own_is_left_alone(generated):
    shop = generated()
    (shop.path / ".copier-answers.yml").unlink()
    done = shop.run("github.sh", "template")
    assert done.returncode == 0
    assert "stands on its own" in done.stdout
    assert shop.github["issues"] == {}


def test_a_template_that_does_not_answer_fails_with_a_sentence_and_tells_nobody(made_from, tmp_path):
    shop = made_from("v1.0.0")
    record(shop, "v1.0.0", tmp_path / "gone.git")
    done = shop.run("github.sh", "template")
    assert done.returncode == 1
    assert "could not be asked for its versions" in done.stderr
    assert shop.github["issues"] == {}


def test_an_address_that_is_a_command_is_not_run(made_from, tmp_path):
    shop = made_from("v1.0.0")
    for address in (f"ext::touch {tmp_path}/ran", f"--upload-pack=touch {tmp_path}/ran"):
        record(shop, "v1.0.0", address)
        assert shop.run("template.sh", "status").returncode == 1
    assert not (tmp_path / "ran").exists()


def test_an_answers_file_without_its_origin_is_one_sentence(made_from):
    shop = made_from("v1.0.0")
    (shop.path / ".copier-answers.yml").write_text("cloud: hetzner\n")
    done = shop.run("template.sh", "status")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "lacks _src_path or _commit" in done.stderr


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_it_is_one_issue_opened_updated_and_closed(made_from, template, forge):
    shop = made_from("v1.0.0", ci=forge)

    def look() -> int:
        run = shop.run if forge == "github" else shop.in_gitlab
        return run(f"{forge}.sh", "template", **(TOKEN if forge == "gitlab" else {})).returncode

    template("v1.0.0")
    assert look() == 0
    assert shop.github["issues"] == {}
    for version in ("v1.1.0", "v1.2.0"):
        template(version)
        assert look() == 0
    issues = shop.github["issues"]
    assert len(issues) == 1 and issues["1"]["open"] and "The template v1.2.0 is there" in issues["1"]["body"]
    record(shop, "v1.2.0", template())
    assert look() == 0
    assert not shop.github["issues"]["1"]["open"]


def test_without_a_token_gitlab_shows_a_warning_with_one_sentence(made_from, template):
    shop = made_from("v1.0.0", ci="gitlab")
    template("v1.0.0")
    assert shop.in_gitlab("gitlab.sh", "template").returncode == 0
    template("v1.1.0")
    done = shop.in_gitlab("gitlab.sh", "template")
    assert done.returncode == 2, "the exit code that .gitlab/ci/template.yml allows"
    assert "exit_codes: 2 " in (shop.path / ".gitlab/ci/template.yml").read_text()
    assert "The template v1.1.0 is there" in done.stdout
    assert done.stderr.startswith("There is a newer template. To get an issue about it, store a token")
    assert done.stderr.count("\n") == 1


# ---- a pull request --------------------------------------------------------------------------------------------------


class Shop:
    """A repository with an origin, made from v1.0.0 of a template that a team changes: v1.1.0 renews one page."""

    def __init__(self, repository: Repository, template: Template, origin, address: str):
        self.repository, self.template, self.origin = repository, template, origin
        repository.git("remote", "add", "origin", address)

    def release(self, version: str) -> None:
        self.template.change(
            f"templates/{PAGE}", lambda text: text.replace("a line", f"a line of {version}, once a line")
        )
        self.template.release(version)

    def look(self, token: str = REQUESTS_TOKEN) -> subprocess.CompletedProcess[str]:
        """What the job does every week, in a checkout that is new each time."""
        for branch in self.repository.git("for-each-ref", "--format=%(refname)", "refs/heads/template-*").split():
            self.repository.git("update-ref", "-d", branch)
        variables = {"GH_TOKEN": "token-of-the-job", "TEMPLATE_TOKEN": token, "RICHTFEST_PYTHON": sys.executable}
        done = self.repository.run("github.sh", "template", **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        assert REQUESTS_TOKEN not in done.stdout + done.stderr
        return done

    @property
    def requests(self) -> dict:
        return self.repository.github["requests"]

    @property
    def issues(self) -> list[dict]:
        return [issue for issue in self.repository.github["issues"].values() if issue["open"]]

    def at_origin(self, branch: str) -> str:
        return git(self.origin, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}").strip()


def small_template(folder) -> Template:
    """The questionnaire of this checkout and one page: an update of all files would take seconds."""
    (folder / "templates/docs").mkdir(parents=True)
    shutil.copy(ROOT / "copier.yml", folder)
    answers = "#{ _copier_conf.answers_file }#.jinja"
    shutil.copy(ROOT / "templates" / answers, folder / "templates")
    (folder / "templates" / PAGE).write_text("# A page\n\na line\n")
    (folder / "CHANGELOG.md").write_text("# Changelog\n\n## 1.1.0\n\n- A better page.\n\n## 1.0.0\n")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    made = Template(folder)
    made.release("v1.0.0")
    return made


@pytest.fixture
def shop(generated, tmp_path):
    """A Shop; its origin is served by HTTP, to those who have the token."""
    template = small_template(tmp_path / "template")
    repository = generated()
    (repository.programs / "pipx").symlink_to(STAND_INS / "pipx")
    (repository.path / PAGE).write_text((template.path / "templates" / PAGE).read_text())
    record(repository, "v1.0.0", template.url)
    repository.commit()
    repository.github |= {"template token": REQUESTS_TOKEN}
    origin = tmp_path / "origin.git"
    git(tmp_path, "clone", "--quiet", "--bare", "shop", str(origin))
    with served(origin, REQUESTS_TOKEN) as (address, processes):
        made = Shop(repository, template, origin, address)
        made.release("v1.1.0")
        made.processes = processes
        yield made


def test_with_a_token_it_is_one_pull_request_and_no_issue(shop):
    shop.look(token="")
    assert len(shop.issues) == 1 and shop.requests == {}, "without a token it is an issue"
    done = shop.look()
    request, branch = shop.requests["template-v1.1.0"], shop.at_origin("template-v1.1.0")
    assert request["title"] == "Richtfest v1.0.0 -> v1.1.0" and "A better page." in request["text"]
    assert request["base"] == "main" and "draft" not in request
    assert f"The pull request is open: {request['url']}" in done.stdout
    assert shop.issues == [], "the pull request takes the place of the issue"
    assert git(shop.origin, "show", f"{branch}:{PAGE}") == "# A page\n\na line of v1.1.0, once a line\n"
    assert git(shop.origin, "rev-parse", f"{branch}~").strip() == shop.at_origin("main")
    assert "github-actions[bot]" in git(shop.origin, "log", "-1", "--format=%an %cn", branch)
    assert shop.repository.github["pipx"]["arguments"] == [
        "run", "--spec", f"{shop.template.url}@v1.1.0",
        "richtfest", "update", "--to", "v1.1.0", "--branch", "template-v1.1.0",
    ]  # fmt: skip
    assert_token_is_nowhere(shop)
    again = shop.look()
    assert f"The pull request is open: {request['url']}" in again.stdout
    assert (shop.requests, shop.at_origin("template-v1.1.0")) == ({"template-v1.1.0": request}, branch)


def assert_token_is_nowhere(shop: Shop) -> None:
    """In no argument, no file, and not with the program of the template."""
    state = shop.repository.github
    assert REQUESTS_TOKEN not in str(state["calls"]) + str(state["pipx"])
    assert "token-of-the-job" not in str(state["pipx"])
    assert not Path("/proc").exists() or any("git" in line for line in shop.processes)
    assert REQUESTS_TOKEN not in "".join(shop.processes)
    for folder in (shop.repository.path / ".git", shop.repository.home):
        for file in folder.rglob("*"):
            assert not file.is_file() or REQUESTS_TOKEN.encode() not in file.read_bytes(), file


def test_a_branch_that_is_there_is_left_alone_and_without_a_request_an_issue_says_so(shop):
    git(shop.origin, "update-ref", "refs/heads/template-v1.1.0", "main")  # whatever a person has pushed
    shop.look()
    assert "The branch template-v1.1.0 is there, but no pull request is open for it." in shop.issues[0]["body"]
    assert shop.at_origin("template-v1.1.0") == shop.at_origin("main") and shop.requests == {}


def test_the_request_of_an_older_version_is_closed_and_its_branch_stays(shop):
    git(shop.origin, "update-ref", "refs/heads/template-v1.0.5", "main")
    git(shop.origin, "update-ref", "refs/heads/template-of-a-person", "main")
    shop.repository.github |= {"requests": {f"template-{name}": {"url": name} for name in ("v1.0.5", "of-a-person")}}
    shop.look()
    closed = {branch for branch, request in shop.requests.items() if "closed" in request}
    assert closed == {"template-v1.0.5"} and "template-v1.1.0" in shop.requests
    assert "There is v1.1.0 now" in shop.requests["template-v1.0.5"]["closed"]
    assert shop.at_origin("template-v1.0.5")


@pytest.mark.parametrize("plan", ["team", "free"])
def test_conflicts_make_it_a_draft_that_names_the_files_and_fails_the_checks(shop, plan):
    repository = shop.repository
    repository.github |= {"plan": plan}
    (repository.path / PAGE).write_text("# A page\n\nour line\n")
    repository.commit()
    shop.look()
    request = shop.requests["template-v1.1.0"]
    assert request.get("draft", False) is (plan == "team"), "a free plan has no drafts, but it has the request"
    assert "with conflicts to resolve" in request["title"] and PAGE in request["text"]
    assert "Until then the checks fail" in request["text"] and shop.issues == []
    repository.git("switch", "--quiet", "template-v1.1.0")
    done = repository.run("conflicts.sh")
    assert done.returncode == 1 and PAGE in done.stderr


def test_a_refusal_becomes_an_issue_that_says_why(shop):
    record(shop.repository, "v0.9.0", shop.template.url)  # no such version was ever there
    shop.repository.commit()
    shop.look()
    told = shop.issues[0]["body"]
    assert "The template v1.1.0 is there" in told
    assert "```\nNot updated, nothing was changed: v0.9.0, which made " in told and "creating virtual" not in told
    assert shop.requests == {} and not shop.at_origin("template-v1.1.0")


def test_a_token_that_has_expired_becomes_an_issue(shop):
    shop.look(token=REQUESTS_TOKEN.upper())
    assert "No pull request brings it:" in shop.issues[0]["body"] and "fatal: " in shop.issues[0]["body"]
    assert shop.requests == {} and not shop.at_origin("template-v1.1.0")


@pytest.mark.parametrize("words", [[], ["update"], ["status", "now"], ["prepare"], ["prepare", "--help"]])
def test_the_script_without_its_words_tells_them(generated, words):
    done = generated(None).run("template.sh", *words)
    assert done.returncode == 1 and done.stderr.startswith("Usage: bash scripts/template.sh")
