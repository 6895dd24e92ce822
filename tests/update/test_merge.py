"""`richtfest update` keeps what the team did to its files, and says what happened to each of them."""

import shlex
import shutil
import subprocess

import pytest

from tests.update.released import (
    ADDED,
    BY_HAND,
    CHANGED,
    FIRST,
    MADE_EXECUTABLE,
    REMOVED,
    RENAMED,
    SECOND,
    Template,
    second_version,
    source,
)
from tests.update.repository import generate

pytestmark = pytest.mark.usefixtures("kept_renderings")

RUNBOOK, SCRIPT, VARIABLES = CHANGED
GONE = REMOVED[0]
((OLD_NAME, NEW_NAME),) = RENAMED.items()
OURS = "Ours: ask Ada first."


def middle(text: str) -> int:
    return len(text.splitlines()) // 2


def test_what_the_template_did_arrives_and_what_the_team_did_stays(shop, template):
    shop.insert(RUNBOOK, OURS)
    shop.commit()
    told = shop.update_json()
    assert (told["from_version"], told["to_version"], told["conflicts"], told["saved"]) == (FIRST, SECOND, [], [])
    assert OURS in shop.read(RUNBOOK) and "# Second version.\n" in shop.read(RUNBOOK)
    assert told["updated"] == sorted([".copier-answers.yml", *CHANGED, MADE_EXECUTABLE])
    assert told["added"] == sorted(ADDED)
    assert told["deleted"] == sorted(REMOVED)
    assert told["renamed"] == RENAMED
    made = template.files / MADE_EXECUTABLE
    assert (shop.path / MADE_EXECUTABLE).stat().st_mode & 0o111 == made.stat().st_mode & 0o111


def test_the_versions_and_the_changelog_between_them_are_told_in_words(shop):
    told = shop.update("--dry-run").splitlines()
    assert told[0] == f"{FIRST} -> {SECOND}"
    assert "  second_question: answered (new question)" in told and "Would be added:" in told
    assert "  - A second script, and a page about it." in told and "  - Fewer runbooks." in told
    assert not any("richtfest new" in line for line in told), "older versions are not repeated"


def test_each_of_several_versions_is_told_below_its_number(tmp_path):
    origin = Template(tmp_path / "origin" / "template")
    origin.release(FIRST)
    shop = generate(origin, tmp_path / "shop")
    second_version(origin)
    third = "## 0.3.0 (2027-01-07)\n\n- Something that\n  takes two lines.\n\n## 0.2.0"
    origin.change("CHANGELOG.md", lambda text: text.replace("## 0.2.0", third, 1))
    origin.release("v0.3.0")
    assert "  0.3.0:\n  - Something that takes two lines.\n  0.2.0:\n  - " in shop.update("--dry-run")
    assert list(shop.update_json("--dry-run")["changelog"]) == ["0.3.0", "0.2.0"]


def test_what_must_be_done_by_hand_is_told_in_words_data_and_the_commit_of_a_branch(shop):
    assert "\nTo do by hand:\n  0.2.0:\n\n  Before you merge:\n" in shop.update("--dry-run")
    told = shop.update_json("--branch", "newer")
    assert told["by_hand"] == {"0.2.0": BY_HAND}
    message = shop.git("log", "-1", "--format=%B", "newer")
    assert "To do by hand:" in message and "bash scripts/second.sh" in message


def test_dry_run_tells_the_same_and_writes_nothing(shop):
    shop.insert(SCRIPT, OURS, at=middle(shop.read(SCRIPT)))
    shop.commit()
    before = shop.state()
    planned = shop.update_json("--dry-run", code=3)
    assert shop.state() == before
    done = shop.update_json(code=3)
    names = ("updated", "added", "deleted", "renamed", "conflicts", "saved", "answers")
    assert {name: planned[name] for name in names} == {name: done[name] for name in names}


