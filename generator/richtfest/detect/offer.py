"""From what was found to answers of the questionnaire: only what `copier.yml` offers today."""

import re

from richtfest.detect.findings import Application, Report
from richtfest.detect.versions import allows
from richtfest.template import questions

FALLBACK = "docker"
"""The stack for everything that has a Dockerfile."""

BUILT_BY = {"spring": "maven"}
"""What a stack is built with here, where an application can be built by something else, too."""

RUNTIMES = {"javascript": "node"}
"""A version is asked for by the name of the runtime, where that is not the name of the language."""

PYTHON_OBJECT = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*"

GO_PACKAGE = r"\.(/[A-Za-z0-9_][A-Za-z0-9._-]*)*"

HEALTH_PATH = r"/([A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?)?"


def is_offered(stack: str) -> bool:
    """Whether the template can generate for a stack."""
    return stack in questions()["stack"]["choices"].values()


def is_built(found: Application) -> bool:
    """Whether an application is built by what its stack is built with here."""
    return found.stack not in BUILT_BY or BUILT_BY[found.stack] in _tools(found)


def is_ready(found: Application) -> bool:
    """Whether pages can be served as they lie there; what a generator makes first would publish its sources."""
    return found.stack != "static" or found.certain or found.doubt == "pages_below"


def named(found: Application) -> str:
    """What an application is, with its tool where that is why it cannot be offered: spring (gradle)."""
    return found.stack if is_built(found) else f"{found.stack} ({', '.join(_tools(found))})"


def _tools(found: Application) -> list[str]:
    return [fact.value.partition(" ")[0] for fact in found.facts.get("package_manager", [])]


def offered(found: Application, report: Report) -> str:
    """The stack to take for an application: its own, else that of its Dockerfile; empty when neither can be had."""
    if is_offered(found.stack) and is_built(found):
        return found.stack
    has_dockerfile = found.root == "." and any(fact.value == "Dockerfile" for fact in report.dockerfiles)
    return FALLBACK if has_dockerfile else ""


def version_question(found: Application) -> str:
    """The question for the version of what an application runs on; there may be none of that name."""
    return f"{RUNTIMES.get(found.language, found.language)}_version"


def versions(found: Application) -> list[str]:
    """The versions that can be chosen; empty when none is asked for."""
    return [str(value) for value in questions().get(version_question(found), {}).get("choices", {}).values()]


def answers(found: Application) -> dict[str, str]:
    """Better defaults for other questions: a version that can be chosen, the port, health, what serves and where."""
    known, told = questions(), {}
    for fact in found.facts.get("port", [])[:1]:
        if fact.value.isdigit() and 1024 <= int(fact.value) <= 65535:
            told["application_port"] = fact.value
    for fact in found.facts.get("health", [])[:1]:
        if re.fullmatch(HEALTH_PATH, fact.value) and len(fact.value) <= 200:
            told["health_path"] = fact.value
    version, values = version_question(found), versions(found)
    for fact in found.facts.get("version", [])[:1]:
        choosable = [value for value in values if f"{fact.value}.".startswith(f"{value}.")]
        if not choosable and fact.wanted and not allows(fact.wanted, str(known[version].get("default"))):
            choosable = [value for value in reversed(values) if allows(fact.wanted, value)]
        if choosable:
            told[version] = choosable[0]
    # An application that claims a folder is imported from there, and an image starts it from the root.
    if found.language == "python" and "python_module" in known and not found.claims:
        usable = [fact.value for fact in found.facts.get("starts", []) if re.fullmatch(PYTHON_OBJECT, fact.value)]
        if usable:
            told["python_module"] = usable[0]
    if found.stack == "go" and re.fullmatch(GO_PACKAGE, found.value("starts")):
        told["go_package"] = found.value("starts")
    if found.stack == "static" and found.folder != found.root:
        told["static_folder"] = found.folder if found.root == "." else found.folder[len(found.root) + 1 :]
    return told
