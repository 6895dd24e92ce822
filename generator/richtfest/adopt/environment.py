"""Variables of the environment that must be there before the application starts, on the server and where tests run."""

import re
from collections.abc import Iterator

from richtfest.adopt.image import Dockerfile, words
from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect import offer
from richtfest.detect.findings import Why
from richtfest.detect.tree import Tree, join
from richtfest.template import locate, of_stack

OF_CONTAINERS = ("HOME", "HOSTNAME", "PATH", "PWD")
EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", "example.env")
GIVEN = re.compile(r"""^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*["']?[^\s"'#]""", re.MULTILINE)
INCLUDED = re.compile(r"^#% include '([^']+)' %#$", re.MULTILINE)


def look(adoption: Adoption) -> Iterator[Suggestion]:
    """One suggestion that names them all, until the server's services do; nothing of tests once their script does."""
    found: dict[str, Why] = {}
    for fact in adoption.habits.variables(adoption.tree, adoption.found):
        found.setdefault(fact.value, fact.why)
    known = _set_here(adoption) | _named(adoption.tree, "server/compose.yml")
    missing = {name: why for name, why in found.items() if name not in known}
    if not missing:
        return
    names = tuple(f"{name} ({why.file}:{why.line})" for name, why in missing.items())
    if missing.keys() <= _named(adoption.tree, "scripts/test.sh"):
        yield Suggestion("variables_server", None, {"names": names})
        return
    places = dict.fromkeys((adoption.found.folder, adoption.folder, "."))
    examples = (join(place, name) for place in places for name in EXAMPLES)
    example = next((path for path in examples if missing.keys() <= _given(adoption.tree, path)), "")
    kind = "variables_example" if example else "variables"
    yield Suggestion(kind, None, {"names": names} | ({"file": example} if example else {}))


def _set_here(adoption: Adoption) -> set[str]:
    """Those that any container has, that the image sets, and the address of the database.

    Where it speaks to PostgreSQL and none was ordered, the suggestion about the database names that address.
    """
    file = Dockerfile(adoption, _generated(adoption.value("stack", adoption.found.stack)))
    image = [name for value, _ in file.all("ENV") for name in _names(value)]
    told = adoption.value("database", "none") != "none" or "postgres" in adoption.databases()
    return {*OF_CONTAINERS, *image, *(["DATABASE_URL"] if told else [])}


def _generated(stack: str) -> str:
    """The Dockerfile of the template, with what it includes; Jinja's conditions are comments in it."""
    if not offer.is_offered(stack):
        return ""
    root = locate().path
    [file] = of_stack(stack).rglob("Dockerfile.jinja")
    return INCLUDED.sub(lambda told: (root / told[1]).read_text("utf-8"), file.read_text("utf-8"))


def _names(value: str) -> list[str]:
    """What an instruction sets: ENV NAME=value OTHER=value, or in the older way ENV NAME and everything else."""
    told = words(value)
    return [word.partition("=")[0] for word in told if "=" in word] if "=" in "".join(told[:1]) else told[:1]


def _named(tree: Tree, path: str) -> set[str]:
    """The words of a file."""
    return set(re.findall(r"\w+", tree.read(path) or ""))


def _given(tree: Tree, path: str) -> set[str]:
    """The variables that a file of an environment has a value for."""
    return set(GIVEN.findall(tree.read(path) or ""))
