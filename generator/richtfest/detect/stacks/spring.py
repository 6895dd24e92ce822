"""Spring Boot: built by Maven or Gradle, with a class that starts it."""

import re
from collections.abc import Iterator

from richtfest.detect import sources, variables
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.habits import Endpoint, Habits
from richtfest.detect.tree import Tree, join

STACK = "spring"
LANGUAGE = "java"
GRADLE = ("build.gradle.kts", "build.gradle")
BOOT = "org.springframework.boot"
DRIVERS = {"postgres": "postgresql", "mysql": "mysql-connector|mariadb-java-client", "sqlite": "sqlite-jdbc",
           "redis": "data-redis", "mongodb": "data-mongodb", "sqlserver": "mssql-jdbc"}  # fmt: skip


def find(tree: Tree, folder: str) -> Application | None:
    """A module of a bigger build counts when it has a class with @SpringBootApplication of its own."""
    why = _of_maven(tree, folder) or _of_gradle(tree, folder)
    if why is None:
        return None
    starts = _starts(tree, folder)
    if not starts:
        return None
    return Application(
        STACK, LANGUAGE, folder, why,
        root=_root(tree, folder),
        facts={
            "starts": starts,
            "package_manager": _tools(tree, folder),
            "version": _versions(tree, folder),
            "database": _databases(tree, folder),
            "port": _ports(tree, folder),
        },
    )  # fmt: skip


def _of_maven(tree: Tree, folder: str) -> Why | None:
    path = join(folder, "pom.xml")
    pom = tree.xml(path) if tree.has(path) else None
    if pom is None:
        return None
    for element in (
        *pom.findall("parent"),
        *pom.findall("dependencies/dependency"),
        *pom.findall("build/plugins/plugin"),
    ):
        group, name = (element.findtext(part, "").strip() for part in ("groupId", "artifactId"))
        if group == BOOT and name.startswith("spring-boot"):
            return Why(path, tree.line(path, f">{name}<"), name)
    return None


def _of_gradle(tree: Tree, folder: str) -> Why | None:
    for name in GRADLE:
        path = join(folder, name)
        text = _without_comments(tree.read(path) or "")
        for line in text.splitlines():
            if BOOT in line and "apply false" not in line and not line.startswith("import "):
                return Why(path, tree.line(path, line.strip()), line.strip())
        alias = _alias(tree, text)
        if alias:
            return Why(path, tree.line(path, alias), alias)
    return None


def _alias(tree: Tree, text: str) -> str:
    """The line that applies Spring Boot by its name in the catalogue of versions."""
    plugins = tree.toml("gradle/libs.versions.toml").get("plugins", {})
    for key, plugin in plugins.items() if isinstance(plugins, dict) else []:
        named = plugin if isinstance(plugin, str) else plugin.get("id", "") if isinstance(plugin, dict) else ""
        accessor = "libs.plugins." + re.sub(r"[-_]", ".", key)
        if named.startswith(BOOT):
            for line in text.splitlines():
                if re.search(re.escape(accessor) + r"\b(?![.])", line) and "apply false" not in line:
                    return line.strip()
    return ""


def _without_comments(text: str) -> str:
    """A build script with its comments blanked; its lines stay where they are."""
    text = re.sub(r"/\*.*?\*/", lambda told: "\n" * told[0].count("\n"), text, flags=re.DOTALL)
    return re.sub(r"(?m)(^|\s)//.*", "", text)


def _starts(tree: Tree, folder: str) -> list[Fact]:
    """The classes with @SpringBootApplication, by their full name."""
    found = []
    for language, suffix in (("java", ".java"), ("kotlin", ".kt"), ("groovy", ".groovy")):
        sources = join(folder, f"src/main/{language}")
        paths = sorted(tree.below(sources, suffix, depth=9, most=1500, packages=True), key=_usual)
        for path in paths[:500]:
            text = tree.read(path) or ""
            if re.search(r"(?m)^\s*@SpringBootApplication", text):
                name = path[len(sources) + 1 : -len(suffix)].replace("/", ".")
                found.append(Fact(name, Why(path, tree.line(path, "@SpringBootApplication"), "@SpringBootApplication")))
                break
    return found


def _usual(path: str) -> tuple[bool, int, str]:
    return (not re.search(r"(Application|App|Main|Server)\.\w+$", path), path.count("/"), path)


def _tools(tree: Tree, folder: str) -> list[Fact]:
    """Maven or Gradle, and whether the wrapper is there, which pins its version."""
    found = []
    for manifests, tool, wrapper in ((("pom.xml",), "maven", "mvnw"), (GRADLE, "gradle", "gradlew")):
        manifest = next((join(folder, name) for name in manifests if tree.has(join(folder, name))), None)
        if manifest:
            place = next((place for place in (folder, _root(tree, folder)) if tree.has(join(place, wrapper))), None)
            name = f"{tool} wrapper" if place else tool
            found.append(Fact(name, Why(join(place, wrapper) if place else manifest)))
    return found


