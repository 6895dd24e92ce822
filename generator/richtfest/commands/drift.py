"""`richtfest drift`: what a repository has that its version of the template has not, file by file."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from richtfest.upgrade.drift import Difference, Drift

WORDS = {
    "en": {
        "none": "Every file is as {version} made it.",
        "some": "Away from {version} of the template:",
        "team": "Yours from the first day on; updates leave them alone:",
        "edited": "edited",
        "deleted": "deleted",
        "renamed": "renamed to {new}",
        "mode": "mode changed",
        "replaced": "something else is there",
        "binary": "no text",
    },
    "de": {
        "none": "Jede Datei ist so, wie {version} sie gemacht hat.",
        "some": "Abweichungen von {version} der Vorlage:",
        "team": "Von Anfang an eure, Updates lassen sie in Ruhe:",
        "edited": "geändert",
        "deleted": "gelöscht",
        "renamed": "umbenannt in {new}",
        "mode": "andere Rechte",
        "replaced": "dort liegt etwas anderes",
        "binary": "kein Text",
    },
}


@click.command("drift")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
@click.option("--diff", "with_diff", is_flag=True, help="Show the lines, too.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when a file of the template differs.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def command(path: Path, with_diff: bool, exit_code: bool, as_json: bool) -> None:
    """Say what was edited in PATH since the version of the template that it records.

    Files that are the team's from the first day on are told apart. Exit code 0; with --exit-code 1 when another file
    differs. 4: they cannot be compared.
    """
    from richtfest.upgrade import Refused  # Copier is slow to import
    from richtfest.upgrade.drift import drift
    from richtfest.upgrade.result import REFUSED

    try:
        found = drift(path)
    except Refused as reason:
        if as_json:
            click.echo(json.dumps({"refused": str(reason), "details": reason.details, "exit_code": REFUSED}, indent=2))
        else:
            click.echo("\n  ".join([f"Not compared: {reason}", *reason.details]), err=True)
        sys.exit(REFUSED)
    click.echo(json.dumps(found.as_dict(), indent=2) if as_json else _tell(found, with_diff))
    sys.exit(1 if exit_code and found.of_template else 0)


def _tell(found: "Drift", with_diff: bool) -> str:
    words = WORDS[found.language]
    of_team = [one for one in found.differences if one.of_team]
    lines = []
    for title, some in (("some", found.of_template), ("team", of_team)):
        if some:
            lines += ["" if lines else None, words[title].format(version=found.version)]
            lines += [f"  {one.path}  ({_what(one, words)})" for one in some]
    if with_diff:
        lines += ["", *(one.diff.rstrip("\n") for one in found.differences if one.diff)]
    return "\n".join(line for line in lines if line is not None) or words["none"].format(version=found.version)


def _what(one: "Difference", words: dict[str, str]) -> str:
    if one.kind not in ("edited", "renamed"):
        return words[one.kind]
    counts = words["binary"] if one.added is None else f"+{one.added} -{one.removed}"
    edited = f"{words['edited']} {counts}"
    if one.kind == "edited":
        return edited
    renamed = words["renamed"].format(new=one.renamed_to)
    return renamed if (one.added, one.removed) == (0, 0) else f"{renamed}, {edited}"
