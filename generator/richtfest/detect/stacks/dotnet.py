""".NET: a project that is built with the SDK for the web."""

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from richtfest.detect import sources
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.habits import Endpoint, Habits
from richtfest.detect.tree import Tree, is_foreign, join, upwards

STACK = "dotnet"
LANGUAGE = "dotnet"
PROJECTS = ("*.csproj", "*.fsproj", "*.vbproj")
DRIVERS = {
    "postgres": r"^Npgsql",
    "mysql": r"^(MySql|Pomelo\.EntityFrameworkCore\.MySql)",
    "sqlite": r"Sqlite",
    "sqlserver": r"SqlServer$|SqlClient$",
    "redis": r"Redis",
    "mongodb": r"^MongoDB",
}


def find(tree: Tree, folder: str) -> Application | None:
    """Libraries, tests, tools of a solution and games made with Unity have projects, too, and are none."""
    for path in tree.named(folder, *PROJECTS):
        project = tree.xml(path)
        if project is None or _is_something_else(project, path):
            continue
        why = _of_the_web(tree, project, path)
        if why:
            return Application(
                STACK, LANGUAGE, folder, why, root=_root(tree, folder),
                facts={
                    "starts": [Fact(path, Why(path))],
                    "package_manager": [Fact("nuget", Why(_lock(tree, folder) or path))],
                    "version": _versions(tree, folder, project, path),
                    "database": _databases(tree, project, path),
                },
                claims=(join(folder, "ClientApp"), join(folder, "wwwroot")),
            )  # fmt: skip
    return None


def members(tree: Tree, folder: str) -> list[str]:
    """The folders of the projects that the solutions of a folder list, however deep they lie."""
    found = []
    for path in tree.named(folder, "*.sln"):
        for name in re.findall(r'^Project\("[^"]*"\) = "[^"]*", "([^"]+proj)"', tree.read(path) or "", re.MULTILINE):
            found.append(_beside(path, name))
    for path in tree.named(folder, "*.slnx"):
        solution = tree.xml(path)
        for project in solution.iter("Project") if solution is not None else []:
            found.append(_beside(path, project.get("Path", "")))
    return [str(PurePosixPath(path).parent) for path in found if path and not is_foreign(path)]


def _of_the_web(tree: Tree, project: Element, path: str) -> Why | None:
    sdk = project.get("Sdk", "") or next((item.get("Name", "") for item in project.findall("Sdk")), "")
    library = (project.findtext("PropertyGroup/OutputType") or "").strip().lower() == "library"
    if sdk.partition("/")[0].lower() == "microsoft.net.sdk.web" and not library:
        return Why(path, tree.line(path, "Microsoft.NET.Sdk.Web"), f'Sdk="{sdk}"')
    runs = (project.findtext("PropertyGroup/OutputType") or "").strip().lower() in ("exe", "winexe")
    for framework in project.findall("ItemGroup/FrameworkReference"):
        if runs and framework.get("Include") == "Microsoft.AspNetCore.App":
            return Why(path, tree.line(path, "Microsoft.AspNetCore.App"), "Microsoft.AspNetCore.App")
    return None


def _is_something_else(project: Element, path: str) -> bool:
    if (project.findtext("PropertyGroup/IsTestProject") or "").strip().lower() == "true":
        return True
    if any(
        "Aspire.AppHost" in sdk.get("Name", "") for sdk in project.findall("Sdk")
    ) or "Aspire.AppHost" in project.get("Sdk", ""):
        return True
    if (project.findtext("PropertyGroup/IsAspireHost") or "").strip().lower() == "true":
        return True
    return any(name == "Microsoft.NET.Test.Sdk" for name in _packages(project)) or bool(
        re.search(r"(\.|^)(Tests?|IntegrationTests|UnitTests|FunctionalTests|Benchmarks?)$", PurePosixPath(path).stem)
    )


def _packages(project: Element) -> list[str]:
    return [item.get("Include", "") for item in project.findall("ItemGroup/PackageReference")]


def _databases(tree: Tree, project: Element, path: str) -> list[Fact]:
    """The drivers of the project, and of those in the same solution that it refers to."""
    found: dict[str, Fact] = {}
    queue, visited = [(project, path)], set()
    while queue:
        current, file = queue.pop(0)
        visited.add(file)
        for database, pattern in DRIVERS.items():
            name = next((name for name in _packages(current) if re.search(pattern, name)), None)
            if name:
                found.setdefault(database, Fact(database, Why(file, tree.line(file, f'"{name}"'), name)))
        for item in current.findall("ItemGroup/ProjectReference"):
            other = _beside(file, item.get("Include", ""))
            known = tree.xml(other) if other and other not in visited and tree.has(other) else None
            if known is not None:
                queue.append((known, other))
                visited.add(other)
    return list(found.values())


def _beside(path: str, name: str) -> str:
    parts = list(PurePosixPath(path).parent.parts)
    for part in name.replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def _root(tree: Tree, folder: str) -> str:
    """The folder of the solution that the project belongs to."""
    return next((place for place in upwards(folder) if tree.named(place, "*.sln", "*.slnx")), folder)