def test_the_same_line_on_both_sides_is_a_conflict_that_git_knows(shop):
    number = middle(shop.read(SCRIPT))
    lines = shop.read(SCRIPT).splitlines()
    lines[number] = OURS
    shop.write(SCRIPT, "\n".join(lines) + "\n")
    shop.commit()
    told = shop.update(code=3)
    assert f"  {SCRIPT} (both changed the same lines)" in told
    assert "add` each" in told and "reset --hard" in told
    assert shop.status()[SCRIPT] == "UU"
    text = shop.read(SCRIPT)
    assert f"<<<<<<< HEAD\n{OURS}\n=======\n" in text and f">>>>>>> {SECOND}\n" in text
    for line in ("<<<<<<< HEAD", "=======", f">>>>>>> {SECOND}"):
        text = text.replace(line + "\n", "")
    shop.write(SCRIPT, text)
    shop.git("add", SCRIPT)
    assert "UU" not in shop.status().values()


def test_giving_up_is_one_command_and_leaves_nothing(shop):
    shop.insert(GONE, OURS)
    shop.write("docs/second.md", OURS + "\n")
    shop.commit()
    before = shop.state()
    told = shop.update_json(code=3)
    assert shop.state() != before
    shop.git(*told["give_up"].split()[1:])
    assert shop.state() == before


def test_an_edited_file_that_the_template_deletes_is_saved_and_its_place_is_named(shop):
    shop.insert(GONE, OURS)
    shop.commit()
    told = shop.update()
    place = f".richtfest/saved/{SECOND}/{GONE}.yours"
    assert f"  {GONE} -> {place} (the template has no such file any more)" in told
    assert OURS in shop.read(place)
    assert not (shop.path / GONE).exists()
    assert shop.status()[place] == "A ", "git shows it, whatever is ignored"


def test_a_file_that_the_team_left_alone_is_deleted_without_a_copy(shop):
    told = shop.update_json()
    assert GONE in told["deleted"] and told["saved"] == []
    assert not (shop.path / ".richtfest").exists()


def test_edits_move_into_the_file_that_the_template_has_renamed(shop):
    shop.insert(OLD_NAME, OURS)
    shop.commit()
    told = shop.update_json()
    assert told["renamed"][OLD_NAME] == NEW_NAME
    assert OURS in shop.read(NEW_NAME)
    assert not (shop.path / OLD_NAME).exists()


def test_a_file_that_the_team_rewrote_is_renamed_as_it_is(shop):
    shop.write(OLD_NAME, "".join(f"{OURS} {number}\n" for number in range(60)))
    shop.commit()
    assert shop.update_json()["renamed"][OLD_NAME] == NEW_NAME
    assert shop.read(NEW_NAME).count(OURS) == 60


def test_a_file_that_the_team_renamed_gets_what_the_template_changed(shop):
    shop.git("mv", RUNBOOK, "docs/slow.md")
    shop.insert("docs/slow.md", OURS)
    shop.commit()
    shop.update()
    assert OURS in shop.read("docs/slow.md") and "# Second version.\n" in shop.read("docs/slow.md")
    assert not (shop.path / RUNBOOK).exists()


def test_what_the_team_deleted_stays_deleted_and_is_told(shop):
    (shop.path / RUNBOOK).unlink()
    shop.commit()
    assert shop.update_json()["kept_deleted"] == [RUNBOOK]
    assert not (shop.path / RUNBOOK).exists()


def test_what_the_team_deleted_stays_deleted_when_the_template_renames_it(shop):
    (shop.path / OLD_NAME).unlink()
    shop.commit()
    told = shop.update_json()
    assert told["kept_deleted"] == [OLD_NAME] and NEW_NAME not in told["added"] and told["renamed"] == {}
    assert not (shop.path / OLD_NAME).exists() and not (shop.path / NEW_NAME).exists()


def test_a_link_in_the_place_of_a_folder_with_a_new_file_is_left_as_it_is(shop):
    shutil.rmtree(shop.path / "docs/runbooks")
    (shop.path / "docs/runbooks").symlink_to("../scripts")
    shop.commit()
    before = shop.state()
    told = shop.update(code=4)
    assert "docs/runbooks is a link" in told and f"the new version has {NEW_NAME}" in told
    assert shop.state() == before