def _root(tree: Tree, folder: str) -> str:
    """The folder of the whole build that a module belongs to."""
    root, place = folder, folder
    while place != ".":
        place = place.rpartition("/")[0] or "."
        pom = tree.xml(join(place, "pom.xml")) if tree.has(join(place, "pom.xml")) else None
        settings = any(tree.has(join(place, name)) for name in ("settings.gradle", "settings.gradle.kts"))
        if settings or (pom is not None and pom.find("modules") is not None):
            root = place
    return root


def _versions(tree: Tree, folder: str) -> list[Fact]:
    found = []
    for place in dict.fromkeys((folder, _root(tree, folder))):
        for file, pattern in (
            (".java-version", r"^\s*(\d+)"),
            (".sdkmanrc", r"^java=(\d+)"),
            (".tool-versions", r"^java\s+\w*-?(\d+)"),
            ("pom.xml", r"<(?:java\.version|maven\.compiler\.release|release\.version)>\s*(?:1\.)?(\d+)"),
            ("build.gradle", r"(?:JavaLanguageVersion\.of\(|sourceCompatibility\s*=\s*\D{0,25}(?:1[._])?)(\d+)"),
            ("build.gradle.kts", r"(?:JavaLanguageVersion\.of\(|jvmToolchain\(|JavaVersion\.VERSION_)(\d+)"),
        ):
            path = join(place, file)
            if told := re.search(pattern, tree.read(path) or "", re.MULTILINE):
                why = Why(path, tree.line(path, told[0].splitlines()[0]), told[0].strip())
                found.append(Fact(told[1], why, f">={told[1]}"))  # a newer compiler takes older sources
    return found


def _databases(tree: Tree, folder: str) -> list[Fact]:
    """Drivers in the manifest; a build script is read without its comments, a POM by its dependencies."""
    found = []
    for path in (join(folder, name) for name in ("pom.xml", *GRADLE)):
        if path.endswith(".xml"):
            pom = tree.xml(path) if tree.has(path) else None
            names = [
                item.findtext("artifactId", "")
                for item in (pom.findall("dependencies/dependency") if pom is not None else [])
            ]
        else:
            names = re.findall(r"""["'][\w.-]+:([\w.-]+)""", _without_comments(tree.read(path) or ""))
        for database, pattern in DRIVERS.items():
            name = next((name for name in names if re.search(pattern, name)), None)
            if name and database not in {fact.value for fact in found}:
                found.append(Fact(database, Why(path, tree.line(path, name), name)))
    return found


def _ports(tree: Tree, folder: str) -> list[Fact]:
    path = join(folder, "src/main/resources/application.properties")
    if told := re.search(r"(?m)^\s*server\.port\s*[=:]\s*(?:\$\{\w+:)?(\d+)", tree.read(path) or ""):
        return [Fact(told[1], Why(path, tree.line(path, told[0].strip()), told[0].strip()))]
    for name in ("application.yml", "application.yaml"):
        path = join(folder, f"src/main/resources/{name}")
        told = tree.yaml(path) if tree.has(path) else None
        server = told.get("server") if isinstance(told, dict) else None
        port = str(server.get("port", "")) if isinstance(server, dict) else ""
        if number := re.fullmatch(r"(?:\$\{\w+:)?(\d+)\}?", port):
            return [Fact(number[1], Why(path, tree.line(path, f"port: {port}"), f"port: {port}"))]
    return []


ACTUATOR = "spring-boot-starter-actuator"
MAPPING = re.compile(r"""@(?:GetMapping|RequestMapping)\(\s*(?:value\s*=\s*|path\s*=\s*)?\{?\s*"/?([\w./-]*)\"""")
GUARDED = re.compile(r"spring-boot-starter-(security|oauth2)")


