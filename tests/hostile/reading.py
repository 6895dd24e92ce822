"""Reads generated files with the parsers of their formats, into places and the texts that stand there.

Two files have the same structure when their places are the same; an answer is dead when it changes texts only.
"""

import ast
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

import hcl2
import yaml
from dockerfile_parse import DockerfileParser
from markdown_it import MarkdownIt
from pygments.lexers import get_lexer_by_name
from pygments.token import Error

Texts = list[tuple[str, Any]]


@cache
def read(name: str, content: str) -> Texts:
    """The texts of a file in their order, each with its place.

    Raises:
        LookupError: nothing here knows the format.
        Exception: whatever its parser raises for a file that is broken.
    """
    path = PurePosixPath(name)
    reader = READERS.get(path.name) or READERS.get(path.suffix)
    if reader is None:
        raise LookupError(f"{name} holds answers, and tests/hostile/reading.py has no reader for its format")
    return list(reader(content))


def _walk(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, f"{place}/{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _walk(inner, f"{place}/{number}")
    else:
        yield f"{place} {type(value).__name__}", value


def _yaml(content: str) -> Iterator[tuple[str, Any]]:
    yield from _walk(list(yaml.safe_load_all(content)))


def _json(content: str) -> Iterator[tuple[str, Any]]:
    yield from _walk(json.loads(content))


def _hcl(content: str) -> Iterator[tuple[str, Any]]:
    yield from _walk(hcl2.loads(content))


def _python(content: str) -> Iterator[tuple[str, Any]]:
    for node in ast.walk(ast.parse(content)):
        told = [value for _, value in ast.iter_fields(node) if isinstance(value, str | int | float | bytes)]
        yield from ((type(node).__name__, value) for value in told or [None])


def _environment(content: str) -> Iterator[tuple[str, Any]]:
    """As the release tool and Compose read it: NAME=value, everything to the end of the line."""
    for line in content.splitlines():
        assert re.match(r"[A-Z_]+=|#|$", line), f"neither a setting nor a comment: {line!r}"
        name, equals, value = line.partition("=")
        yield (name, value) if equals and not line.startswith("#") else ("comment", line)


def _dockerfile(content: str) -> Iterator[tuple[str, Any]]:
    for step in DockerfileParser(fileobj=io.BytesIO(content.encode())).structure:
        command = re.search(r"\[.*\]$", step["value"]) if step["instruction"] in ("CMD", "HEALTHCHECK") else None
        words = json.loads(command.group()) if command else [step["value"]]
        yield from ((f"{step['instruction']}/{number}", word) for number, word in enumerate(words))
        if words[:2] == ["python", "-c"]:
            yield from _python(words[2])


def _markdown(content: str) -> Iterator[tuple[str, Any]]:
    for token in MarkdownIt().parse(content):
        for inner in [token, *(token.children or [])]:
            yield f"{inner.type} {inner.tag}", inner.content


def _caddyfile(content: str) -> Iterator[tuple[str, Any]]:
    """Words separated by space; the real Caddy reads the same file in test_the_tools_that_read_it_agree."""
    for number, line in enumerate(content.splitlines()):
        for place, word in enumerate(line.split()):
            assert not re.search(r"[\"`]", word) or line.lstrip().startswith("#"), (
                f"a quote outside a comment: {line!r}"
            )
            yield f"{number}/{place}", word


def _words(content: str) -> Iterator[tuple[str, Any]]:
    """What stands between spaces, line by line."""
    for number, line in enumerate(content.splitlines()):
        yield from ((f"{number}/{place}", word) for place, word in enumerate(line.split()))


def _tokens(language: str) -> Callable[[str], Iterator[tuple[str, Any]]]:
    """By the lexer of a language that has no parser in Python: which token follows which, and the text of each."""

    def reader(content: str) -> Iterator[tuple[str, Any]]:
        for kind, tokens in groupby(get_lexer_by_name(language).get_tokens(content), key=lambda token: token[0]):
            assert kind is not Error, f"no {language}: {content!r}"
            yield str(kind), "".join(text for _, text in tokens)

    return reader


READERS: dict[str, Callable[[str], Iterator[tuple[str, Any]]]] = {
    ".yml": _yaml,
    ".json": _json,
    ".hcl": _hcl,
    ".tf": _hcl,
    ".py": _python,
    ".env": _environment,
    "Dockerfile": _dockerfile,
    ".md": _markdown,
    ".caddy": _caddyfile,
    "Caddyfile": _caddyfile,
    ".mod": _caddyfile,
    ".dockerignore": _caddyfile,
    ".gitignore": _caddyfile,
    ".sh": _words,
    ".conf": _tokens("apacheconf"),
    ".cs": _tokens("csharp"),
    ".go": _tokens("go"),
    ".java": _tokens("java"),
    ".php": _tokens("php"),
    ".properties": _tokens("properties"),
    ".rb": _tokens("ruby"),
    ".ts": _tokens("typescript"),
    ".xml": _tokens("xml"),
}
