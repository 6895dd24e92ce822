"""What is usual for Node: routes of its frameworks, where it listens, its migrations and tests."""

import re
from collections.abc import Iterator

from richtfest.detect import javascript, sources
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.habits import Endpoint, Habits
from richtfest.detect.tree import Tree, join

ROUTE = re.compile(r"""\b(\w+)\s*\.(get|all|use|route)\(\s*["'`](/[\w./-]*)["'`]""")
MADE = (
    r"\b{name}\s*(?::[^=]+)?=\s*(?:await\s+)?(?:new\s+)?"
    r"(express|fastify|Fastify|Koa|polka|Hono|restify\.createServer)\s*(?:<[^>]*>)?\("
)
CONTROLLER = re.compile(r"""@Controller\(\s*(?:\{[^}]*path:\s*)?["'`]/?([\w./-]*)["'`]|@Controller\(\s*\)""")
GET = re.compile(r"""@Get\(\s*(?:["'`]/?([\w./-]*)["'`])?\s*\)""")
GLOBAL_PREFIX = re.compile(
    r"""setGlobalPrefix\(\s*["'`]/?([\w./-]+)["'`]\s*(,)?|setGlobalPrefix\(|enableVersioning\("""
)
# fmt: off
FILES = (
    ("next", "app", "/route", ""), ("next", "src/app", "/route", ""),
    ("next", "pages/api", "", "/api"), ("next", "src/pages/api", "", "/api"),
    ("nuxt", "server/api", "", "/api"), ("nuxt", "server/routes", "", ""),
    ("@sveltejs/kit", "src/routes", "/+server", ""),
    ("@remix-run/node", "app/routes", "", ""), ("@react-router/node", "app/routes", "", ""),
    ("astro", "src/pages", "", ""),
)
# fmt: on
"""Frameworks whose files are the paths: the package, the folder, how such a file ends, what comes before the path."""

SUFFIXES = (".ts", ".js", ".mjs", ".cjs")
LISTENS = re.compile(
    r"""\.listen\(\s*(?:\{\s*(?:port:\s*)?)?([\w.$\[\]|&?'"\s()+]*?)\s*,?\s*(?:(?:host(?:name)?:\s*)?["'`](localhost|127\.0\.0\.1)["'`])"""
    r"""|\.listen\(\s*(?:\{\s*port:\s*)?(\d{2,5})\b"""
)
FASTIFY_ALONE = re.compile(r"""\b(?:app|server|fastify)\.listen\(\s*\{\s*port(?::[^,}]+)?\s*,?\s*\}""")
MIGRATIONS = {
    "prisma": ("prisma/migrations", "[node_modules/.bin/prisma, migrate, deploy]"),
    "drizzle-kit": ("drizzle", ""),
    "knex": ("migrations", ""),
    "sequelize": ("migrations", ""),
    "typeorm": ("src/migrations", ""),
}


