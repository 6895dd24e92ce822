"""Migrations: whether a release runs them once and before it serves, or every container does, or nothing at all."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath

from richtfest.adopt import services
from richtfest.adopt.image import Dockerfile, words
from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect import javascript, shell
from richtfest.detect.findings import Why
from richtfest.detect.tree import join
from richtfest.template import of_stack

MIGRATES = re.compile(
    r"alembic\s+upgrade|(manage\.py|django-admin)\s+migrate\b(?![^\n|;&]{0,200}--(check|plan))|\bmigrate\s+--noinput|"
    r"db:(migrate(?!:)|prepare)|"
    r"prisma\s+(migrate\s+deploy|db\s+push)|artisan\s+migrate|flask\s+db\s+upgrade|typeorm\s+migration:run|"
    r"knex\s+migrate|sequelize\s+db:migrate|drizzle-kit\s+migrate|mikro-orm\s+migration:up|dotnet\s+ef\s+database\s+update|"
    r"\bgoose\s[^\n|;&]{0,200}\bup\b|\bmigrate\s+-[^\n|;&]{0,200}\bup\b|\bdbmate\s[^\n|;&]{0,200}\b(up|migrate)\b|atlas\s+migrate\s+apply|"
    r"\btern\s+migrate|sqlx\s+migrate\s+run|diesel\s+migration\s+run|flyway\s[^\n|;&]{0,200}\bmigrate\b"
)
OF_PACKAGE = re.compile(r"\b(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?([a-z][\w:.-]*)")
BEFORE = re.compile(r"^(.*\bsh\s+-\w*c\s)?\s*((if|elif|else|then|while|until|do|exec|!)\s+)*")
"""What stands before a command without being a part of it."""

PLAIN = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)\Z)([a-z_/]|\.\.?/|--?[a-z])[\w./=@-]*", re.IGNORECASE)
"""A word that YAML takes for nothing but text, without quotation marks."""

IS_PATH = re.compile(r"/|\.sh$")
FOLLOWED = 3
"""Scripts that call scripts; deeper than that nobody looks for migrations."""

STARTS = ("start:prod", "start:production", "prestart", "start")
"""The scripts of a package that a hoster runs."""


def look(adoption: Adoption) -> Iterator[Suggestion]:
    """Told unless the service `migrate` runs them, and nothing else does."""
    yield from _settings(adoption)
    told = adoption.habits.migrations(adoption.tree, adoption.found)
    if adoption.only_sqlite():
        return
    code = f"command: {told.value}" if told and told.value else ""
    has_service = _has_service(adoption)
    if at_start := next(_at_start(adoption), None):
        why, command = at_start
        if has_service:
            yield Suggestion("migrations_twice", why)
        else:
            yield Suggestion("migrations_at_start", why, {}, _as_code(command, code))
    elif told and not has_service and not _may_run_them(adoption):
        elsewhere, in_code = next(_elsewhere(adoption), None), adoption.habits.migrates(adoption.tree, adoption.found)
        unseen = "migrations" if code else adoption.habits.without_command
        kind = "migrations_elsewhere" if elsewhere else "migrations_in_code" if in_code else unseen
        yield Suggestion(kind, elsewhere or in_code or told.why, {}, code)


def _settings(adoption: Adoption) -> Iterator[Suggestion]:
    """Commands take other settings than the server, and neither the image nor the server's services say which."""
    told = adoption.habits.settings(adoption.tree, adoption.found)
    places = ("server/compose.yml", *([adoption.dockerfile] if adoption.dockerfile else []))
    if told and not any(told.variable in (adoption.tree.read(place) or "") for place in places):
        values = {"variable": told.variable, "commands": told.commands.value, "server": told.server.value}
        code = f"environment:\n  {told.variable}: {told.server.value}"
        yield Suggestion("settings_differ", told.commands.why, values, code)


def _has_service(adoption: Adoption) -> bool:
    """Whether the server has the service `migrate`, or is about to get it."""
    if adoption.tree.has(services.OF_SERVER):
        return "migrate" in services.of_server(adoption.tree)
    stack = adoption.value("stack", adoption.found.stack)
    fragment = of_stack(stack) / "fragments" / "migrate.yml"
    return adoption.value("database", "none") != "none" and fragment.is_file()


def _at_start(adoption: Adoption) -> Iterator[tuple[Why, str]]:
    """Where the team's own image certainly migrates when it starts, and the line that does."""
    file = Dockerfile(adoption)
    told = [instruction for name in ("ENTRYPOINT", "CMD") if (instruction := file.last(name))]
    started = " ".join(word for value, _ in told for word in words(value))
    for value, why in told:
        yield from _in_command(adoption, " ".join(words(value)), why, started)


