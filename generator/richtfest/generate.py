"""Generation through Copier, all or nothing: rendered beside the destination, moved there when complete."""

import os
import shlex
import warnings
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import copier
from copier.errors import CopierError, DirtyLocalWarning, ForbiddenPathError, MissingSettingsWarning

from richtfest import moving, scratch
from richtfest.template import ANSWERS_FILE, SOURCE, Template, locate, questions

OUR_FOLDERS = (".github/workflows/", ".gitlab", "docs/", "monitoring/", "scripts/", "server/", "terraform/")
"""Where one file of somebody else would break the rest, and every update would want to change it."""
WHOLE_FOLDERS = ("monitoring", "server", "terraform")
MAY_BE_THEIRS = (".github/workflows/ci.yml", "scripts/test.sh")
"""Nothing relies on them but whoever runs them."""


class GenerationError(Exception):
    """Generation was refused; nothing was written. The message is one sentence for a person."""


@dataclass(frozen=True)
class Generated:
    """What a generation did: paths relative to `destination`, and the answers behind them."""

    destination: Path
    answers: dict[str, Any]
    added: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def generate(
    destination: Path,
    answers: dict[str, Any],
    *,
    suggestions: dict[str, Any] | None = None,
    ask: bool = False,
    write: bool = True,
) -> Generated:
    """Generate into `destination`, which may hold an application: its files are kept as they are.

    Args:
        destination: the repository; made when it is not there.
        answers: given answers; they are not asked again.
        suggestions: better defaults for questions that are still to be asked.
        ask: ask the open questions on the terminal; otherwise their defaults count.
        write: false renders everything and writes nothing.

    Raises:
        GenerationError: a bad answer, an unsuitable destination, a template that cannot be rendered.
    """
    destination = destination.resolve()
    nearest = scratch.nearest_folder(destination)
    _require_suitable(destination, nearest)
    template = locate()
    occupied = destination.is_dir() and any(destination.iterdir())
    if occupied:
        # Defaults look at the application's files, so they are settled where those files are.
        answers = _run_copier(template, destination, answers, suggestions, ask, only_answers=True)
        ask, suggestions = False, None
    try:
        with scratch.scratch_in(nearest) as around:
            # The same last name, for the defaults that look at it.
            rendered = around / (destination.relative_to(nearest) if destination != nearest else destination.name)
            answers = _run_copier(template, rendered, answers, suggestions, ask)
            _require_application(destination, answers)
            if template.packaged:
                _claim_origin(rendered / ANSWERS_FILE, template)
            added, kept = _sort(rendered, destination)
            _require_free_places(destination, kept)
            if write:
                _install(around, rendered, destination, added)
    except OSError as error:
        raise GenerationError(f"{destination} is unchanged: {error}") from error
    return Generated(destination, answers, [f.as_posix() for f in added], [f.as_posix() for f in kept])


def _require_suitable(destination: Path, nearest: Path) -> None:
    if destination.exists() and not destination.is_dir():
        raise GenerationError(f"{destination} is a file: name a folder")
    if (destination / ANSWERS_FILE).exists():
        raise GenerationError(
            f"{destination} was generated before: "
            "bring it up to date with `richtfest update` (or `copier update`) inside it"
        )
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise GenerationError(f"{destination} cannot be written: {nearest} is not writable for you")


def _require_application(destination: Path, answers: dict[str, Any]) -> None:
    """Without a starter, and below the root, there must be something to build."""
    folder = answers["application_folder"]
    if folder != "." and not answers["starter"] and not (destination / folder).is_dir():
        raise GenerationError(
            f"application_folder: {destination} has no folder {folder}; name the one of the application, "
            "or have a starter written there (-d starter=true)"
        )


