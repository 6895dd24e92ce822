"""FastAPI: a dependency on it, and a module that makes the object."""

import ast
from pathlib import PurePosixPath

from richtfest.detect import python, python_habits
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.habits import Habits
from richtfest.detect.routers import endpoints, figures
from richtfest.detect.tree import Tree

STACK = "fastapi"
USUAL = ("main", "app", "asgi", "server", "api", "__init__", "application", "wsgi", "run")


def find(tree: Tree, folder: str) -> Application | None:
    """Certain when the object is found too: a library may depend on FastAPI without being an application."""
    needs = python.dependencies(tree, folder)
    if STACK not in needs or python.own_name(tree, folder) == STACK:
        return None
    objects = _objects(tree, folder)
    if not objects and python.is_library(tree, folder):
        return None
    return Application(
        STACK,
        python.LANGUAGE,
        folder,
        needs[STACK],
        certain=bool(objects),
        doubt="" if objects else "no_object",
        facts={"starts": objects} | python.facts(tree, folder, needs),
    )


def _objects(tree: Tree, folder: str) -> list[Fact]:
    """Where the application objects are, as module:name, the usual places first."""
    found: list[tuple[tuple[int, int], Fact]] = []
    for path in python.sources(tree, folder):
        if "fastapi" not in (tree.read(path) or "").lower():
            continue
        for name, line in _made_here(python.syntax(tree, path)):
            value = f"{python.module_name(folder, path)}:{name}"
            found.append((_rank(path, name), Fact(value, Why(path, line, f"{name} = FastAPI(…)"))))
    return [fact for _, fact in sorted(found, key=lambda one: one[0])]


def _made_here(module: ast.Module | None) -> list[tuple[str, int]]:
    """Names at the top of a module that hold a FastAPI object: made there, or by a function of that module."""
    if module is None:
        return []
    makers = {"FastAPI"}
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and any(_calls(inner, makers) for inner in ast.walk(node)):
            makers.add(node.name)
    found = []
    for node in module.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        annotated = isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name) and node.annotation.id
        if targets and isinstance(targets[0], ast.Name) and (annotated == "FastAPI" or _calls(node.value, makers)):
            found.append((targets[0].id, node.lineno))
    return found


def _calls(node: ast.AST | None, names: set[str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return called in names


def _rank(path: str, name: str) -> tuple[int, int, int]:
    """The usual names and the shallow places are the likeliest."""
    stem = PurePosixPath(path).stem
    return (USUAL.index(stem) if stem in USUAL else len(USUAL), 0 if name == "app" else 1, path.count("/"))


def _health(found: Application) -> str:
    module, _, name = found.value("starts").partition(":")
    return f"""# in {module.replace(".", "/") or "main"}.py
@{name or "app"}.get("/healthz")
def health() -> dict[str, str]:
    return {{"status": "ok"}}"""


def _server(tree: Tree, found: Application) -> str:
    """`fastapi[standard]` brings uvicorn along, and so does fastapi-cli."""
    needs = python.dependencies(tree, found.folder)
    brought = any(name in needs for name in ("uvicorn", "fastapi-cli")) or any(
        "[standard" in why.seen or "[all" in why.seen for name, why in needs.items() if name == STACK
    )
    return "" if brought else "uvicorn"


HABITS = Habits(
    health=_health,
    endpoints=endpoints,
    figures=figures,
    locks=python_habits.LOCKS,
    lock_command=python_habits.LOCK_COMMAND,
    pinned=python_habits.pinned,
    server=_server,
    migrations=python_habits.alembic,
    tests=python_habits.tests,
)
