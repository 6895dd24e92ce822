"""What copier.yml says about answers, without a run of Copier: their defaults, and its refusal of one."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from richtfest import template

if TYPE_CHECKING:
    from jinja2 import Environment


def settled(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with the defaults of all questions that need no folder to look at."""
    from jinja2 import UndefinedError

    known = dict(answers)
    for name, question in template.questions().items():
        if name not in known:
            try:
                known[name] = _rendered(question["default"], known)
            except UndefinedError:
                continue
    return known


def applies(name: str, known: Mapping[str, Any]) -> bool:
    """Whether a question is a question beside the other answers: one about Python is none for Rails."""
    return str(_rendered(template.questions()[name].get("when", True), known)) == "True"


def refusal(name: str, known: Mapping[str, Any]) -> str:
    """Why an answer is refused beside the others, in one sentence; empty when it is not, or when an answer that
    this depends on is still open or of the wrong kind, which is refused for that."""
    from jinja2 import UndefinedError

    try:
        return " ".join(_rendered(template.questions()[name].get("validator", ""), known).split())
    except (UndefinedError, TypeError, AttributeError, KeyError):
        return ""


def _rendered(value: Any, known: Mapping[str, Any]) -> Any:
    return _environment().from_string(value).render(known).strip() if isinstance(value, str) else value


@cache
def _environment() -> "Environment":
    """Jinja as Copier sets it up for this questionnaire."""
    from jinja2 import Environment, StrictUndefined
    from jinja2_ansible_filters import AnsibleCoreFiltersExtension

    told = yaml.safe_load((template.locate().path / "copier.yml").read_text("utf-8"))["_envops"]
    options = told | {"undefined": StrictUndefined, "extensions": [AnsibleCoreFiltersExtension]}
    return Environment(**options)  # noqa: S701 - no HTML
