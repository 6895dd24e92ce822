"""One version of the template, rendered aside by Copier."""

import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import copier
import yaml
from copier.errors import CopierError

from richtfest.generate import ANSWERS_FILE
from richtfest.upgrade.errors import Refused
from richtfest.upgrade.origin import Origin

PATIENCE = 5.0
"""Seconds in which a git that nobody waits for any more has ended."""


@dataclass(frozen=True)
class Rendering:
    """A folder with all files of a version, and the answers behind them.

    `belongs_to_team` tells of a path whether the template leaves that file alone once it is there.
    """

    folder: Path
    answers: dict[str, Any]
    belongs_to_team: Callable[[str], bool]


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards, and with it what Copier or git leave in the place for temporary files."""
    folder = Path(tempfile.mkdtemp(prefix="richtfest-update-"))
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a folder in which a git may be at work for some moments: what interrupted us need not have reached it."""
    end = time.monotonic() + PATIENCE
    while folder.exists() and time.monotonic() < end:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            time.sleep(0.05)


def render(
    origin: Origin,
    version: str,
    folder: Path,
    *,
    recorded: str | None = None,
    answers: dict[str, Any] | None = None,
    exclude: Iterable[str] = (),
) -> Rendering:
    """Render a version into a new folder.

    Args:
        origin: the template.
        version: a tag of it.
        folder: where to; its last part is what the template takes for the name of the folder.
        recorded: an answers file whose answers count as far as the version accepts them.
        answers: answers that must be accepted.
        exclude: patterns of paths to leave out, besides those of the version.

    Raises:
        Refused: an answer is not accepted, or the version cannot be rendered.
    """
    folder.mkdir(parents=True)
    if recorded is not None:
        (folder / ANSWERS_FILE).write_text(recorded, "utf-8")
    worker = _run_copier(origin, version, folder, answers or {}, exclude)
    file = folder / ANSWERS_FILE
    told = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else {}
    return Rendering(
        folder,
        {name: value for name, value in told.items() if not name.startswith("_")},
        lambda path: bool(worker.match_skip(Path(path))),
    )


def settle(origin: Origin, version: str, checkout: Path, answers: dict[str, Any]) -> dict[str, Any]:
    """All answers of a version for the repository in `checkout`, whose files defaults may look at. Writes nothing.

    Raises:
        Refused: an answer is not accepted.
    """
    worker = _run_copier(origin, version, checkout, answers, ["*"], write=False)
    return {name: value for name, value in worker.answers.combined.items() if not name.startswith("_")}


def _run_copier(
    origin: Origin, version: str, folder: Path, answers: dict[str, Any], exclude: Iterable[str], write: bool = True
) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return copier.run_copy(
                str(origin.path),
                folder,
                data=answers,
                vcs_ref=version,
                exclude=list(exclude),
                defaults=True,
                overwrite=True,
                pretend=not write,
                quiet=True,
            )
    except KeyboardInterrupt:
        raise
    except OSError as error:
        raise Refused(f"{version} of the template cannot be written to {folder.parent}: {error}") from error
    except Exception as error:  # whatever a version of a template makes Copier or Jinja say
        if os.environ.get("RICHTFEST_DEBUG"):
            raise
        raise Refused(f"{version} of the template cannot be rendered with your answers: {_sentence(error)}") from error


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split())
    prefix = "Validation error for question "
    if text.startswith(prefix):
        text = text.split(": ", 1)[1]
    return (
        text or type(error).__name__
        if isinstance(error, CopierError | ValueError)
        else f"{type(error).__name__}: {text}"
    )
