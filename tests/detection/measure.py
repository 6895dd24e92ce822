"""How often detection is right on real repositories: `python -m tests.detection.measure FOLDER`.

FOLDER holds a checkout of each repository of repositories.tsv, at the commit that stands there, in a folder named
owner+name; `--clone` fetches what is missing. Their code is not part of this project. Prints a table and the two bars:
the language is right in 98 % of the repositories, the stack in 95 %; a wrong answer that calls itself certain counts
twice.
"""

import argparse
import csv
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from richtfest.detect import detect
from richtfest.detect.findings import Report
from richtfest.detect.offer import offered
from tests.detection.plain import proposed

TABLE = Path(__file__).with_name("repositories.tsv")
LANGUAGE_BAR, STACK_BAR = 0.98, 0.95
SETS = ("tuned on", "held out", "fresh", "last", "unseen", "sampled", "second sample", "third sample")
"""What the rules were made with, and seven sets that each were labelled and measured before they taught anything."""


@dataclass(frozen=True)
class Repository:
    """One row of the table. `applications` are texts such as "backend=fastapi"; none for a library."""

    set: str
    name: str
    commit: str
    languages: list[str]
    applications: list[str]


@dataclass(frozen=True)
class Outcome:
    """What was found in one repository, and what of it is right."""

    repository: Repository
    found: list[str]
    language: str
    language_right: bool
    stack_right: bool
    certain: bool
    seconds: float

    @property
    def falsely_certain(self) -> bool:
        """Said without a question, and wrong."""
        return self.certain and not self.stack_right


def main() -> None:
    """Measure, print, and exit with 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", choices=SETS)
    parser.add_argument("--clone", action="store_true", help="fetch what is missing from github.com")
    parser.add_argument("--plain", action="store_true", help="compare the default of plain Copier with the command")
    options = parser.parse_args()
    rows = [row for row in repositories() if options.set in (None, row.set)]
    if options.clone:
        for row in rows:
            clone(row, options.folder)
    missing = [row.name for row in rows if not checkout(row, options.folder).is_dir()]
    if missing:
        sys.exit(f"{len(missing)} of {len(rows)} repositories are not in {options.folder}: {', '.join(missing[:5])} …")
    if options.plain:
        sys.exit(compare_with_plain_copier(rows, options.folder))
    outcomes = [measure(row, options.folder) for row in rows]
    for outcome in outcomes:
        print(line_of(outcome))
    reached = [summary(name, [o for o in outcomes if o.repository.set == name]) for name in SETS]
    sys.exit(0 if all(reached) else 1)


def repositories() -> list[Repository]:
    """The rows of the table."""
    with TABLE.open(encoding="utf-8") as file:
        return [
            Repository(
                row["set"], row["repository"], row["commit"], row["languages"].split(","),
                [] if row["applications"] == "none" else row["applications"].split(" "),
            )
            for row in csv.DictReader(file, delimiter="\t")
        ]  # fmt: skip


def measure(row: Repository, folder: Path) -> Outcome:
    """Detect in one checkout and compare."""
    begin = time.process_time()
    report = detect(checkout(row, folder))
    seconds = time.process_time() - begin
    found = [f"{application.folder}={application.stack}" for application in report.applications]
    language = (report.languages or ["none"])[0]
    right = is_right(row.applications, found, report)
    return Outcome(row, found, language, language in row.languages, right, report.chosen is not None, seconds)


def is_right(expected: list[str], found: list[str], report: Report) -> bool:
    """A library must be nothing; one application must come first; several must all be among the first ones."""
    if not expected:
        return not found
    if len(expected) == 1:
        return found[:1] == expected
    return report.chosen is None and set(expected) <= set(found)


def compare_with_plain_copier(rows: list[Repository], folder: Path) -> int:
    """Print how often the default of plain Copier is what the command takes, where it takes something; always 0."""
    pairs = []
    for row in rows:
        report = detect(checkout(row, folder))
        here = report.chosen is not None and report.chosen.root == "."
        taken = offered(report.chosen, report) if here else ""
        if taken:
            pairs.append((row.name, taken, proposed(checkout(row, folder))))
    for name, taken, plain in pairs:
        print(f"{name}\t{taken}\t{plain}\t{'' if taken == plain else 'DIFFERENT'}")
    same = sum(taken == plain for _, taken, plain in pairs)
    print(f"\nplain Copier proposes what the command takes in {same} of {len(pairs)} repositories")
    return 0


def line_of(outcome: Outcome) -> str:
    """One line of the table."""
    row = outcome.repository
    told = " ".join(outcome.found[:4]) + (" …" if len(outcome.found) > 4 else "") or "none"
    wrong = [
        name for name, right in (("LANGUAGE", outcome.language_right), ("STACK", outcome.stack_right)) if not right
    ]
    marks = " ".join([*wrong, "CERTAIN"] if outcome.falsely_certain else wrong)
    sure = "certain" if outcome.certain else "ask"
    expected = " ".join(row.applications) or "none"
    return f"{row.set}\t{row.name}\t{expected}\t{outcome.language}: {told}\t{sure}\t{outcome.seconds:.3f} s\t{marks}"


def summary(name: str, outcomes: list[Outcome]) -> bool:
    """Print the shares of one set; false when a bar is missed."""
    if not outcomes:
        return True
    count = len(outcomes)
    language = sum(outcome.language_right for outcome in outcomes) / count
    faults = sum((not outcome.stack_right) + outcome.falsely_certain for outcome in outcomes)
    stack = 1 - faults / count
    certain = sum(outcome.falsely_certain for outcome in outcomes)
    slowest = max(outcomes, key=lambda outcome: outcome.seconds)
    print(
        f"\n{name}: {count} repositories; language right {language:.1%} (bar {LANGUAGE_BAR:.0%}), stack right "
        f"{sum(o.stack_right for o in outcomes) / count:.1%}, with {certain} falsely certain counted twice {stack:.1%} "
        f"(bar {STACK_BAR:.0%}); slowest {slowest.seconds:.2f} s of processor time ({slowest.repository.name})"
    )
    return language >= LANGUAGE_BAR and stack >= STACK_BAR


def checkout(row: Repository, folder: Path) -> Path:
    """Where a repository lies."""
    return folder / row.name.replace("/", "+", 1)


def clone(row: Repository, folder: Path) -> None:
    """Fetch one commit of a repository, without its history."""
    target = checkout(row, folder)
    if target.is_dir():
        return
    target.mkdir(parents=True)
    url = f"https://github.com/{row.name}.git"
    for command in (["init", "-q"], ["fetch", "-q", "--depth=1", url, row.commit], ["checkout", "-q", "FETCH_HEAD"]):
        subprocess.run(["git", *command], cwd=target, check=True)


if __name__ == "__main__":
    main()
