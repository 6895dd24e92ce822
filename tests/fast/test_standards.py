"""House standards: presets are defaults, locked answers are neither asked nor contradicted, all is recorded."""

import hashlib
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from richtfest import standards
from richtfest.cli import group
from tests.generation import ROOT, files_of, render

EXAMPLE = ROOT / "docs/examples/richtfest-standard.yml"
SMALL = "name: Acme\npresets: {database: postgres, grafana: false}\nlocked: {cloud: scaleway, language: en}\n"


def new(destination: Path, *arguments: str):
    return CliRunner().invoke(group, ["new", str(destination), "--defaults", *map(str, arguments)])


def answers_of(repository: Path) -> dict:
    return yaml.safe_load((repository / ".copier-answers.yml").read_text("utf-8"))


@pytest.fixture
def written(tmp_path):
    """A standard in a file: written("name: Acme", ...) gives its path."""

    def write(*lines: str) -> Path:
        file = tmp_path / "standard.yml"
        file.write_text("\n".join(lines) + "\n", "utf-8")
        return file

    return write


@pytest.fixture
def committed(tmp_path):
    """A git repository with a standard and a function that commits another one: gives the folder and the function."""
    folder = tmp_path / "house"
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)

    def commit(text: str, *tag: str) -> str:
        (folder / standards.FILE).write_text(text, "utf-8")
        git = ["git", "-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        subprocess.run([*git, "add", "--all"], check=True)
        subprocess.run([*git, "commit", "--quiet", "--message", "as it is"], check=True)
        for name in tag:
            subprocess.run([*git, "tag", "--annotate", "--message", name, name], check=True)
        told = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
        return told.stdout.strip()

    return folder, commit


def test_the_example_makes_the_repository_that_plain_copier_makes_of_the_same_answers(tmp_path):
    result = new(tmp_path / "a/shop", "--standard", EXAMPLE)
    assert result.exit_code == 0, result.output
    assert "House standard: Nordlicht" in result.output and "cloud: hetzner" in result.output
    told = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    checksum = f"sha256:{hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()}"
    expected = told["presets"] | told["locked"] | {"standard": str(EXAMPLE), "standard_version": checksum}
    assert answers_of(tmp_path / "a/shop").items() >= expected.items()

    render(expected, tmp_path / "b/shop")
    ours, plain = (
        {path.relative_to(folder): path.read_bytes() for path in files_of(folder)}
        for folder in (tmp_path / "a/shop", tmp_path / "b/shop")
    )
    for tree in (ours, plain):  # the origin differs: a folder has no tag
        tree[Path(".copier-answers.yml")] = b"".join(
            line for line in tree[Path(".copier-answers.yml")].splitlines(True) if not line.startswith(b"_")
        )
    assert ours == plain


def test_the_page_about_standards_shows_what_can_be_read(written):
    """Every block of YAML that begins with a name is a whole standard."""
    page = (ROOT / "docs/standards.md").read_text("utf-8")
    blocks = [block.split("```")[0] for block in page.split("```yaml\n")[1:]]
    shown = [block for block in blocks if block.startswith("name:")]
    assert shown
    for block in shown:
        assert standards.read(str(written(block))).locked["cloud"] == "hetzner"


def test_without_a_standard_none_is_recorded(tmp_path):
    new(tmp_path / "shop")
    told = answers_of(tmp_path / "shop")
    assert told["standard"] == "" and "standard_version" not in told


@pytest.mark.parametrize("ref", ["", "#main", "#v1"])
def test_a_git_repository_is_recorded_with_its_commit(committed, ref):
    folder, commit = committed
    first = commit(SMALL, "v1")
    second = commit(SMALL.replace("scaleway", "hetzner"))
    (folder / standards.FILE).write_text("name: not committed\n")
    standard = standards.read(f"{folder}{ref}")
    assert standard.record == {"standard": f"{folder}{ref}", "standard_version": first if ref == "#v1" else second}
    assert standard.locked["cloud"] == ("scaleway" if ref == "#v1" else "hetzner")


def test_an_answer_wins_over_a_preset_and_what_is_seen_in_the_folder_too(tmp_path, written):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/Dockerfile").write_text("FROM scratch\nEXPOSE 3000\n")
    file = written("name: Acme", "presets: {stack: fastapi, application_port: 9000, iac: opentofu, grafana: false}")
    new(tmp_path / "shop", "--standard", file, "-d", "iac=terraform")
    told = answers_of(tmp_path / "shop")
    found = {name: told[name] for name in ("stack", "application_port", "iac", "grafana")}
    assert found == {"stack": "docker", "application_port": 3000, "iac": "terraform", "grafana": False}


@pytest.mark.parametrize("how", ["pair", "file"])
def test_an_answer_that_contradicts_is_refused_in_one_sentence_and_nothing_is_written(how, tmp_path, written):
    file = written(SMALL)
    other = tmp_path / "answers.yml"
    other.write_text("cloud: hetzner\n")
    given = ["-d", "cloud=hetzner"] if how == "pair" else ["--data-file", str(other)]
    result = new(tmp_path / "shop", "--standard", file, *given)
    assert result.exit_code == 1
    assert result.stderr == "Error: cloud is scaleway by the house standard Acme and cannot be hetzner\n"
    assert not (tmp_path / "shop").exists()


def test_the_locked_answer_itself_may_be_given_in_the_words_of_the_command_line(written):
    standard = standards.read(str(written("name: Acme", "locked: {grafana: false, application_port: 9000}")))
    given = standard.bind({"grafana": "no", "application_port": "9000"})
    assert (given["grafana"], given["application_port"]) == (False, 9000)


def test_a_locked_answer_is_not_asked(written):
    from richtfest import template

    standard = standards.read(str(written(SMALL)))
    assert {"cloud", "language"} <= set(template.asked()) & standard.bind({}).keys()


def test_a_preset_that_does_not_go_with_the_answers_is_named(tmp_path, written):
    file = written("name: Acme", "presets: {region: nbg1}")
    result = new(tmp_path / "shop", "--standard", file, "-d", "cloud=ovhcloud", "-d", "language=en")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: region must be one of ovhcloud: ")
    assert result.stderr.endswith("; nbg1 is a preset of the house standard Acme: answer region yourself with -d\n")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["name: Acme", "locked: {clod: hetzner}"], "'clod' under locked in {file} answers no question; did you mean"),
        (["name: Acme", "presets: {cloud: aws}"], "cloud under presets in {file} must be one of hetzner, "),
        (["name: Acme", "lokced: {cloud: hetzner}"], "'lokced' in {file} is no part of a house standard; did you mean"),
        (["locked: {cloud: hetzner}"], "{file} has no name"),
        (["name: Acme", "presets: {iac: opentofu}", "locked: {iac: opentofu}"], "iac stands in {file} both"),
        (["name: Acme", "locked: [cloud]"], "locked in {file} must hold lines of the form name: value"),
        (["name: Acme", "locked: {standard: x}"], "standard in {file} is what a repository records"),
        (["name: ["], "{file} is no valid YAML at line "),
        (["just words"], "{file} must hold lines of the form name: value"),
    ],
)
def test_what_is_wrong_in_a_standard_is_one_sentence(lines, sentence, tmp_path, written):
    file = written(*lines)
    result = new(tmp_path / "shop", "--standard", file)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: " + sentence.format(file=file)), result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "shop").exists()


