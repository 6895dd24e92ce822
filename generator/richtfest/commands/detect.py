"""`richtfest detect`: say what an application is written in, and why."""

import json
from pathlib import Path

import click

from richtfest.detect import detect
from richtfest.detect.words import tell, words


@click.command("detect")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def command(path: Path, as_json: bool) -> None:
    """Say what the applications in PATH are written in, with file and line for everything; nothing is written.

    A question mark stands behind what is not certain. Exit code 0, also when nothing was found.
    """
    report = detect(path)
    click.echo(json.dumps(report.as_dict(), indent=2) if as_json else tell(report, words()))
