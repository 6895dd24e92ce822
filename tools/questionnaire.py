"""The questionnaire as an API: what was released stays. Recorded answers live in repositories that nobody here sees,
and `copier update` silently falls back to the default for an answer that it no longer takes."""

import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import copier
import yaml
from copier.errors import CopierError

RECORD = "tests/questionnaire.yml"
VALID = "tests/answers/valid"
HEAD = """\
# The questionnaire of the last release, and sets of answers that it took: none of them may be refused later.
# Written by `python -m tools.release record`; before the first release by `python -m tools.release questionnaire`.
"""


def breaks(root: Path) -> Iterator[str]:
    """Each sentence names something that repositories may have recorded and that copier.yml no longer takes."""
    told = yaml.safe_load((root / RECORD).read_text("utf-8"))
    now = of(yaml.safe_load((root / "copier.yml").read_text("utf-8")))
    missing = list(_missing(told, now))
    yield from missing
    if told["version"]:
        yield from _differences_to_the_release(root, told)
    if not missing:  # or every set of answers would only say the same once more
        yield from _refused(root, told["answers"], now)


def _missing(told: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    for name, before in told["questions"].items():
        if name not in now:
            yield f"the question {name} is gone: recorded answers to it would be lost"
        elif now[name]["type"] != before["type"]:
            yield f"the question {name} has the type {now[name]['type']}, and had {before['type']}"
        elif gone := [value for value in before.get("values", []) if value not in now[name].get("values", [value])]:
            yield f"the question {name} no longer offers {', '.join(map(str, gone))}"


def _refused(root: Path, sets: dict[str, dict[str, Any]], now: dict[str, Any]) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        for case, answers in sets.items():
            try:
                taken = settle(root / "copier.yml", answers, Path(folder) / case)
            except (ValueError, CopierError) as error:
                yield f"answers that were taken ({case}) are refused: {error}"
                continue
            lost = sorted(n for n, v in answers.items() if n in now and taken.get(n) != v)
            if lost:
                yield f"answers that were taken ({case}) are read otherwise: {', '.join(lost)}"


def of(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Names, types and values of the questions that can be answered."""
    questions = {n: q for n, q in told.items() if not n.startswith("_") and q.get("when") is not False}
    return {
        name: {"type": question["type"]}
        | ({"values": list(question["choices"].values())} if "choices" in question else {})
        for name, question in questions.items()
    }


def write(root: Path, tag: str | None) -> None:
    """Record the questionnaire of a tag, or of the checkout, with all answers that the valid sets lead to."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "copier.yml"
        source.write_bytes(_read(root, tag, "copier.yml"))
        sets = {
            Path(name).stem: yaml.safe_load(_read(root, tag, name)) or {}
            for name in sorted(_list(root, tag))
            if name.endswith(".yml")
        }
        told = {
            "version": tag,
            "questions": of(yaml.safe_load(source.read_text("utf-8"))),
            "answers": {case: settle(source, {"language": "en"} | s, Path(folder) / case) for case, s in sets.items()},
        }
    text = yaml.safe_dump(told, sort_keys=False, allow_unicode=True, default_flow_style=None, width=118)
    (root / RECORD).write_text(HEAD + text, "utf-8")


def settle(source: Path, answers: dict[str, Any], destination: Path) -> dict[str, Any]:
    """All answers that Copier records for some given ones, asked by a questionnaire without its files.

    Raises:
        ValueError, CopierError: an answer is refused.
    """
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "copier.yml").write_bytes(source.read_bytes())
        (Path(folder) / "templates").mkdir()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            worker = copier.run_copy(folder, destination / "shop", data=answers, defaults=True, quiet=True)
    told = worker.answers.combined
    known = of(yaml.safe_load(source.read_text("utf-8")))
    return {name: told[name] for name in known if name in told and name not in worker.answers.hidden}


def _differences_to_the_release(root: Path, told: dict[str, Any]) -> Iterator[str]:
    """The record is no place to hide a break: it must say what the release said."""
    releases = yaml.safe_load((root / "releases.yml").read_text("utf-8"))["releases"]
    commit = next((line["commit"] for line in releases if line["version"] == told["version"]), told["version"])
    released = of(yaml.safe_load(_read(root, commit, "copier.yml")))
    if released != told["questions"]:
        yield f"{RECORD} is not the questionnaire of {told['version']}: only `tools.release record` writes it"


def _read(root: Path, tag: str | None, name: str) -> bytes:
    if tag is None:
        return (root / name).read_bytes()
    return subprocess.run(["git", "show", f"{tag}:{name}"], cwd=root, capture_output=True, check=True).stdout


def _list(root: Path, tag: str | None) -> list[str]:
    if tag is None:
        return [f"{VALID}/{path.name}" for path in (root / VALID).iterdir()]
    listed = ["git", "ls-tree", "-r", "--name-only", tag, "--", VALID]
    return subprocess.run(listed, cwd=root, capture_output=True, text=True, check=True).stdout.splitlines()
