"""`richtfest update`: bring a repository to a newer version of the template, losing nothing."""

import json
import signal
import sys
from pathlib import Path

import click

from richtfest import answers as given
from richtfest import standards

INTERRUPTED = 130
"""Exit code of a shell for what Ctrl-C has ended."""


@click.command("update")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
@click.option("--to", metavar="VERSION", help="This version, such as v0.2.0; otherwise the newest.")
@click.option("-d", "--data", "pairs", multiple=True, metavar="NAME=VALUE", help="Change an answer.")
@click.option("--branch", metavar="NAME", help="Commit it on this new branch; the checkout stays as it is.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def command(path: Path, to: str | None, pairs: tuple[str, ...], branch: str | None, dry_run: bool, as_json: bool):
    """Bring the repository in PATH to a newer version of the template that made it.

    Your edits stay. What cannot be merged is a conflict, as git shows it; what the new version has no place for is
    saved below .richtfest/saved. The outcome is staged, not committed: nothing is final until you commit.

    \b
    Exit code 0: updated, or there was nothing new.
              3: updated, and there are conflicts to resolve.
              4: refused; nothing was changed.
              130: interrupted; the repository is as it was.
    """
    changes = given.split(pairs)
    former = signal.signal(signal.SIGTERM, _interrupt)
    try:
        from richtfest.upgrade import Refused, update  # Copier is slow to import
        from richtfest.upgrade.report import tell
        from richtfest.upgrade.result import REFUSED

        standard = standards.of_repository(path, changes)
        outcome = update(path, to=to, branch=branch, answers=changes, dry_run=dry_run)
    except KeyboardInterrupt:
        click.echo("Interrupted: the repository is as it was.", err=True)
        sys.exit(INTERRUPTED)
    except (Refused, standards.StandardError) as reason:
        details = reason.details if isinstance(reason, Refused) else []
        if as_json:
            click.echo(json.dumps({"refused": str(reason), "details": details, "exit_code": REFUSED}, indent=2))
        else:
            click.echo("\n  ".join([f"Not updated, nothing was changed: {reason}", *details]), err=True)
        sys.exit(REFUSED)
    finally:
        signal.signal(signal.SIGTERM, former)
    if as_json:
        click.echo(json.dumps(outcome.as_dict() | {"standard": standard}, indent=2, default=str))
    else:
        click.echo("\n".join([*standard, tell(outcome)]))
    sys.exit(outcome.exit_code)


def _interrupt(*_: object) -> None:
    """End as Ctrl-C does it: what lies aside is tidied away, the repository was not touched."""
    raise KeyboardInterrupt
