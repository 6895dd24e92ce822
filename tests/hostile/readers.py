"""The part of the template that reads free answers: small enough to be generated thousands of times.

Which files that is, is found by generating with two different sets of answers, not listed. The questionnaire is whole.
"""

import atexit
import re
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.generation import ROOT, choices, covering_answers, dependent, files_of, render, template
from tests.hostile.questions import free

HARMLESS = {
    "project_name": "qzx-project",
    "application_folder": "qzx-parts/qzx-one",
    "domain": "qzx-domain.qzx-zone.example",
    "alert_email": "qzx-mail@qzx-alerts.example",
    "server_type": {"hetzner": "cpx99", "scaleway": "DEV1-QZX", "ovhcloud": "d9-999"},
    "dns_zone": {"hetzner": "qzx-zone.example", "scaleway": "qzx-zone.example", "ovhcloud": ""},
    "application_port": 48123,
    "health_path": "/qzx-health",
    "python_module": "qzx_module.qzx_main:qzx_app",
    "node_entry": "qzx-build/qzx-main.js",
    "go_package": "./qzx-command",
    "static_folder": "qzx-pages",
    "dotnet_project": "qzx/Qzx.csproj",
    "metrics_path": "/qzx-metrics",
    "smtp_host": "qzx-smtp.example:2525",
    "standard": "https://qzx-standard.example/qzx.git",
    "standard_version": "0123456789abcdef0123456789abcdef01234567",
}
"""For each free question an answer that stands nowhere in the template by itself; some by the cloud."""


def harmless(cloud: str) -> dict[str, Any]:
    """Harmless answers to all free questions.

    Raises:
        LookupError: a question has none yet.
    """
    if missing := free().keys() - HARMLESS.keys():
        raise LookupError(f"tests/hostile/readers.py needs a harmless answer to {', '.join(sorted(missing))}")
    told = {name: HARMLESS[name] for name in free()}
    return {name: value[cloud] if isinstance(value, dict) else value for name, value in told.items()}


@cache
def rows() -> list[dict[str, Any]]:
    """Few rows of the covering array that hold every value of every finite question at least once."""
    left = {(n, v) for n, values in choices().items() if n not in free() and n not in dependent() for v in values}
    taken = []
    while left:
        best = max(covering_answers(), key=lambda row: len(left & set(row.items())))
        assert left & set(best.items()), f"no row holds {left}"
        left -= set(best.items())
        taken.append({name: value for name, value in best.items() if name not in free()})
    return taken


@cache
def rendered_only() -> Path:
    """The template without the files that Copier copies as they are."""
    return _with(lambda destination: True)


@cache
def readers() -> Path:
    """The template with only those files whose content or presence hangs on a free answer."""
    changing = {name for row in rows() for name in changed(rendered_only(), row)} | {".copier-answers.yml"}
    return _with(changing.__contains__)


def _with(wanted: Callable[[str], bool]) -> Path:
    """The whole questionnaire, the rendered files that are wanted, and what those include."""
    folder = _new_folder()
    shutil.copy(template() / "copier.yml", folder)
    base = template() / "templates"
    kept = {path for path in base.rglob("*.jinja") if wanted(_destination(path.relative_to(base)))}
    kept |= {path for path in base.rglob("fragments/*") if path.is_file()}  # their names are computed
    while more := _included_by(kept) - kept:
        kept |= more
    for path in kept:
        copy = folder / path.relative_to(template())
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return folder


def _included_by(files: set[Path]) -> set[Path]:
    """The files that these name in an include or import; the name may go on with an answer."""
    begins = {found for file in files for found in re.findall(r"'(templates/[^']+)'", file.read_text("utf-8"))}
    everything = [path for path in (template() / "templates").rglob("*") if path.is_file()]
    return {path for path in everything if path.relative_to(template()).as_posix().startswith(tuple(begins))}


@cache
def _both(source: Path, number: int, but: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    row = rows()[number]
    base = _new_folder()
    told = []
    other = {name: value for name, value in harmless(row["cloud"]).items() if name != but}
    for name, answers in (("plain", {}), ("harmless", other)):
        destination = render(row | answers, base / name / "shop", source)
        told.append({_wherever(p.relative_to(destination)): p.read_bytes() for p in files_of(destination)})
    shutil.rmtree(base)
    return told[0], told[1]


def _wherever(file: Path) -> str:
    """The name of a file, without the harmless folder of the application: that it lies elsewhere changes nothing."""
    return file.as_posix().removeprefix(f"{HARMLESS['application_folder']}/")


def changed(source: Path, row: dict[str, Any], but: str = "") -> set[str]:
    """The generated files that differ between the default answers and the harmless ones, but for one that stays."""
    plain, other = _both(source, rows().index(row), but)
    return {name for name in plain.keys() | other.keys() if plain.get(name) != other.get(name)}


def _destination(source: Path) -> str:
    parts = [part for part in source.parts[:-1] if not part.startswith("#{")]
    name = source.name.removesuffix(".jinja")
    return "/".join([*parts, ".copier-answers.yml" if "answers_file" in name else name])


def _new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="richtfest-hostile-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def priced(cloud: str) -> set[str]:
    """The server types with a price: the documents say the sum, and something else about other types."""
    told = yaml.safe_load((ROOT / "templates" / "prices.yml").read_text("utf-8"))
    return set(told[cloud]["servers"])
