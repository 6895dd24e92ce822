"""What the team's own .gitignore, which is kept, does not leave out and the generated one would."""

import fnmatch
import re
from collections.abc import Iterator

from richtfest.adopt import git
from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect.findings import Why
from richtfest.detect.tree import join
from richtfest.template import locate

GENERATED = {".gitignore": ".gitignore.jinja", "terraform/.gitignore": "terraform/.gitignore"}
"""Our files, and where the template has them."""

DANGER = ("tfstate", "tfplan", ".terraform", ".env", "key", "pem", "ed25519")
"""Parts of the lines, the most dangerous first."""

LEFT_BEHIND = {"python": ("__pycache__/", ".venv/")}
"""What programs of a language and scripts/test.sh leave behind: nothing that a team of another language must name.

The generated scripts/*.py import nothing of each other, so they leave nothing; what checkov makes of
terraform/policies/ is the matter of terraform/.gitignore.
"""


def look(adoption: Adoption) -> Iterator[Suggestion]:
    """One suggestion with the lines to add, unless git already keeps something that they would leave out."""
    lines = {path: _lines(adoption, path) for path in GENERATED if adoption.tree.has(path)}
    asked = {_example(adoption, path, line): line for path, told in lines.items() for line in told}
    ignored = git.ignored(adoption.tree.root, asked) if asked else None
    if ignored is None:
        return
    kept = {path.rpartition("/")[2] for path in git.files(adoption.tree.root, "--cached") or []}
    missing = {line for path, line in asked.items() if path not in ignored and not fnmatch.filter(kept, line)}
    if missing:
        code = "\n".join(sorted(missing, key=_danger))
        yield Suggestion("ignoring", Why(next(iter(lines))), {"file": next(iter(lines))}, code)


def _lines(adoption: Adoption, path: str) -> list[str]:
    """The lines of ours, without those for what the stack's own tools leave behind."""
    text = (locate().path / "templates" / GENERATED[path]).read_text("utf-8")
    told = re.findall(r"^[^#\s].*$", text, re.MULTILINE)
    if path != ".gitignore":
        return told
    of_languages = {line for lines in LEFT_BEHIND.values() for line in lines}
    return [*(line for line in told if line not in of_languages), *LEFT_BEHIND.get(adoption.found.language, ())]


def _example(adoption: Adoption, path: str, line: str) -> str:
    """A path that a line leaves out: production.tfstate.backup for *.tfstate.*, where that would lie."""
    folder = path.rpartition("/")[0] or (adoption.folder if line.startswith(".") else ".")
    name = line.replace(".*", ".backup").replace("*.", "production.").replace("*", "")
    return join(folder, f"{name}x" if name.endswith("/") else name)


def _danger(line: str) -> tuple[int, str]:
    return next((rank for rank, part in enumerate(DANGER) if part in line), len(DANGER)), line
