"""Variables of the environment that must be there before the application starts, on the server and where tests run."""

import re
from collections.abc import Iterator

from richtfest.adopt.image import Dockerfile
from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect.findings import Why
from richtfest.detect.tree import Tree, join
from richtfest.template import locate

OF_CONTAINERS = ("HOME", "HOSTNAME", "PATH", "PWD")
EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", "example.env")
MOST = 5
NAMES = re.compile(r"\b\w+(?==)|^\w+(?=\s)", re.MULTILINE)
"""What an instruction sets: ENV NAME=value, or in the older way ENV NAME value."""


def look(adoption: Adoption) -> Iterator[Suggestion]:
    """One suggestion that names them all, until the server's services or the script of the tests do."""
    found: dict[str, Why] = {}
    for fact in adoption.habits.variables(adoption.tree, adoption.found):
        found.setdefault(fact.value, fact.why)
    known = _set_here(adoption) | _named(adoption.tree, "server/compose.yml") | _named(adoption.tree, "scripts/test.sh")
    missing = {name: why for name, why in found.items() if name not in known}
    if not missing:
        return
    more = f" (+{len(missing) - MOST})" if len(missing) > MOST else ""
    names = ", ".join(f"{name} ({why.file}:{why.line})" for name, why in list(missing.items())[:MOST])
    places = dict.fromkeys((adoption.found.folder, adoption.folder, "."))
    examples = (join(place, name) for place in places for name in EXAMPLES)
    example = next((path for path in examples if missing.keys() <= _named(adoption.tree, path)), "")
    kind = "variables_example" if example else "variables"
    yield Suggestion(kind, None, {"names": names + more} | ({"file": example} if example else {}))


def _set_here(adoption: Adoption) -> set[str]:
    """Those that any container has, those of the image, and the address of the database; told elsewhere without one."""
    if adoption.dockerfile:
        image = "\n".join(value for value, _ in Dockerfile(adoption).all("ENV"))
    else:
        stack = f"templates/#{{ stack_{adoption.value('stack', adoption.found.stack)} }}#/#{{ application_folder }}#"
        file = locate().path / stack / "Dockerfile.jinja"
        text = file.read_text("utf-8") if file.is_file() else ""
        image = "\n".join(re.findall(r"^ENV (.+)", text, re.MULTILINE))
    told = adoption.value("database", "none") != "none" or "postgres" in adoption.databases()
    return {*OF_CONTAINERS, *NAMES.findall(image), *(["DATABASE_URL"] if told else [])}


def _named(tree: Tree, path: str) -> set[str]:
    """The words of a file."""
    return set(re.findall(r"\w+", tree.read(path) or ""))
