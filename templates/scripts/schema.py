#!/usr/bin/env python3
"""What schema.env says of the database: as labels for the image, and whether the migrations of a change agree with it.

    python3 scripts/schema.py labels    prints app.schema=... and app.schema-floor=...
    python3 scripts/schema.py check     compares with the branch main, or with the commit in BASE

A migration that takes something away breaks every release that still uses it, also the one that a rollback goes back
to. So it must raise SCHEMA_FLOOR, and every migration SCHEMA. An exception stands beside what it excepts, with its
reason: `-- squawk-ignore ban-drop-column` above a statement, `# keeps the floor: <why>` in a line of Python or Ruby.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FILE = "schema.env"
MIGRATIONS = re.compile(
    r"(^|/)(migrations?|migrate|drizzle)/.*\.sql$"  # Prisma, Drizzle, Flyway, golang-migrate, plain
    r"|(^|/)(alembic|migrations)/versions/[^/]+\.py$"  # Alembic
    r"|(^|/)migrations/\d[^/]*\.py$"  # Django
    r"|(^|/)db/migrate/[^/]+\.rb$"  # Rails
)
CONTRACTING_SQL = {
    "adding-not-nullable-field", "adding-required-field", "ban-drop-column", "ban-drop-database", "ban-drop-table",
    "ban-drop-view", "ban-truncate-cascade", "changing-column-type", "renaming-column", "renaming-table",
}  # fmt: skip
"""Rules of squawk for what an older release cannot live with; its others are about locks and style."""
CONTRACTING_CALLS = {
    "drop_column", "drop_table", "rename_table",  # Alembic
    "RemoveField", "DeleteModel", "RenameField", "RenameModel", "AlterModelTable",  # Django
}  # fmt: skip
CONTRACTING_WORDS = {"type_", "new_column_name"}
"""Arguments with which Alembic's alter_column changes what is there; nullable=False is one, too."""
CONTRACTING_RUBY = re.compile(
    r"\b(remove_columns?|drop_table|rename_column|rename_table|change_column|change_column_null)\b"
)
DOWNWARDS = re.compile(r"(^|/)down\.sql$|[._]down\.sql$|/U\d[^/]*\.sql$")
"""Migrations that go back: nothing here ever runs them."""
EXCEPTED = re.compile(r"#\s*keeps the floor:\s*\S")
NOT_CHECKED = 125
"""Exit code: something is missing that is needed for an answer (scripts/checks.sh)."""


class Schema(NamedTuple):
    """The two numbers of schema.env."""

    schema: int
    floor: int


class Finding(NamedTuple):
    """Something that a migration takes away: where, and what."""

    file: str
    line: int
    what: str


def stop(sentence: str, code: int = 1) -> None:
    """End with one sentence."""
    print(sentence, file=sys.stderr)
    sys.exit(code)


def understand(text: str) -> Schema:
    """The numbers in the text of schema.env; ends the program when it does not hold them."""
    told = dict(re.findall(r"^(SCHEMA|SCHEMA_FLOOR)=(\d{1,9})$", text, re.MULTILINE))
    if told.keys() != {"SCHEMA", "SCHEMA_FLOOR"}:
        stop(f"{FILE} must hold two lines, such as SCHEMA=3 and SCHEMA_FLOOR=2, with nothing else in them.")
    found = Schema(int(told["SCHEMA"]), int(told["SCHEMA_FLOOR"]))
    if found.floor > found.schema:
        stop(f"{FILE}: SCHEMA_FLOOR={found.floor} is more than SCHEMA={found.schema}: not even this version could run.")
    return found


def git(*words: str) -> str | None:
    """What git says; None when it cannot."""
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def base() -> str:
    """The commit that this change starts from."""
    if told := os.environ.get("BASE"):
        return told
    for branch in ("origin/main", "main"):
        if found := git("merge-base", "HEAD", branch):
            return found
    stop("There is no branch main to compare the migrations with: fetch it, or name a commit in BASE.", NOT_CHECKED)
    raise AssertionError


def changed_since(commit: str) -> list[str]:
    """Migrations that were added or changed since a commit, also those that are not committed yet."""
    known = git("diff", "--name-only", "--diff-filter=d", "--no-renames", commit)
    if known is None:
        stop(f"git does not know the commit {commit}, so the migrations cannot be compared with it.", NOT_CHECKED)
    new = git("ls-files", "--others", "--exclude-standard") or ""
    files = {*known.splitlines(), *new.splitlines()}
    return sorted(name for name in files if MIGRATIONS.search(name) and not DOWNWARDS.search(name))


# ---- what a migration takes away -------------------------------------------------------------------------------------


def find(names: list[str]) -> Iterator[Finding]:
    """Everything that these migrations take away."""
    sql = [name for name in names if name.endswith(".sql")]
    if sql:
        yield from in_sql(sql)
    for name in names:
        if name.endswith(".py"):
            yield from in_python(name, Path(name).read_text("utf-8"))
        if name.endswith(".rb"):
            yield from in_ruby(name, Path(name).read_text("utf-8"))


