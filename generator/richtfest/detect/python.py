"""What Python's manifests say: dependencies with their lines, package manager, version."""

import ast
import configparser
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from richtfest.detect.databases import drivers
from richtfest.detect.findings import Fact, Why
from richtfest.detect.tree import Tree, join, upwards
from richtfest.detect.versions import pinned

LANGUAGE = "python"
FOR_PEOPLE = re.compile(
    r"(^|[-_./])(dev|develop|development|tests?|testing|docs?|lint|linting|ci|types?|typing|mypy|build|local|bench|"
    r"benchmarks?|examples?|optional|extras?)([-_./]|$)",
    re.IGNORECASE,
)
"""Lists of requirements for those who work on the application: no evidence of what it is made of."""

DRIVERS = {
    "postgres": "psycopg psycopg2 psycopg2-binary psycopg-binary asyncpg pg8000 aiopg",
    "mysql": "mysqlclient pymysql mysql-connector-python aiomysql asyncmy",
    "redis": "redis django-redis aioredis hiredis channels-redis celery-redis",
    "sqlite": "aiosqlite",
    "mongodb": "pymongo motor mongoengine beanie",
}


def dependencies(tree: Tree, folder: str) -> dict[str, Why]:
    """The distributions that an application needs to run, by normalised name, each with its place."""
    found: dict[str, Why] = {}
    for source in (_of_project, _of_pipfile, _of_requirements, _of_setup_cfg, _of_setup_py, _of_conda):
        for name, why in source(tree, folder).items():
            found.setdefault(name, why)
    return found


def facts(tree: Tree, folder: str, needs: dict[str, Why]) -> dict[str, list[Fact]]:
    """Package manager, version and databases, as every framework in Python has them."""
    return {
        "package_manager": managers(tree, folder),
        "version": versions(tree, folder),
        "database": drivers(needs, DRIVERS),
    }


def managers(tree: Tree, folder: str) -> list[Fact]:
    """What installs the dependencies: lock files first, then what the manifests say."""
    locks = {"uv.lock": "uv", "poetry.lock": "poetry", "pdm.lock": "pdm", "Pipfile.lock": "pipenv", "Pipfile": "pipenv"}
    found = [Fact(name, Why(join(place, file)))
             for place in upwards(folder) for file, name in locks.items() if tree.has(join(place, file))]  # fmt: skip
    project = join(folder, "pyproject.toml")
    tools = _table(tree.toml(project), "tool")
    found += [Fact(name, Why(project, tree.line(project, f"[tool.{name}"), f"[tool.{name}]"))
              for name in ("uv", "poetry", "pdm") if name in tools]  # fmt: skip
    found += [Fact("pip", Why(file)) for file in _requirement_files(tree, folder)[:1]]
    if not found and tree.has(project):
        found.append(Fact("pip", Why(project)))
    return list({fact.value: fact for fact in reversed(found)}.values())[::-1]


def versions(tree: Tree, folder: str) -> list[Fact]:
    """The version of Python: what is pinned first, then what is allowed."""
    found = []
    for place in upwards(folder):
        found += pinned(
            tree,
            place,
            (".python-version", r"^\s*(?:python-?)?(\d+\.\d+)"),
            ("runtime.txt", r"python-(\d+\.\d+)"),
            (".tool-versions", r"^python\s+(\d+\.\d+)"),
        )
    project = join(folder, "pyproject.toml")
    told = tree.toml(project)
    poetry = _table(told, "tool", "poetry", "dependencies").get("python")
    for wanted in (_table(told, "project").get("requires-python"), poetry):
        if isinstance(wanted, str) and (lowest := re.search(r"(?:>=|\^|~=|~|==|^)\s*(\d+\.\d+)", wanted)):
            found.append(Fact(lowest[1], Why(project, tree.line(project, wanted), wanted), wanted))
    return found


def sources(tree: Tree, folder: str) -> Iterable[str]:
    """The modules of the application itself, shallow ones first."""
    for path in tree.below(folder, ".py", depth=4):
        name = PurePosixPath(path).name
        tool = path in (join(folder, "setup.py"), join(folder, "noxfile.py"))  # deeper down they are modules
        if not tool and not name.startswith("test_") and name != "conftest.py":
            yield path


def syntax(tree: Tree, path: str) -> ast.Module | None:
    """A module's syntax tree; None when it cannot be parsed (Python 2, a template, a broken file)."""
    return tree.parsed(path, "python", _syntax)