def _endpoints(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """That of the actuator. Not sure behind Spring Security, which lets nobody through who was not let in."""
    for manifest, text in _manifests(tree, found.folder):
        if ACTUATOR in text:
            base, sure = _base(tree, found.folder)
            name = _setting(tree, found.folder, "management.endpoints.web.path-mapping.health") or "health"
            why = Why(manifest, tree.line(manifest, ACTUATOR), ACTUATOR)
            let_in = not GUARDED.search(text) or _let_in(tree, found.folder)
            yield Endpoint(f"{base}/{name.strip('/')}", why, sure and let_in and "$" not in name, of_framework=True)
    if _setting(tree, found.folder, "server.servlet.context-path", "spring.mvc.servlet.path"):
        return
    for hit in sources.search(tree, _code(tree, found.folder), MAPPING):
        text = tree.read(hit.path) or ""
        alone = "@RequestMapping" not in text[: text.find("class ")] and "RestController" in text
        endpoint = Endpoint(f"/{hit.match[1]}", hit.why, alone and not any(
            GUARDED.search(told) for _, told in _manifests(tree, found.folder)))  # fmt: skip
        if endpoint.is_health:
            yield endpoint


def _figures(tree: Tree, found: Application) -> Iterator[Endpoint]:
    """The registry for Prometheus, when the actuator is told to show it."""
    for manifest, text in _manifests(tree, found.folder):
        base, sure = _base(tree, found.folder)
        shown = _setting(tree, found.folder, "management.endpoints.web.exposure.include")
        name = "micrometer-registry-prometheus"
        if name in text and sure and re.search(r"prometheus|\*", shown):
            yield Endpoint(f"{base}/prometheus", Why(manifest, tree.line(manifest, name), name))


def _manifests(tree: Tree, folder: str) -> list[tuple[str, str]]:
    paths = [join(folder, name) for name in ("pom.xml", *GRADLE)]
    return [(path, re.sub(r"(?s)<!--.*?-->", "", _without_comments(tree.read(path) or ""))) for path in paths]


def _code(tree: Tree, folder: str) -> Iterator[str]:
    return sources.of(tree, join(folder, "src/main"), ".java", ".kt", depth=10, packages=True)


def _base(tree: Tree, folder: str) -> tuple[str, bool]:
    """The path of the actuator; not sure when it has a port of its own, or a value that a variable says."""
    context = _setting(tree, folder, "server.servlet.context-path").rstrip("/")
    base = _setting(tree, folder, "management.endpoints.web.base-path") or "/actuator"
    port = _setting(tree, folder, "management.server.port")
    return context + base.rstrip("/"), not port and "$" not in context + base


def _setting(tree: Tree, folder: str, *names: str) -> str:
    """The first of some settings that application.properties or application.yml has."""
    resources = join(folder, "src/main/resources")
    text = tree.read(join(resources, "application.properties")) or ""
    for name in names:
        if told := re.search(rf"(?m)^\s*{re.escape(name)}\s*[=:]\s*(.+?)\s*$", text):
            return told[1]
        for file in ("application.yml", "application.yaml"):
            document = tree.yaml(join(resources, file)) if tree.has(join(resources, file)) else None
            if (value := _of_yaml(document, name)) is not None:
                return str(value)
    return ""


def _of_yaml(document: object, name: str) -> object:
    """A setting that is nested, or written with dots, or both."""
    if not isinstance(document, dict) or not name:
        return None
    if name in document:
        return document[name]
    for key, inner in document.items():
        if isinstance(key, str) and name.startswith(f"{key}.") and (told := _of_yaml(inner, name[len(key) + 1 :])):
            return told
    return None


def _let_in(tree: Tree, folder: str) -> bool:
    """Whether the settings of security speak of the actuator."""
    chosen = re.compile(r"actuator|EndpointRequest")
    return any("permitAll" in (tree.read(hit.path) or "") for hit in sources.search(tree, _code(tree, folder), chosen))


def _addresses(tree: Tree, found: Application) -> Iterator[Fact]:
    address = _setting(tree, found.folder, "server.address")
    for path in tree.named(join(found.folder, "src/main/resources"), "application.properties", "application.y*ml"):
        if address and address in (tree.read(path) or ""):
            yield Fact(f"{address}:", Why(path, tree.line(path, address), f"server.address: {address}"))


def _tests(tree: Tree, found: Application) -> bool:
    places = (join(found.folder, "src/test"), join(found.folder, "src/integrationTest"))
    return any(
        next(tree.below(place, suffix, depth=12, packages=True), None)
        for place in places
        for suffix in (".java", ".kt")
    )


def _health(found: Application) -> str:
    if found.value("package_manager").startswith("gradle"):
        return f"// in build.gradle\nimplementation '{BOOT}:{ACTUATOR}'\n// it answers /actuator/health"
    return f"""<!-- in pom.xml -->
<dependency>
  <groupId>{BOOT}</groupId>
  <artifactId>{ACTUATOR}</artifactId>
</dependency>
<!-- it answers /actuator/health -->"""


HABITS = Habits(
    health=_health,
    health_path="/actuator/health",
    endpoints=_endpoints,
    figures=_figures,
    addresses=_addresses,
    variables=variables.of_spring,
    tests=_tests,
)
