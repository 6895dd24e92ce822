"""Generated repositories for tests, made by plain Copier from the template of this checkout."""

import atexit
import fcntl
import shutil
import tempfile
import warnings
from collections.abc import Iterable
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import copier
import covertable
import yaml

ROOT = Path(__file__).parents[1]
FREE = {"metrics_path": ["", "/metrics"], "application_folder": [".", "services/api"]}
"""Questions with free answers that decide which files there are, or where."""
THREE = ("stack", "ci", "application_folder")
"""Of these every three values meet: each pipeline knows each stack in the root and in a folder below."""
FIRST = ("language", "stack", "cloud", "ci", "application_folder")
"""With these first the covering array is the smallest."""


@cache
def template() -> Path:
    """The template as a plain folder: with a git checkout as source Copier would take the last tag."""
    folder = Path(tempfile.mkdtemp(prefix="richtfest-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copy(ROOT / "copier.yml", folder)
    shutil.copytree(ROOT / "templates", folder / "templates", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def render(answers: dict[str, Any], destination: Path, source: Path | None = None) -> Path:
    """Generate with these answers and the defaults of all others; returns the destination.

    The language is English unless it is given, whatever the machine speaks. `source` is a part of the template.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copier.run_copy(
            str(source or template()),
            destination,
            data={"language": "en"} | answers,
            defaults=True,
            quiet=True,
            overwrite=True,
        )
    return destination


@cache
def questionnaire() -> dict[str, dict[str, Any]]:
    """The questions that can be answered, by name."""
    told = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8"))
    return {n: q for n, q in told.items() if not n.startswith("_") and q.get("when") is not False}


PLACES = {
    "hetzner": {"region": ["fsn1", "nbg1", "hel1"]},
    "scaleway": {"region": ["fr-par", "nl-ams", "pl-waw"]},
    "ovhcloud": {"region": ["GRA11", "SBG5", "DE1", "WAW1"]},
}
"""The values of other questions that go with a cloud; the rest of their values is refused there."""


def choices() -> dict[str, list[Any]]:
    """Every value of every question that has a finite set of at least two, and of FREE."""
    finite: dict[str, list[Any]] = {}
    for name, question in questionnaire().items():
        if "choices" in question:
            finite[name] = list(question["choices"].values())
        elif question["type"] == "bool":
            finite[name] = [True, False]
    return {name: values for name, values in finite.items() if len(values) > 1} | FREE


@cache
def covering_answers() -> list[dict[str, Any]]:
    """A small list of answers in which every pair of values of two finite questions occurs, and of THREE every triple.

    What depends on the cloud goes round through the values that its cloud has.
    """
    space = {name: values for name, values in choices().items() if name not in dependent()}
    space = {name: space[name] for name in FIRST} | space
    triples = {"fields": list(THREE), "strength": 3}
    taken = {"operator": "fn", "requires": ["cloud", "database"], "evaluate": possible}
    rows = covertable.make(space, constraints=[taken], sub_models=[triples])
    rounds = {(cloud, name): cycle(values) for cloud, place in PLACES.items() for name, values in place.items()}
    return [row | {name: next(rounds[row["cloud"], name]) for name in dependent()} for row in rows]


def covering_repositories(folder: Path) -> dict[str, Path]:
    """A repository for each row of the covering array, by the row's name, below a folder that processes may share.

    They are made once, by all processes together: nobody may change them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    repositories = {name_of(row): folder / str(number) / "shop" for number, row in enumerate(covering_answers())}
    # In a first round what another process is making is left to it; in a second one it is waited for.
    for patience in (fcntl.LOCK_NB, 0):
        for row, repository in zip(covering_answers(), repositories.values(), strict=True):
            with (folder / f"{repository.parent.name}.lock").open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | patience)
                except BlockingIOError:
                    continue
                if not repository.exists():
                    render(row, repository)
    return repositories


def possible(answers: dict[str, Any]) -> bool:
    """Whether the questionnaire takes these choices together; what is not among them does not matter."""
    return answers.get("database") != "managed" or answers.get("cloud", "scaleway") == "scaleway"


def dependent() -> list[str]:
    """The questions whose values depend on the cloud."""
    return list(next(iter(PLACES.values())))


def name_of(answers: dict[str, Any]) -> str:
    """A readable test id: the values of a row."""
    return "-".join(str(value) for value in answers.values())


def files_of(repository: Path, patterns: Iterable[str] = ("**/*",)) -> list[Path]:
    """All files of a generated repository that match one of the patterns, sorted."""
    return sorted({path for pattern in patterns for path in repository.glob(pattern) if path.is_file()})
