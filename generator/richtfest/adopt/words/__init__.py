"""What is suggested, in words: one headline each, and what to do, in English and German; one module per theme."""

from collections.abc import Mapping, Sequence
from typing import Any

from richtfest.adopt.suggestion import Suggestion
from richtfest.adopt.words import beside, repository, start

THEMES = (start, beside, repository)
WORDS: dict[str, dict[str, tuple[str, str]]] = {
    language: {kind: texts for theme in THEMES for kind, texts in theme.WORDS[language].items()}
    for language in ("en", "de")
}
AROUND = {
    "en": {
        "title": "Suggested changes, what would fail first at the top",
        "of": "Suggested changes in {folder}, what would fail first at the top",
        "later": "Answers are given with -d name=value: to richtfest new, and afterwards to richtfest update. "
        "`richtfest detect` shows what is left.",
        "each": "What else they lack: `richtfest detect` in the folder of one of them",
    },
    "de": {
        "title": "Vorgeschlagene Änderungen; oben steht, was zuerst scheitern würde",
        "of": "Vorgeschlagene Änderungen in {folder}; oben steht, was zuerst scheitern würde",
        "later": "Antworten gebt ihr mit -d name=wert: bei richtfest new, danach bei richtfest update. "
        "`richtfest detect` zeigt, was noch offen ist.",
        "each": "Was ihnen sonst fehlt: `richtfest detect` im Ordner einer von ihnen",
    },
}
"""What stands around a list of suggestions, or in its place."""


def tell(suggestions: Sequence[Suggestion], language: str, folder: str = ".", most: int | None = None) -> list[str]:
    """The section of a report: a headline with its place, and indented what to do; empty when all is well.

    Args:
        suggestions: what is told.
        language: of the words, such as "en".
        folder: where the application lies, when that must be said.
        most: so many names of one suggestion are told, and how many more there are; None for all.
    """
    if not suggestions:
        return []
    told = AROUND[language]
    title = told["title"] if folder == "." else told["of"].format(folder=folder)
    lines = [f"{title}:"]
    for suggestion in suggestions:
        headline, todo = sentences(suggestion, language, most)
        lines += [f"- {headline}", f"    {todo}"]
        lines += [f"      {line}".rstrip() for line in suggestion.code.splitlines()]
    return [*lines, told["later"]]


def sentences(suggestion: Suggestion, language: str, most: int | None = None) -> tuple[str, str]:
    """The headline, with the place behind it, and what to do."""
    values = {name: joined(value, most) for name, value in suggestion.values.items()}
    headline, todo = (text.format(**values) for text in WORDS[language][suggestion.kind])
    return (f"{headline} ({suggestion.why})" if suggestion.why else headline), todo


def joined(value: str | tuple[str, ...], most: int | None = None) -> str:
    """A text as it is, or several with commas between them: so many at most, and how many more there are."""
    if isinstance(value, str):
        return value
    more = f" (+{len(value) - most})" if most and len(value) > most else ""
    return ", ".join(value[:most]) + more


def as_list(suggestions: list[Suggestion], language: str = "en") -> list[dict[str, Any]]:
    """For a program."""
    told = [(suggestion, sentences(suggestion, language)) for suggestion in suggestions]
    return [_as_dict(suggestion, *texts) for suggestion, texts in told]


def _as_dict(suggestion: Suggestion, headline: str, todo: str) -> Mapping[str, Any]:
    return {
        "kind": suggestion.kind,
        "where": str(suggestion.why or ""),
        "values": {name: joined(value) for name, value in suggestion.values.items()},
        "headline": headline,
        "todo": todo,
        "code": suggestion.code,
    }
