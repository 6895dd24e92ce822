"""The language of a folder by its manifests, also where no stack can be offered; and why none can."""

from richtfest.detect import python
from richtfest.detect.findings import Seen, Why
from richtfest.detect.tree import Tree, join

MANIFESTS = {
    "mix.exs": "elixir",
    "Cargo.toml": "rust",
    "go.mod": "go",
    "pom.xml": "java",
    "build.gradle": "java",
    "build.gradle.kts": "java",
    "settings.gradle": "java",
    "settings.gradle.kts": "java",
    "build.sbt": "scala",
    "*.sln": "dotnet",
    "*.slnx": "dotnet",
    "*.csproj": "dotnet",
    "*.fsproj": "dotnet",
    "composer.json": "php",
    "Gemfile": "ruby",
    "*.gemspec": "ruby",
    "pyproject.toml": "python",
    "requirements*.txt": "python",
    "requirements/*.txt": "python",
    "Pipfile": "python",
    "setup.py": "python",
    "environment.yml": "python",
    "manage.py": "python",
    "stack.yaml": "haskell",
    "*.cabal": "haskell",
    "pubspec.yaml": "dart",
    "Package.swift": "swift",
    "CMakeLists.txt": "c++",
    "deno.json": "deno",
    "package.json": "javascript",
    "*.ipynb": "python",
    "index.php": "php",
    "*.rb": "ruby",
    "*.py": "python",
    "*.cs": "dotnet",
    "*.go": "go",
    "*.rs": "rust",
    "*.java": "java",
    "*.kt": "java",
}
"""Which file tells which language; where several lie side by side, the upper one."""

SOURCES = (".py", ".rb", ".cs", ".go", ".rs", ".java", ".kt")
"""What tells a language without a manifest: in a folder below it is a part of something."""

# fmt: off
FRAMEWORKS = (
    "flask", "quart", "sanic", "tornado", "aiohttp", "starlette", "litestar", "bottle", "pyramid", "streamlit", "dash",
    "gradio",
)
# fmt: on
"""Other frameworks in Python: an image can be made of them, but there is no stack of their own."""


def of_folder(tree: Tree, folder: str) -> tuple[str, Why] | None:
    """The language of a folder and the file that tells it; a go.mod without Go only pins tools."""
    if is_unity(tree, folder):
        return "dotnet", Why(join(folder, "Assets"), None, "Unity")
    for pattern, language in MANIFESTS.items():
        place, _, name = pattern.rpartition("/")
        files = tree.named(join(folder, place) if place else folder, name)
        if files and not (language == "go" and next(tree.below(folder, ".go", depth=3), None) is None):
            return language, Why(files[0])
    return None


def seen(tree: Tree, folder: str) -> Seen | None:
    """What a folder holds that no stack takes, with the reason."""
    told = of_folder(tree, folder)
    if told is None or (folder != "." and told[1].file.endswith(SOURCES)):
        return None
    language, why = told
    if is_unity(tree, folder):
        return Seen(language, why, "unity")
    if language == "python":
        needs = python.dependencies(tree, folder)
        if framework := next((name for name in FRAMEWORKS if name in needs), None):
            return Seen(language, needs[framework], "other_framework")
        if tree.named(folder, "*.ipynb"):
            return Seen(language, Why(tree.named(folder, "*.ipynb")[0]), "notebooks")
        if library := python.is_library(tree, folder):
            return Seen(language, library, "library")
    if language == "javascript":
        from richtfest.detect.stacks.node import not_a_server

        if other := not_a_server(tree, folder):
            return Seen(language, Why(why.file, tree.line(why.file, f'"{other}"'), other), "elsewhere")
    if (
        language == "java"
        and tree.has(join(folder, "gradle.properties"))
        and "android" in (tree.read(join(folder, "gradle.properties")) or "")
    ):
        return Seen(language, Why(join(folder, "gradle.properties")), "elsewhere")
    return Seen(language, why, "no_application")


def is_library(tree: Tree, folder: str) -> bool:
    """Whether a folder is made to be installed by others: an image of it may be for those who work on it."""
    return bool(python.is_library(tree, folder) or tree.named(folder, "*.gemspec"))


def is_unity(tree: Tree, folder: str) -> bool:
    """A game made with Unity: the editor makes its projects anew, and a .meta for everything below Assets."""
    settings = ("ProjectSettings/ProjectVersion.txt", "ProjectSettings/ProjectSettings.asset")
    return any(tree.has(join(folder, file)) for file in settings) or bool(tree.named(join(folder, "Assets"), "*.meta"))
