"""Variables of the environment without which an application does not start: what is read on every start, no default.

Told is only what certainly runs: what stands in a condition, in a function or in a program of its own may never be
read. A look into other languages than these would guess.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from richtfest.detect import pydantic_settings, python, sources
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.tree import Tree, join

READS = re.compile(r"\benviron\b|\bBaseSettings\b|\bEnv\(|\benv(\.\w+)?\(|\b(decouple|starlette\.config)\b")
ASIDE = re.compile(
    r"(^|/)(scripts?|bin|migrations|alembic|management|deploy\w*|infra|ops|ci|hack|notebooks?|locust\w*|celery_?beat)/|"
    r"(^|[/_.])(dev|develop|development|local|tests?|testing|ci|debug|staging)(_\w+)?\.\w+$|"
    r"(^|/)(setup|noxfile|fabfile|tasks|conftest|locustfile|manage)\.py$"
)
"""Programs and settings that are not for the server."""

SET = re.compile(
    r"""environ(?:\.setdefault\(|\.get\([^)]{0,100}\)\s*or\s+|\[)\s*["'](\w+)["'](?:\s*,|\]\s*=(?!=))|"""
    r"""["'](\w+)["']\s+(?:not\s+)?in\s+(?:os\.)?environ"""
)
"""The code sets a variable itself, or asks whether it is there."""

IMPORT = re.compile(r"^(?:from|import)[ \t]+([\w.]+(?:[ \t]+import[ \t]*\([^)]{0,2000}\)|[^\n]*))", re.MULTILINE)
READERS = ("Env", "FileAwareEnv")
OF_DJANGO = {"db": "DATABASE_URL", "db_url": "DATABASE_URL", "cache": "CACHE_URL", "email_url": "EMAIL_URL"}
"""What django-environ reads when it is asked without a name."""

FETCHED = re.compile(
    r"""\bENV\.fetch\(?\s*["'](\w+)["'](?:\s*\)(?!\s*(?:\{|do\b|rescue\b))|\s*(?:%>|$))""", re.MULTILINE
)
IN_DOUBT = re.compile(r"^\s*(if|unless|case|when|elsif|else|def|begin|rescue|while)\b|->|\blambda\b|\bproc\b")
PLACEHOLDER = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def of_language(tree: Tree, found: Application) -> Iterator[Fact]:
    """For what is only known by its image: by the language that lies there."""
    known = {"python": of_python, "ruby": of_ruby, "java": of_spring}
    yield from known[found.language](tree, found) if found.language in known else ()


def of_python(tree: Tree, found: Application, settings: Iterable[str] = ()) -> Iterator[Fact]:
    """What modules read while they are imported, and settings of pydantic that are made without a value.

    Args:
        tree: the repository.
        found: the application.
        settings: modules that the server takes its settings of, though nothing imports them.
    """
    texts = {path: tree.read(path) or "" for path in sources.of(tree, found.folder, ".py")}
    told = {path: text for path, text in texts.items() if READS.search(text) and not ASIDE.search(path)}
    if not told:
        return
    started = {fact.why.file for fact in found.facts.get("starts", [])} | set(settings)
    imported = {word for text in texts.values() for line in IMPORT.findall(text) for word in re.findall(r"\w+", line)}
    everything = "\n".join(texts.values())
    given = {name for pair in SET.findall(everything) for name in pair} | _with_scheme(tree, told)
    for path in told:
        place = PurePosixPath(path)
        name = place.parent.name if place.stem == "__init__" else place.stem
        syntax = python.syntax(tree, path) if path in started or name in imported else None
        if syntax:
            read = [*_read_at_once(syntax), *pydantic_settings.required(syntax, texts[path], everything)]
            yield from (Fact(name, Why(path, line, name)) for name, line in read if name not in given)


def of_ruby(tree: Tree, found: Application) -> Iterator[Fact]:
    """ENV.fetch without a default in config/, which is run on every start; never inside of a condition."""
    folder = join(found.folder, "config")
    places = (folder, join(folder, "initializers"), join(folder, "environments"))
    for path in (path for place in places for path in tree.named(place, "*.rb", "*.yml")):
        text = tree.read(path) or ""
        if re.search(r"/(deploy|development|test|staging|schedule|recurring)\b", path) or "<% if" in text:
            continue
        for hit in sources.in_text(path, text, FETCHED):
            if not re.search(r"\s(if|unless|rescue)\s|\|\||\?\s", hit.text) and not _is_in_doubt(text, hit.line):
                yield Fact(hit.match[1], hit.why)


def of_spring(tree: Tree, found: Application) -> Iterator[Fact]:
    """Placeholders in capitals, without a default, in the settings that count in every profile."""
    resources = join(found.folder, "src/main/resources")
    for path in tree.named(resources, "application.properties", "application.yml", "application.yaml"):
        text, begin = tree.read(path) or "", 0
        for part in re.split(r"(?m)^#?---[ \t]*$", text):
            if not re.search(r"on-profile|spring\.profiles\s*:|^\s+profiles:", part, re.MULTILINE):
                for hit in sources.in_text(path, part, PLACEHOLDER):
                    before = part[part.rfind("\n", 0, hit.match.start()) + 1 : hit.match.start()]
                    if before.count("${") <= before.count("}"):  # else it is the default of another one
                        yield Fact(hit.match[1], Why(path, begin + hit.line, hit.text))
            begin += part.count("\n")


def _read_at_once(syntax: ast.Module) -> Iterator[tuple[str, int]]:
    """The variables, each with its line, that a module reads while it is imported."""
    callers = _callers(syntax)
    for node in _evaluated(syntax.body):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is_environment(node.value):
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                yield node.slice.value, node.lineno
        elif isinstance(node, ast.Call) and (name := _asked(node, callers)):
            yield name, node.lineno


def _callers(syntax: ast.Module) -> set[str]:
    """What reads variables when it is called: objects of django-environ, environs or Starlette, config of decouple."""
    found, makers = set(), set(READERS)
    for node in syntax.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _makes_reader(node.value, makers):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.ImportFrom):
            named = {alias.asname or alias.name for alias in node.names}
            makers |= named & {"Config"} if node.module == "starlette.config" else set()
            found |= named & {"config"} if node.module == "decouple" else {"env"} if named & {"env", "*"} else set()
    return found


