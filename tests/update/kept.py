"""Renderings that are made once: by the real Copier, from the real template, for the same version and answers.

The merge, and all that touches the repository, runs each time.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from richtfest.upgrade import drift, story
from richtfest.upgrade.rendering import Rendering


@contextmanager
def renderings(place: Path) -> Iterator[None]:
    """Keep renderings below a folder, as long as this lasts."""
    kept: dict[tuple, Rendering] = {}
    answers_kept: dict[tuple, dict] = {}
    numbers = count()  # a rendering that is refused leaves its folder
    render, settled = story.render, story.settled

    def keep(origin, version, folder, **told):
        name = (origin.path, version, folder.name, *(f"{key}={value}" for key, value in sorted(told.items())))
        if name not in kept:
            kept[name] = render(origin, version, place / str(next(numbers)) / folder.name, **told)
        made = kept[name]
        shutil.copytree(made.folder, folder, symlinks=True)
        return Rendering(folder, made.answers, made.belongs_to_team)

    def keep_settled(origin, version, folder, recorded, given):
        name = (origin.path, version, f"{recorded} {given}")
        if name not in answers_kept:
            answers_kept[name] = settled(origin, version, folder, recorded, given)
        return answers_kept[name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "render", keep)
        patch.setattr(drift, "render", keep)
        patch.setattr(story, "settled", keep_settled)
        yield
