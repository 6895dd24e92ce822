"""What a person or a pipeline can say: the verbs, and how each ends."""

import argparse
import os
import pwd
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

from release import (
    backups,
    compose,
    configuration,
    edge,
    interruption,
    jobs,
    journal,
    lock,
    metrics,
    records,
    recover,
    rollback,
    settings,
    status,
)
from release.deploy import Deployment
from release.outcome import DONE, NOTHING_CHANGED, REFUSED, Locked, Refused, Stop
from release.settings import Settings
from release.telling import say, tell

CURRENT = "current"
USAGE = """Usage: release VERB

  deploy IMAGE@sha256:DIGEST | deploy current   bring an image into service, or the same one with new settings
  rollback [RELEASE]                            back to the release before, or to a named one
  status [--json]                               what serves
  history [--json]                              every attempt so far
  maintenance on|off                            answer every request with 503, and stop doing so
  logs [--since 15m] [--tail N] [--follow]      what the application that serves writes
  exec COMMAND...                               run a command in the container that serves
  backup                                        run the service backup of server/compose.yml, as every night
  recover                                       bring an interrupted release to its end

deploy and rollback take --reason TEXT, or --input: REASON, REGISTRY_USER and REGISTRY_TOKEN as NAME=value lines on
standard input.
Exit code: 0 done, 1 nothing changed, 3 went back by itself, 4 somebody else is releasing, 5 refused.
"""


def main(arguments: list[str]) -> int:
    """Run one verb; every ending is one sentence and a stable exit code (see outcome.py)."""
    interruption.listen()
    os.umask(0o022)
    told = _parser().parse_args(arguments)
    try:
        told.verb(told, settings.read())
    except Stop as stop:
        say(str(stop), to_error=True)
        return stop.code
    except OSError as error:
        say(f"The server refuses what a release needs: {error}.", to_error=True)
        return NOTHING_CHANGED
    return DONE


# ---- the verbs ---------------------------------------------------------------------------------------


def _deploy(told: argparse.Namespace, known: Settings) -> None:
    wanted = _wishes(told)
    if told.image != CURRENT:
        settings.require_allowed(told.image, known)
    with lock.held(told.actor, known.lock_seconds):
        recover.recover(known)
        now = records.serving()
        if told.image == CURRENT and now is None:
            raise Refused("nothing has been released yet, so there is no current image")
        image = now.image if told.image == CURRENT else told.image
        if now and image == now.image and _is_as_wished(now):
            tell(f"{now.release} serves this image with these settings already: nothing to do")
            return
        Deployment(records.Release(records.next_id(), image, told.actor, wanted.reason), known, wanted.login).run()


def _is_as_wished(now: records.Release) -> bool:
    colour = edge.live_colour()
    return bool(colour) and compose.look(colour).state == "running" and now.configuration == configuration.fingerprint()


def _rollback(told: argparse.Namespace, known: Settings) -> None:
    wanted = _wishes(told)
    with lock.held(told.actor, known.lock_seconds):
        recover.recover(known)
        rollback.run(rollback.choose(told.release), told.actor, wanted.reason, known)


def _recover(told: argparse.Namespace, known: Settings) -> None:
    try:
        with lock.held(told.actor, 0):
            recover.recover(known)
    except Locked:
        return  # somebody is at work; the next run looks again


def _backup(told: argparse.Namespace, known: Settings) -> None:
    # Without the lock: a backup may take an hour, and a rollback must not wait for it.
    services, now = jobs.known(), records.serving()
    if jobs.BACKUP not in services:
        raise Refused("server/compose.yml has no service called backup: add one and run scripts/apply.sh")
    said = jobs.run_once(jobs.BACKUP, services[jobs.BACKUP], now.image if now else "", known, container="nightly")
    backups.remember(said)
    metrics.publish(known, under_way=journal.read() is not None)
    tell(f"backed up: {said}" if said else "backed up")


def _status(told: argparse.Namespace, known: Settings) -> None:
    say(status.status(known, told.json))