def _makes_reader(call: ast.Call, makers: Iterable[str]) -> bool:
    return getattr(call.func, "attr", getattr(call.func, "id", "")) in makers


def _evaluated(statements: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """What is certainly evaluated: nothing in conditions but what they ask, in attempts, loops or functions."""
    for statement in statements:
        if isinstance(statement, ast.ClassDef):
            yield from _evaluated(statement.body)
        elif isinstance(statement, ast.If):
            yield from _parts(statement.test)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Assert):
            yield from _parts(statement)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """An expression and what it is made of, without what only one of several ways comes to."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, ast.IfExp):
            waiting.append(part.test)
        elif isinstance(part, ast.BoolOp):
            waiting.append(part.values[0])
        elif not isinstance(part, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            waiting += reversed(list(ast.iter_child_nodes(part)))


def _is_environment(node: ast.expr) -> bool:
    return getattr(node, "attr", getattr(node, "id", "")) == "environ"


def _asked(call: ast.Call, callers: set[str]) -> str:
    """The variable of a call such as env("X") or env.str("X") that has nothing to fall back on; else empty."""
    function = call.func
    method = function.attr if isinstance(function, ast.Attribute) else ""
    owner = function.value if isinstance(function, ast.Attribute) else function
    if not isinstance(owner, ast.Name) or owner.id not in callers or len(call.args) > 1:
        return ""
    doubtful = {"default", "required", None} & {keyword.arg for keyword in call.keywords}
    if doubtful or method in ("read_env", "prefixed", "get_value"):
        return ""
    if not call.args:
        return OF_DJANGO.get(method, "")
    asked = call.args[0]
    return asked.value if isinstance(asked, ast.Constant) and isinstance(asked.value, str) else ""


def _with_scheme(tree: Tree, texts: Iterable[str]) -> set[str]:
    """The variables whose default Env(…) was told."""
    modules = [python.syntax(tree, path) or ast.Module([], []) for path in texts]
    calls = [node for module in modules for node in ast.walk(module)
             if isinstance(node, ast.Call) and _makes_reader(node, READERS)]  # fmt: skip
    return {keyword.arg for call in calls for keyword in call.keywords if keyword.arg}


def _is_in_doubt(text: str, number: int) -> bool:
    """Whether a line of Ruby stands inside of something that may not be run, told by how far it is indented."""
    lines = text.splitlines()[:number]
    depth = _depth(lines[-1])
    for line in reversed(lines[:-1]):
        if line.strip() and _depth(line) < depth:
            depth = _depth(line)
            if IN_DOUBT.search(line):
                return True
    return False


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