def _run_copier(
    template: Template,
    destination: Path,
    answers: dict[str, Any],
    suggestions: dict[str, Any] | None,
    ask: bool,
    only_answers: bool = False,
) -> dict[str, Any]:
    """Run Copier once and return all answers. With `only_answers` every file is left out."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DirtyLocalWarning)
            warnings.simplefilter("ignore", MissingSettingsWarning)
            worker = copier.run_copy(
                str(template.path),
                destination,
                data=answers,
                user_defaults=suggestions or {},
                vcs_ref=None if template.packaged else "HEAD",
                defaults=not ask,
                overwrite=True,
                pretend=only_answers,
                exclude=["*"] if only_answers else [],
                quiet=True,
            )
    except KeyboardInterrupt:
        raise
    except ForbiddenPathError as error:
        raise GenerationError(f"a folder leads out of {destination}: {error}") from error
    except (CopierError, ValueError, TypeError) as error:
        raise GenerationError(_sentence(error)) from error
    told = worker.answers.combined
    return {name: told[name] for name in questions() if name in told}


def _sentence(error: Exception) -> str:
    """Copier's words without its prefix: our validators already name the question."""
    text = " ".join(str(error).split())
    prefix = "Validation error for question "
    return text.split(": ", 1)[1] if text.startswith(prefix) else text


def _claim_origin(answers_file: Path, template: Template) -> None:
    """Record the public origin instead of the folder inside the package, so that `copier update` finds it."""
    lines = answers_file.read_text("utf-8").splitlines(keepends=True)
    lines = [line for line in lines if not line.startswith(("_commit:", "_src_path:"))]
    lines[1:1] = [f"_commit: {template.version}\n", f"_src_path: {SOURCE}\n"]
    answers_file.write_text("".join(lines), "utf-8")


def _sort(rendered: Path, destination: Path) -> tuple[list[Path], list[Path]]:
    """The rendered files that are new in the destination, and those that stay as they are there."""
    files = sorted(path.relative_to(rendered) for path in rendered.rglob("*") if not path.is_dir())
    kept = [file for file in files if os.path.lexists(destination / file)]
    added = [file for file in files if file not in set(kept)]
    for file in added:
        _require_room(destination, file)
    return added, kept


def _require_free_places(destination: Path, kept: list[Path]) -> None:
    names = [file.as_posix() for file in kept if file.as_posix() not in MAY_BE_THEIRS]
    taken = [name for name in names if name.startswith(OUR_FOLDERS)]
    if taken:
        raise GenerationError(
            f"{destination} is unchanged: files of yours stand where these must be: {', '.join(taken)}; "
            f"move them and run this again, for example: {_moves(destination, taken)}"
        )


def _moves(destination: Path, taken: list[str]) -> str:
    """Commands that make room. What is in the folders of the server or of Terraform goes there, so those move whole."""
    tops = {name: name.partition("/")[0] for name in taken}
    sources = dict.fromkeys(top if top in WHOLE_FOLDERS else name for name, top in tops.items())
    places = [PurePosixPath(source) for source in sources]
    there = [] if destination == Path.cwd() else [f"cd {shlex.quote(str(destination))}"]
    moves = [f"mv {place} {place.with_name(f'{place.stem}-ours{place.suffix}')}" for place in places]
    return " && ".join([*there, *moves])


def _install(around: Path, rendered: Path, destination: Path, files: list[Path]) -> None:
    """Move the rendered files to their place: a new folder in one step, into an existing one all or none."""
    if destination.exists():
        # The answers come last: they claim that the repository is complete.
        moving.move_all(around, rendered, destination, sorted(files, key=lambda file: file.name == ANSWERS_FILE))
    else:
        outermost = rendered.relative_to(around).parts[0]
        (around / outermost).rename(around.parent / outermost)


def _require_room(destination: Path, file: Path) -> None:
    for parent in (destination / file).relative_to(destination).parents:
        folder = destination / parent
        if os.path.lexists(folder) and not folder.is_dir():
            raise GenerationError(f"{folder} is a file, and {file} needs a folder there: move it away first")
        if folder.is_dir() and not folder.resolve().is_relative_to(destination):
            raise GenerationError(f"{folder} leads out of {destination}: {file} would be written elsewhere")
