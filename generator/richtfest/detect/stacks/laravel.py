"""Laravel: composer.json requires the framework, and there is an artisan."""

import re
from collections.abc import Iterator
from typing import Any

from richtfest.detect import javascript, sources
from richtfest.detect.databases import drivers
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.habits import Endpoint, Habits, Lack
from richtfest.detect.tree import Tree, join
from richtfest.detect.versions import pinned
from richtfest.template import of_stack

STACK = "laravel"
LANGUAGE = "php"
DRIVERS = {
    "postgres": "ext-pdo_pgsql ext-pgsql",
    "mysql": "ext-pdo_mysql ext-mysqli",
    "sqlite": "ext-pdo_sqlite ext-sqlite3",
    "redis": "predis/predis ext-redis",
    "mongodb": "mongodb/laravel-mongodb jenssegers/mongodb",
}
CONNECTIONS = {"pgsql": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite", "sqlsrv": "sqlserver"}


def find(tree: Tree, folder: str) -> Application | None:
    """A package for Laravel requires parts of it, but has no artisan."""
    needs = requirements(tree, folder)
    if "laravel/framework" not in needs or not tree.has(join(folder, "artisan")):
        return None
    index = join(folder, "public/index.php")
    return Application(
        STACK, LANGUAGE, folder, needs["laravel/framework"],
        facts={
            "starts": [Fact("public/index.php", Why(index))] if tree.has(index) else [],
            "package_manager": [Fact("composer", Why(join(folder, "composer.json")))],
            "version": _versions(tree, folder, needs),
            "database": drivers(needs, DRIVERS) or _connection(tree, folder),
        },
    )  # fmt: skip


def requirements(tree: Tree, folder: str) -> dict[str, Why]:
    """What composer.json requires for running, each with its place."""
    path = join(folder, "composer.json")
    told = tree.json(path)
    listed = told.get("require") if isinstance(told, dict) else None
    return {name: Why(path, tree.line(path, f'"{name}"'), f"{name} {version}")
            for name, version in (listed if isinstance(listed, dict) else {}).items()}  # fmt: skip


def _versions(tree: Tree, folder: str, needs: dict[str, Why]) -> list[Fact]:
    found = pinned(tree, folder, (".php-version", r"^\s*(\d+\.\d+)"), (".tool-versions", r"^php\s+(\d+\.\d+)"))
    path = join(folder, "composer.json")
    told: Any = tree.json(path)
    for name in ("config", "platform", "php"):
        told = told.get(name) if isinstance(told, dict) else None
    if isinstance(told, str) and (platform := re.match(r"\d+\.\d+", told)):
        found.append(Fact(platform[0], Why(path, tree.line(path, f'"{told}"'), f"platform php {told}")))
    if "php" in needs and (lowest := re.search(r"\d+\.\d+", needs["php"].seen)):
        found.append(Fact(lowest[0], needs["php"], needs["php"].seen.removeprefix("php ")))
    return found


def _connection(tree: Tree, folder: str) -> list[Fact]:
    """The connection that the example of the environment names."""
    path = join(folder, ".env.example")
    told = re.search(r"^DB_CONNECTION=(\w+)", tree.read(path) or "", re.MULTILINE)
    if not told or told[1] not in CONNECTIONS:
        return []
    return [Fact(CONNECTIONS[told[1]], Why(path, tree.line(path, told[0]), told[0]))]


HEALTH_ARGUMENT = re.compile(r"""(?<![\w'"])health:\s*['"](/?[\w./-]+)['"]""")
ROUTE = re.compile(r"""Route::(?:get|any|view|match)\(\s*['"]/?([\w./-]+)['"]""")


def _endpoints(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """The health path of bootstrap/app.php, and routes; those of routes/api.php get a prefix that can be changed."""
    bootstrap = join(found.folder, "bootstrap/app.php")
    for hit in sources.search(tree, [bootstrap], HEALTH_ARGUMENT):
        yield Endpoint("/" + hit.match[1].lstrip("/"), hit.why)
    for name, prefix in (("web", "/"), ("api", "/api/")):
        path, depth = join(found.folder, f"routes/{name}.php"), 0
        own = name == "web" or _has_usual_prefix(tree, found.folder)
        for number, line in enumerate((tree.read(path) or "").splitlines(), 1):
            told = ROUTE.search(line)
            if told and not line.lstrip().startswith(sources.COMMENTS):
                endpoint = Endpoint(
                    f"{prefix if own else '/'}{told[1]}", Why(path, number, line.strip()), own and depth == 0
                )
                if endpoint.is_health:
                    yield endpoint
            depth += line.count("{") - line.count("}")


def _has_usual_prefix(tree: Tree, folder: str) -> bool:
    """Whether routes/api.php is served below /api, in the words of newer and of older versions."""
    newer = tree.read(join(folder, "bootstrap/app.php")) or ""
    older = tree.read(join(folder, "app/Providers/RouteServiceProvider.php")) or ""
    return ("withRouting" in newer and "apiPrefix" not in newer) or bool(re.search(r"prefix\(['\"]api['\"]\)", older))


def _health(_: Application) -> str:
    return """// in bootstrap/app.php
->withRouting(web: __DIR__.'/../routes/web.php', health: '/up')"""


# fmt: off
IN_PHP = frozenset((
    "ctype", "curl", "date", "dom", "fileinfo", "filter", "hash", "iconv", "json", "libxml", "mbstring", "mysqlnd",
    "openssl", "pcre", "pdo", "pdo_sqlite", "phar", "posix", "random", "readline", "reflection", "session", "simplexml",
    "sodium", "spl", "sqlite3", "standard", "tokenizer", "xml", "xmlreader", "xmlwriter", "zlib",
))
# fmt: on
"""Extensions that the official image of PHP has without installing any."""


def _lacks(tree: Tree, found: Application) -> Iterator[Lack]:
    """Extensions that the generated image does not install, and pages that only Node builds."""
    missing = {name: why for name, why in requirements(tree, found.folder).items()
               if name.startswith("ext-") and name[4:].lower() not in IN_PHP | _installed()}  # fmt: skip
    if missing:
        yield Lack("extensions", next(iter(missing.values())), {"names": ", ".join(missing)})
    path = join(found.folder, "package.json")
    build = javascript.table(javascript.manifest(tree, found.folder), "scripts").get("build", "")
    ignored = re.search(r"^/?public/build/?\s*$", tree.read(join(found.folder, ".gitignore")) or "", re.MULTILINE)
    if "vite" in build and (ignored or not tree.has(join(found.folder, "public/build/manifest.json"))):
        why = Why(path, tree.line(path, '"build"'), f"build: {build}")
        yield Lack("node_build_kept", why, {"folder": "public/build"})


def _installed() -> frozenset[str]:
    """The words of the line in the generated Dockerfile that installs extensions."""
    path = of_stack(STACK) / "#{ application_folder }#/#{ image_files }#/Dockerfile.jinja"
    told = re.search(r"docker-php-ext-install((?:[^\\\n]|\\\n)*)", path.read_text("utf-8"))
    return frozenset(re.findall(r"\w+", told[1])) if told else frozenset()


def _migrations(tree: Tree, found: Application) -> Fact | None:
    first = next(iter(tree.named(join(found.folder, "database/migrations"), "*.php")), None)
    return Fact("[php, artisan, migrate, --force]", Why(first)) if first else None


def _uploads(tree: Tree, found: Application) -> Why | None:
    """A file of a request that is stored, where no package for a store elsewhere is required."""
    if any(name.startswith("league/flysystem-") for name in requirements(tree, found.folder)):
        return None
    stored = re.compile(
        r"->file\([^)]*\)->store|\$\w*(file|image|upload|avatar)\w*->store(As|Publicly|PubliclyAs)?\(", re.I
    )
    php = sources.of(tree, join(found.folder, "app"), ".php", packages=True)
    return next((hit.why for hit in sources.search(tree, php, stored)), None)


def _tests(tree: Tree, found: Application) -> bool:
    return next(tree.below(join(found.folder, "tests"), "Test.php", depth=6, packages=True), None) is not None


HABITS = Habits(
    health=_health,
    health_path="/up",
    endpoints=_endpoints,
    locks=("composer.lock",),
    lock_command="composer update",
    lacks=_lacks,
    migrations=_migrations,
    uploads=_uploads,
    tests=_tests,
)
