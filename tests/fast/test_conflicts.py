"""What an update could not merge never reaches main: the check, and the hook that setup.sh installs."""

import subprocess

import pytest

CONFLICT = "port: 1\n<<<<<<< {ours}\nname: ours\n=======\nname: theirs\n>>>>>>> {theirs}\n"
BY_UPDATE = CONFLICT.format(ours="before updating", theirs="after updating")
BY_MERGE = CONFLICT.format(ours="HEAD", theirs="feature")
WITH_BASE = BY_MERGE.replace("=======\n", "||||||| base\nname: base\n=======\n")

PAGES = {
    "underlines.rst": "Title\n=======\n\nA chapter\n=======\n",
    "one-mark.md": "A conflict begins with\n<<<<<<< HEAD\nand goes on.\n",
    "backwards.md": ">>>>>>> after\n=======\n<<<<<<< before\n",
    "indented.md": "".join(f"    {line}\n" for line in BY_MERGE.splitlines()),
    "arrows.txt": "<<<<<<<<< nine\n=========\n>>>>>>>>> nine\n",
}


@pytest.fixture
def shop(generated):
    return generated(None)


@pytest.mark.parametrize("text", [BY_UPDATE, BY_MERGE, BY_MERGE.replace("\n", "\r\n"), WITH_BASE])
@pytest.mark.parametrize("tracked", [True, False])
def test_a_conflict_fails_the_check_and_the_file_is_named(shop, text, tracked):
    name = "server/a name with spaces.yml"
    (shop.path / name).write_bytes(text.encode())
    if tracked:
        shop.commit()
    done = shop.run("checks.sh", "conflicts")
    assert done.returncode == 1
    assert "FAILED       conflicts" in done.stdout and f"\n  {name}\n" in done.stdout


def test_what_could_not_be_merged_at_all_fails_the_check(shop):
    (shop.path / "server/compose.yml.rej").write_text("@@ -1 +1 @@\n")
    assert "  server/compose.yml.rej\n" in shop.run("conflicts.sh").stderr
    shop.git("add", "--all")
    assert "  server/compose.yml.rej\n" in shop.run("conflicts.sh", "--staged").stderr
    (shop.path / "server/compose.yml.rej").unlink()
    assert shop.run("conflicts.sh").returncode == 0, "a file that is gone is decided"


def test_pages_that_show_marks_are_no_conflict(shop):
    for name, text in PAGES.items():
        (shop.path / "docs" / name).write_text(text)
    shop.commit()
    done = shop.run("checks.sh", "conflicts")
    assert done.returncode == 0, done.stdout


def test_a_page_may_show_a_whole_conflict_when_git_knows(shop):
    """Plain copier writes its short marks there all the same, git long ones: both still count."""
    page = shop.path / "docs/merging.md"
    page.write_text(BY_MERGE)
    assert shop.run("conflicts.sh").returncode == 1
    (shop.path / ".gitattributes").open("a").write("docs/merging.md conflict-marker-size=32\n")
    assert shop.run("conflicts.sh").returncode == 0
    long = BY_MERGE.replace("<" * 7, "<" * 32).replace("=" * 7, "=" * 32).replace(">" * 7, ">" * 32)
    for more in (BY_UPDATE, long):
        page.write_text(BY_MERGE + more)
        assert shop.run("conflicts.sh").returncode == 1


def test_no_file_of_a_fresh_repository_is_a_conflict(shop):
    assert shop.run("conflicts.sh").returncode == 0


def commit(shop) -> subprocess.CompletedProcess[str]:
    words = ["git", "commit", "--quiet", "--message", "update"]
    return subprocess.run(words, cwd=shop.path, capture_output=True, text=True, check=False)


def test_the_hook_refuses_a_commit_with_a_conflict_and_looks_at_what_is_committed(shop):
    told = shop.run("setup.sh").stdout
    assert "made    hook that keeps conflicts out of commits" in told
    assert "there   hook that keeps conflicts out of commits" in shop.run("setup.sh").stdout
    before = shop.git("rev-parse", "HEAD")

    file = shop.path / "server/compose.yml"
    file.write_text(BY_UPDATE)
    shop.git("add", "server/compose.yml")
    file.write_text("name: both\n")  # decided here, but not in what is committed
    refused = commit(shop)
    assert refused.returncode == 1 and "  server/compose.yml\n" in refused.stderr
    assert shop.git("rev-parse", "HEAD") == before
    shop.git("add", "server/compose.yml")
    file.write_text(BY_UPDATE)  # and the other way round
    assert commit(shop).returncode == 0


def test_hooks_of_the_team_stay_as_they_are(shop):
    hook = shop.path / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nexit 0\n")
    told = shop.run("setup.sh").stdout
    assert "NOTE    You have hooks of your own" in told and "bash scripts/conflicts.sh --staged" in told
    assert hook.read_text() == "#!/bin/sh\nexit 0\n"
    hook.unlink()
    shop.git("config", "core.hooksPath", ".husky")
    assert "NOTE    You have hooks of your own" in shop.run("setup.sh").stdout
    assert not hook.exists() and not (shop.path / ".husky").exists()


def test_the_pipelines_look_for_conflicts(generated):
    checks = generated(None, ci="gitlab").path / ".gitlab/ci/checks.yml"
    assert "bash scripts/checks.sh conflicts " in checks.read_text()


@pytest.mark.parametrize("words", [["--everything"], ["--staged", "now"]])
def test_the_script_without_its_words_tells_them(shop, words):
    done = shop.run("conflicts.sh", *words)
    assert done.returncode == 1 and done.stderr.startswith("Usage: bash scripts/conflicts.sh")
