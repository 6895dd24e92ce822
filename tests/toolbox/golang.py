"""Builds a program from its Go module as its authors do: inside the module, so that its go.mod counts as a whole.

`go install module@version` refuses a module with replacements (OpenTofu), and asks the proxy for a list of versions
that it may not have. Inside the unpacked module neither happens, and go.sum is checked.
"""

import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from tests.toolbox.catalogue import Unavailable, cache_folder, which
from tests.toolbox.shell import run

SETTINGS = {"CGO_ENABLED": "0", "GOWORK": "off"}


@cache
def platform() -> str:
    """This machine as Go and Terraform write it: linux_amd64."""
    return "_".join(run("go", [_go(), "env", "GOOS", "GOARCH"]).split())


def build(name: str, pin: dict[str, Any], target: Path) -> None:
    """Build one package of a module into an executable."""
    go = _go()
    with tempfile.TemporaryDirectory(dir=_workshop(), prefix=f"{name}-") as folder:
        source = Path(folder) / "module"
        wanted = f"{pin['module']}@{pin['version']}"
        told = run(name, [go, "mod", "download", "-json", wanted], folder=Path(folder), environment=SETTINGS)
        shutil.copytree(json.loads(told)["Dir"], source)
        run(name, ["chmod", "-R", "u+w", source])  # Go keeps modules read-only
        for path, text in pin.get("files", {}).items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(text, "utf-8")
        program = Path(folder) / "program"
        flags = ["-trimpath", "-buildvcs=false", "-mod=readonly", f"-ldflags=-s -w {pin.get('ldflags', '')}"]
        if "tags" in pin:
            flags.append(f"-tags={pin['tags']}")
        run(name, [go, "build", *flags, "-o", program, pin["package"]], folder=source, environment=SETTINGS)
        target.parent.mkdir(parents=True, exist_ok=True)
        program.replace(target)


def _go() -> Path:
    found = which("go")
    if not found:
        raise Unavailable("go is not installed")
    return found


def _workshop() -> Path:
    folder = cache_folder() / "build"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
