"""Go: a go.mod, and a package main that answers requests."""

import re

from richtfest.detect.databases import drivers
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.go_habits import HABITS  # noqa: F401 - a part of every stack
from richtfest.detect.tree import Tree, join

STACK = "go"
LANGUAGE = "go"
SERVERS = re.compile(
    r'"(net/http|net/http/fcgi|github\.com/(gin-gonic/gin|labstack/echo(/v\d+)?|gofiber/fiber(/v\d+)?|go-chi/chi(/v\d+)?|'
    r'gorilla/mux|valyala/fasthttp|beego/beego(/v\d+)?/?\S*|gogf/gf(/v\d+)?/?\S*)|google\.golang\.org/grpc|connectrpc\.com/connect)"'
)
DRIVERS = {
    "postgres": "github.com/jackc/pgx/v5 github.com/jackc/pgx/v4 github.com/lib/pq gorm.io/driver/postgres",
    "mysql": "github.com/go-sql-driver/mysql gorm.io/driver/mysql",
    "sqlite": "modernc.org/sqlite github.com/mattn/go-sqlite3 gorm.io/driver/sqlite github.com/glebarez/sqlite",
    "redis": "github.com/redis/go-redis/v9 github.com/go-redis/redis/v8 github.com/gomodule/redigo",
    "mongodb": "go.mongodb.org/mongo-driver go.mongodb.org/mongo-driver/v2",
}


def find(tree: Tree, folder: str) -> Application | None:
    """A module without a package main is a library."""
    module = join(folder, "go.mod")
    if not tree.has(module):
        return None
    mains, needs = _mains(tree, folder), requirements(tree, folder)
    if not mains:
        return None
    serves = _serves(tree, folder)
    usual = mains[0].value == "." or "cmd" in mains[0].value.split("/")[1:3]
    return Application(
        STACK, LANGUAGE, folder, serves or mains[0].why,
        certain=serves is not None and usual,
        doubt="no_server" if serves is None else "" if usual else "unusual_start",
        facts={
            "starts": mains,
            "package_manager": [Fact("go", Why(module))],
            "version": _versions(tree, module),
            "database": drivers(needs, DRIVERS),
        },
        claims=tuple(fact.why.file.rpartition("/")[0] for fact in mains),
    )  # fmt: skip


def requirements(tree: Tree, folder: str) -> dict[str, Why]:
    """The modules that go.mod requires directly, each with its place."""
    path, inside = join(folder, "go.mod"), False
    found: dict[str, Why] = {}
    for number, raw in enumerate((tree.read(path) or "").splitlines(), 1):
        line = raw.split("//")[0].strip()
        if line.startswith("require (") or line.startswith("require("):
            inside = True
        elif line == ")":
            inside = False
        elif (inside or line.startswith("require ")) and "// indirect" not in raw:
            parts = line.removeprefix("require ").split()
            if len(parts) == 2:
                found[parts[0]] = Why(path, number, line.removeprefix("require "))
    return found


def _mains(tree: Tree, folder: str) -> list[Fact]:
    """The packages main, as the go command names them, the likeliest first: the module's own, then cmd/<its name>."""
    own = _module(tree, folder).rpartition("/")[2]
    places = [folder]
    for child in tree.folders(folder):
        places += [child, *tree.folders(child), *tree.folders(join(child, "cmd"))]
    found = []
    for place in places[:300]:
        left_out = any(part.startswith("_") for part in place.split("/"))  # the go command does the same
        if left_out or (place != folder and tree.has(join(place, "go.mod"))):
            continue
        file = next((path for path in tree.named(place, "*.go") if _is_main(tree, path)), None)
        if file:
            inner = "." if place == folder else "./" + (place if folder == "." else place[len(folder) + 1 :])
            found.append(Fact(inner, Why(file, tree.line(file, "package main"), "package main")))
    return sorted(found, key=lambda fact: _likelihood(fact.value, own))


def _likelihood(place: str, own: str) -> tuple:
    parts = place.split("/")[1:]
    tool = any(
        part in ("tools", "tool", "scripts", "hack", "internal", "ci", "dev", "gen", "generate") for part in parts
    )
    named = bool({*parts[-1:]} & {own, *own.split("-"), "server", "api", "web", "app"})
    return (tool, bool(parts), not named, parts[:1] != ["cmd"], len(parts), place)


def _module(tree: Tree, folder: str) -> str:
    told = re.search(r"^module\s+(\S+)", tree.read(join(folder, "go.mod")) or "", re.MULTILINE)
    return re.sub(r"/v\d+$", "", told[1]) if told else ""


def _is_main(tree: Tree, path: str) -> bool:
    """Whether a file is part of a program that is built: no test, and not left out by a build tag."""
    if path.endswith("_test.go"):
        return False
    text = tree.read(path) or ""
    if re.search(r"^(//go:build|// \+build)\s+(ignore|tools|mage)\b", text, re.MULTILINE):
        return False
    text = re.sub(r"/\*.*?\*/", "", text[:20_000], flags=re.DOTALL)
    clause = re.search(r"^package\s+(\w+)", text, re.MULTILINE)
    return bool(clause and clause[1] == "main" and re.search(r"^func main\(\)", tree.read(path) or "", re.MULTILINE))


def _serves(tree: Tree, folder: str) -> Why | None:
    """The first import of something that answers requests, outside of tests."""
    for path in tree.below(folder, ".go", depth=4, most=300):
        if not path.endswith("_test.go") and (told := SERVERS.search(tree.read(path) or "")):
            return Why(path, tree.line(path, told[0]), f"import {told[0]}")
    return None


def _versions(tree: Tree, module: str) -> list[Fact]:
    told = re.search(r"^go\s+(\d+\.\d+(?:\.\d+)?)", tree.read(module) or "", re.MULTILINE)
    return [Fact(told[1], Why(module, tree.line(module, told[0]), told[0]))] if told else []