def endpoints(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """The paths that tell health."""
    return (endpoint for endpoint in _all(tree, found) if endpoint.is_health)


def figures(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """A path called metrics, where a client of Prometheus is among the dependencies."""
    if {"prom-client", "express-prom-bundle", "fastify-metrics"} & javascript.dependencies(tree, found.folder).keys():
        for endpoint in _all(tree, found):
            if endpoint.path.rstrip("/").endswith("/metrics") and endpoint.sure:
                yield endpoint


def _all(tree: Tree, found: Application) -> list[Endpoint]:
    """By files, by controllers, then by calls of the framework."""
    return [*_of_files(tree, found), *_of_controllers(tree, found), *_of_calls(tree, found)]


def _code(tree: Tree, folder: str, *suffixes: str, depth: int = 6) -> Iterator[str]:
    """The sources of a package, without those of other packages that lie in it."""
    for path in sources.of(tree, folder, *suffixes, depth=depth):
        inner = path[len(folder) + 1 :] if folder != "." else path
        parts = inner.split("/")[:-1]
        places = (join(folder, "/".join(parts[: count + 1])) for count in range(len(parts)))
        if not any(tree.has(join(place, "package.json")) for place in places):
            yield path


def _of_files(tree: Tree, found: Application) -> Iterator[Endpoint]:
    needs = javascript.dependencies(tree, found.folder)
    moved = any("basePath" in (tree.read(path) or "") for path in tree.named(found.folder, "next.config.*"))
    for package, folder, ending, before in FILES:
        if package not in needs:
            continue
        place = join(found.folder, folder)
        for path in sources.of(tree, place, ".ts", ".js", ".tsx", packages=True):
            inner = re.sub(r"\.(get|head)$", "", path[len(place) :].rpartition(".")[0])
            if not inner.endswith(ending) or (ending and inner == ending):
                continue
            route = re.sub(r"/\([^)]*\)", "", inner.removesuffix(ending)).removesuffix("/index")
            if re.fullmatch(r"(/[\w-]+)+", route):
                yield Endpoint(before + route, Why(path), not moved)


def _of_controllers(tree: Tree, found: Application) -> Iterator[Endpoint]:
    if "@nestjs/core" not in javascript.dependencies(tree, found.folder):
        return
    code = list(_code(tree, found.folder, ".ts"))
    prefix, sure = "", True
    for hit in sources.search(tree, code, GLOBAL_PREFIX):
        sure = sure and bool(hit.match[1]) and not hit.match[2] and not prefix
        prefix = f"/{hit.match[1]}" if hit.match[1] else prefix
    for path in code:
        text = tree.read(path) or ""
        classes = list(CONTROLLER.finditer(text))
        for number, controller in enumerate(classes):
            end = classes[number + 1].start() if number + 1 < len(classes) else len(text)
            for get in GET.finditer(text, controller.end(), end):
                route = "/".join(part for part in (controller[1], get[1]) if part)
                line = text.count("\n", 0, controller.start()) + 1
                yield Endpoint(f"{prefix}/{route}", Why(path, line, text.splitlines()[line - 1].strip()), sure)


def _of_calls(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """Sure when the object was made in the same file: a router gets its prefix elsewhere."""
    for hit in sources.search(tree, _code(tree, found.folder, *SUFFIXES), ROUTE):
        known = Endpoint(hit.match[3], hit.why)
        if not (known.is_health or known.path.endswith("/metrics")):
            continue
        text = tree.read(hit.path) or ""
        made = re.search(MADE.format(name=re.escape(hit.match[1])), text)
        if made or re.search(r"app|server|router|route|fastify|instance|api", hit.match[1], re.IGNORECASE):
            yield Endpoint(hit.match[3], hit.why, bool(made) and ".basePath(" not in text)


def addresses(tree: Tree, found: Application) -> Iterator[Fact]:
    """Written out where a server usually begins; Fastify listens on 127.0.0.1 unless it is told a host."""
    places = (found.folder, *(join(found.folder, name) for name in ("src", "server", "bin", "app", "api")))
    code = [path for place in places for path in _code(tree, place, *SUFFIXES, depth=0)]
    if found.value("variant") in ("nextjs", "nuxt"):
        return
    for hit in sources.search(tree, code, LISTENS):
        port = hit.match[3] or (hit.match[1] if (hit.match[1] or "").isdigit() else "")
        yield Fact(f"{hit.match[2] or ''}:{port}", hit.why)
    if "fastify" in javascript.dependencies(tree, found.folder):
        for hit in sources.search(tree, code, FASTIFY_ALONE):
            if re.search(r"\b[fF]astify\(", tree.read(hit.path) or ""):
                yield Fact("127.0.0.1:", hit.why)


def migrations(tree: Tree, found: Application) -> Fact | None:
    """Where the usual packages keep them."""
    told = javascript.manifest(tree, found.folder)
    packages = javascript.table(told, "dependencies") | javascript.table(told, "devDependencies")
    for package, (folder, command) in MIGRATIONS.items():
        place = join(found.folder, folder)
        if (package in packages or (package == "prisma" and "@prisma/client" in packages)) and (
            tree.folders(place) or tree.named(place, "*.sql", "*.js", "*.ts")
        ):
            return Fact(command, Why(f"{place}/"))
    return None


def uploads(tree: Tree, found: Application) -> Why | None:
    """Multer with a folder: what is uploaded is written to the disk."""
    if "multer" not in javascript.dependencies(tree, found.folder):
        return None
    stored = re.compile(r"\bmulter\(\s*\{\s*dest:|\bmulter\.diskStorage\(|\bdiskStorage\(\{")
    return next((hit.why for hit in sources.search(tree, _code(tree, found.folder, *SUFFIXES), stored)), None)


def tests(tree: Tree, found: Application) -> bool:
    """A script called test that is not what npm writes into a new package.json."""
    script = javascript.table(javascript.manifest(tree, found.folder), "scripts").get("test", "no test specified")
    return "no test specified" not in script


def health(found: Application) -> str:
    """In the words of the framework."""
    framework = found.why.seen.split(" ")[0]
    if framework == "next":
        return '// app/healthz/route.ts\nexport const GET = () => new Response("ok");'
    if framework == "nuxt":
        return '// server/routes/healthz.get.ts\nexport default defineEventHandler(() => "ok");'
    if framework == "@nestjs/core":
        return '@Controller("healthz")\nexport class HealthController {\n  @Get() health() { return "ok"; }\n}'
    if framework == "@sveltejs/kit":
        return '// src/routes/healthz/+server.ts\nexport const GET = () => new Response("ok");'
    if framework in ("@remix-run/node", "@react-router/node"):
        return '// app/routes/healthz.ts\nexport const loader = () => new Response("ok");'
    if framework == "fastify":
        return 'app.get("/healthz", async () => ({ status: "ok" }));'
    if framework in ("hono", "@hono/node-server"):
        return 'app.get("/healthz", (context) => context.text("ok"));'
    if framework == "express":
        return 'app.get("/healthz", (_request, response) => response.send("ok"));'
    return ""


HABITS = Habits(
    health=health,
    endpoints=endpoints,
    figures=figures,
    addresses=addresses,
    locks=("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"),
    lock_command="npm install",
    image_locks=("package-lock.json", "pnpm-lock.yaml", "yarn.lock"),
    migrations=migrations,
    uploads=uploads,
    tests=tests,
)