def _in_command(
    adoption: Adoption, line: str, why: Why, started: str, followed: tuple[str, ...] = ()
) -> Iterator[tuple[Why, str]]:
    """A command, then the scripts that it calls, as far as they run whatever the environment says."""
    hit = MIGRATES.search(line)
    if hit and not shell.depends(line[: hit.start()]):
        yield why, line
    if len(followed) == FOLLOWED:
        return
    for path, number, command in _of_package(adoption, line):
        yield from _in_command(adoption, command, _seen(path, number, command), started, (*followed, path))
    for path in _called(adoption, line, followed):
        for number, command in shell.commands(adoption.tree.read(path) or "", started):
            yield from _in_command(adoption, command, _seen(path, number, command), started, (*followed, path))


def _seen(path: str, number: int | None, command: str) -> Why:
    return Why(path, number, command if len(command) <= 80 else command[:79] + "…")


def _of_package(adoption: Adoption, line: str) -> Iterator[tuple[str, int | None, str]]:
    """The scripts of package.json that a command runs; npm runs prestart before start."""
    path, scripts = _package(adoption)
    for name, place in _first(OF_PACKAGE, line).items():
        for script in (f"pre{name}", name):
            if script in scripts and not shell.depends(line[:place]):
                yield path, adoption.tree.line(path, f'"{script}"'), scripts[script]


def _package(adoption: Adoption) -> tuple[str, dict[str, str]]:
    """Where package.json would be, and its scripts."""
    manifest = javascript.manifest(adoption.tree, adoption.folder)
    return join(adoption.folder, "package.json"), javascript.table(manifest, "scripts")


def _called(adoption: Adoption, line: str, followed: tuple[str, ...]) -> list[str]:
    """The scripts that a command calls, wherever they lie here: an image may put them elsewhere."""
    told = _first(re.compile(r"([\w./-]+)"), line)
    # Inside of a script a mere word, such as start, is none.
    named = {PurePosixPath(word).name: place for word, place in told.items() if not followed or IS_PATH.search(word)}
    paths = {path: named.get(PurePosixPath(path).name) for path in _scripts(adoption) if path not in followed}
    return [path for path, place in paths.items() if place is not None and not shell.depends(line[:place])]


def _first(pattern: re.Pattern[str], line: str) -> dict[str, int]:
    """What a pattern finds, each with the first place where it stands."""
    return {hit[1]: hit.start() for hit in reversed(list(pattern.finditer(line)))}


def _scripts(adoption: Adoption, *more: str) -> list[str]:
    """The scripts that may be a container's first program; `more` are patterns of names that may be, too."""
    tree, folder = adoption.tree, adoption.folder
    places = [folder, *(join(folder, place) for place in ("bin", "docker", "scripts", "deploy", ".docker"))]
    places += [inner for place in places[1:] for inner in tree.folders(place)]
    return [path for place in places for path in tree.named(place, "*.sh", "*entrypoint*", "start*", "run*", *more)][
        :60
    ]


def _may_run_them(adoption: Adoption) -> bool:
    """Whether the image, or a script that may be its first program, migrates at least when it is told to."""
    if not adoption.dockerfile:
        return False
    paths = (adoption.dockerfile, *_scripts(adoption, "*.js", "*.mjs", "*.ts", "*.py"))
    return any(MIGRATES.search(adoption.tree.read(path) or "") for path in paths)


def _elsewhere(adoption: Adoption) -> Iterator[Why]:
    """What migrates today and is nothing that the server starts: processes, services, scripts for a hoster."""
    tree = adoption.tree
    for fact in adoption.found.facts.get("starts", []):
        if fact.value.startswith("./") and "migrat" in PurePosixPath(fact.value).name:
            yield fact.why
    procfile = join(adoption.folder, "Procfile")
    for number, line in enumerate((tree.read(procfile) or "").splitlines(), 1):
        if MIGRATES.search(line) and not line.lstrip().startswith("#"):
            yield Why(procfile, number, line.strip()[:80])
    for path, name, service in services.of_production(adoption):
        line = services.command(service)
        if MIGRATES.search(line):
            yield Why(path, tree.line(path, f"{name}:"), f"{name}: {line[:60]}")
    package, scripts = _package(adoption)
    for name in STARTS:
        if MIGRATES.search(scripts.get(name, "")):
            yield Why(package, tree.line(package, f'"{name}"'), f"{name}: {scripts[name]}"[:80])


def _as_code(line: str, usual: str) -> str:
    """The part of a line that migrates, for a service of Compose; what is usual when a shell or more must go before."""
    part = next(part for part in re.split(r"&&|\|\||;", line) if MIGRATES.search(part))
    if re.search(r"\b(export|cd|source)\s", line[: line.find(part)]):
        return usual
    try:
        told = shlex.split(BEFORE.sub("", part))
    except ValueError:
        return usual
    if "=" in "".join(told[:1]):
        return ""  # what is usual would do without that setting
    if not all(re.fullmatch(r"[\w./:=@-]+", word) for word in told):
        return usual
    return f"command: [{', '.join(word if PLAIN.fullmatch(word) else json.dumps(word) for word in told)}]"
