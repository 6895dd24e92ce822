"""The paths of a FastAPI application: of the object itself, and of routers as far as their prefixes can be followed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from richtfest.detect import python, python_habits
from richtfest.detect.findings import Application, Why
from richtfest.detect.habits import Endpoint
from richtfest.detect.tree import Tree

METHODS = ("get", "api_route", "route", "add_api_route", "add_route")
ROUTE = re.compile(r"\.(get|api_route|route|add_api_route|add_route)\(")
NEAR = re.compile(
    r"""\.(?:get|api_route|route|add_api_route|add_route)\(\s*["'][^"']*(?:health|heartbeat|ready|readiness|alive|live|ping|up)"""
    r"""|prefix\s*=\s*["'][^"']*health|^[^\n]*health""",
    re.IGNORECASE,
)
"""What the path of a module, as a first line, and its text hold when a path of it may tell health."""

FOLLOWED = 4
"""Routers inside of routers; deeper than that nobody finds a path again."""


@dataclass
class Module:
    """What one module says about paths. `own` holds each object's prefix, None for what cannot be told."""

    path: str
    own: dict[str, str | None] = field(default_factory=dict)
    applications: set[str] = field(default_factory=set)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    routes: list[tuple[str, str, int]] = field(default_factory=list)
    included: list[tuple[str, tuple[str, str], str | None]] = field(default_factory=list)

    @cached_property
    def name(self) -> str:
        """The last part under which it is imported."""
        place = PurePosixPath(self.path)
        return place.parent.name if place.stem == "__init__" else place.stem


def endpoints(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """The paths that tell health."""
    texts = python_habits.modules(tree, found, re.compile(f"{ROUTE.pattern}|include_router"))
    near = [path for path, text in texts.items() if ROUTE.search(text) and NEAR.search(f"{path}\n{text}")]
    if not near:
        return
    parsed = [path for path, text in texts.items() if path in near or "include_router" in text]
    modules = [told for path in parsed if (told := _read(path, python.syntax(tree, path)))]
    starts = found.facts.get("starts", [])
    alone = len({fact.why.file for fact in starts}) < 2  # else a router may belong to another application
    for module in modules:
        for owner, path, line in module.routes:
            # One that says nothing itself may get its name from a prefix.
            if path.strip("/") and not Endpoint(path, Why(module.path)).is_health:
                continue
            for prefix in _prefixes(modules, module, owner) or [None]:
                sure = prefix is not None and (alone or module.path == starts[0].why.file)
                endpoint = Endpoint(f"{prefix or ''}{path}", Why(module.path, line, f'"{path}"'), sure)
                if endpoint.is_health:
                    yield endpoint


def figures(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """The figures that prometheus-fastapi-instrumentator or an application of prometheus-client shows."""
    for path, text in python_habits.modules(tree, found, re.compile("Instrumentator|make_asgi_app")).items():
        for node in ast.walk(python.syntax(tree, path) or ast.Module([], [])):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr == "expose" and "Instrumentator" in text:
                told = _text(_keyword(node, "endpoint")) or "/metrics"
                yield Endpoint(told, Why(path, node.lineno, ".expose(…)"))
            elif node.func.attr == "mount" and "make_asgi_app" in text and (told := _text(*node.args[:1])):
                yield Endpoint(told.rstrip("/"), Why(path, node.lineno, f'.mount("{told}", …)'))


def _read(path: str, syntax: ast.Module | None) -> Module | None:
    if syntax is None:
        return None
    module = Module(path)
    for node in ast.walk(syntax):
        if isinstance(node, ast.ImportFrom):
            for name in node.names:
                module.imports[name.asname or name.name] = ((node.module or "").rpartition(".")[2], name.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            _note_object(module, target, node.value)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            _note_function(module, node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            _note_call(module, node, node.func)
    return module


def _note_object(module: Module, target: ast.expr, call: ast.Call) -> None:
    made = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if isinstance(target, ast.Name) and made in ("FastAPI", "APIRouter"):
        module.own[target.id] = _prefix(call)
        if made == "FastAPI":
            module.applications.add(target.id)


def _note_function(module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    for argument in node.args.args:
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "FastAPI":
            module.own[argument.arg] = ""
            module.applications.add(argument.arg)
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
            called, path = decorator.func, decorator.args[:1] and _text(decorator.args[0])
            if called.attr in METHODS and isinstance(called.value, ast.Name) and isinstance(path, str):
                module.routes.append((called.value.id, path, decorator.lineno))


def _note_call(module: Module, node: ast.Call, called: ast.Attribute) -> None:
    if not isinstance(called.value, ast.Name):
        return
    if called.attr == "include_router" and node.args:
        module.included.append((called.value.id, _named(module, node.args[0]), _prefix(node)))
    elif called.attr in ("add_api_route", "add_route") and node.args and (path := _text(node.args[0])):
        module.routes.append((called.value.id, path, node.lineno))


def _named(module: Module, node: ast.expr) -> tuple[str, str]:
    """Which router is meant: the module's last name and the name in it."""
    if isinstance(node, ast.Name):
        return module.imports.get(node.id, (module.name, node.id))
    if isinstance(node, ast.Attribute):
        inner = node.value
        place = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
        return module.imports[place][1] if place in module.imports else place, node.attr
    return "", ""


def _prefixes(modules: list[Module], module: Module, owner: str, depth: int = 0) -> list[str | None]:
    """Everything that comes before the paths of an object; None where that cannot be told."""
    own = module.own.get(owner)
    if owner in module.applications:
        return [own]
    if owner not in module.own or depth == FOLLOWED:
        return []
    found: list[str | None] = []
    for other in modules:
        for parent, (place, name), prefix in other.included:
            if name == owner and place == module.name:
                for outer in _prefixes(modules, other, parent, depth + 1) or [None]:
                    found.append(None if None in (outer, prefix, own) else f"{outer}{prefix}{own}")
    return found


def _prefix(call: ast.Call) -> str | None:
    given = _keyword(call, "prefix")
    return "" if given is None else _text(given)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _text(node: ast.expr | None = None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
