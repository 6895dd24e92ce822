"""What applications in Python have in common: lock files, tests, Alembic."""

import re

from richtfest.detect import python, sources, variables
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.habits import Habits
from richtfest.detect.tree import Tree, join


def pinned(tree: Tree, found: Application) -> bool:
    """Whether a list of requirements says nearly every version; one or two are often left open."""
    lines = (tree.read(join(found.folder, "requirements.txt")) or "").splitlines()
    listed = [line for line in lines if re.match(r"\s*[A-Za-z0-9]", line)]
    needed = [why.seen for why in python.dependencies(tree, found.folder).values()]
    return any(
        told and sum("==" in line or "@" in line for line in told) >= 0.9 * len(told) for told in (listed, needed)
    )


def alembic(tree: Tree, found: Application) -> Fact | None:
    """The settings of Alembic, in the folder itself, from where its command finds them."""
    path = join(found.folder, "alembic.ini")
    return Fact("[alembic, upgrade, head]", Why(path)) if tree.has(path) else None


def migrates(tree: Tree, found: Application) -> Why | None:
    """Where a module calls Alembic, or the command of Django, itself."""
    code = [path for path in sources.of(tree, found.folder, ".py") if not variables.ASIDE.search(path)]
    call = re.compile(r"""\bcommand\.upgrade\(\s*\w|\bcall_command\(\s*["']migrate["']""")
    return next((hit.why for hit in sources.search(tree, code, call)), None)


def tests(tree: Tree, found: Application) -> bool:
    """Whether pytest would find something; folders of tests are looked at only here."""
    paths = tree.below(found.folder, ".py", depth=6, most=3000, packages=True)
    return any(
        (name := path.rpartition("/")[2]).startswith("test") or name.endswith("_test.py") or "/tests/" in f"/{path}"
        for path in paths
    )


def modules(tree: Tree, found: Application, pattern: re.Pattern[str]) -> dict[str, str]:
    """The modules of the application whose text matches, with the text."""
    texts = {path: tree.read(path) or "" for path in sources.of(tree, found.folder, ".py")}
    return {path: text for path, text in texts.items() if pattern.search(text)}


HABITS = Habits(
    locks=("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "requirements.lock", "pylock.toml"),
    lock_command="uv lock",
    pinned=pinned,
    migrations=alembic,
    migrates=migrates,
    variables=variables.of_python,
    tests=tests,
)
"""What each framework adds its own to."""