def test_a_file_of_the_team_where_the_template_adds_one_is_a_conflict_with_both_in_it(shop):
    shop.write("docs/second.md", OURS + "\n")
    shop.commit()
    (conflict,) = shop.update_json(code=3)["conflicts"]
    assert conflict == {"path": "docs/second.md", "kind": "both_added"}
    assert OURS in shop.read("docs/second.md") and "new in the second version" in shop.read("docs/second.md")


def test_an_ignored_file_where_the_template_adds_one_is_not_overwritten(shop):
    shop.write(".gitignore", shop.read(".gitignore") + "/docs/second.md\n")
    shop.commit()
    shop.write("docs/second.md", OURS + "\n")
    before = shop.state()
    assert "docs/second.md is in the way" in shop.update(code=4)
    assert shop.state() == before


def test_ignored_files_are_not_touched(shop):
    shop.write("terraform/.terraform/state", OURS)
    shop.update()
    assert shop.read("terraform/.terraform/state") == OURS


def test_files_that_belong_to_the_team_are_left_alone_even_when_deleted(shop):
    shop.write("README.md", OURS + "\n")
    (shop.path / "app/main.py").unlink()
    shop.commit()
    shop.update()
    assert shop.read("README.md") == OURS + "\n"
    assert not (shop.path / "app/main.py").exists()


def test_a_mode_that_the_team_changed_stays(shop):
    mode = (shop.path / SCRIPT).stat().st_mode ^ 0o111
    (shop.path / SCRIPT).chmod(mode)
    shop.commit()
    shop.update()
    assert (shop.path / SCRIPT).stat().st_mode & 0o111 == mode & 0o111
    assert "# Second version.\n" in shop.read(SCRIPT)


def test_line_endings_that_the_team_keeps_are_kept(shop):
    shop.write(".gitattributes", "* -text\n")
    (shop.path / SCRIPT).write_bytes(shop.read(SCRIPT).replace("\n", "\r\n").encode() + OURS.encode() + b"\r\n")
    shop.commit()
    shop.update(code=3)
    assert OURS.encode() + b"\r\n" in (shop.path / SCRIPT).read_bytes()


def test_a_file_that_was_committed_with_crlf_is_merged_line_by_line_and_keeps_them(shop):
    shop.write(".gitattributes", "* -text\n")
    lines = [*shop.read(RUNBOOK).splitlines()]
    lines.insert(1, OURS)
    (shop.path / RUNBOOK).write_bytes("\r\n".join([*lines, ""]).encode())
    shop.commit()
    assert shop.update_json()["conflicts"] == []
    content = (shop.path / RUNBOOK).read_bytes()
    assert OURS.encode() in content and b"# Second version.\r\n" in content
    assert content.count(b"\n") == content.count(b"\r\n")


def test_a_link_in_the_place_of_a_file_stays_and_the_template_s_file_can_be_had(shop):
    (shop.path / SCRIPT).unlink()
    (shop.path / SCRIPT).symlink_to("checks.sh")
    shop.commit()
    told = shop.update_json(code=3)
    assert told["conflicts"] == [{"path": SCRIPT, "kind": "path"}] and told["kept_deleted"] == []
    assert str((shop.path / SCRIPT).readlink()) == "checks.sh"
    shop.git("reset", "--hard")
    (command,) = [line for line in shop.update(code=3).splitlines() if line.startswith(f"  {SCRIPT} (")]
    shop.git(*shlex.split(command.partition("template's: ")[2].removesuffix(")"))[1:])
    assert "# Second version." in shop.read(SCRIPT) and not (shop.path / SCRIPT).is_symlink()


def test_a_binary_edit_stays_where_plain_copier_would_drop_it(shop):
    content = b"\0\1\2" + OURS.encode()
    (shop.path / RUNBOOK).write_bytes(content)
    shop.commit()
    assert shop.update_json(code=3)["conflicts"] == [{"path": RUNBOOK, "kind": "binary"}]
    assert (shop.path / RUNBOOK).read_bytes() == content
    assert "# Second version." in shop.git("show", f":3:{RUNBOOK}")


