"""`richtfest fleet`: many repositories are looked at and updated together, and none of them disturbs another."""

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from richtfest.checks import texts
from richtfest.fleet import checkout, crew, listing
from richtfest.fleet.listing import Member
from richtfest.fleet.look import look
from tests.fast.repository import PROGRAMS, STAND_INS
from tests.generation import ROOT
from tests.update.released import FIRST, SECOND, commit, git
from tests.update.repository import Repository, environment, generate

BRANCH = f"template-{SECOND}"


@pytest.fixture(scope="module")
def newest(template, tmp_path_factory):
    """A repository of GitLab that v0.2.0 has made; only to be copied."""
    return generate(template, tmp_path_factory.mktemp("newest") / "shop", version=SECOND)


class Fleet:
    """Repositories in one folder, and their list."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.entries: list[dict[str, str]] = []

    def add(self, name: str, made: Repository | None = None) -> Repository | None:
        """A copy of a repository; without one a folder that is not there."""
        self.enter(name, name)
        if made is None:
            return None
        return Repository(shutil.copytree(made.path, self.folder / name, symlinks=True))

    def enter(self, name: str, where: str) -> None:
        self.entries.append({"name": name, "repository": where})
        (self.folder / "fleet.yml").write_text(json.dumps({"repositories": self.entries}))

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "richtfest", "fleet", *arguments, "--file", str(self.folder / "fleet.yml")]

    def run(self, *arguments: str, code: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the command as a person does."""
        done = subprocess.run(
            self.command(*arguments), env=environment() | variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def told(self, *arguments: str, code: int = 0, **variables: str) -> dict[str, dict]:
        done = self.run(*arguments, "--json", code=code, **variables)
        return {one["name"]: one for one in json.loads(done.stdout)}


@pytest.fixture
def fleet(tmp_path):
    return Fleet(tmp_path)


@pytest.fixture(scope="module")
def mixed(pristine, newest, tmp_path_factory):
    """A fleet of all kinds, what was told of it, its update, and what each repository was before that."""
    fleet = Fleet(tmp_path_factory.mktemp("mixed"))
    repositories = {name: fleet.add(name, pristine) for name in ("clean", "dirty", "edited", "broken")}
    repositories["newest"] = fleet.add("newest", newest)
    fleet.add("gone")
    repositories["dirty"].insert("scripts/smoke.sh", "# not committed")
    repositories["dirty"].write("untracked.txt", "ours\n")
    middle = len(repositories["edited"].read("terraform/variables.tf").splitlines()) // 2
    repositories["edited"].insert("terraform/variables.tf", "# ours", middle)
    repositories["edited"].commit()
    (repositories["broken"].path / ".copier-answers.yml").unlink()
    repositories["broken"].commit()
    git(fleet.folder, "clone", "--quiet", "--bare", repositories["clean"].path.as_posix(), "remote.git")
    fleet.enter("remote", f"file://{fleet.folder}/remote.git")
    before = {name: repository.state() for name, repository in repositories.items()}
    looked = fleet.told(code=4)
    return fleet, repositories, before, looked, fleet.told("update", "--jobs", "3", code=4)


# ---- what is told --------------------------------------------------------------------------------------------------


def test_each_repository_is_told_with_its_version_its_edits_and_its_price(mixed):
    _, _, _, looked, _ = mixed
    assert list(looked) == ["clean", "dirty", "edited", "broken", "newest", "gone", "remote"]
    for name in ("clean", "dirty", "edited", "remote"):
        assert (looked[name]["version"], looked[name]["latest"]) == (FIRST, SECOND)
        assert float(looked[name]["price"]) > 10
    assert (looked["newest"]["version"], looked["newest"]["latest"]) == (SECOND, SECOND)
    edited = {name: looked[name]["edited"] for name in ("clean", "dirty", "edited", "remote")}
    assert edited == {"clean": 0, "dirty": 1, "edited": 1, "remote": 0}
    assert looked["dirty"]["uncommitted"] == 2


def test_what_cannot_be_looked_at_is_told_with_its_reason_and_stops_nobody(mixed):
    _, _, _, looked, _ = mixed
    assert looked["gone"]["problem"].startswith("there is no folder ")
    assert "holds no .copier-answers.yml" in looked["broken"]["problem"]


def test_the_table_has_a_line_for_each(pristine, fleet):
    fleet.add("clean", pristine)
    fleet.add("gone")
    told = fleet.run(code=4).stdout.splitlines()
    assert told[0].split() == ["repository", "version", "newest", "edited", "checks", "EUR/month"]
    assert told[1].split()[:6] == ["clean", FIRST, SECOND, "0", "not", "known"]
    assert told[2].split() == ["gone", "not", "looked", "at"]
    assert told[4] == f"gone: there is no folder {fleet.folder / 'gone'}", (
        "a long reason makes no line of the table longer"
    )
    assert told[6].startswith("2 repositories, 1 not at the newest version, 1 not looked at, ")


def test_what_the_checks_said_last_is_remembered_with_its_commit(shop, monkeypatch):
    """One check of the real ones; `richtfest check` itself has tests of its own."""
    monkeypatch.setattr("richtfest.checks.ALL", texts.CHECKS[:1])
    member = Member("shop", str(shop.path))
    assert look(member, check=False).checks is None
    assert look(member, check=True).checks.failed == 0
    again = look(member, check=False)
    assert again.checks.failed == 0 and again.checks_current
    shop.insert("scripts/smoke.sh", "# ours")
    shop.commit()
    later = look(member, check=False)
    assert later.checks == again.checks and not later.checks_current


# ---- updates -------------------------------------------------------------------------------------------------------


def test_each_gets_a_branch_and_one_that_fails_stops_nobody(mixed):
    _, repositories, _, _, updated = mixed
    results = {name: (one["result"], one["exit_code"]) for name, one in updated.items()}
    assert results == {
        "clean": ("prepared", 0),
        "dirty": ("prepared", 0),
        "edited": ("prepared", 3),
        "broken": ("refused", 4),
        "newest": ("newest", 0),
        "gone": ("refused", 4),
        "remote": ("prepared", 0),
    }
    assert "holds no .copier-answers.yml" in updated["broken"]["reason"]
    assert updated["edited"]["conflicts"] == ["terraform/variables.tf"]
    for name in ("clean", "dirty", "edited"):
        assert f"_commit: {SECOND}" in repositories[name].git("show", f"{BRANCH}:.copier-answers.yml")
    assert f"_commit: {SECOND}" in git(Path(updated["remote"]["folder"]), "show", f"{BRANCH}:.copier-answers.yml")


def test_the_table_of_an_update_says_where_each_branch_is_and_why_there_is_none(mixed):
    """All branches are there already, so this costs no update."""
    fleet, repositories, _, _, updated = mixed
    told = fleet.run("update", code=4).stdout.splitlines()
    assert max(map(len, told[: told.index("")])) < 100
    for name in ("clean", "remote"):
        assert f"{name}: git -C {updated[name]['folder']} show {BRANCH}; publish it with --open" in told
    assert f"edited: git -C {repositories['edited'].path} switch {BRANCH}, then decide" in told
    assert f"gone: there is no folder {fleet.folder / 'gone'}" in told


def test_no_checkout_is_touched_and_nothing_is_pushed(mixed):
    fleet, repositories, before, _, _ = mixed
    for name, repository in repositories.items():
        after = repository.state()
        branches = [line for line in after.pop("branches").splitlines() if BRANCH not in line]
        assert branches == before[name]["branches"].splitlines(), name
        assert after == {key: value for key, value in before[name].items() if key != "branches"}, name
    assert "not committed" not in repositories["dirty"].git("show", f"{BRANCH}:scripts/smoke.sh")
    assert BRANCH not in git(fleet.folder / "remote.git", "for-each-ref")


def test_what_an_earlier_run_has_prepared_is_found_again_until_the_repository_goes_on(pristine, fleet):
    shop = fleet.add("shop", pristine)
    made = fleet.told("update")["shop"]
    again = fleet.told("update")["shop"]
    assert again["result"] == "there already"
    assert {**again, "result": "prepared"} == made
    shop.insert("README.md", "ours")
    shop.commit()
    refused = fleet.told("update", code=4)["shop"]
    why = f"there is a branch {BRANCH} already, and the repository has gone on since: delete it with `git "
    assert refused["reason"].startswith(why)


def edit_where_the_update_edits(shop: Repository) -> None:
    """A commit that the update is in conflict with."""
    shop.insert("terraform/variables.tf", "# ours", len(shop.read("terraform/variables.tf").splitlines()) // 2)
    shop.commit()


def resolve(shop: Repository) -> str:
    """Decide on the branch of the update, as a person does, and go back to main; the commit."""
    shop.git("switch", "--quiet", BRANCH)
    lines = shop.read("terraform/variables.tf").splitlines(keepends=True)
    shop.write("terraform/variables.tf", "".join(one for one in lines if one[:7] not in ("<" * 7, "=" * 7, ">" * 7)))
    made = shop.commit()
    shop.git("switch", "--quiet", "main")
    return made


def test_conflicts_that_were_resolved_on_the_branch_are_found_and_never_to_be_deleted(pristine, fleet):
    shop = fleet.add("shop", pristine)
    edit_where_the_update_edits(shop)
    assert fleet.told("update", code=3)["shop"]["conflicts"] == ["terraform/variables.tf"]
    resolved = resolve(shop)
    found = fleet.told("update")["shop"]
    assert (found["result"], found["commit"], found["conflicts"]) == ("there already", resolved, [])
    shop.insert("README.md", "main goes on")
    shop.commit()
    reason = fleet.told("update", code=4)["shop"]["reason"]
    assert "somebody has worked on it: merge it" in reason and "-D" not in reason
    shop.git("switch", "--quiet", BRANCH)
    shop.git("merge", "--quiet", "main")
    shop.git("switch", "--quiet", "main")
    assert fleet.told("update")["shop"]["result"] == "there already"
    shop.git("merge", "--quiet", BRANCH)
    assert fleet.told("update", "--to", SECOND)["shop"]["result"] == "newest"


def test_what_was_resolved_and_pushed_by_others_is_found_in_a_clone_of_ours(pristine, fleet):
    shop = Repository(shutil.copytree(pristine.path, fleet.folder / "shop", symlinks=True))
    edit_where_the_update_edits(shop)
    remote = f"file://{fleet.folder}/remote.git"
    git(fleet.folder, "clone", "--quiet", "--bare", "shop", "remote.git")
    fleet.enter("remote", remote)
    made = fleet.told("update", code=3)["remote"]
    git(Path(made["folder"]), "push", "--quiet", "origin", BRANCH)
    shop.git("fetch", "--quiet", remote, f"{BRANCH}:{BRANCH}")
    resolved = resolve(shop)
    shop.git("push", "--quiet", remote, BRANCH)
    found = fleet.told("update")["remote"]
    assert (found["result"], found["commit"], found["conflicts"]) == ("there already", resolved, [])


def test_the_scripts_of_a_repository_call_the_branch_the_same(shop):
    done = subprocess.run(["bash", "scripts/template.sh", "status"], cwd=shop.path, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert f"richtfest update --branch {BRANCH}, or" in done.stdout, done.stdout + done.stderr


def test_a_branch_of_that_name_with_something_else_is_left_alone(pristine, fleet):
    shop = fleet.add("shop", pristine)
    shop.git("branch", BRANCH)
    reason = fleet.told("update", code=4)["shop"]["reason"]
    assert "with something else than this update: name another one" in reason and "-D" not in reason


def test_a_clone_of_ours_follows_its_origin(mixed, tmp_path):
    fleet, _, _, _, _ = mixed
    remote = Member("remote", f"file://{fleet.folder}/remote.git")
    git(tmp_path, "clone", "--quiet", remote.where, "colleague")
    (tmp_path / "colleague/new.txt").write_text("new\n")
    pushed = commit(tmp_path / "colleague")
    git(tmp_path / "colleague", "push", "--quiet", "origin", "HEAD:main")
    folder = checkout.have(remote)
    assert git(folder, "rev-parse", "HEAD").strip() == pushed
    assert BRANCH in git(folder, "for-each-ref"), "what was prepared there stays"


def test_an_interrupt_leaves_every_repository_as_it_was(pristine, fleet):
    repositories = [fleet.add(f"shop-{number}", pristine) for number in range(4)]
    before = [repository.state() for repository in repositories]
    aside = fleet.folder / "aside"
    aside.mkdir()
    running = subprocess.Popen(
        fleet.command("update", "--jobs", "2"),
        env=environment() | {"TMPDIR": str(aside)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 240
    # With two at a time, the first is done when the third has its branch; that one may still be at work.
    while sum(BRANCH in repository.git("for-each-ref") for repository in repositories) < 3:
        assert running.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does it
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130 and "every repository is as it was" in told
    assert "Traceback" not in told
    assert [repository.state() for repository in repositories] == before
    assert not [path for path in aside.iterdir() if path.name.startswith("richtfest-")]


# ---- requests ------------------------------------------------------------------------------------------------------


@pytest.fixture
def published(fleet, pristine, template, tmp_path):
    """published("github"): a repository with an origin on disk, and a PATH with the stand-in of the forge's program."""

    def build(forge: str, tool: bool = True):
        programs = tmp_path / "programs"
        programs.mkdir()
        for name in ("sh", *PROGRAMS.split()):
            (programs / name).symlink_to(shutil.which(name))
        if tool:
            name = {"github": "gh", "gitlab": "glab"}[forge]
            (programs / name).symlink_to(STAND_INS / name)
        if forge == "gitlab":
            generate(template, tmp_path / "shop", ci="gitlab")
            fleet.enter("shop", "shop")
            shop = Repository(tmp_path / "shop")
        else:
            shop = fleet.add("shop", pristine)
        git(tmp_path, "clone", "--quiet", "--bare", "shop", "origin.git")
        shop.git("remote", "add", "origin", f"{tmp_path}/origin.git")
        state = tmp_path / "forge.json"
        state.write_text(json.dumps({"requests": {}, "calls": []}))
        return shop, {"PATH": str(programs), "GH_STATE": str(state), "GLAB_STATE": str(state)}

    return build


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_a_request_is_opened_when_it_is_wanted_and_only_once(fleet, published, forge, tmp_path):
    _, variables = published(forge)
    fleet.told("update", **variables)
    assert BRANCH not in git(tmp_path / "origin.git", "for-each-ref"), "nothing leaves the machine unasked"
    opened = fleet.told("update", "--open", **variables)["shop"]
    assert opened["request"].startswith("https://")
    assert git(tmp_path / "origin.git", "rev-parse", BRANCH).strip() == opened["commit"]
    requests = json.loads((tmp_path / "forge.json").read_text())["requests"]
    assert requests == {
        BRANCH: {"base": "main", "title": f"Richtfest {FIRST} -> {SECOND}", "url": opened["request"]}
        | {"text": requests[BRANCH]["text"]}
    }
    assert "A second script" in requests[BRANCH]["text"]
    assert fleet.told("update", "--open", **variables)["shop"]["request"] == opened["request"]


def test_what_was_resolved_is_published_under_the_title_of_the_update(fleet, published, tmp_path):
    shop, variables = published("github")
    edit_where_the_update_edits(shop)
    shop.git("push", "--quiet", "origin", "main")
    request = fleet.told("update", "--open", code=3, **variables)["shop"]["request"]
    resolved = resolve(shop)
    assert fleet.told("update", "--open", **variables)["shop"]["request"] == request
    assert git(tmp_path / "origin.git", "rev-parse", BRANCH).strip() == resolved
    (tmp_path / "forge.json").write_text(json.dumps({"requests": {}, "calls": []}))  # somebody has closed it
    fleet.told("update", "--open", **variables)
    opened = json.loads((tmp_path / "forge.json").read_text())["requests"][BRANCH]
    assert opened["title"] == f"Richtfest {FIRST} -> {SECOND}" and "terraform/variables.tf" not in opened["text"]


def test_without_the_program_of_the_forge_the_branch_is_prepared_and_not_pushed(fleet, published, tmp_path):
    _, variables = published("github", tool=False)
    told = fleet.told("update", "--open", code=4, **variables)["shop"]
    assert (told["result"], told["branch"]) == ("prepared", BRANCH)
    assert told["reason"] == f"gh is not installed: push the branch {BRANCH} yourself"
    assert BRANCH not in git(tmp_path / "origin.git", "for-each-ref")


def test_commits_that_nobody_has_pushed_are_not_published_with_an_update(fleet, published, tmp_path):
    shop, variables = published("github")
    shop.insert("README.md", "not for others yet")
    shop.commit()
    told = fleet.told("update", "--open", code=4, **variables)["shop"]
    assert "has commits that main of origin lacks: nothing was pushed" in told["reason"]
    assert BRANCH not in git(tmp_path / "origin.git", "for-each-ref")


# ---- many at once --------------------------------------------------------------------------------------------------


def work(member: Member) -> str:
    """One member dies, one raises, one is done at once, and all others wait for a word."""
    if member.name == "dies":
        os._exit(9)
    if member.name == "raises":
        raise ValueError("of all things")
    while member.name != "first" and not (Path(member.where) / "go").exists():
        time.sleep(0.02)
    return "done"


def test_as_many_work_at_once_as_were_asked_for_and_no_more(tmp_path):
    others = []

    def arrived(member: Member, _: str) -> None:
        others.append(len(multiprocessing.active_children()))
        (tmp_path / "go").touch()

    crew.work_through([Member(name, str(tmp_path)) for name in ("first", *"23456")], work, 3, arrived)
    assert others[0] == 2, "two still work when the first of three is done"
    assert len(others) == 6


def test_a_long_path_for_temporary_files_stops_nobody(tmp_path, monkeypatch):
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    results = []
    crew.work_through([Member("first", "/")], work, 1, lambda _, result: results.append(result))
    assert results == ["done"]


def test_a_process_that_dies_is_told_and_the_rest_goes_on():
    results = {}
    members = [Member(name, "/") for name in ("dies", "raises", "first")]
    crew.work_through(members, work, 1, lambda member, result: results.update({member.name: result}))
    assert str(results["dies"]) == "its process ended with 9 before it was done"
    assert str(results["raises"]) == "ValueError: of all things"
    assert results["first"] == "done"


# ---- the list ------------------------------------------------------------------------------------------------------


def test_a_folder_counts_from_the_list_and_a_name_is_the_last_part(tmp_path):
    file = tmp_path / "fleet.yml"
    file.write_text("repositories: [a/shop, 'git@github.com:acme/blog.git', {repository: ../x, name: 'Acme, x'}]\n")
    members = listing.read(file)
    assert members == [
        Member("shop", str(tmp_path / "a/shop")),
        Member("blog", "git@github.com:acme/blog.git"),
        Member("Acme, x", str(tmp_path.parent / "x")),
    ]
    assert [member.is_remote for member in members] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("repositories: [a, b/a]", "a stands in {file} more than once"),
        ("repositories: [a, ./a]", "a stands in {file} more than once"),
        ("repositories: []", "{file} must hold one list, `repositories:`"),
        ("[a]", "{file} must hold one list"),
        ("repositories: [a]\nstandard: x", "{file} must hold one list"),
        ("repositories: [1]", "1 in {file} is neither a folder nor an address of git"),
        (
            "repositories: [{repo: a}]",
            "'repo' in {file} says nothing about a repository; there are repository and name",
        ),
        ("repositories: ['https://ada:secret@example.com/x.git']", "an address in {file} holds a password"),
        ("repositories: [", "{file} is no valid YAML at line "),
    ],
)
def test_a_list_that_cannot_be_used_is_one_sentence(text, sentence, tmp_path):
    file = tmp_path / "fleet.yml"
    file.write_text(text)
    with pytest.raises(listing.ListError) as refused:
        listing.read(file)
    assert sentence.format(file=file) in str(refused.value) and "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_the_lists_of_the_documentation_can_be_read(tmp_path):
    page = (ROOT / "docs/fleet.md").read_text("utf-8")
    for text in (page.split("```yaml\n")[1].split("```")[0], (ROOT / "docs/examples/fleet.yml").read_text("utf-8")):
        (tmp_path / "fleet.yml").write_text(text)
        assert "Acme, blog" in [member.name for member in listing.read(tmp_path / "fleet.yml")]


def test_without_a_list_it_says_what_to_do(fleet):
    done = fleet.run(code=1)
    assert done.stderr.startswith("Error: there is no ") and "--file" in done.stderr
