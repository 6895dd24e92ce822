"""A pinned version of what the application runs on, where the image or the tests take another one."""

from collections.abc import Iterator

from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect import offer
from richtfest.detect.versions import allows
from richtfest.template import questions


def look(adoption: Adoption) -> Iterator[Suggestion]:
    """The first place that would not take what was chosen; a package manager may stop at it."""
    found, offered = adoption.found, offer.versions(adoption.found)
    if not offered or not offer.is_built(found) or adoption.value("stack", found.stack) != found.stack:
        return
    question = offer.version_question(found)
    taken = adoption.value(question) or str(questions()[question]["default"])
    for fact in found.facts.get("version", []):
        if not allows(fact.wanted or fact.value, taken):
            usable = [version for version in offered if allows(fact.wanted or fact.value, version)]
            values = {
                "pinned": fact.value,
                "taken": taken,
                "question": question,
                "offered": ", ".join(usable or offered),
            }
            kind = "pinned_offered" if usable else "pinned_tests" if adoption.dockerfile else "pinned"
            yield Suggestion(kind, fact.why, values)
            return
