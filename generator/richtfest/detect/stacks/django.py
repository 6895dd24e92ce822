"""Django: a manage.py that names its settings or runs Django's commands, and a dependency on Django."""

import ast
import re

from richtfest.detect import python
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.tree import Tree, join

STACK = "django"
SETTINGS = "DJANGO_SETTINGS_MODULE"
COMMANDS = "django.core.management"
SHOWS = re.compile(r"(demo|example|sample|sandbox|tests?\b|test_|testproject)", re.IGNORECASE)
"""How the settings begin that a library is tried out or tested with."""

BRING_DJANGO = ("django", "wagtail", "django-cms", "djangorestframework", "django-ninja", "mezzanine", "saleor")


def find(tree: Tree, folder: str) -> Application | None:
    """The manage.py may lie in a folder below the requirements, as in src/; it belongs to the same application."""
    needs = python.dependencies(tree, folder)
    dependency = next((needs[name] for name in BRING_DJANGO if name in needs), None)
    for place in (folder, *tree.folders(folder)) if dependency else (folder,):
        manage = join(place, "manage.py")
        settings = _settings(tree, manage)
        if not settings:
            continue
        if place != folder and python.dependencies(tree, place).get("django"):
            continue  # an application of its own
        if SHOWS.match(settings[0].value) and python.is_library(tree, folder):
            continue
        return Application(
            STACK,
            python.LANGUAGE,
            folder,
            dependency or settings[0].why,
            certain=dependency is not None,
            doubt="" if dependency else "no_dependency",
            facts={"starts": _servers(tree, place), "settings": [s for s in settings if s.value]}
            | python.facts(tree, folder, needs),
            claims=() if place == folder else (place,),
        )
    return None


def _settings(tree: Tree, manage: str) -> list[Fact]:
    """The modules that manage.py puts into DJANGO_SETTINGS_MODULE; an empty one where the environment names them."""
    text = tree.read(manage) or ""
    told = next((word for word in (SETTINGS, COMMANDS) if word in text), None)
    if told is None:
        return []
    found = []
    for node in ast.walk(python.syntax(tree, manage) or ast.Module([], [])):
        values = [*node.args] if isinstance(node, ast.Call) else []
        words = [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
        if words[:1] == [SETTINGS] and len(words) > 1:
            found.append(Fact(words[1], Why(manage, node.lineno, f"{SETTINGS} = {words[1]}")))
    return found or [Fact("", Why(manage, tree.line(manage, told), told))]


def _servers(tree: Tree, place: str) -> list[Fact]:
    """The wsgi and asgi modules, as module:application."""
    found = []
    for name in ("wsgi", "asgi"):
        for path in tree.below(place, f"{name}.py", depth=2):
            if path.rpartition("/")[2] == f"{name}.py":
                found.append(Fact(f"{python.module_name(place, path)}:application", Why(path)))
                break
    return found
