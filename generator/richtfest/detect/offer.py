"""From what was found to answers of the questionnaire: only what `copier.yml` offers today."""

import re

from richtfest.detect.findings import Application, Report
from richtfest.template import questions

FALLBACK = "docker"
"""The stack for everything that has a Dockerfile."""

RUNTIMES = {"javascript": "node"}
"""A version is asked for by the name of the runtime, where that is not the name of the language."""

PYTHON_OBJECT = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*"


def is_offered(stack: str) -> bool:
    """Whether the template can generate for a stack."""
    return stack in questions()["stack"]["choices"].values()


def offered(found: Application, report: Report) -> str:
    """The stack to take for an application: its own, else that of its Dockerfile; empty when neither can be had."""
    if is_offered(found.stack):
        return found.stack
    has_dockerfile = found.root == "." and any(fact.value == "Dockerfile" for fact in report.dockerfiles)
    return FALLBACK if has_dockerfile else ""


def answers(found: Application) -> dict[str, str]:
    """Better defaults for other questions: versions that can be chosen, the port, the object that serves."""
    known, told = questions(), {}
    for fact in found.facts.get("port", [])[:1]:
        if fact.value.isdigit() and 1024 <= int(fact.value) <= 65535:
            told["application_port"] = fact.value
    version = f"{RUNTIMES.get(found.language, found.language)}_version"
    values = [str(value) for value in known.get(version, {}).get("choices", {}).values()]
    for fact in found.facts.get("version", [])[:1]:
        choosable = [value for value in values if f"{fact.value}.".startswith(f"{value}.")]
        if choosable:
            told[version] = choosable[0]
    # An application that claims a folder is imported from there, and an image starts it from the root.
    if found.language == "python" and "python_module" in known and not found.claims:
        usable = [fact.value for fact in found.facts.get("starts", []) if re.fullmatch(PYTHON_OBJECT, fact.value)]
        if usable:
            told["python_module"] = usable[0]
    return told
