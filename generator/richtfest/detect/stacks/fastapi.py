"""FastAPI: a dependency on it, and a module that makes the object."""

import ast
from dataclasses import replace
from pathlib import PurePosixPath

from richtfest.detect import python, python_habits
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.routers import endpoints, figures
from richtfest.detect.tree import Tree, join

STACK = "fastapi"
USUAL = ("main", "app", "asgi", "server", "api", "__init__", "application", "wsgi", "run")


def find(tree: Tree, folder: str) -> Application | None:
    """Certain when the object is found too: a library may depend on FastAPI without being an application.

    A function that makes the object is in many libraries; with a Dockerfile beside it, it is asked.
    """
    needs = python.dependencies(tree, folder)
    if STACK not in needs or python.own_name(tree, folder) == STACK:
        return None
    makers = _makers(tree, folder)
    objects = _objects(tree, folder, makers)
    if objects and all(_of_a_member(tree, folder, fact.why.file) for fact in objects):
        return None  # a workspace: its members are looked at one by one
    if not objects and python.is_library(tree, folder) and not (makers and tree.has(join(folder, "Dockerfile"))):
        return None
    return Application(
        STACK,
        python.LANGUAGE,
        folder,
        needs[STACK],
        certain=bool(objects),
        doubt="" if objects else "only_a_function" if makers else "no_object",
        facts={"starts": objects} | python.facts(tree, folder, needs),
    )


def _of_a_member(tree: Tree, folder: str, path: str) -> bool:
    """Whether a module lies in a folder below with a dependency on FastAPI of its own."""
    below = [str(place) for place in PurePosixPath(path).parents if str(place) not in (".", folder)]
    below = below if folder == "." else [place for place in below if place.startswith(f"{folder}/")]
    return any(STACK in python.dependencies(tree, place) for place in below)


def _makers(tree: Tree, folder: str) -> set[str]:
    """The functions that make a FastAPI object, in whichever module of the application they stand."""
    mentions = [path for path in python.sources(tree, folder) if "FastAPI(" in (tree.read(path) or "")]
    return {maker for path in mentions for maker in _functions(python.syntax(tree, path), {"FastAPI"})}


def _objects(tree: Tree, folder: str, makers: set[str]) -> list[Fact]:
    """Where the application objects are, as module:name, the usual places first."""
    found: list[tuple[tuple[int, int], Fact]] = []
    for path in python.sources(tree, folder):
        text = tree.read(path) or ""
        if not any(name in text for name in ("FastAPI", *makers)):
            continue
        for name, line in _made_here(python.syntax(tree, path), makers):
            value = f"{python.module_name(folder, path)}:{name}"
            found.append((_rank(path, name), Fact(value, Why(path, line, f"{name} = FastAPI(…)"))))
    return [fact for _, fact in sorted(found, key=lambda one: one[0])]


def _made_here(module: ast.Module | None, elsewhere: set[str]) -> list[tuple[str, int]]:
    """Names at the top of a module that hold a FastAPI object: made there, or by a function, its own or imported."""
    if module is None:
        return []
    imported = [alias for node in module.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    makers = {"FastAPI"} | {alias.asname or alias.name for alias in imported if alias.name in elsewhere}
    makers |= _functions(module, makers)
    found = []
    for node in module.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        annotated = isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name) and node.annotation.id
        if targets and isinstance(targets[0], ast.Name) and (annotated == "FastAPI" or _calls(node.value, makers)):
            found.append((targets[0].id, node.lineno))
    return found


def _functions(module: ast.Module | None, makers: set[str]) -> set[str]:
    """The functions at the top of a module that call one of the makers, or each other."""
    known = set(makers)
    for node in module.body if module else []:
        if isinstance(node, ast.FunctionDef) and any(_calls(inner, known) for inner in ast.walk(node)):
            known.add(node.name)
    return known - makers


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


HABITS = replace(
    python_habits.HABITS,
    health=_health,
    endpoints=endpoints,
    figures=figures,
    server=_server,
)
