"""Rails: a Gemfile with rails, and config/application.rb."""

import re
from collections.abc import Iterator
from dataclasses import replace

from richtfest.detect import offer, sources, variables
from richtfest.detect.databases import drivers
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.habits import Endpoint, Habits, Lack
from richtfest.detect.tree import Tree, join
from richtfest.detect.versions import pinned

STACK = "rails"
LANGUAGE = "ruby"
DRIVERS = {
    "postgres": "pg",
    "mysql": "mysql2 trilogy",
    "sqlite": "sqlite3",
    "redis": "redis hiredis-client redis-rails",
    "mongodb": "mongoid mongo",
}
GEM = re.compile(r"""^\s*gem[\s(]+["']([\w.-]+)["']""")


def find(tree: Tree, folder: str) -> Application | None:
    """A gem that is tested against Rails has it in its Gemfile, too, but no application of its own."""
    needs = gems(tree, folder)
    start, server = join(folder, "config/application.rb"), join(folder, "config.ru")
    why = next((needs[name] for name in ("rails", "railties") if name in needs), None)
    if not why or not tree.has(start):
        return None
    return Application(
        STACK, LANGUAGE, folder, why,
        facts={
            "starts": [Fact("config.ru", Why(server))] if tree.has(server) else [],
            "package_manager": [Fact("bundler", Why(join(folder, "Gemfile")))],
            "version": versions(tree, folder),
            "database": drivers(needs, DRIVERS),
        },
    )  # fmt: skip


def gems(tree: Tree, folder: str) -> dict[str, Why]:
    """The gems of a Gemfile outside of the groups for development and test, each with its place."""
    path = join(folder, "Gemfile")
    found: dict[str, Why] = {}
    blocks: list[bool] = []
    for number, raw in enumerate((tree.read(path) or "").splitlines(), 1):
        line = raw.split("#")[0].rstrip() if '"#' not in raw and "'#" not in raw else raw
        if re.search(r"\bdo(\s*\|[^|]*\|)?\s*$", line) or re.match(r"\s*(if|unless|case)\b", line):
            blocks.append(bool(re.match(r"\s*group\b", line)) and not re.search(r":default|:production", line))
        elif re.match(r"\s*end\b", line) and blocks:
            blocks.pop()
        elif (gem := GEM.match(line)) and not any(blocks) and not re.search(r"group:\s*\[?:(test|development)", line):
            found.setdefault(gem[1], Why(path, number, line.strip()))
    return found


def versions(tree: Tree, folder: str) -> list[Fact]:
    """The version of Ruby: .ruby-version, .tool-versions, then the Gemfile."""
    found = pinned(
        tree,
        folder,
        (".ruby-version", r"^\s*(?:ruby-)?(\d+\.\d+(?:\.\d+)?)"),
        (".tool-versions", r"^ruby\s+(\d+\.\d+(?:\.\d+)?)"),
        ("Gemfile", r"""^\s*ruby[\s(]+["'][^"'\d]*(\d+\.\d+(?:\.\d+)?)"""),
    )
    # In the Gemfile a range may stand before it: ruby "~> 3.3.
    return [replace(fact, wanted=re.split("[\"']", fact.why.seen)[-1]) for fact in found]


ROUTE = re.compile(r"""^\s*(get|match|mount)\b[\s(]*(?:[\w:.]+\s*(?:=>|,\s*at:)\s*)?["']/?([\w./-]+)["']""")
BLOCK = re.compile(r"\b(do|lambda)\b(\s*\|[^|]*\|)?\s*$|^\s*(if|unless|case|begin|def)\b")
NAMESPACE = re.compile(r"""^\s*(?:namespace\s+:(\w+)|scope\s+["']/?([\w/-]+)["'])\s+do\s*$""")
UNKNOWN = re.compile(r"^\s*(namespace|scope|resources?|member|collection|concern|constraints)\b")


def _endpoints(tree: Tree, found: Application) -> Iterator[Endpoint]:
    return (endpoint for endpoint in _paths(tree, found) if endpoint.is_health)


def _figures(tree: Tree, found: Application) -> Iterator[Endpoint]:
    return (endpoint for endpoint in _paths(tree, found) if endpoint.path == "/metrics")


