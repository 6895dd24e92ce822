"""The images that generated Dockerfiles and Compose projects begin with.

Where a container registry is reached they are simply pulled. Where none is, each is replaced by a stand-in made
here, once, under the same name: a real Debian (debootstrap), Debian's Python, the real Caddy, Prometheus and so on,
with the paths, users and ports of the originals. Every stand-in says so in its label `richtfest.stand-in`.
A stand-in has another digest than the original: use `without_digests` on copies of files that are built from it.
"""

import re
from pathlib import Path

from tests.toolbox.catalogue import Unavailable, which
from tests.toolbox.images import stand_in
from tests.toolbox.shell import run

TEMPLATES = Path(__file__).parents[3] / "templates"
NAMED = re.compile(r"^\s*(?:- )?(?:FROM|image:)\s+\"?([a-z0-9./_-]+:[\w.-]+)", re.MULTILINE)
DIGEST = re.compile(r"@sha256:[0-9a-f]{64}")
NOTE = "# Test copy: digests are removed, because stand-in images have others.\n"
_failures: list[str] = []
"""The first pull that failed; after it no other is tried, so that a closed network costs one attempt."""


def without_digests(text: str) -> str:
    """A Dockerfile or Compose file without digests, for a test copy; the first line says that it was changed."""
    changed = DIGEST.sub("", text)
    return text if changed == text else NOTE + changed


def references() -> list[str]:
    """Every image that the templates name, as `repository:tag`."""
    files = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    texts = (path.read_text("utf-8", errors="replace") for path in files)
    return sorted({name for text in texts for name in NAMED.findall(text)})


def ensure(reference: str) -> str:
    """Have one image here: present, else pulled, else its stand-in. Gives back the name without a digest."""
    name = DIGEST.sub("", reference)
    if is_present(name):
        return name
    if not pull(name):
        stand_in.make(name)
    return name


def present() -> Path:
    """The client, if every image that can be had is here; else Unavailable."""
    if missing():
        raise Unavailable(f"images are missing: {', '.join(missing())}")
    return _client()


def missing() -> list[str]:
    """Images that the templates name and that are not here, if they can be had at all."""
    return [name for name in references() if stand_in.exists_for(name) and not is_present(name)]


def is_present(name: str) -> bool:
    """True for an image that is here and, if it is a stand-in, made by today's recipe."""
    return stand_in.made_by(name) in ("", stand_in.recipe(name))


def pull(name: str) -> bool:
    """Get an image from its registry; False where none is reached."""
    if _failures:
        return False
    try:
        run("images", ["timeout", "300", _client(), "pull", "--quiet", name])
    except Unavailable as failure:
        _failures.append(str(failure))
    return not _failures


def _client() -> Path:
    client = which("docker")
    if not client:
        raise Unavailable("docker is not installed")
    return client
