"""Plain Copier keeps working on the same repository, before and after, and where it loses nothing both do the same."""

import json
import shutil
import warnings

import copier
import pytest
import yaml

from tests.update.released import CHANGED, FIRST, SECOND, Template, commit, git, second_version
from tests.update.repository import Repository, copy, generate, richtfest

OURS = "Ours: ask Ada first."
THIRD = "v0.3.0"


@pytest.fixture(scope="module")
def three_versions(tmp_path_factory):
    """A template with a third version, for updates in turns."""
    made = Template(tmp_path_factory.mktemp("three") / "template")
    made.release(FIRST)
    second_version(made)
    made.release(SECOND)
    made.change("templates/scripts/checks.sh.jinja", lambda text: text + "# Third version.\n")
    made.release(THIRD)
    return made


def copier_update(repository: Repository, version: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copier.run_update(repository.folder, vcs_ref=version, defaults=True, overwrite=True, quiet=True)
    repository.commit()


def test_edits_that_do_not_clash_end_the_same_as_with_copier(shop, tmp_path):
    shop.insert(CHANGED[0], OURS)
    shop.insert("terraform/outputs.tf", f"# {OURS}")
    (shop.path / CHANGED[1]).unlink()
    shop.commit()
    plain = Repository(shutil.copytree(shop.path, tmp_path / "plain" / "shop", symlinks=True))
    copier_update(plain, SECOND)
    shop.update()
    shop.commit()
    assert shop.state()["files"] == plain.state()["files"]


@pytest.mark.parametrize("ours_first", [True, False])
def test_both_take_turns_on_one_repository(three_versions, tmp_path, ours_first):
    shop = generate(three_versions, tmp_path / "shop")
    shop.insert(CHANGED[0], OURS)
    shop.commit()
    if ours_first:
        shop.update("--to", SECOND)
        shop.commit()
        copier_update(shop, THIRD)
    else:
        copier_update(shop, SECOND)
        shop.update()
        shop.commit()
    answers = yaml.safe_load(shop.read(".copier-answers.yml"))
    assert (answers["_commit"], answers["_src_path"]) == (THIRD, three_versions.url)
    assert OURS in shop.read(CHANGED[0]) and "# Third version." in shop.read("scripts/checks.sh")


@pytest.mark.usefixtures("kept_renderings")
def test_an_untouched_repository_becomes_what_the_new_version_makes(shop, template, tmp_path):
    shop.update()
    shop.commit()
    copy(template.url, tmp_path / "new" / "shop", SECOND, {})
    git(tmp_path / "new" / "shop", "init", "--quiet")
    new = Repository(tmp_path / "new" / "shop")
    new.commit()
    assert shop.state()["files"] == new.state()["files"]


def test_a_changed_answer_changes_its_files_and_keeps_the_version(shop):
    told = shop.update_json("--to", FIRST, "-d", "latency_objective=2.5")
    assert told["answers"] == {"latency_objective": ["1", "2.5"]}
    assert (told["from_version"], told["to_version"]) == (FIRST, FIRST)
    assert "latency_objective: '2.5'" in shop.read(".copier-answers.yml")


def test_a_repository_that_was_made_from_an_unreleased_commit_has_a_way_to_a_release(tmp_path):
    origin = Template(tmp_path / "origin" / "template")
    made_by = commit(origin.path, "not released")
    second_version(origin)
    origin.release(SECOND)
    shop = generate(origin, tmp_path / "shop", version=made_by)
    recorded = yaml.safe_load(shop.read(".copier-answers.yml"))["_commit"]
    assert made_by.startswith(recorded)
    shop.insert(CHANGED[0], OURS)
    shop.commit()
    assert json.loads(richtfest("drift", "--json", str(shop.path)).output)["differences"][0]["path"] == CHANGED[0]
    told = shop.update_json()
    assert (told["from_version"], told["to_version"]) == (recorded, SECOND)
    assert "Fewer runbooks." in told["changelog"]["0.2.0"]
    assert OURS in shop.read(CHANGED[0]) and "# Second version." in shop.read(CHANGED[0])
    shop.commit()
    for unknown in ("1a23456", "1234567"):
        text = shop.read(".copier-answers.yml").replace(f"_commit: {SECOND}", f"_commit: '{unknown}'")
        shop.write(".copier-answers.yml", text.replace("_commit: '1a23456'", f"_commit: '{unknown}'"))
        shop.commit()
        assert f"an unreleased state of the template ({unknown})" in shop.update(code=4)
        assert f"an unreleased state of the template ({unknown})" in richtfest("drift", str(shop.path)).output


@pytest.mark.usefixtures("kept_renderings")
def test_only_one_folder_of_a_repository_is_the_generated_one(template, tmp_path):
    shop = generate(template, tmp_path / "company", subfolder="teams/shop")
    (shop.path / "other.txt").write_text("another folder\n")
    shop.insert(CHANGED[0], OURS)
    shop.commit()
    (shop.path / "other.txt").write_text("being edited, and no matter here\n")
    before = shop.state()
    told = shop.update_json()
    assert CHANGED[0] in told["updated"] and told["conflicts"] == []
    assert OURS in shop.read(CHANGED[0]) and "# Second version." in shop.read(CHANGED[0])
    assert (shop.path / "other.txt").read_text() == "being edited, and no matter here\n"
    git(shop.folder, *told["give_up"].split()[1:])
    assert shop.state() == before


@pytest.mark.usefixtures("kept_renderings")
def test_a_shallow_clone_and_a_linked_work_tree_are_repositories_too(shop, tmp_path):
    shop.insert(CHANGED[0], OURS)
    shop.commit()
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{shop.path}", "shallow/shop")
    shop.git("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "linked" / "shop"))
    for path in (tmp_path / "shallow" / "shop", tmp_path / "linked" / "shop"):
        repository = Repository(path)
        assert CHANGED[0] in repository.update_json()["updated"]
        assert OURS in repository.read(CHANGED[0]) and "# Second version." in repository.read(CHANGED[0])
    assert shop.status() == {}