def _paths(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """The paths of config/routes.rb; not sure inside of a block that may put something before them."""
    path = join(found.folder, "config/routes.rb")
    blocks: list[str | None] = []
    for number, raw in enumerate((tree.read(path) or "").splitlines(), 1):
        line = re.sub(r"(^|\s)#.*", "", raw).rstrip()
        told = ROUTE.match(line)
        name = told[2] if told else "health_check" if re.match(r"\s*health_check_routes\b", line) else ""
        if name:
            before = "".join(f"/{block}" for block in blocks if block)
            yield Endpoint(f"{before}/{name}", Why(path, number, line.strip()), None not in blocks)
        if BLOCK.search(line) and not re.search(r"\bend\b", line):
            inner = NAMESPACE.match(line)
            blocks.append(inner[1] or inner[2] if inner else None if UNKNOWN.match(line) else "")
        elif re.match(r"\s*end\b", line) and blocks:
            blocks.pop()


def _addresses(tree: Tree, found: Application) -> Iterator[Fact]:
    """What config/puma.rb binds to."""
    pattern = re.compile(r"""^\s*bind[\s(]+["']tcp://([\w.]+:\d*)""", re.MULTILINE)
    for hit in sources.search(tree, [join(found.folder, "config/puma.rb")], pattern):
        yield Fact(hit.match[1], hit.why)


HOSTS = re.compile(r"^[ \t]*config\.hosts\b[ \t]*(<<|\+?=|\.(?:push|concat|append)\b)?(.*)$", re.MULTILINE)
NAME = re.compile(r"""["']([\w.-]+)["']""")
NODE = ("jsbundling-rails", "cssbundling-rails", "vite_rails", "vite_ruby", "shakapacker", "webpacker")
"""Gems that call Node when the assets are built."""


def _hosts(tree: Tree, found: Application) -> Fact | None:
    """config.hosts in production, when every name is written out; without any, all are answered."""
    names, first = [], None
    for path in ("config/application.rb", "config/environments/production.rb"):
        for hit in sources.search(tree, [join(found.folder, path)], HOSTS):
            told = hit.match[2].split("#")[0]
            if not hit.match[1] or re.sub(r"[\[\],()\s]", "", NAME.sub("", told)):
                return None  # cleared, read from the environment, or a pattern
            names += NAME.findall(told)
            first = first or hit.why
    return Fact(" ".join(names), first) if first and names else None


def _lacks(tree: Tree, found: Application) -> Iterator[Lack]:
    """What stops Bundler in the image, and assets that only Node builds."""
    lock, needs = join(found.folder, "Gemfile.lock"), gems(tree, found.folder)
    told = re.search(r"^PLATFORMS\n((?:[ ]+\S+\n)+)", tree.read(lock) or "", re.MULTILINE)
    if told and not re.search(r"^\s*(ruby|x86_64-linux\S*)$", told[1], re.MULTILINE):
        why = Why(lock, tree.line(lock, "PLATFORMS"), ", ".join(told[1].split()))
        yield Lack("lock_platform", why, {"platform": "x86_64-linux", "command": HABITS.lock_command})
    for fact in found.facts.get("version", []):
        of_gemfile = fact.why.file == join(found.folder, "Gemfile") and re.fullmatch(r"\d+\.\d+\.\d+", fact.wanted)
        short = fact.value.rpartition(".")[0]
        if of_gemfile and short in offer.versions(found):
            yield Lack("ruby_exact", fact.why, {"pinned": fact.value, "short": short})
    gem = next((needs[name] for name in NODE if name in needs), None)
    if gem and tree.has(join(found.folder, "package.json")):
        yield Lack("node_build", gem)


def _migrations(tree: Tree, found: Application) -> Fact | None:
    first = next(iter(tree.named(join(found.folder, "db/migrate"), "*.rb")), None)
    return Fact('[bundle, exec, rails, "db:migrate"]', Why(first)) if first else None


def _uploads(tree: Tree, found: Application) -> Why | None:
    """Active Storage that is used, and whose files in production stay on the disk."""
    settings = join(found.folder, "config/environments/production.rb")
    local = re.search(r"^\s*config\.active_storage\.service\s*=\s*:local\b", tree.read(settings) or "", re.MULTILINE)
    models = sources.of(tree, join(found.folder, "app/models"), ".rb")
    used = re.compile(r"^[ \t]*has_(one|many)_attached\b", re.MULTILINE)
    return next((hit.why for hit in sources.search(tree, models, used)), None) if local else None


def _tests(tree: Tree, found: Application) -> bool:
    places = (("spec", "_spec.rb"), ("test", "_test.rb"))
    return any(
        next(tree.below(join(found.folder, place), suffix, depth=6, packages=True), None) for place, suffix in places
    )


HABITS = Habits(
    health=lambda _: '# in config/routes.rb\nget "up" => "rails/health#show", as: :rails_health_check',
    health_path="/up",
    endpoints=_endpoints,
    figures=_figures,
    addresses=_addresses,
    locks=("Gemfile.lock",),
    lacks=_lacks,
    hosts=_hosts,
    own_host="127.0.0.1",
    lock_command="bundle lock --add-platform x86_64-linux",
    migrations=_migrations,
    uploads=_uploads,
    variables=variables.of_ruby,
    tests=_tests,
)
