"""Static pages: an index.html, and nothing that would have to run."""

from richtfest.detect.findings import Application, Fact, Why
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
    if tree.has(join(folder, "index.html")):
        built = _built_by(tree, folder)
        why = Why(join(folder, "index.html"))
        return Application(
            STACK, LANGUAGE, folder, why, certain=built is None, doubt="built_first" if built else "",
            facts={"variant": [built] if built else [], "starts": [Fact(folder, why)]},
        )  # fmt: skip
    for place in (join(folder, name) for name in PLACES):
        if tree.has(join(place, "index.html")):
            why = Why(join(place, "index.html"))
            return Application(
                STACK, LANGUAGE, place, why, certain=False, doubt="pages_below", facts={"starts": [Fact(place, why)]},
                claims=tuple(join(folder, name) for name in PLACES),
            )  # fmt: skip
    built = _built_by(tree, folder)
    if built and tree.folders(folder):
        return Application(
            STACK, LANGUAGE, folder, built.why, certain=False, doubt="built_first", facts={"variant": [built]}
        )
    return None


def _built_by(tree: Tree, folder: str) -> Fact | None:
    """The generator whose settings lie beside the pages."""
    found = ((name, join(folder, file)) for file, name in GENERATORS.items() if tree.has(join(folder, file)))
    return next((Fact(name, Why(path)) for name, path in found), None)
