"""The paths of a Django project, followed from the module that ROOT_URLCONF names."""

import ast
import re
from collections.abc import Iterator

from richtfest.detect import python, sources
from richtfest.detect.findings import Application, Why
from richtfest.detect.habits import Endpoint
from richtfest.detect.tree import Tree, join

ROOT = re.compile(r"""^ROOT_URLCONF\s*=\s*["']([\w.]+)["']""", re.MULTILINE)
ASKED = re.compile(r"""\.path(?:_info)?\s*==\s*["'](/[\w./-]+)["']""")
"""How a middleware answers a path before any other does."""

OF_LIBRARIES = {"health_check.urls": ("health", ""), "django_prometheus.urls": ("figures", "metrics")}
"""Modules of libraries that bring a path along: what it is for, and what it adds."""
FOLLOWED = 4


def endpoints(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """The paths that tell health."""
    for kind, endpoint in _all(tree, found):
        if kind == "health" or (kind == "path" and endpoint.is_health):
            yield endpoint


def figures(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """The path of django-prometheus, or one called metrics."""
    for kind, endpoint in _all(tree, found):
        if kind == "figures" or (kind == "path" and endpoint.path == "/metrics"):
            yield endpoint


def _all(tree: Tree, found: Application) -> Iterator[tuple[str, Endpoint]]:
    middleware = [path for path in python.sources(tree, found.folder) if "middleware" in path]
    for hit in sources.search(tree, middleware, ASKED):
        yield "path", Endpoint(hit.match[1], hit.why)
    place = found.claims[0] if found.claims else found.folder
    settings = [path for path in python.sources(tree, place) if "settings" in path or "config" in path]
    root = next((hit.match[1] for hit in sources.search(tree, settings, ROOT)), None)
    if root:
        yield from _of_module(tree, place, root, "/", 0)


def _of_module(tree: Tree, place: str, name: str, prefix: str, depth: int) -> Iterator[tuple[str, Endpoint]]:
    path = _file(tree, place, name)
    syntax = python.syntax(tree, path) if path else None
    for node in ast.walk(syntax or ast.Module([], [])):
        called = node.func if isinstance(node, ast.Call) else None
        kind = getattr(called, "id", "") or getattr(called, "attr", "")
        route = _route(node, kind) if isinstance(node, ast.Call) and kind in ("path", "re_path", "url") else None
        if route is None:
            continue
        full, why = f"{prefix}{route}", Why(path, node.lineno, f'{kind}("{route}", …)')
        included = _included(node.args[1])
        if included in OF_LIBRARIES:
            told, more = OF_LIBRARIES[included]
            yield told, Endpoint(f"{full}{more}", why)
        elif included and depth < FOLLOWED:
            yield from _of_module(tree, place, included, full, depth + 1)
        elif not included:
            yield "path", Endpoint(full, why)


def _route(call: ast.Call, kind: str) -> str | None:
    """The literal path of an entry; None when it has variables or is a real pattern."""
    if len(call.args) < 2 or not isinstance(call.args[0], ast.Constant) or not isinstance(call.args[0].value, str):
        return None
    route = call.args[0].value
    if kind != "path":
        route = route.removeprefix("^").removesuffix("$").removesuffix("/?").replace("\\.", ".")
    return route if re.fullmatch(r"[\w./-]*", route) else None


def _included(node: ast.expr) -> str:
    """The module that include(…) names, also with a name space; empty for a view, and "?" for what is no text."""
    if not isinstance(node, ast.Call) or getattr(node.func, "id", getattr(node.func, "attr", "")) != "include":
        return ""
    inner = node.args[0] if node.args else None
    if isinstance(inner, ast.Tuple) and inner.elts:
        inner = inner.elts[0]
    return inner.value if isinstance(inner, ast.Constant) and isinstance(inner.value, str) else "?"


def _file(tree: Tree, place: str, name: str) -> str:
    base = join(place, name.replace(".", "/"))
    return next((path for path in (f"{base}.py", f"{base}/__init__.py") if tree.has(path)), "")
