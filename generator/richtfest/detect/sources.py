"""Looking into the sources of an application: what a pattern finds, outside of tests and comments, with its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from richtfest.detect.findings import Why
from richtfest.detect.tree import Tree

COMMENTS = ("//", "#", "*", "/*", "--", "<!--")
TESTS = re.compile(r"(^|/)(test_|conftest\b)|[._-](test|tests|spec|stories|mock)\.\w+$|Tests?\.(java|kt|cs|php)$", re.I)
MINIFIED = re.compile(r"\.min\.|\.bundle\.|[.-][0-9a-f]{8,}\.")
MOST_FILES = 800
LONGEST_LINE = 1000
"""Characters; a longer line was written by a program."""


@dataclass(frozen=True)
class Hit:
    """One place that a pattern matches."""

    path: str
    line: int
    text: str
    match: re.Match[str]

    @property
    def why(self) -> Why:
        """The place, for a person."""
        return Why(self.path, self.line, self.text if len(self.text) <= 80 else self.text[:79] + "…")


def of(tree: Tree, folder: str, *suffixes: str, depth: int = 6, packages: bool = False) -> Iterator[str]:
    """The sources of an application with one of the suffixes, shallow ones first, without its tests."""
    for suffix in suffixes:
        for path in tree.below(folder, suffix, depth=depth, most=MOST_FILES, packages=packages):
            if not TESTS.search(path) and not MINIFIED.search(path):
                yield path


def search(tree: Tree, paths: Iterator[str] | list[str], pattern: re.Pattern[str]) -> Iterator[Hit]:
    """Every place that matches, one file after the other; what stands in a line of comment does not count."""
    for path in paths:
        yield from in_text(path, tree.read(path) or "", pattern)


def in_text(path: str, text: str, pattern: re.Pattern[str]) -> Iterator[Hit]:
    """The places of one text."""
    for match in pattern.finditer(text):
        begin = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.start())
        line = text[begin : end if end >= 0 else None]
        if len(line) <= LONGEST_LINE and not line.lstrip().startswith(COMMENTS):
            yield Hit(path, text.count("\n", 0, match.start()) + 1, line.strip(), match)
