"""What the applications of a repository are written in, and how we know.

Looked at are the folder itself, two levels below it, and the members of a workspace. Manifests are parsed, not searched
for as text; what others wrote, what was built and what only shows or tests the application is no evidence.
"""

from dataclasses import replace
from pathlib import Path, PurePosixPath

from richtfest.detect import databases, health, javascript, languages, pipelines, python, versions
from richtfest.detect.findings import Application, Fact, Report, Seen
from richtfest.detect.stacks import ALL, docker, dotnet, static
from richtfest.detect.tree import Tree, above, join

MOST_FOLDERS = 600
"""Folders that are looked at; a repository with more of them on two levels is no three people's."""

LAST = (static.STACK, docker.STACK)
"""What could be anything: pages and images."""

LIKELY = ("backend", "server", "api", "app", "web", "src", "service")


def detect(repository: Path) -> Report:
    """Look at a repository and report every application with the reasons; never raises for what lies in it."""
    return of_tree(Tree(repository))


def of_tree(tree: Tree) -> Report:
    """The same for a repository that is looked at more closely afterwards."""
    here = _in_folder(tree, ".")
    folders = _folders(tree, levels=1 if any(found.certain and found.stack not in LAST for found in here) else 2)
    below = [found for folder in folders if tree.files(folder) for found in _in_folder(tree, folder)]
    found = _settle(tree, [*here, *below])
    found = [_completed(tree, application) for application in sorted(found, key=_likelihood)]
    return Report(
        found, _seen(tree, [".", *folders], found), docker.dockerfiles(tree, "."), pipelines.find(tree), tree.problems
    )


def _folders(tree: Tree, levels: int) -> list[str]:
    """The folders on one or two levels below, and the members of workspaces and solutions, wherever they lie."""
    found = tree.folders()
    if levels == 2:
        found += [inner for child in found for inner in tree.folders(child)]
        found += [inner for child in found for inner in _around(tree, child)]
    found = found[:MOST_FOLDERS]
    for folder in (".", *found[:]):
        if tree.has(join(folder, "package.json")):
            found += javascript.workspaces(tree, folder)
        if levels == 2:
            found += dotnet.members(tree, folder)
    return [folder for folder in dict.fromkeys(found) if folder != "."]


def _around(tree: Tree, folder: str) -> list[str]:
    """The usual folders in one on the second level that only makes an image of what lies in them."""
    inside = "/" in folder and docker.dockerfiles(tree, folder) and not languages.of_folder(tree, folder)
    return [inner for inner in tree.folders(folder) if PurePosixPath(inner).name in LIKELY] if inside else []


def _in_folder(tree: Tree, folder: str) -> list[Application]:
    """What a folder is, by the first stack that is certain; the doubtful ones before it are kept beside it."""
    doubtful: list[Application] = []
    for stack in ALL:
        found = stack.find(tree, folder)
        if found and doubtful:
            if found.certain or stack not in (static, docker):
                doubtful.append(replace(found, certain=False, doubt=found.doubt or "one_of_several"))
        elif found and found.certain:
            return [found]
        elif found:
            doubtful.append(found)
    return doubtful


def _settle(tree: Tree, found: list[Application]) -> list[Application]:
    """Leave out what belongs to another application or to a library: its parts, and pages and images inside of it."""
    found = [one for one in found if not (_is_pages(one) and _in_code(tree, one))]
    claimed = {place for application in found for place in application.claims}
    owners = {application.folder for application in found if application.stack not in LAST}
    settled = [
        application
        for application in found
        if not (application.folder in claimed and application.folder not in application.claims)
        and not (application.stack in LAST and _inside(application.folder, owners))
        and not (application.stack == static.STACK and owners and not application.certain)
    ]
    pages = {one.folder for one in settled if one.stack == static.STACK}
    settled = [one for one in settled if not (one.stack == static.STACK and _inside(one.folder, pages))]
    from_above = {one.folder for one in settled if _is_built_above(one)}
    return [one for one in settled if one.folder not in from_above or _is_built_above(one)]


def _is_built_above(found: Application) -> bool:
    return found.root not in ("", found.folder)


def _is_pages(found: Application) -> bool:
    return found.stack == static.STACK or found.value("variant") == "pages"


def _in_code(tree: Tree, pages: Application) -> bool:
    """Whether pages are a part of what the folders above are written in, and nothing of their own."""
    if _is_built_above(pages):
        return False  # a folder above names them as its own: its workspace, or its built pages
    code = [place for place in above(pages.folder) if languages.of_folder(tree, place)]
    if pages.stack == static.STACK:
        return bool(code)
    return any(javascript.is_package(tree, place) or python.is_library(tree, place) for place in code)


def _inside(folder: str, owners: set[str]) -> bool:
    return bool(owners & set(above(folder)))


def _likelihood(found: Application) -> tuple:
    """What answers requests before pages and images; the usual names first; shallow ones first."""
    name = PurePosixPath(found.folder).name
    order = [module.STACK for module in ALL].index(found.stack)
    last = found.stack in LAST or _is_pages(found)
    unready = found.stack == static.STACK and not found.certain  # an image beside such pages serves them
    usual = LIKELY.index(name) if name in LIKELY else len(LIKELY)
    depth = found.folder.count("/") if found.folder != "." else -1
    return (last, depth, not found.certain, unready, usual, order, found.folder)


def _completed(tree: Tree, found: Application) -> Application:
    """Add what does not depend on the stack: databases of compose files, the port, and the path that tells health."""
    facts = dict(found.facts)
    if not _is_pages(found):
        places = dict.fromkeys((found.folder, found.root or found.folder, "."))
        started = [fact for place in places for fact in databases.of_compose(tree, place)]
        facts["database"] = [*facts.get("database", []), *started]
        facts["port"] = [*facts.get("port", []), *docker.ports(tree, found.folder)]
        if found.stack not in LAST:
            own = versions.of_image(tree, found.root or found.folder, found.language)
            facts["version"] = [*own, *facts.get("version", [])]  # the image is what runs
        facts["health"] = [Fact(told.path, told.why) for told in health.endpoints(tree, found) if told.sure]
    facts = {name: list({fact.value: fact for fact in told[::-1]}.values())[::-1] for name, told in facts.items()}
    return replace(found, root=found.root or found.folder, facts=facts)


def _seen(tree: Tree, folders: list[str], found: list[Application]) -> list[Seen]:
    """What is in the folder itself, and one level below, that is no application and no part of one."""
    taken = {application.folder for application in found}
    near = [folder for folder in folders if "/" not in folder and folder not in taken and not _inside(folder, taken)]
    told = [languages.seen(tree, folder) for folder in near]
    return [one for one in told if one]
