"""`python -m tools.release`: everything that decides about a release, the same on a laptop and in the pipeline.

check vX.Y.Z        version, tag, changelog and record agree; nothing that is recorded somewhere would be refused
notes vX.Y.Z        prints the changelog's section
wheel vX.Y.Z FILE   the wheel carries exactly the template of the tag
record vX.Y.Z       afterwards: writes the tag's commit and its questionnaire into the records
questionnaire       writes the questionnaire of this checkout into its record, as long as nothing is released
"""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import yaml

from tools import questionnaire

ROOT = Path.cwd()
RECORD = "releases.yml"
VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)\Z")
HEAD = """\
# Every release, oldest first: its version, and the commit that its tag names. Tests make the tags of a clone from it.
# Written by `python -m tools.release record vX.Y.Z` after the release: a commit cannot hold its own name.
"""


class Refused(click.ClickException):
    """A release does not go on. The message is one sentence."""


@click.group(help=__doc__)
def group() -> None:
    """The verbs are below."""


@group.command("check")
@click.argument("tag")
def check(tag: str) -> None:
    """Say everything that speaks against releasing this commit under this tag."""
    problems = list(_problems(tag))
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise Refused(f"{tag} is not released: {len(problems)} of the points above")
    click.echo(f"{tag} can be released")


def _problems(tag: str) -> Iterator[str]:
    if not VERSION.match(tag):
        yield f"{tag} is no version: write it as v1.2.3"
        return
    if (known := _version()) != tag.removeprefix("v"):
        yield f"generator/richtfest/__init__.py says {known}, the tag {tag}"
    if _git("tag", "--points-at", "HEAD").split() != [tag]:
        yield f"the commit must have the tag {tag} and no other; it has: {_git('tag', '--points-at', 'HEAD') or 'none'}"
    try:
        section(tag)
    except Refused as reason:
        yield reason.message
    recorded = releases()
    if tag in recorded:
        yield f"{RECORD} has {tag} already: a version is released once"
    for other in _git("tag", "--list", "v*").split():
        if other not in (tag, *recorded):
            yield f"{RECORD} lacks {other}: python -m tools.release record {other}"
    for version, commit in recorded.items():
        if _git("rev-parse", "--verify", "--quiet", f"{version}^{{commit}}", check=False) != commit:
            yield f"{RECORD} says that {version} is {commit}, its tag says otherwise"
    if recorded and _order(tag) <= max(map(_order, recorded)):
        yield f"{tag} is not newer than {max(recorded, key=_order)}"
    yield from questionnaire.breaks(ROOT)


@group.command("notes")
@click.argument("tag")
def notes(tag: str) -> None:
    """Print what the changelog says about a version."""
    click.echo(section(tag))


def section(tag: str) -> str:
    """The changelog's newest section, without its headline.

    Raises:
        Refused: it is about another version, or has no date yet.
    """
    _, *sections = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    headline, _, text = (sections or [""])[0].partition("\n")
    if not re.fullmatch(rf"{re.escape(tag.removeprefix('v'))} \(\d{{4}}-\d\d-\d\d\)", headline.strip()):
        raise Refused(f"CHANGELOG.md begins with {headline.strip()!r}, not with {tag.removeprefix('v')} and its date")
    if not text.strip():
        raise Refused(f"CHANGELOG.md says nothing about {tag}")
    return text.strip()


@group.command("wheel")
@click.argument("tag")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
def wheel(tag: str, file: Path) -> None:
    """Compare the template in a wheel with the one of the tag, bytes and modes: nothing more, nothing less. The wheel
    must know that it is of this tag, too."""
    tagged = dict(_template_of(tag))
    with zipfile.ZipFile(file) as archive:
        inside = {
            entry.filename.removeprefix("richtfest/template/"): (
                bool(entry.external_attr >> 16 & 0o100),
                archive.read(entry),
            )
            for entry in archive.infolist()
            if entry.filename.startswith("richtfest/template/") and not entry.is_dir()
        }
        built_from = archive.read("richtfest/template-version").decode().strip()
    different = sorted(name for name in tagged.keys() | inside.keys() if tagged.get(name) != inside.get(name))
    if different:
        raise Refused(f"{file.name} differs from {tag} in {len(different)} files of the template: {different[0]} …")
    if built_from != tag:
        raise Refused(f"{file.name} says that it was built from {built_from}, not from {tag}")
    click.echo(f"{file.name} carries the {len(inside)} files of {tag}")


def _template_of(tag: str) -> Iterator[tuple[str, tuple[bool, bytes]]]:
    """Every file of the template in a tag: name, whether it can be run, and its bytes."""
    listed = _git("ls-tree", "-r", "-z", tag, "--", "copier.yml", "templates")
    for line in filter(None, listed.split("\0")):
        mode, _, rest = line.partition(" ")
        name = rest.partition("\t")[2]
        content = subprocess.run(["git", "show", f"{tag}:{name}"], cwd=ROOT, capture_output=True, check=True).stdout
        yield name, (mode == "100755", content)


@group.command("record")
@click.argument("tag")
def record(tag: str) -> None:
    """Write the commit and the questionnaire of a released tag into the records."""
    commit = _git("rev-parse", "--verify", "--quiet", f"{tag}^{{commit}}", check=False)
    recorded = releases()
    if not VERSION.match(tag) or not commit:
        raise Refused(f"there is no tag {tag} here: git fetch --tags")
    if tag in recorded:
        raise Refused(f"{RECORD} has {tag} already")
    lines = [{"version": version, "commit": name} for version, name in (recorded | {tag: commit}).items()]
    (ROOT / RECORD).write_text(HEAD + yaml.safe_dump({"releases": lines}, sort_keys=False), "utf-8")
    questionnaire.write(ROOT, tag)
    click.echo(f"{tag} is recorded as {commit}: commit {RECORD} and {questionnaire.RECORD}")


@group.command("questionnaire")
def rewrite() -> None:
    """Write the record of the questionnaire anew."""
    if recorded := releases():
        raise Refused(f"since {next(iter(recorded))} was released, only `record` writes {questionnaire.RECORD}")
    questionnaire.write(ROOT, None)


def releases(root: Path | None = None) -> dict[str, str]:
    """The commit of every released version, oldest first."""
    told = yaml.safe_load(((root or ROOT) / RECORD).read_text("utf-8"))
    return {line["version"]: line["commit"] for line in told["releases"]}


def _version() -> str:
    found = re.search(r'^__version__ = "(.+)"$', (ROOT / "generator/richtfest/__init__.py").read_text(), re.MULTILINE)
    return found.group(1) if found else ""


def _order(tag: str) -> tuple[int, ...]:
    return tuple(int(part) for part in tag.removeprefix("v").split("."))


def _git(*arguments: str, check: bool = True) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=check).stdout.strip()


if __name__ == "__main__":
    sys.exit(group())
