"""Node: a package that is started, not one that is published, shown in an editor or built into a phone."""

import re

from richtfest.detect import javascript
from richtfest.detect.findings import Application, Fact, Why
from richtfest.detect.javascript_habits import HABITS  # noqa: F401 - a part of every stack
from richtfest.detect.tree import Tree, above, join

STACK = "node"
# fmt: off
FRAMEWORKS = (
    "next", "nuxt", "@nestjs/core", "@remix-run/node", "@remix-run/serve", "@react-router/node",
    "@react-router/serve", "@sveltejs/kit", "@tanstack/react-start", "@angular/ssr", "gatsby", "astro",
    "@medusajs/medusa", "@strapi/strapi", "@adonisjs/core", "@feathersjs/koa",
)
SERVERS = (
    *FRAMEWORKS, "fastify", "express", "koa",
    "@hapi/hapi", "hapi", "hono", "@hono/node-server", "polka", "restify", "h3", "elysia", "apollo-server",
    "@apollo/server", "@grpc/grpc-js", "socket.io", "graphql-yoga", "ws",
)
# fmt: on
"""Packages that answer requests, frameworks with a start of their own first."""

PACKED = ("nuxt", "@sveltejs/adapter-node")
"""What packs a server with all that it needs: it may stand among the packages for development."""

VARIANTS = {"next": "nextjs", "nuxt": "nuxt", "@nestjs/core": "nestjs"}
# fmt: off
BUILDERS = (
    "vite", "react-scripts", "@angular/cli", "@angular/build", "@vue/cli-service", "parcel", "webpack",
    "webpack-cli", "@sveltejs/kit", "nuxt",
)
BUNDLERS = ("vite", "parcel", "webpack", "webpack-cli")
BUILDS = ("build", "build:prod", "build:production")
ELSEWHERE = (
    "electron", "react-native", "expo", "@capacitor/core", "@tauri-apps/api", "nativescript",
)
# fmt: on
"""What makes an application of a desktop or a phone: it does not run on a server."""


def find(tree: Tree, folder: str) -> Application | None:
    """Certain with a package that answers requests and a script that starts it; pages that are only built are asked."""
    told = javascript.manifest(tree, folder)
    if not told or not_a_server(tree, folder):
        return None
    needs, scripts = javascript.dependencies(tree, folder), javascript.table(told, "scripts")
    if "start" in scripts:
        developed = javascript.dependencies(tree, folder, "devDependencies")
        needs |= {name: why for name, why in developed.items() if name in PACKED}
    server = next((name for name in (*SERVERS, *PACKED) if name in needs), None)
    if server is None and javascript.workspaces(tree, folder):
        return None  # its members are looked at one by one
    path = join(folder, "package.json")
    start = _start(tree, path, scripts)
    builder = _builder(tree, folder, told)
    if server is None and builder and not _published(told) and _is_built(tree, folder, scripts):
        why = Why(path, tree.line(path, f'"{builder}"'), builder)
        return _application(tree, folder, why, certain=False, doubt="only_pages", starts=start, variant="pages")
    if server is None or (_published(told) and not start):
        return None
    runs = told.get("private") or tree.has(join(folder, "Dockerfile"))
    entry = runs and tree.named(folder, "server.*s", "index.*s", "app.*s")
    if not start and not entry and not (server in FRAMEWORKS and "build" in scripts):
        return None
    return _application(
        tree, folder, needs[server], certain=bool(start), doubt="" if start else "no_start",
        starts=start, variant=VARIANTS.get(server, ""),
    )  # fmt: skip


def _builder(tree: Tree, folder: str, told: dict) -> str:
    """What builds pages out of the package; a library is bundled by the same tools, but has no page to begin with."""
    page = any(tree.has(join(folder, name)) for name in ("index.html", "public/index.html", "src/index.html"))
    return next((name for name in BUILDERS if name in _all(told) and (page or name not in BUNDLERS)), "")


def _is_built(tree: Tree, folder: str, scripts: dict[str, str]) -> bool:
    """Whether pages come out of the package: by a script, or by Vite that is called without one."""
    return any(name in scripts for name in BUILDS) or bool(tree.named(folder, "vite.config.*"))


def not_a_server(tree: Tree, folder: str) -> str:
    """What says that this runs on a desktop, a phone, in an editor or a browser; empty when nothing does."""
    told = javascript.manifest(tree, folder)
    if "vscode" in javascript.table(told, "engines"):
        return "vscode"
    for place in (folder, join(folder, "src"), join(folder, "public")):
        path = join(place, "manifest.json")
        extension = tree.json(path) if tree.has(path) else None
        if isinstance(extension, dict) and extension.get("manifest_version") in (2, 3):
            return "manifest_version"
    return next((name for name in ELSEWHERE if name in _all(told)), "")


def _application(
    tree: Tree, folder: str, why: Why, *, certain: bool, doubt: str, starts: list[Fact], variant: str
) -> Application:
    workspace = next(
        (place for place in reversed(above(folder)) if folder in javascript.workspaces(tree, place)), folder
    )
    facts = {"starts": starts, "variant": [Fact(variant, why)] if variant else []} | javascript.facts(tree, folder)
    return Application(STACK, javascript.LANGUAGE, folder, why, certain, doubt, workspace, facts)


def _start(tree: Tree, path: str, scripts: dict[str, str]) -> list[Fact]:
    """The scripts that start the application, the one for production first."""
    names = [name for name in ("start:prod", "start:production", "prod", "start", "serve", "server") if name in scripts]
    return [Fact(name, Why(path, tree.line(path, f'"{name}"'), f"{name}: {scripts[name]}")) for name in names
            if not re.search(r"no start specified", scripts[name])]  # fmt: skip


def _published(told: dict) -> bool:
    """Whether a package is made to be installed by others."""
    return not told.get("private") and any(
        key in told for key in ("files", "exports", "publishConfig", "peerDependencies", "module", "types")
    )


def _all(told: dict) -> dict[str, str]:
    return javascript.table(told, "dependencies") | javascript.table(told, "devDependencies")
