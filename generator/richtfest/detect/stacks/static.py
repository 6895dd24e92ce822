"""Static pages: an index.html, and nothing that would have to run."""

from richtfest.detect import javascript
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.habits import Habits
from richtfest.detect.languages import of_folder
from richtfest.detect.tree import Tree, join

STACK = "static"
LANGUAGE = "html"
GENERATORS = {
    "_config.yml": "jekyll",
    "hugo.toml": "hugo",
    "hugo.yaml": "hugo",
    "mkdocs.yml": "mkdocs",
    ".eleventy.js": "eleventy",
    "eleventy.config.js": "eleventy",
}
PLACES = ("public", "dist", "site", "www", "htdocs", "html", "_site", "src")


def find(tree: Tree, folder: str) -> Application | None:
    """Certain for pages that lie there ready; those that a generator or a bundler makes first are asked."""
    built, language = _built_by(tree, folder), of_folder(tree, folder)
    if tree.has(join(folder, "index.html")):
        doubt = "built_first" if built else "beside_code" if language else ""
        return _pages(folder, Why(join(folder, "index.html")), doubt, built)
    if language and language[0] not in ("javascript", "ruby"):
        return None  # the pages of a program, or its documentation
    for place in (join(folder, name) for name in PLACES):
        if tree.has(join(place, "index.html")):
            builds = built or "build" in javascript.table(javascript.manifest(tree, folder), "scripts")
            doubt = "built_first" if builds else "pages_below"
            return _pages(place, Why(join(place, "index.html")), doubt, built, root=folder)
    if built:
        return _pages(folder, built.why, "built_first", built)
    pages = tree.named(folder, "*.html") if not language else []
    return _pages(folder, Why(pages[0]), "no_index") if pages and tree.named(folder, "*.css", "*.js") else None


def _pages(folder: str, why: Why, doubt: str, built: Fact | None = None, root: str = "") -> Application:
    return Application(
        STACK, LANGUAGE, folder, why, certain=not doubt, doubt=doubt, root=root,
        facts={"variant": [built] if built else [], "starts": [Fact(folder, why)]},
    )  # fmt: skip


def _built_by(tree: Tree, folder: str) -> Fact | None:
    """The generator whose settings lie beside the pages."""
    found = ((name, join(folder, file)) for file, name in GENERATORS.items() if tree.has(join(folder, file)))
    return next((Fact(name, Why(path)) for name, path in found), None)


HABITS = Habits(needs_health=False, has_figures=False)
