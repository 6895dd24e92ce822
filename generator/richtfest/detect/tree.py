"""The files of a repository as detection sees them: listed lazily, never followed out of it, read within limits."""

import fnmatch
import json
import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

import yaml

LARGEST = 1_000_000
"""Bytes of the largest file that is read; no manifest written by a person comes near."""

# fmt: off
FOREIGN = frozenset((
    "node_modules", "bower_components", "jspm_packages", "vendor", "vendors", "third_party", "third-party",
    "site-packages", "venv", "env", "virtualenv", "__pycache__", "dist", "build", "target", "out", "obj",
    "coverage", "htmlcov", "Pods", "elm-stuff", "deps", "_build", "example", "examples", "sample", "samples", "demo",
    "demos", "sandbox", "tutorial", "tutorials", "docs", "doc", "docs_src", "documentation", "handbook", "test",
    "tests", "testing", "testdata", "test-data", "test_data", "fixtures", "__tests__", "spec", "specs", "e2e",
    "cypress", "playwright", "fuzz", "fuzzing", "benchmark", "benchmarks", "stories", "storybook", "storage",
    "cookbook", "templates", "playground", "tools",
))
# fmt: on
"""Folders that hold what others wrote, what was built, or what only shows or tests the application."""

UNPACKED = ("-master", "-main")
"""How folders end that were unpacked from an archive of somebody else's repository, into another folder."""


@dataclass(frozen=True)
class Problem:
    """A file that was left out. `kind` is a key of the words in `richtfest.detect.words`."""

    file: str
    kind: str
    detail: str = ""


class Tree:
    """A folder and what lies below it. Paths are text relative to it, with slashes; the folder itself is "."."""

    def __init__(self, root: Path, without: Iterable[str] = ()) -> None:
        """Nothing is read yet. `without`: paths of files that are taken as not there."""
        self.root = root
        self._without = frozenset(without)
        self._real_root = Path(os.path.realpath(root))
        self.problems: list[Problem] = []
        self._listings: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}
        self._texts: dict[str, str | None] = {}
        self._documents: dict[tuple[str, str], Any] = {}

    def files(self, folder: str = ".") -> frozenset[str]:
        """Names of the files in a folder; empty when it is not there or may not be read."""
        return self._list(folder)[0]

    def folders(self, folder: str = ".") -> list[str]:
        """Paths of the folders in a folder that may hold the application's own code, sorted."""
        inside = folder != "."
        return [
            join(folder, name)
            for name in self._list(folder)[1]
            if not _is_foreign(name) and not (inside and name.endswith(UNPACKED))
        ]

    def has(self, path: str) -> bool:
        """Whether there is a file."""
        folder, _, name = path.rpartition("/")
        return name in self.files(folder or ".")

    def named(self, folder: str, *patterns: str) -> list[str]:
        """Paths of the files in a folder whose name matches one of the patterns, sorted."""
        matches = _matcher(patterns)
        return sorted(join(folder, name) for name in self.files(folder) if matches(name))

    def below(self, folder: str, suffix: str, depth: int, most: int = 400, packages: bool = False) -> Iterator[str]:
        """Paths of the files with a suffix, shallow ones first, down to a depth, `most` of them at most.

        `packages`: the folders are names of packages, where com/example/demo is the application itself.
        """
        level, given = [folder], 0
        for _ in range(depth + 1):
            for place in level:
                for name in sorted(self.files(place)):
                    if name.endswith(suffix):
                        yield join(place, name)
                        given += 1
                        if given == most:
                            return
            level = [inner for place in level for inner in self._inside(place, packages)][:most]

    def read(self, path: str) -> str | None:
        """The text of a file; None when it is not there. What cannot be read becomes a problem, once."""
        if path not in self._texts:
            self._texts[path] = self._read(path) if self.has(path) else None
        return self._texts[path]

    def json(self, path: str) -> Any:
        """A file as JSON; None when it is missing or broken."""
        return self.parsed(path, "json", json.loads)

    def toml(self, path: str) -> dict[str, Any]:
        """A file as TOML; empty when it is missing or broken."""
        return self.parsed(path, "toml", tomllib.loads) or {}

    def yaml(self, path: str) -> Any:
        """A file as YAML, its first document; None when it is missing or broken."""
        return self.parsed(path, "yaml", _first_document)

    def xml(self, path: str) -> ElementTree.Element | None:
        """A file as XML without name spaces; None when it is missing or broken, or declares entities of its own."""
        return self.parsed(path, "xml", _plain_xml)

    def line(self, path: str, text: str) -> int | None:
        """The first line that holds a text, to show a person where it stands; not how it was found."""
        lines = (self.read(path) or "").splitlines()
        wanted = text.lower()
        return next((number for number, line in enumerate(lines, 1) if wanted in line.lower()), None)

    def key_line(self, path: str, key: str) -> int | None:
        """The first line that begins with a key, quoted or not."""
        lines = (self.read(path) or "").splitlines()
        wanted = (f"{key} ", f"{key}=", f'"{key}"', f"'{key}'", f"{key}:")
        return next((number for number, line in enumerate(lines, 1) if line.lstrip().startswith(wanted)), None)

    def refuse(self, path: str, kind: str, detail: str = "") -> None:
        """Note that a file was left out."""
        problem = Problem(path, kind, detail)
        if problem not in self.problems:
            self.problems.append(problem)

    def _inside(self, folder: str, packages: bool) -> list[str]:
        return [join(folder, name) for name in self._list(folder)[1]] if packages else self.folders(folder)

    def _list(self, folder: str) -> tuple[frozenset[str], tuple[str, ...]]:
        if folder not in self._listings:
            self._listings[folder] = self._scan(folder)
        return self._listings[folder]

    def _scan(self, folder: str) -> tuple[frozenset[str], tuple[str, ...]]:
        files, folders = set(), []
        if os.path.realpath(self.root / folder) != os.path.normpath(self._real_root / folder):
            return frozenset(), ()  # a link, or a path that leads out: a manifest may name anything
        try:
            with os.scandir(self.root / folder) as entries:
                for entry in entries:
                    # A link to a folder is never followed: it may lead round in circles, or out.
                    if entry.is_dir(follow_symlinks=False):
                        if not entry.name.startswith("."):
                            folders.append(entry.name)
                    elif join(folder, entry.name) in self._without:
                        continue
                    elif not entry.is_symlink() or self._stays_inside(Path(entry.path)):
                        files.add(entry.name)
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            self.refuse(folder, "unreadable", error.strerror or "")
        return frozenset(files), tuple(sorted(folders))

    def _stays_inside(self, link: Path) -> bool:
        try:
            aim = link.resolve(strict=True)
            return aim.is_file() and aim.is_relative_to(self._real_root)
        except (OSError, RuntimeError):
            return False

    def _read(self, path: str) -> str | None:
        try:
            with open(self.root / path, "rb", opener=_without_waiting) as file:
                state = os.fstat(file.fileno())
                if not stat.S_ISREG(state.st_mode):
                    return None
                if state.st_size > LARGEST:
                    self.refuse(path, "large", f"{state.st_size // 1000} kB")
                    return None
                return _decode(file.read())
        except UnicodeDecodeError:
            self.refuse(path, "binary")
        except OSError as error:
            self.refuse(path, "unreadable", error.strerror or "")
        return None

    def parsed(self, path: str, kind: str, parse: Callable[[str], Any]) -> Any:
        """What a function makes of a file, once; None when the file is missing, or broken, which becomes a problem."""
        if (path, kind) not in self._documents:
            text, document = self.read(path), None
            if text is not None:
                try:
                    document = parse(text)
                except (ValueError, yaml.YAMLError, ElementTree.ParseError, RecursionError) as error:
                    self.refuse(path, kind, _where(error))
            self._documents[path, kind] = document
        return self._documents[path, kind]