def _syntax(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def module_name(folder: str, path: str) -> str:
    """How a file below the application's folder is imported: app/main.py is app.main."""
    inner = PurePosixPath(path) if folder == "." else PurePosixPath(path).relative_to(folder)
    parts = inner.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_library(tree: Tree, folder: str) -> Why | None:
    """Where a folder says that it is made to be installed by others."""
    project = join(folder, "pyproject.toml")
    told = tree.toml(project)
    if _table(told, "project").get("name") and "build-system" in told:
        return Why(project, tree.line(project, "[build-system]"), "[build-system]")
    for file in ("setup.py", "setup.cfg"):
        if tree.has(join(folder, file)) and not tree.has(join(folder, "manage.py")):
            return Why(join(folder, file))
    return None


def own_name(tree: Tree, folder: str) -> str:
    """The name under which the folder itself is distributed, normalised; empty when it has none."""
    told = tree.toml(join(folder, "pyproject.toml"))
    name = _table(told, "project").get("name") or _table(told, "tool", "poetry").get("name")
    return canonicalize_name(name) if isinstance(name, str) else ""


def _of_project(tree: Tree, folder: str) -> dict[str, Why]:
    path = join(folder, "pyproject.toml")
    told = tree.toml(path)
    found = _required(tree, path, _strings(_table(told, "project").get("dependencies")))
    for name in _table(told, "tool", "poetry", "dependencies"):
        if name.lower() != "python":
            found.setdefault(canonicalize_name(name), Why(path, tree.key_line(path, name), name))
    return found


def _of_pipfile(tree: Tree, folder: str) -> dict[str, Why]:
    path = join(folder, "Pipfile")
    return {canonicalize_name(n): Why(path, tree.key_line(path, n), n) for n in _table(tree.toml(path), "packages")}


def _of_requirements(tree: Tree, folder: str) -> dict[str, Why]:
    found: dict[str, Why] = {}
    for path in _requirement_files(tree, folder):
        _follow(tree, path, found, set())
    return found


def _requirement_files(tree: Tree, folder: str) -> list[str]:
    files = tree.named(folder, "*requirements*.txt", "requirements*.in")
    files += tree.named(join(folder, "requirements"), "*.txt", "*.in")
    return [file for file in files if not FOR_PEOPLE.search(PurePosixPath(file).name.replace("requirements", ""))]


def _follow(tree: Tree, path: str, found: dict[str, Why], visited: set[str]) -> None:
    """Read a list of requirements and those that it includes, each once."""
    visited.add(path)
    for number, line in enumerate((tree.read(path) or "").replace("\\\n", " \n").splitlines(), 1):
        line = re.sub(r"(^|\s)#.*|\s--hash=.*", "", line).strip().removesuffix("\\").strip()
        if included := re.match(r"(?:-r|--requirement)[\s=]*(\S+)", line):
            other = _beside(path, included[1])
            if other and other not in visited:
                _follow(tree, other, found, visited)
        elif line and (name := _name(line)):
            found.setdefault(name, Why(path, number, line))


def _beside(path: str, name: str) -> str | None:
    """A path that is told relative to a file; None when it leads out of the tree."""
    parts: list[str] = []
    for part in (*PurePosixPath(path).parent.parts, *PurePosixPath(name).parts):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in (".", "/"):
            parts.append(part)
    return "/".join(parts)


def _of_setup_cfg(tree: Tree, folder: str) -> dict[str, Why]:
    path = join(folder, "setup.cfg")
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(tree.read(path) or "")
    except configparser.Error:
        tree.refuse(path, "ini")
        return {}
    return _required(tree, path, parser.get("options", "install_requires", fallback="").splitlines())


def _of_setup_py(tree: Tree, folder: str) -> dict[str, Why]:
    """Literal requirements of a setup.py; it is read, never run."""
    path = join(folder, "setup.py")
    module = syntax(tree, path) if tree.has(path) else None
    lists = [
        [item.value for item in keyword.value.elts if isinstance(item, ast.Constant)]
        for node in ast.walk(module or ast.Module([], []))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "install_requires" and isinstance(keyword.value, ast.List)
    ]
    return _required(tree, path, [line for lines in lists for line in lines if isinstance(line, str)])


def _of_conda(tree: Tree, folder: str) -> dict[str, Why]:
    found: dict[str, Why] = {}
    for path in tree.named(folder, "environment.yml", "environment.yaml"):
        told = tree.yaml(path)
        listed = told.get("dependencies") if isinstance(told, dict) else None
        for item in listed if isinstance(listed, list) else []:
            lines = item.get("pip", []) if isinstance(item, dict) else [item]
            found |= _required(tree, path, [re.sub(r"(?<![=<>!~])=(?!=).*", "", line) for line in _strings(lines)])
    return found


def _required(tree: Tree, path: str, lines: Iterable[str]) -> dict[str, Why]:
    named = {_name(line): line.strip() for line in lines}
    return {name: Why(path, tree.line(path, line), line) for name, line in named.items() if name}


def _name(line: str) -> str:
    """The distribution that a requirement names (PEP 508), normalised; empty for options, paths and URLs."""
    if egg := re.search(r"#egg=([A-Za-z0-9._-]+)", line):
        return canonicalize_name(egg[1])
    if line.startswith("-"):
        return ""
    try:
        return canonicalize_name(Requirement(line).name)
    except InvalidRequirement:
        return ""


def _table(document: Any, *names: str) -> dict[str, Any]:
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