def test_a_folder_in_the_place_of_a_file_stays(shop):
    (shop.path / RUNBOOK).unlink()
    shop.write(f"{RUNBOOK}/ours.md", OURS)
    shop.commit()
    shop.update()
    assert shop.read(f"{RUNBOOK}/ours.md") == OURS


def test_the_second_update_has_nothing_to_do(shop):
    shop.update()
    shop.commit()
    before = shop.state()
    assert f"is at {SECOND} already" in shop.update()
    assert shop.update_json()["changed"] is False
    assert shop.state() == before


def test_an_answer_that_is_given_already_changes_nothing(shop):
    before = shop.state()
    told = shop.update_json("--to", FIRST, "-d", "ci=github")
    assert told["changed"] is False and told["give_up"] == ""
    assert f"is at {FIRST} already: nothing changes" in shop.update(
        "--to", FIRST, "-d", "ci=github", "--branch", "newer"
    )
    assert shop.state() == before


def test_a_branch_holds_the_update_and_the_checkout_is_as_it_was(shop):
    shop.insert(RUNBOOK, OURS)
    shop.commit()
    shop.write("notes.txt", "not committed, and no matter here\n")
    before = shop.state()
    told = shop.update_json("--branch", "newer")
    after = shop.state()
    assert {name: after[name] for name in ("files", "index", "head")} == {
        n: before[n] for n in ("files", "index", "head")
    }
    assert shop.git("rev-parse", "newer").strip() == told["commit"]
    assert shop.git("rev-parse", "newer^") == before["head"]
    assert OURS in shop.git("show", f"newer:{RUNBOOK}") and "Second version" in shop.git("show", f"newer:{RUNBOOK}")
    message = shop.git("log", "-1", "--format=%B", "newer")
    assert message.startswith(f"Richtfest {FIRST} -> {SECOND}\n") and "- Fewer runbooks." in message
    shop.git(*told["give_up"].split()[1:])
    assert shop.state() == before


def test_conflicts_on_a_branch_are_committed_with_their_markers_and_told(shop):
    shop.write("docs/second.md", OURS + "\n")
    shop.commit()
    told = shop.update("--branch", "newer", code=3)
    assert "switch newer`" in told and "add` each" in told
    assert "<<<<<<< " in shop.git("show", "newer:docs/second.md")
    assert "with conflicts to resolve" in shop.git("log", "-1", "--format=%s", "newer")


def test_a_german_repository_is_told_in_german(shop):
    shop.write(".copier-answers.yml", shop.read(".copier-answers.yml").replace("language: en", "language: de"))
    shop.insert(RUNBOOK, OURS)
    shop.commit()
    told = shop.update("--dry-run")
    assert "Was neu ist:" in told and "geschrieben wurde nichts" in told


def test_hooks_of_the_team_are_not_run(shop):
    hook = shop.path / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch ran\n")
    hook.chmod(0o755)
    shop.update()
    assert not (shop.path / "ran").exists()


def test_the_source_of_what_is_tested_is_there(template):
    """The second version changes what it says."""
    assert source(template, NEW_NAME)
    told = subprocess.run(["git", "tag"], cwd=template.path, capture_output=True, text=True, check=True).stdout
    assert told.split() == [FIRST, SECOND]


def test_what_builds_an_image_stays_in_place_when_it_becomes_the_teams_own(shop):
    shop.insert("Dockerfile", "# ours", at=3)
    shop.commit()
    before = {name: shop.read(name) for name in ("Dockerfile", ".dockerignore")}
    told = shop.update_json("-d", "own_dockerfile=true")
    assert told["answers"]["own_dockerfile"] == [False, True]
    assert {name: shop.read(name) for name in before} == before
    assert told["saved"] == [] and not {"Dockerfile", ".dockerignore"} & {*told["deleted"], *told["updated"]}
