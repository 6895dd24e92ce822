"""What a person or a pipeline can say: the verbs, and how each ends."""

import argparse
import os
import pwd
import re
import signal
import sys

from release import compose, edge, lock, recover, records, rollback, settings, status
from release.deploy import Deployment
from release.outcome import DONE, REFUSED, Locked, Refused, Stop
from release.telling import tell


CURRENT = "current"


def main(arguments: list[str]) -> int:
    """Run one verb; every ending is one sentence and a stable exit code (see outcome.py)."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a lost connection must not stop a release
    os.umask(0o022)
    told = _parser().parse_args(arguments)
    try:
        told.verb(told, settings.read())
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    return DONE


def _deploy(told: argparse.Namespace, known: settings.Settings) -> None:
    if told.image != CURRENT:
        settings.require_allowed(told.image, known)
    login = _read_login() if told.login else None
    with lock.held(told.actor, known.lock_seconds):
        recover.recover(known)
        now = records.serving()
        if told.image == CURRENT and now is None:
            raise Refused("nothing has been released yet, so there is no current image")
        image = now.image if told.image == CURRENT else told.image
        if now and _serves(now, image, known):
            tell(f"{now.release} serves this image with this configuration already: nothing to do")
            return
        release = records.Release(records.next_id(), image, told.actor, reason=told.reason)
        Deployment(release, known, login).run()


def _serves(now: records.Release, image: str, known: settings.Settings) -> bool:
    container = compose.look(edge.live_colour() or "blue", known)
    return bool(container and container.running) and (now.image, now.configuration) == (image, compose.configuration())


def _read_login() -> tuple[str, str]:
    """User and password of the registry from standard input, a line each: not in arguments, where `ps` shows them."""
    user, password = sys.stdin.readline().strip(), sys.stdin.readline().strip()
    if not user or not password:
        raise Refused("--login expects the user and the password of the registry on standard input, a line each")
    return user, password


def _rollback(told: argparse.Namespace, known: settings.Settings) -> None:
    with lock.held(told.actor, known.lock_seconds):
        recover.recover(known)
        rollback.run(rollback.choose(told.release), told.actor, told.reason, known)


def _recover(told: argparse.Namespace, known: settings.Settings) -> None:
    try:
        with lock.held(told.actor, 0):
            recover.recover(known)
    except Locked:
        return  # somebody is at work; the next run looks again


def _status(told: argparse.Namespace, known: settings.Settings) -> None:
    print(status.status(known, told.json))


def _history(told: argparse.Namespace, known: settings.Settings) -> None:
    print(status.history(told.json))


def _maintenance(told: argparse.Namespace, known: settings.Settings) -> None:
    edge.maintenance(told.state == "on")
    tell(f"maintenance is {told.state}")


def _word(pattern: str, what: str):
    def convert(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise argparse.ArgumentTypeError(f"{text!r} is no {what}")
        return text

    return convert


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:
        self.exit(REFUSED, f"{message}\nUsage: release deploy IMAGE | rollback [RELEASE] | status | history | "
                           "maintenance on|off | recover\n")  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="release", description="Releases of the application on this server.")
    parser.add_argument("--actor", default=_person(), type=_word(r"[A-Za-z0-9._@-]{1,60}", "name"))
    verbs = parser.add_subparsers(required=True, parser_class=_Parser)
    reason = {"default": "", "type": _word(r"[^\x00-\x1f]{0,300}", "reason")}

    verb = verbs.add_parser("deploy")
    verb.add_argument("image", help="NAME@sha256:DIGEST, or current: the same image with today's configuration")
    verb.add_argument("--login", action="store_true", help="read the registry's user and password from standard input")
    verb.add_argument("--reason", **reason)
    verb.set_defaults(verb=_deploy)

    verb = verbs.add_parser("rollback")
    verb.add_argument("release", nargs="?", type=_word(r"r[0-9]+", "release"))
    verb.add_argument("--reason", **reason)
    verb.set_defaults(verb=_rollback)

    for name, function in (("status", _status), ("history", _history)):
        verb = verbs.add_parser(name)
        verb.add_argument("--json", action="store_true")
        verb.set_defaults(verb=function)

    verb = verbs.add_parser("maintenance")
    verb.add_argument("state", choices=["on", "off"])
    verb.set_defaults(verb=_maintenance)

    verbs.add_parser("recover").set_defaults(verb=_recover)
    return parser


def _person() -> str:
    return os.environ.get("SUDO_USER") or pwd.getpwuid(os.getuid()).pw_name
