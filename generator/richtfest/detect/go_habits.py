"""What is usual for Go: routes of its routers, where it listens, programs beside the one that serves, migrations."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from richtfest.detect import sources
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.habits import Endpoint, Habits
from richtfest.detect.tree import Tree, join

PATH = r"""(/[\w./-]*)(?:\{\$\})?\""""
ROUTE = re.compile(
    rf"""\b(\w+)\.(?:(?:HandleFunc|Handle|GET|Get|Any|All|Mount)\(\s*"(?:GET |HEAD )?{PATH},|"""
    rf"""(?:Match|Method|MethodFunc|Add)\((?:\[\]string\{{[^}}]{{0,80}}\}}|"GET"|\w+\.MethodGet),\s*"{PATH},|"""
    rf"""(?:Methods\([^)]{{0,80}}\)\.)?Path\("{PATH}\)|Use\(\s*(?:\w+\.)?Heartbeat\("{PATH}\))"""
)
OF_FIBER = re.compile(r"\bUse\(\s*healthcheck\.New\(\s*\)|\bGet\(\s*healthcheck\.(Liveness|Readiness)Endpoint\b")
"""The paths of its health checks, as they are called when nothing else is said."""

GROUPED = re.compile(r"\.(Group|Route|PathPrefix|Mount)\(|StripPrefix|RouterGroup|basePath|prefix", re.IGNORECASE)
"""What may put something before a path."""

NESTED = re.compile(r"\.(Route|Mount)\(|StripPrefix")
GROUP = r"""\b{name}\s*:?=\s*(\w+)\.(?:Group|PathPrefix)\("(/[\w./-]*)\""""
MADE = (
    r"\b{name}(?:\s*:?=|:)\s*"
    r"(echo\.New|gin\.(Default|New)|chi\.New(Router|Mux)|http\.NewServeMux|mux\.NewRouter|fiber\.New|httprouter\.New)\("
)
SERVED = re.compile(r"ListenAndServe|http\.Server\{|\.(Start|Run|Listen|Serve)\(")
LISTENS = re.compile(
    r"""\b(?:ListenAndServe|Run|Start|Listen)\(\s*"([\w.\[\]:]*:\d+)"|\bAddr:\s*"([\w.\[\]:]*:\d+)\"|"""
    r"""\b(?:ListenAndServe\(\s*|Addr:\s*)(\w+)\b"""
)
BY_DEFAULT = re.compile(
    r"""(?:[eE]nv|ENV)\w*\(\s*"PORT",\s*"?:?(\d{2,5})\b|cmp\.Or\(\s*os\.Getenv\("PORT"\),\s*":?(\d{2,5})"|"""
    r"""\b(\w+)\s*:?=\s*os\.Getenv\("PORT"\)(?:[^\n]{0,200}\n){1,2}?[^\n]{0,200}\bif\s+\3\s*==\s*""\s*\{\s*\3\s*=\s*":?(\d{2,5})"|"""
    r"""`env(?:config)?:"PORT(?:,[^"]*)?"[^`\n]{0,200}(?:envDefault|default)[:=]"?:?(\d{2,5})\b|`env:"PORT,\s*default=(\d{2,5})"|"""
    r"""SetDefault\("PORT",\s*"?(\d{2,5})\b"""
)
"""A port that is taken when the variable PORT is not set."""

WORKS = re.compile(
    r"worker|consumer|scheduler|\bcron|queue|(^|[-_])jobs?($|[-_])|subscriber|processor|indexer|notifier|mailer|relay|poller"
)
TOOLS = re.compile(r"migrat|seed|cli$|ctl$|(^|[-_])gen|tool|client|example|bench|load|import|export|health|script")
RUNS_ON = re.compile(r"\bsignal\.Notify(Context)?\(|\bListenAndServe(TLS)?\(")
"""What a program has that ends only when it is told to."""

MIGRATION = re.compile(r"^--[ \t]*(\+goose[ \t]+up|migrate:up)\b|^---- create above / drop below ----", re.M | re.I)
MIGRATES = {
    "pressly/goose": re.compile(r"\bgoose\.Up(Context|To)?\("),
    "golang-migrate/migrate": re.compile(r"\b\w+\.Up\(\)"),
    "amacneil/dbmate": re.compile(r"\b\w+\.(CreateAndMigrate|Migrate)\(\)"),
    "jackc/tern": re.compile(r"\b\w+\.Migrate\(\w+\)"),
}
"""How the code migrates that imports one of these."""

EMBEDDED = re.compile(r"^//go:embed[ \t][^\n]*(migrat|\.up\.sql)[^\n]*", re.MULTILINE)
"""The program carries its migrations with it, so something in it runs them."""

BY_COMMAND = re.compile(r"""(?:\bcase\s+|\bUse:\s*|==\s*)"migrate\"""")
BY_FLAG = re.compile(r"""\b(?:Bool|BoolVar|Getenv|LookupEnv)\((?:&\w+,\s*)?"\w*migrat""", re.IGNORECASE)


def endpoints(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """Not sure where the same file groups paths: the prefix of a group may be told elsewhere."""
    for hit in sources.search(tree, _mentioning(tree, found, "healthcheck."), OF_FIBER):
        for name in [hit.match[1]] if hit.match[1] else ["Readiness", "Liveness"]:
            path = {"Readiness": "/readyz", "Liveness": "/livez"}[name]
            yield Endpoint(path, hit.why, not GROUPED.search(tree.read(hit.path) or ""))
    yield from (endpoint for endpoint in _paths(tree, found) if endpoint.is_health)


def figures(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """The paths that the client of Prometheus answers."""
    return (endpoint for endpoint in _paths(tree, found) if "promhttp" in endpoint.why.seen)


def _paths(tree: Tree, found: Application) -> Iterator[Endpoint]:
    code = list(sources.of(tree, found.folder, ".go"))
    alone = sum(1 for _ in sources.search(tree, code, re.compile(MADE.format(name=r"\w+")))) == 1
    for hit in sources.search(tree, code, ROUTE):
        text = tree.read(hit.path) or ""
        path = next(told for told in hit.match.groups()[1:] if told is not None)
        if path != "/" and not Endpoint(path, hit.why).is_health and "promhttp" not in hit.text:
            continue  # a group says nothing of it that matters here
        prefix, router = _group(text, hit.match[1])
        made = re.search(MADE.format(name=re.escape(router)), text) and not NESTED.search(text)
        # One of several routers may be put below a path in another file.
        served = bool(made) and (alone or SERVED.search(text) is not None)
        sure = router == "http" or served or not (made or GROUPED.search(text))
        yield Endpoint(prefix + path, hit.why, sure)


def _group(text: str, name: str) -> tuple[str, str]:
    """What a group puts before its paths, and the router that it is a group of; a router is none."""
    prefix = ""
    for _ in range(4):
        told = set(re.findall(GROUP.format(name=re.escape(name)), text))
        if len(told) != 1:
            break
        name, before = told.pop()
        prefix = before.rstrip("/") + prefix
    return prefix, name


def addresses(tree: Tree, found: Application) -> Iterator[Fact]:
    """Written out in the code; what a flag or a variable of the environment says is not known."""
    for hit in sources.search(tree, sources.of(tree, found.folder, ".go"), LISTENS):
        if told := hit.match[1] or hit.match[2]:
            yield Fact(told, hit.why)
            continue
        given = rf"""\b{re.escape(hit.match[3])}\s*(?:string\s*)?:?=\s*([^\n]+)"""
        values = re.findall(given, tree.read(hit.path) or "")
        if len(values) == 1 and (told := re.fullmatch(r"""["'`]([\w.\[\]:]*:\d+)["'`]""", values[0].strip())):
            yield Fact(told[1], hit.why)


def default_ports(tree: Tree, found: Application) -> Iterator[Fact]:
    """Where it listens when PORT is not set."""
    for hit in sources.search(tree, _mentioning(tree, found, "PORT"), BY_DEFAULT):
        port = next(told for told in (*hit.match.groups()[:2], *hit.match.groups()[3:]) if told)
        yield Fact(port, hit.why)


def workers(tree: Tree, found: Application) -> Iterator[Fact]:
    """Programs that go on working: by their name, or in cmd/ by what they wait for."""
    for fact in found.facts.get("starts", []):
        name = PurePosixPath(fact.value).name
        files = tree.named(fact.why.file.rpartition("/")[0] or ".", "*.go")
        runs_on = "/cmd/" in fact.value and any(RUNS_ON.search(tree.read(file) or "") for file in files)
        if fact.value != "." and (WORKS.search(name) or (runs_on and not TOOLS.search(name))):
            yield fact


def migrations(tree: Tree, found: Application) -> Fact | None:
    """Files of golang-migrate, goose, dbmate, tern or Atlas, with the command of the program, if it has one."""
    for path in sources.of(tree, found.folder, ".sql"):
        folder = path.rpartition("/")[0]
        if path.endswith(".up.sql") or tree.has(join(folder, "atlas.sum")) or MIGRATION.search(tree.read(path) or ""):
            generated = not tree.has(join(found.root or found.folder, "Dockerfile"))
            command = "[/application, migrate]" if generated and _asked(tree, found, BY_COMMAND) else ""
            return Fact(command, Why(path))
    return None


def migrates(tree: Tree, found: Application) -> Why | None:
    """Where the code itself migrates, unless it is asked to by a command or a setting."""
    if _asked(tree, found, BY_COMMAND) or _asked(tree, found, BY_FLAG):
        return None
    for path in sources.of(tree, found.folder, ".go"):
        text = tree.read(path) or ""
        for module, call in MIGRATES.items():
            if module in text and (hit := next(sources.in_text(path, text, call), None)):
                return hit.why
        if told := EMBEDDED.search(text):
            return Why(path, text.count("\n", 0, told.start()) + 1, told[0])
    return None


def _asked(tree: Tree, found: Application, how: re.Pattern[str]) -> bool:
    return next(sources.search(tree, _mentioning(tree, found, "igrat", "IGRAT"), how), None) is not None


def _mentioning(tree: Tree, found: Application, *words: str) -> list[str]:
    """The sources that hold one of some words: quicker to see than a pattern."""
    paths = sources.of(tree, found.folder, ".go")
    return [path for path in paths if any(word in (tree.read(path) or "") for word in words)]


def tests(tree: Tree, found: Application) -> bool:
    """Whether the go command would find something."""
    return next(tree.below(found.folder, "_test.go", depth=8), None) is not None


def health(_: Application) -> str:
    """In the words of the standard library."""
    return """mux.HandleFunc("GET /healthz", func(answer http.ResponseWriter, _ *http.Request) {
	answer.WriteHeader(http.StatusOK)
})"""


HABITS = Habits(
    health=health,
    endpoints=endpoints,
    figures=figures,
    addresses=addresses,
    default_ports=default_ports,
    workers=workers,
    locks=("go.sum",),
    migrations=migrations,
    without_command="migrations_two_ways",
    migrates=migrates,
    tests=tests,
)
