"""`richtfest detect`: say what an application is written in, and why, and what it still lacks."""

import json
from pathlib import Path
from typing import Any

import click

from richtfest import adopt
from richtfest.adopt import words as adopted
from richtfest.detect import generated, of_tree
from richtfest.detect.tree import Tree
from richtfest.detect.words import language, tell, words


@click.command("detect")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def command(path: Path, as_json: bool) -> None:
    """Say what the applications in PATH are written in, with file and line for everything; nothing is written.

    What should be changed before the first release is listed below it. A question mark stands behind what is not
    certain. Exit code 0, also when nothing was found.
    """
    tree = Tree(path, without=generated.files(path))
    report = of_tree(tree)
    suggestions = adopt.of_report(tree, report)
    if as_json:
        told: dict[str, Any] = report.as_dict() | {"suggestions": adopted.as_list(suggestions)}
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(tell(report, words()))
    if suggestions:
        click.echo("\n" + "\n".join(adopted.tell(suggestions, language())))
    elif len(report.applications) > 1:
        click.echo("\n" + adopted.AROUND[language()]["each"])
