"""The command `richtfest`: what a person can say. Each verb lives in a module of `commands` and is
imported only when it is said, so that `--help` and completion answer at once."""

import importlib
import os
import signal
import sys

import click

from richtfest import __version__
from richtfest.signals import ENDING

VERBS = {
    "new": "Make a repository, or add the same to an existing application.",
    "detect": "Say what an application is written in, and why.",
    "update": "Bring a repository to a newer version of the template; your edits stay.",
    "drift": "Say what was edited since the version of the template that a repository records.",
    "fleet": "Look at many repositories, and prepare their updates at the same time.",
    "cost": "Say what a repository costs per month, or compare the clouds.",
    "check": "Put every generated file before the real tool that will read it.",
}


class LazyGroup(click.Group):
    """A group that knows its verbs by name and imports one only to run it or to print its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, in the order in which a team meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one verb."""
        if cmd_name not in VERBS:
            return None
        return importlib.import_module(f"richtfest.commands.{cmd_name}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="richtfest")
def group() -> None:
    """The DevOps of a good platform team, in your own repository, in one sitting.

    \b
    richtfest new shop          asks at most seven questions, writes ./shop
    richtfest new . --defaults  adds to the application in this folder, asks nothing
    """


def main() -> None:
    """Run the command; whatever goes wrong becomes one sentence on stderr and a non-zero exit code."""
    _let_signals_clean_up()
    try:
        group()
    except Exception as error:
        if os.environ.get("RICHTFEST_DEBUG"):
            raise
        sentence = str(error).strip().splitlines()
        click.echo(
            f"richtfest: {type(error).__name__}: {sentence[0] if sentence else 'no further explanation'}\n"
            "This should not have happened. Set RICHTFEST_DEBUG=1 and run it again to see where.",
            err=True,
        )
        sys.exit(70)
    finally:
        _let_signals_end_at_once()


def _let_signals_clean_up() -> None:
    """Let SIGTERM and a closed terminal end the command as Ctrl-C does: what was begun is cleared away."""
    for number in ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:  # Ctrl-C has Python's own handler
            signal.signal(number, lambda received, frame: sys.exit(128 + received))
    sys.unraisablehook = _signal_again


def _signal_again(lost: "sys.UnraisableHookArgs") -> None:
    """Send a signal once more whose exception Python drops, because it was collecting garbage when it arrived."""
    if not issubclass(lost.exc_type, (KeyboardInterrupt, SystemExit)):
        sys.__unraisablehook__(lost)
        return
    import threading

    number = lost.exc_value.code - 128 if isinstance(lost.exc_value, SystemExit) else signal.SIGINT
    threading.Timer(0.01, os.kill, (os.getpid(), number)).start()  # here, it would be dropped again


def _let_signals_end_at_once() -> None:
    """All is done or cleared away: what a signal raises while Python ends would only show its traceback."""
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # of nohup
            signal.signal(number, signal.SIG_DFL)