def in_sql(names: list[str]) -> Iterator[Finding]:
    """What squawk finds."""
    done = subprocess.run([squawk(), "--reporter", "json", *names], capture_output=True, text=True, check=False)
    try:
        told = json.loads(done.stdout)
    except json.JSONDecodeError:
        stop(f"squawk does not understand the migrations: {done.stderr.strip() or done.stdout.strip()}")
    for found in told:
        if found["rule_name"] in CONTRACTING_SQL:
            yield Finding(found["file"], found["line"] + 1, found["rule_name"])
        elif found["rule_name"] == "syntax-error":
            stop(f"{found['file']}:{found['line'] + 1}: {found['message']}")


def squawk() -> str:
    """The linter: the one on this machine, else the pinned one in a cache of its own."""
    if found := shutil.which("squawk"):
        return found
    pins = Path("scripts/squawk.txt")
    version = re.search(r"squawk-cli==(\S+)", pins.read_text("utf-8"))[1]
    place = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / f"squawk-{version}"
    if not (place / "bin/squawk").exists():
        for words in (
            [sys.executable, "-m", "venv", "--clear", place],
            [place / "bin/pip", "install", "--quiet", "--require-hashes", "--no-deps", "--requirement", pins],
        ):
            if subprocess.run(words, stdout=subprocess.DEVNULL, check=False).returncode:
                stop("squawk is needed to read migrations in SQL and could not be installed: pip install squawk-cli",
                     NOT_CHECKED)  # fmt: skip
    return str(place / "bin/squawk")


def in_python(name: str, text: str) -> Iterator[Finding]:
    """Operations of Alembic's upgrade() and of Django."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        stop(f"{name}:{error.lineno}: {error.msg}")
    lines = text.splitlines()
    upwards = [node for node in tree.body if not (isinstance(node, ast.FunctionDef) and node.name == "downgrade")]
    for node in (node for part in upwards for node in ast.walk(part) if isinstance(node, ast.Call)):
        what = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if takes_away(what, node) and not any(
            EXCEPTED.search(line) for line in lines[node.lineno - 1 : node.end_lineno]
        ):
            yield Finding(name, node.lineno, what)


def takes_away(what: str, call: ast.Call) -> bool:
    """Whether an operation leaves less than there was."""
    if what != "alter_column":
        return what in CONTRACTING_CALLS
    words = {word.arg: word.value for word in call.keywords}
    nullable = words.get("nullable")
    return bool(words.keys() & CONTRACTING_WORDS) or (isinstance(nullable, ast.Constant) and nullable.value is False)


def in_ruby(name: str, text: str) -> Iterator[Finding]:
    """Operations of Rails, up to a method `down`."""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\s*def down\b", line):
            return
        code = line.split("#")[0]
        if (found := CONTRACTING_RUBY.search(code)) and not EXCEPTED.search(line):
            yield Finding(name, number, found[1])


# ---- the two commands ------------------------------------------------------------------------------------------------


def labels() -> None:
    """Print the labels; none as long as there are no migrations."""
    told = understand(Path(FILE).read_text("utf-8"))
    if told.schema:
        print(f"app.schema={told.schema}\napp.schema-floor={told.floor}")


def check() -> None:
    """Compare the numbers with what the migrations of this change do; ends with 1 and a sentence for each mistake."""
    now, commit = understand(Path(FILE).read_text("utf-8")), base()
    before = understand(git("show", f"{commit}:{FILE}") or "SCHEMA=0\nSCHEMA_FLOOR=0")
    names = changed_since(commit)
    mistakes = []
    if names and now.schema <= before.schema:
        mistakes.append(f"{names[0]} changes the database: raise SCHEMA in {FILE}, which is {now.schema} as before.")
    if now.schema < before.schema or now.floor < before.floor:
        mistakes.append(f"{FILE}: the numbers only ever grow; they were {before.schema} and {before.floor}.")
    if now.floor <= before.floor:
        mistakes += [
            f"{found.file}:{found.line}: {found.what} takes away what older releases use; a rollback to them fails. "
            f"First release a version that does without it and raises SCHEMA in {FILE}; then set SCHEMA_FLOOR to that "
            "number together with this migration (docs/operations.md)."
            for found in find(names)
        ]
    if mistakes:
        stop("\n".join(mistakes))
    print(f"{len(names)} migrations since {commit[:12]} agree with {FILE}.")


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[1])
    commands = {"labels": labels, "check": check}
    if sys.argv[1:] not in [[name] for name in commands]:
        stop("Usage: python3 scripts/schema.py labels|check", 5)
    if not Path(FILE).is_file():
        stop(f"{FILE} is missing: it must hold SCHEMA=0 and SCHEMA_FLOOR=0, or higher numbers.")
    commands[sys.argv[1]]()