def _lock(tree: Tree, folder: str) -> str | None:
    path = join(folder, "packages.lock.json")
    return path if tree.has(path) else None


def _versions(tree: Tree, folder: str, project: Element, path: str) -> list[Fact]:
    """The version of .NET: what the project targets, what all projects target, which SDK is pinned."""
    found = []
    sources = [(project, path)]
    for place in upwards(folder):
        common = join(place, "Directory.Build.props")
        props = tree.xml(common) if tree.has(common) else None
        if props is not None:
            sources.append((props, common))
    for element, file in sources:
        for name in ("TargetFramework", "TargetFrameworks"):
            told = re.search(r"net(?:coreapp)?(\d+\.\d+)", element.findtext(f"PropertyGroup/{name}") or "")
            if told:
                found.append(Fact(told[1], Why(file, tree.line(file, told[0]), told[0])))
    for place in upwards(folder):
        file = join(place, "global.json")
        told = tree.json(file) if tree.has(file) else None
        sdk = told.get("sdk") if isinstance(told, dict) else None
        version = str(sdk.get("version", "")) if isinstance(sdk, dict) else ""
        if short := re.match(r"\d+\.\d+", version):
            found.append(Fact(short[0], Why(file, tree.line(file, json.dumps(version)), f"sdk {version}")))
    return found


ROUTE = re.compile(r"""\.(MapHealthChecks|UseHealthChecks|MapGet)\(\s*"(/?[\w./-]+)\"|\[HttpGet\("~?(/[\w./-]+)\"""")
SHARED = "ServiceDefaults"
FIGURES = re.compile(r"""\.(MapMetrics|UseMetricServer|MapPrometheusScrapingEndpoint)\((?:"(/[\w./-]+)")?\s*\)""")
LISTENS = re.compile(r"""\.(?:Run|UseUrls)\(\s*"http://([\w.*+]+:\d+)/?"|\b(ListenLocalhost)\(""")


def _endpoints(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """Not sure where a group or a condition stands around it, or a path before it."""
    for hit in sources.search(tree, _code(tree, found), ROUTE):
        text = tree.read(hit.path) or ""
        if hit.match[3]:
            yield from _if_health(Endpoint(hit.match[3], hit.why))
            continue
        around = re.search(r"MapGroup|UsePathBase|IsDevelopment\(\)\)\s*\{[^}]*" + hit.match[1], text)
        endpoint = Endpoint("/" + hit.match[2].lstrip("/"), hit.why, not around and SHARED not in hit.path)
        yield from [endpoint] if hit.match[1] != "MapGet" else _if_health(endpoint)


def _if_health(endpoint: Endpoint) -> list[Endpoint]:
    return [endpoint] if endpoint.is_health else []


def _code(tree: Tree, found: Application) -> Iterator[str]:
    """The project itself, and what Aspire puts beside it for all projects, mostly while they are developed."""
    yield from sources.of(tree, found.folder, ".cs")
    for place in tree.folders(found.folder.rpartition("/")[0] or "."):
        if place.endswith(SHARED):
            yield from sources.of(tree, place, ".cs")


def _figures(tree: Tree, found: Application) -> Iterator[Endpoint]:
    for hit in sources.search(tree, sources.of(tree, found.folder, ".cs"), FIGURES):
        yield Endpoint(hit.match[2] or "/metrics", hit.why)


def _addresses(tree: Tree, found: Application) -> Iterator[Fact]:
    """Written out in the code of the start: it wins over ASPNETCORE_HTTP_PORTS."""
    for hit in sources.search(tree, [join(found.folder, "Program.cs"), join(found.folder, "Startup.cs")], LISTENS):
        yield Fact(hit.match[1] or "localhost:", hit.why)


def _migrations(tree: Tree, found: Application) -> Fact | None:
    """Migrations of Entity Framework: which command runs them is the program's own."""
    paths = tree.below(found.root, "ModelSnapshot.cs", depth=6) if found.value("database") else iter(())
    return next((Fact("", Why(path)) for path in paths), None)


def _migrates(tree: Tree, found: Application) -> Why | None:
    """Where the code has Entity Framework migrate."""
    call = re.compile(r"\.Database\.Migrate(Async)?\(")
    hits = sources.search(tree, sources.of(tree, found.root or found.folder, ".cs"), call)
    return next((hit.why for hit in hits), None)


def _tests(tree: Tree, found: Application) -> bool:
    projects = tree.below(".", "proj", depth=8, most=300, packages=True)
    return any("Microsoft.NET.Test.Sdk" in (tree.read(path) or "") for path in projects)


def _health(_: Application) -> str:
    return """// in Program.cs
builder.Services.AddHealthChecks();
app.MapHealthChecks("/healthz");"""


HABITS = Habits(
    health=_health,
    endpoints=_endpoints,
    figures=_figures,
    addresses=_addresses,
    migrations=_migrations,
    migrates=_migrates,
    tests=_tests,
)