@cache
def _matcher(patterns: tuple[str, ...]) -> Callable[[str], re.Match[str] | None]:
    return re.compile("|".join(fnmatch.translate(pattern) for pattern in patterns)).match


@cache
def _is_foreign(name: str) -> bool:
    return name in FOREIGN or bool(re.search(r"(^|[-_])(examples?|samples?)([-_]|$)", name))


def is_foreign(path: str) -> bool:
    """Whether a path leads through a folder that is no evidence."""
    return any(_is_foreign(part) or part.startswith(".") for part in path.split("/")[:-1])


def join(folder: str, name: str) -> str:
    """A path below a folder, without "./" at its front."""
    return name if folder in (".", "") else f"{folder}/{name}"


def above(folder: str) -> list[str]:
    """The folders that one lies in, the nearest first."""
    return [str(place) for place in PurePosixPath(folder).parents] if folder != "." else []


def upwards(folder: str) -> list[str]:
    """A folder and those above it: in a workspace the lock file lies higher than the application."""
    return [folder, *above(folder)]


def _without_waiting(path: str, flags: int) -> int:
    """Open a file without waiting for a writer: a pipe in the repository must not hold us up."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _decode(raw: bytes) -> str:
    """Text in UTF-8, or in UTF-16 with its mark, as PowerShell writes what is sent into a file."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    if b"\0" in raw:
        raise UnicodeDecodeError("utf-8", raw[:1], 0, 1, "binary")
    return raw.decode("utf-8-sig", "replace")


def _first_document(text: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        return loader.get_data() if loader.check_data() else None
    finally:
        loader.dispose()


def _plain_xml(text: str) -> ElementTree.Element:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("declares a document type")
    root = ElementTree.fromstring(text.lstrip("\ufeff").encode())  # noqa: S314 - no entities can be declared here
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root


def _where(error: Exception) -> str:
    """The place of a mistake in a file, as far as its parser tells it."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}"
    if isinstance(error, ElementTree.ParseError):
        return f"line {error.position[0]}"
    mark = getattr(error, "problem_mark", None)
    if mark:
        return f"line {mark.line + 1}"
    return str(error).splitlines()[0][:100] if str(error) else ""
