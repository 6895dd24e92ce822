"""An update that cannot be made is refused before anything is touched, with a sentence that says what to do."""

import shutil
import subprocess

import pytest
import yaml

from tests.update.released import CHANGED, FIRST, SECOND, Template, git
from tests.update.repository import Repository, generate, richtfest

ANSWERS = ".copier-answers.yml"


@pytest.fixture
def refused(shop):
    """Have an update refused: nothing of the repository changes, no traceback is shown."""

    def refuse(*arguments: str, repository: Repository = shop) -> str:
        before = repository.state()
        told = repository.update(*arguments, code=4)
        assert repository.state() == before
        assert told.startswith("Not updated, nothing was changed: ")
        return told

    return refuse


def record(shop: Repository, name: str, value: str) -> None:
    told = yaml.safe_load(shop.read(ANSWERS)) | {name: value}
    shop.write(ANSWERS, yaml.safe_dump(told))


def test_what_is_not_committed_is_named(shop, refused):
    shop.insert("docs/operations.md", "half done")
    shop.write("notes.txt", "new\n")
    told = refused()
    assert "commit or stash them" in told and "docs/operations.md" in told and "notes.txt" in told


def test_no_git_repository(tmp_path, shop):
    shutil.copytree(shop.path, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
    repository = Repository(tmp_path / "copy")
    assert "is no git repository" in repository.update(code=4)


def test_a_folder_that_is_not_ours_gets_no_advice_to_commit_it(tmp_path):
    told = richtfest("update", str(tmp_path))
    assert told.exit_code == 4 and "is no repository made by Richtfest" in told.output and "git add" not in told.output


@pytest.mark.parametrize("verb", ["update", "drift"])
def test_a_folder_inside_names_the_one_above_that_is_meant(shop, verb):
    told = richtfest(verb, str(shop.path / "scripts"))
    assert told.exit_code == 4 and f"but {shop.path} above it does" in told.output


def test_an_update_that_is_staged_already(shop, refused):
    shop.update()
    told = refused()
    assert f"an update to {SECOND} is staged" in told and "give it up with `git -C" in told


def test_nothing_committed_yet(shop):
    shutil.rmtree(shop.path / ".git")
    shop.git("init", "--quiet")
    assert "commit first" in shop.update(code=4)


def test_no_answers_file(shop, refused):
    (shop.path / ANSWERS).unlink()
    shop.commit()
    assert f"holds no {ANSWERS}" in refused()


def test_a_broken_answers_file(shop, refused):
    shop.write(ANSWERS, "language: [en\n")
    shop.commit()
    assert "no valid YAML at line" in refused()


def test_an_answers_file_that_says_not_where_it_comes_from(shop, refused):
    shop.write(ANSWERS, "language: en\n")
    shop.commit()
    assert "_commit and _src_path" in refused()


def test_an_answer_that_was_changed_by_hand_and_that_no_file_has_followed(shop, refused):
    record(shop, "latency_objective", "0.5")
    shop.commit()
    told = refused()
    assert "changed by hand" in told and "latency_objective: '1' became '0.5'" in told
    shop.update("-d", "latency_objective=0.5")
    assert "0.5" in shop.git("diff", "--cached", "monitoring"), "the files have followed"


def test_a_recorded_answer_that_no_version_accepts_has_a_way_out(shop, refused):
    record(shop, "latency_objective", "7")
    shop.write("notes.txt", "committed together\n")
    shop.commit()
    assert "latency_objective: '7'; accepted now: " in refused()
    compared = richtfest("drift", str(shop.path))
    assert compared.exit_code == 4 and f"{ANSWERS}, and commit" in compared.output
    assert shop.update_json("--dry-run", "-d", "latency_objective=1")["answers"]["latency_objective"] == ["7", "1"]
    record(shop, "latency_objective", "1")
    shop.commit()
    assert "changed by hand" in refused(), "that commit changed nothing else"
    shop.update("-d", "latency_objective=1")
    assert yaml.safe_load(shop.read(ANSWERS))["latency_objective"] == "1"


def test_a_version_that_is_not_there(shop, refused):
    assert f"there is no version v7.0.0 of {shop_url(shop)}; the newest is {SECOND}" in refused("--to", "v7.0.0")


def test_the_recorded_version_is_not_there(shop, refused):
    record(shop, "_commit", "v0.0.7")
    shop.commit()
    assert "v0.0.7, which made" in refused()


def test_no_way_back(shop, refused):
    shop.update()
    shop.commit()
    assert f"{FIRST} is older than {SECOND}" in refused("--to", FIRST)


def test_a_template_that_cannot_be_reached_is_named_without_its_password(shop, refused):
    record(shop, "_src_path", "https://ada:secret@localhost:9/template.git")
    shop.commit()
    told = refused()
    assert "https://localhost:9/template.git cannot be reached" in told
    assert "secret" not in told


def test_a_template_without_versions(shop, refused, template, tmp_path):
    shutil.copytree(template.path, tmp_path / "plain", ignore=shutil.ignore_patterns(".git"))
    record(shop, "_src_path", str(tmp_path / "plain"))
    shop.commit()
    assert "a folder without versions" in refused()


@pytest.mark.parametrize("option", ["assume-unchanged", "skip-worktree"])
def test_an_edit_that_git_was_told_not_to_look_at(shop, refused, option):
    shop.git("update-index", f"--{option}", CHANGED[0])
    shop.insert(CHANGED[0], "mine alone")
    told = refused()
    assert CHANGED[0] in told and f"update-index --no-{option} " in told
    assert "mine alone" in shop.read(CHANGED[0])
    shop.git("update-index", f"--no-{option}", CHANGED[0])
    shop.git("checkout", "HEAD", CHANGED[0])
    shop.update()


def test_an_edit_that_giving_up_would_lose(shop, refused):
    shop.git("update-index", "--assume-unchanged", "docs/operations.md")
    shop.insert("docs/operations.md", "mine alone")
    assert "docs/operations.md" in refused()


def test_a_sparse_checkout_without_a_file_that_changes(shop, refused):
    shop.status()  # git takes away only what it knows to be as committed
    shop.git("sparse-checkout", "set", "--no-cone", "/*", f"!{CHANGED[0]}")
    told = refused()
    assert CHANGED[0] in told and "sparse-checkout disable" in told and "--branch" in told
    shop.update("--branch", "newer")
    assert not (shop.path / CHANGED[0]).exists()


def test_a_merge_in_progress(shop, refused):
    shop.git("switch", "--quiet", "--create", "other")
    shop.commit()
    shop.git("switch", "--quiet", "main")
    shop.git("merge", "--quiet", "--no-ff", "--no-commit", "other")
    assert "a merge is in progress" in refused()


def test_a_branch_that_is_there(shop, refused):
    shop.git("branch", "newer")
    assert "there is a branch newer already" in refused("--branch", "newer")
    assert "is no name for a branch" in refused("--branch", "a..b")


def test_an_answer_to_no_question(refused):
    assert "'colour' answers no question of v0.2.0" in refused("-d", "colour=blue")


def test_an_answer_that_is_not_accepted(refused):
    assert "domain must be a full domain name" in refused("-d", "domain=HTTP")


def test_another_git_at_work(shop, refused):
    (shop.path / ".git/index.lock").touch()
    assert f"if no git is running, delete {shop.path}/.git/index.lock" in refused()
    (shop.path / ".git/index.lock").unlink()
    shop.update()


def test_a_folder_that_cannot_be_written_is_left_as_it_was(shop, refused):
    docs = shop.path / "docs/runbooks"
    subprocess.run(["chattr", "+i", docs], check=False, capture_output=True)
    probe = docs / "probe"
    try:
        probe.touch()
    except OSError:
        try:
            assert "cannot be written" in refused()
        finally:
            subprocess.run(["chattr", "-i", docs], check=True)
    else:
        pytest.skip("this file system has no immutable folders")


@pytest.fixture(scope="module")
def stricter(tmp_path_factory):
    """A template whose second version accepts less: a choice is gone, a validator is tighter, a type has changed."""
    made = Template(tmp_path_factory.mktemp("stricter") / "template")
    made.release(FIRST)
    made.change("copier.yml", lambda text: text.replace('    2.5 seconds: "2.5"\n', "", 1))
    made.change("copier.yml", lambda text: text.replace("3 <= project_name | length", "5 <= project_name | length", 1))
    made.release(SECOND)
    return made


def test_answers_that_the_new_version_would_reset_are_named_with_what_is_accepted(stricter, tmp_path, refused):
    shop = generate(stricter, tmp_path / "strict", latency_objective="2.5")
    told = refused(repository=shop)
    assert "latency_objective: '2.5'; accepted now: 0.25, 0.5, 1, 5" in told
    assert "project_name: 'shop'; " in told and "project_name must be 3 to 30" in told
    shop.update("-d", "latency_objective=5", "-d", "project_name=shop-two")
    assert yaml.safe_load(shop.read(ANSWERS))["latency_objective"] == "5"


def test_a_version_that_cannot_be_rendered(tmp_path, refused):
    broken = Template(tmp_path / "origin")
    broken.release(FIRST)
    (broken.files / "broken.txt.jinja").write_text("#{ nobody_knows_this }#\n")
    broken.release(SECOND)
    assert "'nobody_knows_this' is undefined" in refused(repository=generate(broken, tmp_path / "strict"))


def shop_url(shop: Repository) -> str:
    return yaml.safe_load(shop.read(ANSWERS))["_src_path"]


def test_refusals_are_data_for_scripts(shop):
    shop.write("notes.txt", "new\n")
    told = shop.update_json(code=4)
    assert "commit or stash" in told["refused"] and told["details"] == ["?? notes.txt"] and told["exit_code"] == 4
    assert git(shop.path, "status", "--porcelain") == "?? notes.txt\n"