def test_a_standard_that_is_nowhere_is_one_sentence(tmp_path, committed):
    folder, commit = committed
    commit(SMALL)
    (tmp_path / "empty").mkdir()
    for source, words in {
        tmp_path / "nowhere.yml": "there is no house standard",
        tmp_path / "empty": "cannot be read: ",
        f"{folder}#v9": "cannot be read: couldn't find remote ref v9",
        f"file://{tmp_path}/gone.git": "cannot be read: ",
    }.items():
        result = new(tmp_path / "shop", "--standard", source)
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1), result.stderr
        assert words in result.stderr
    subprocess.run(["git", "-C", folder, "checkout", "--quiet", "--orphan", "empty"], check=True)
    git = ["git", "-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run([*git, "rm", "--quiet", "--force", standards.FILE], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "empty"], check=True)
    result = new(tmp_path / "shop", "--standard", folder)
    assert f"{folder} holds no richtfest-standard.yml in its root (at HEAD)" in result.stderr


def test_the_record_is_not_for_the_command_line_when_there_is_a_standard(tmp_path, written):
    result = new(tmp_path / "shop", "--standard", written(SMALL), "-d", "standard=elsewhere")
    assert "standard is what --standard records" in result.stderr


def test_what_the_current_version_would_change_is_told(written):
    standard = standards.read(str(written(SMALL)))
    assert standard.changes({"cloud": "scaleway", "language": "en", "database": "none"}) == {}
    assert standard.changes({"cloud": "hetzner", "language": "en"}) == {"cloud": "scaleway"}
