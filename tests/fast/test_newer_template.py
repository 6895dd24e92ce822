"""The weekly look for a newer template, with a template on disk: told on a laptop, one issue at GitHub and GitLab."""

import subprocess

import pytest

TOKEN = {"ISSUES_TOKEN": "token-of-the-project"}


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
        ("0123456", ["v0.1.0"], "v0.1.0"),
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


@pytest.mark.parametrize("words", [[], ["update"], ["status", "now"]])
def test_the_script_without_its_words_tells_them(generated, words):
    done = generated(None).run("template.sh", *words)
    assert done.returncode == 1 and done.stderr.startswith("Usage: bash scripts/template.sh")
