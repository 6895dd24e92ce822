"""Makes a stand-in for one public image out of Debian's packages and the programs of the toolbox."""

import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.toolbox.catalogue import Unavailable, cache_folder, tools, which
from tests.toolbox.shell import run

HERE = Path(__file__).parent
BASE = "richtfest/stand-in-debian"
RECIPE_OF = '{{index .Config.Labels "richtfest.recipe"}}'
CERTIFICATES = Path("/usr/local/share/ca-certificates")
PIP_SETTINGS = ("index-url", "extra-index-url", "trusted-host", "timeout")
"""What a build needs to know to reach the same package index as this machine."""


@dataclass(frozen=True)
class Recipe:
    """Which folder's Dockerfile, on which Debian, with which programs of the toolbox, in which version."""

    folder: str
    debian: str = "bookworm"
    programs: tuple[str, ...] = ()
    version: str = ""


RECIPES = {
    r"python:3\.13-slim(-trixie)?": Recipe("python", debian="trixie"),
    r"python:3\.11-slim(-bookworm)?": Recipe("python", debian="bookworm"),
    r"node:24-slim": Recipe("node", version="24.19.0"),
    r"golang:1\.26-bookworm": Recipe("golang", version="1.26.6"),
    r"maven:3\.9-eclipse-temurin-25": Recipe("maven", debian="trixie", version="25"),
    r"eclipse-temurin:25-jre": Recipe("temurin", debian="trixie", version="25"),
    r"ruby:(3\.4|4\.0)(-slim)?(-trixie)?": Recipe("ruby"),
    r"php:8\.[45]-apache": Recipe("php"),
    r"composer:2": Recipe("php"),
    r"postgres:18[\d.]*": Recipe("postgres"),
    r"caddy:2[\d.]*": Recipe("caddy", programs=("caddy",)),
    r"prom/prometheus:v3[\d.]*": Recipe("prometheus", programs=("prometheus", "promtool")),
    r"prom/alertmanager:v0[\d.]*": Recipe("alertmanager", programs=("alertmanager", "amtool")),
    r"prom/node-exporter:v1[\d.]*": Recipe("node_exporter", programs=("node_exporter",)),
    r"prom/blackbox-exporter:v0[\d.]*": Recipe("blackbox_exporter", programs=("blackbox_exporter",)),
}
DEBIAN = re.compile(rf"(?:debian|{BASE}):(bookworm|trixie)(-slim)?")


def exists_for(name: str) -> bool:
    """True when there is a recipe for an image."""
    return bool(DEBIAN.fullmatch(name) or _recipe_for(name))


def needs(name: str) -> list[str]:
    """The tools with which a stand-in is made."""
    recipe = _recipe_for(name)
    return ["debootstrap", *(recipe.programs if recipe else ())]


def recipe(name: str) -> str:
    """A short hash of everything that a stand-in is made of."""
    debian, found = DEBIAN.fullmatch(name), _recipe_for(name)
    parts = [debian[1]] if debian else []
    if found:
        parts += [found.debian, *(path.read_text("utf-8") for path in sorted((HERE / found.folder).iterdir()))]
        parts += [tools()[program].pin for program in found.programs]
        parts += [found.version] if found.version else []
    parts += [path.read_text("utf-8") for path in _certificates()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def made_by(name: str) -> str | None:
    """The recipe of an image that is here: "" for an original, None when there is no such image."""
    try:
        return run("images", [which("docker"), "image", "inspect", "--format", RECIPE_OF, name]).strip()
    except Unavailable:
        return None


def make(name: str) -> None:
    """Make the stand-in for `repository:tag`, under that name."""
    client, debian, found = which("docker"), DEBIAN.fullmatch(name), _recipe_for(name)
    if debian:
        _import(name, debian[1])
        return
    if not found:
        raise Unavailable(f"no registry is reached and there is no stand-in for {name}")
    base = f"{BASE}:{found.debian}"
    if made_by(base) != recipe(base):
        _import(base, found.debian)
    with tempfile.TemporaryDirectory(prefix="richtfest-image-") as folder:
        context = Path(folder)
        shutil.copytree(HERE / found.folder, context, dirs_exist_ok=True)
        (context / "certificates").mkdir()
        for path in _certificates():
            shutil.copy(path, context / "certificates")
        (context / "pip.conf").write_text(_pip_settings(), "utf-8")
        for program in found.programs:
            _copy(program, context)
        labels = ["--label", f"richtfest.stand-in={name}", "--label", f"richtfest.recipe={recipe(name)}"]
        told = ["--build-arg", f"BASE={base}"]
        told += ["--build-arg", f"VERSION={found.version}"] if found.version else []
        run("images", [client, "build", *told, *labels, "--tag", name, context])


def _recipe_for(name: str) -> Recipe | None:
    return next((recipe for pattern, recipe in RECIPES.items() if re.fullmatch(pattern, name)), None)


def _certificates() -> list[Path]:
    return sorted(CERTIFICATES.glob("*.crt"))


def _copy(program: str, context: Path) -> None:
    path = which(program)
    if not path:
        raise Unavailable(f"{program} is not installed")
    shutil.copy(path, context / program)


def _import(name: str, codename: str) -> None:
    """A fresh Debian as an image; the file system is made once and kept in the cache."""
    archive = cache_folder() / "images" / f"debian-{codename}.tar"
    if not archive.is_file():
        _debootstrap(codename, archive)
    labels = [f"richtfest.stand-in={name}", f"richtfest.recipe={recipe(name)}"]
    changes = [part for label in labels for part in ("--change", f"LABEL {label}")]
    run("images", [which("docker"), "import", *changes, "--change", 'CMD ["bash"]', archive, name])


def _debootstrap(codename: str, archive: Path) -> None:
    program = which("debootstrap")
    if not program:
        raise Unavailable("debootstrap is not installed")
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix=f"{codename}-") as folder:
        run("images", [program, "--variant=minbase", codename, folder, *_mirror()])
        (Path(folder) / "etc/resolv.conf").unlink(missing_ok=True)
        shutil.rmtree(Path(folder) / "var/cache/apt/archives", ignore_errors=True)
        half = archive.with_suffix(".half")
        run("images", ["tar", "-C", folder, "-cf", half, "."])
        half.rename(archive)


def _mirror() -> list[str]:
    """Debian's mirror that this machine uses."""
    what = ["--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian"]
    told = run("images", ["apt-get", "indextargets", *what])
    return [line for line in told.splitlines() if "security" not in line][:1]


def _pip_settings() -> str:
    """This machine's package index for the pip inside the image; empty where the default one is used."""
    pip = which("pip") or which("pip3")
    told = run("images", [pip, "config", "list"]) if pip else ""
    found = re.findall(r"^(?:global|:env:)\.([\w-]+)='(.*)'$", told, re.MULTILINE)
    kept = [f"{name} = {value}\n" for name, value in found if name in PIP_SETTINGS]
    return "[global]\n" + "".join(kept)
