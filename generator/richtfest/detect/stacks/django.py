"""Django: a manage.py that names its settings or runs Django's commands, and a dependency on Django."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from richtfest.detect import python, python_habits, sources, variables
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.habits import Settings
from richtfest.detect.tree import Tree, join
from richtfest.detect.urlconf import endpoints, figures

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
            | _facts(tree, folder, needs),
            claims=() if place == folder else (place,),
        )
    return None


def _facts(tree: Tree, folder: str, needs: dict[str, Why]) -> dict[str, list[Fact]]:
    """Django brings SQLite along: without any driver it is what the settings can name."""
    facts = python.facts(tree, folder, needs)
    if not facts["database"]:
        settings = [path for path in python.sources(tree, folder) if "settings" in path]
        hit = next(sources.search(tree, settings, re.compile(r"django\.db\.backends\.sqlite3")), None)
        facts["database"] = [Fact("sqlite", hit.why)] if hit else []
    return facts


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


def _health(_: Application) -> str:
    return """# in the urls.py that ROOT_URLCONF names
from django.http import HttpResponse

path("healthz", lambda request: HttpResponse("ok")),"""


def _server(tree: Tree, found: Application) -> str:
    return "" if "gunicorn" in python.dependencies(tree, found.folder) else "gunicorn"


def _migrations(tree: Tree, found: Application) -> Fact | None:
    """The first migration of an application of the project."""
    for path in tree.below(found.folder, "_initial.py", depth=5):
        if "/migrations/" in f"/{path}":
            return Fact("[python, manage.py, migrate, --noinput]", Why(path))
    return None


def _differing(tree: Tree, found: Application) -> Settings | None:
    commands, server = next(iter(found.facts.get("settings", [])), None), _of_server(tree, found)
    return Settings(SETTINGS, commands, server) if commands and server and commands.value != server.value else None


def _of_server(tree: Tree, found: Application) -> Fact | None:
    """The settings that wsgi.py or asgi.py names, the one that is started first."""
    named = (fact for start in found.facts.get("starts", []) for fact in _settings(tree, start.why.file) if fact.value)
    return next(named, None)


def _modules(tree: Tree, path: str, known: set[str]) -> Iterator[str]:
    """A module of settings, then those that it takes everything from: what stands in the first counts."""
    if path in known or not tree.has(path):
        return
    known.add(path)
    yield path
    for node in reversed((python.syntax(tree, path) or ast.Module([], [])).body):
        if isinstance(node, ast.ImportFrom) and node.level and any(alias.name == "*" for alias in node.names):
            place = str([PurePosixPath(path), *PurePosixPath(path).parents][min(node.level, path.count("/") + 1)])
            yield from _modules(tree, _file(tree, place, node.module or "__init__"), known)


def _file(tree: Tree, place: str, module: str) -> str:
    path = join(place, module.replace(".", "/"))
    return f"{path}.py" if tree.has(f"{path}.py") else join(path, "__init__.py")


def _settings_files(tree: Tree, found: Application) -> list[str]:
    """The modules of which the server takes its settings; all of the project where it names none of them."""
    server, place = _of_server(tree, found), (found.claims or (found.folder,))[0]
    chain = list(_modules(tree, _file(tree, place, server.value), set())) if server else []
    first = next((path for path in chain if "ALLOWED_HOSTS" in (tree.read(path) or "")), None)
    return [first] if first else [] if chain else list(python.sources(tree, found.folder))


def _hosts(tree: Tree, found: Application) -> Fact | None:
    """ALLOWED_HOSTS of the server, when it is set once and to names that are written out."""
    told = []
    for path in _settings_files(tree, found):
        if "ALLOWED_HOSTS" in (tree.read(path) or ""):
            told += [(path, node) for node in ast.walk(python.syntax(tree, path) or ast.Module([], []))
                     if isinstance(node, ast.Name | ast.Attribute) and "ALLOWED_HOSTS" in ast.dump(node)]  # fmt: skip
    if len(told) != 1:
        return None
    path = told[0][0]
    for node in ast.walk(python.syntax(tree, path) or ast.Module([], [])):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List) and _names_hosts(node.targets[0]):
            names = [item.value for item in node.value.elts if isinstance(item, ast.Constant)]
            if len(names) == len(node.value.elts):
                return Fact(" ".join(str(name) for name in names), Why(path, node.lineno, "ALLOWED_HOSTS = […]"))
    return None


def _names_hosts(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "ALLOWED_HOSTS"


def _variables(tree: Tree, found: Application) -> Iterator[Fact]:
    """Of several settings only those that the server takes."""
    server = _of_server(tree, found) or next(iter(found.facts.get("settings", [])), None)
    place = (found.claims or (found.folder,))[0]
    chain = list(_modules(tree, _file(tree, place, server.value), set())) if server else []
    for fact in variables.of_python(tree, found, chain):
        if fact.why.file in chain or "settings" not in fact.why.file:
            yield fact


UPLOAD = re.compile(r"=\s*(models\.)?(FileField|ImageField)\(")


def _uploads(tree: Tree, found: Application) -> Why | None:
    """A model with a file, unless django-storages or a backend of its own puts it elsewhere."""
    if any(name in ("django-storages", "django-s3-storage", "cloudinary", "django-cloudinary-storage")
           for name in python.dependencies(tree, found.folder)):  # fmt: skip
        return None
    models = [path for path in python.sources(tree, found.folder) if "model" in path and "/migrations/" not in path]
    return next((hit.why for hit in sources.search(tree, models, UPLOAD)), None)


HABITS = replace(
    python_habits.HABITS,
    health=_health,
    endpoints=endpoints,
    figures=figures,
    server=_server,
    migrations=_migrations,
    settings=_differing,
    hosts=_hosts,
    uploads=_uploads,
    variables=_variables,
)