def _history(told: argparse.Namespace, known: Settings) -> None:
    say(status.history(told.json))


def _maintenance(told: argparse.Namespace, known: Settings) -> None:
    edge.maintenance(told.state == "on")
    metrics.publish(known, under_way=journal.read() is not None)
    tell(f"maintenance is {told.state}")


def _logs(told: argparse.Namespace, known: Settings) -> None:
    since = ["--since", told.since] if told.since else []
    tail = ["--tail", str(told.tail or 100)] if told.tail or not told.since else []
    follow = ["--follow"] if told.follow else []
    _become_docker("logs", *since, *tail, *follow, compose.name_of(_colour_that_serves()))


def _exec(told: argparse.Namespace, known: Settings) -> None:
    terminal = ["--tty"] if sys.stdin.isatty() else []
    _become_docker("exec", "--interactive", *terminal, compose.name_of(_colour_that_serves()), *told.command)


def _colour_that_serves() -> str:
    if colour := edge.live_colour():
        return colour
    raise Refused("nothing has been released yet")


def _become_docker(*arguments: str) -> None:
    """From here on Docker's client answers the person; its exit code is ours."""
    sys.stdout.flush()
    os.execvp("docker", ["docker", *arguments])  # noqa: S606 - no shell is wanted


# ---- what comes by standard input --------------------------------------------------------------------


@dataclass(frozen=True)
class Wishes:
    """What goes with a deploy or a rollback: why, and how to log in to the registry for this one pull."""

    reason: str
    login: tuple[str, str] | None


def _wishes(told: argparse.Namespace) -> Wishes:
    """By standard input and not as arguments: `ps` shows those, and the gate lets no spaces through."""
    given = dict(line.rstrip("\n").partition("=")[::2] for line in sys.stdin) if told.input else {}
    if unknown := given.keys() - {"REASON", "REGISTRY_USER", "REGISTRY_TOKEN"}:
        raise Refused(f"--input knows REASON, REGISTRY_USER and REGISTRY_TOKEN, not {', '.join(sorted(unknown))}")
    token = given.get("REGISTRY_TOKEN")
    reason = re.sub(r"[^\w .,;:!?()/#@'+-]", " ", given.get("REASON", told.reason))[:300].strip()
    return Wishes(reason, (given.get("REGISTRY_USER") or "token", token) if token else None)


# ---- the grammar -------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:
        self.exit(REFUSED, f"{message}\n\n{USAGE}")

    def format_help(self) -> str:
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="release", allow_abbrev=False)
    parser.add_argument("--actor", default=_person(), type=_word(r"[A-Za-z0-9._@-]{1,60}", "name"))
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def add(name: str, function: Callable[[argparse.Namespace, Settings], None]) -> argparse.ArgumentParser:
        verb = verbs.add_parser(name, allow_abbrev=False)
        verb.set_defaults(verb=function)
        return verb

    deploy, back = add("deploy", _deploy), add("rollback", _rollback)
    deploy.add_argument("image")
    back.add_argument("release", nargs="?", type=_word(r"r[0-9]+", "release such as r12"))
    for verb in (deploy, back):
        verb.add_argument("--reason", default="")
        verb.add_argument("--input", action="store_true")
    for verb in (add("status", _status), add("history", _history)):
        verb.add_argument("--json", action="store_true")
    add("maintenance", _maintenance).add_argument("state", choices=["on", "off"])
    add("backup", _backup)
    add("recover", _recover)
    logs = add("logs", _logs)
    logs.add_argument("--since", type=_word(r"[0-9]+[smh]", "time such as 15m"))
    logs.add_argument("--tail", type=int)
    logs.add_argument("--follow", action="store_true")
    add("exec", _exec).add_argument("command", nargs=argparse.REMAINDER)
    return parser


def _word(pattern: str, what: str) -> Callable[[str], str]:
    def convert(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise argparse.ArgumentTypeError(f"{text!r} is no {what}")
        return text

    return convert


def _person() -> str:
    return os.environ.get("SUDO_USER") or pwd.getpwuid(os.getuid()).pw_name
