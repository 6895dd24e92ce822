"""What detection says to people, in English and German."""

import os
from collections.abc import Mapping

from richtfest.detect.findings import Application, Fact, Report
from richtfest.detect.offer import is_built, is_offered, named
from richtfest.detect.tree import Problem

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "language": "en",
        "nothing": "No application was found that can be offered.",
        "several": "{count} applications were found, the likeliest first:",
        "not_yet": "{stack} cannot be generated yet",
        "built_from": "built from {root}",
        "or": "or",
        "seen": "Also there, and no application of its own:",
        "starts": "starts", "variant": "variant", "package_manager": "packages", "version": "version",
        "settings": "settings", "database": "database", "port": "port", "health": "health",
        "dockerfile": "Dockerfile (it is kept)", "pipelines": "pipelines that are there",
        "left_out": "Left out:",
        # what `richtfest new` makes of it
        "found_too": "found there, too",
        "instead": "It becomes {stack}, with the Dockerfile that is there.",
        "below": "it lies there, and its image is built from that folder",
        "which": "Which application is this for?",
        "none_of_these": "none of these",
        "not_offered": "{stack} cannot be generated yet, and there is no Dockerfile in this folder: write one and take "
        "-d stack=docker, or name another stack (-d stack=…; there are {stacks})",
        "pages_unsure": "There are pages, but not to be served as they lie there ({why}: {note}): build them into a "
        "folder that git keeps and take -d stack=static -d static_folder=…, or write a Dockerfile that builds them and "
        "take -d stack=docker",
        "choose_one": "Several applications were found, or one in a folder below:\n{lines}\n"
        "Name the folder and the stack of one of them: -d application_folder=… -d stack=… (there are {stacks})",
        "nothing_fits": "No application was found that can be offered ({why}: {note}): write a Dockerfile and take "
        "-d stack=docker, or name a stack (-d stack=…; there are {stacks})",
        # why something is not certain
        "no_object": "no module was found that makes the FastAPI object",
        "only_a_function": "a function makes the FastAPI object, no module has it at its top",
        "no_dependency": "there is a manage.py, but Django is in no list of requirements",
        "only_pages": "pages that are built and then served: node when it has a server of its own, else static",
        "no_start": "package.json has no script that starts it",
        "no_server": "nothing was found that answers requests: it may be a command for the terminal",
        "built_first": "the pages are made by a generator first",
        "beside_code": "there is code beside the pages: they may be made by it",
        "pages_below": "the pages lie in a folder below",
        "no_index": "there are pages, but no index.html",
        "unusual_start": "its programs lie neither in the root nor in cmd/: they may be tools of a library",
        "image_of_a_library": "a library with a Dockerfile: the image may be for those who work on it",
        "dockerfile_elsewhere": "the Dockerfile has another name or place",
        "one_of_several": "the folder could also be what stands above",
        # why something is no application
        "library": "a library",
        "other_framework": "no stack of its own: with a Dockerfile it is docker",
        "notebooks": "notebooks",
        "elsewhere": "for a desktop, a phone, an editor or a browser, not for a server",
        "unity": "a game made with Unity",
        "no_application": "nothing here that starts a server",
        # why a file was left out
        "json": "{file} is not valid JSON ({detail})", "toml": "{file} is not valid TOML ({detail})",
        "yaml": "{file} is not valid YAML ({detail})", "xml": "{file} is not valid XML ({detail})",
        "ini": "{file} cannot be parsed", "binary": "{file} is no text", "large": "{file} is too large ({detail})",
        "unreadable": "{file} may not be read ({detail})",
    },
    "de": {
        "language": "de",
        "nothing": "Es wurde keine Anwendung gefunden, für die es etwas gibt.",
        "several": "{count} Anwendungen gefunden, die wahrscheinlichste zuerst:",
        "not_yet": "{stack} kann noch nicht erzeugt werden",
        "built_from": "gebaut aus {root}",
        "or": "oder",
        "seen": "Auch da, aber keine eigene Anwendung:",
        "starts": "Start", "variant": "Variante", "package_manager": "Pakete", "version": "Version",
        "settings": "Settings", "database": "Datenbank", "port": "Port", "health": "Gesundheit",
        "dockerfile": "Dockerfile (bleibt)", "pipelines": "Pipelines, die es gibt",
        "left_out": "Ausgelassen:",
        "found_too": "auch dort gefunden",
        "instead": "Daraus wird {stack}, mit dem Dockerfile, das da ist.",
        "below": "dort liegt sie, und aus diesem Ordner entsteht ihr Image",
        "which": "Für welche Anwendung ist das?",
        "none_of_these": "keine davon",
        "not_offered": "{stack} kann noch nicht erzeugt werden, und hier liegt kein Dockerfile: schreibt eines und "
        "nehmt -d stack=docker, oder nennt einen anderen Stack (-d stack=…; es gibt {stacks})",
        "pages_unsure": "Es gibt Seiten, die aber nicht ausgeliefert werden können, wie sie da liegen ({why}: {note}): "
        "baut sie in einen Ordner, den git behält, und nehmt -d stack=static -d static_folder=…, oder schreibt ein "
        "Dockerfile, das sie baut, und nehmt -d stack=docker",
        "choose_one": "Es gibt mehrere Anwendungen, oder eine in einem Ordner darunter:\n{lines}\n"
        "Nennt Ordner und Stack der gemeinten: -d application_folder=… -d stack=… (es gibt {stacks})",
        "nothing_fits": "Es wurde keine Anwendung gefunden, für die es etwas gibt ({why}: {note}): schreibt ein "
        "Dockerfile und nehmt -d stack=docker, oder nennt einen Stack (-d stack=…; es gibt {stacks})",
        "no_object": "kein Modul gefunden, das das FastAPI-Objekt anlegt",
        "only_a_function": "eine Funktion legt das FastAPI-Objekt an, kein Modul hat es ganz oben",
        "no_dependency": "es gibt ein manage.py, aber Django steht in keiner Liste von Abhängigkeiten",
        "only_pages": "Seiten, die gebaut und dann ausgeliefert werden: node mit eigenem Server, sonst static",
        "no_start": "package.json hat kein Skript, das sie startet",
        "no_server": "nichts gefunden, das Anfragen beantwortet: vielleicht ein Befehl für das Terminal",
        "built_first": "die Seiten macht erst ein Generator",
        "beside_code": "neben den Seiten liegt Code: vielleicht entstehen sie daraus",
        "pages_below": "die Seiten liegen in einem Ordner darunter",
        "no_index": "es gibt Seiten, aber keine index.html",
        "unusual_start": "seine Programme liegen weder in der Wurzel noch in cmd/: wohl Werkzeuge einer Bibliothek",
        "image_of_a_library": "eine Bibliothek mit Dockerfile: das Image ist vielleicht für die, die an ihr arbeiten",
        "dockerfile_elsewhere": "das Dockerfile heißt anders oder liegt woanders",
        "one_of_several": "der Ordner kann auch sein, was darüber steht",
        "library": "eine Bibliothek",
        "other_framework": "kein eigener Stack: mit einem Dockerfile ist es docker",
        "notebooks": "Notebooks",
        "elsewhere": "für Desktop, Telefon, Editor oder Browser, nicht für einen Server",
        "unity": "ein Spiel mit Unity",
        "no_application": "nichts, das einen Server startet",
        "json": "{file} ist kein gültiges JSON ({detail})", "toml": "{file} ist kein gültiges TOML ({detail})",
        "yaml": "{file} ist kein gültiges YAML ({detail})", "xml": "{file} ist kein gültiges XML ({detail})",
        "ini": "{file} lässt sich nicht lesen", "binary": "{file} ist kein Text",
        "large": "{file} ist zu groß ({detail})",
        "unreadable": "{file} darf nicht gelesen werden ({detail})",
    },
}  # fmt: skip

FACTS = ("variant", "starts", "settings", "package_manager", "version", "port", "health", "database")
SHOWN = 12
"""Applications that are listed; what comes later is hardly meant."""


def language() -> str:
    """That of the terminal."""
    return "de" if os.environ.get("LANG", "").startswith("de") else "en"


def words(chosen: str | None = None) -> Mapping[str, str]:
    """The words of a language; without one, of the terminal's."""
    return WORDS[chosen or language()]


def tell(report: Report, told: Mapping[str, str]) -> str:
    """The whole report for a person."""
    lines = []
    if len(report.applications) > 1:
        lines.append(told["several"].format(count=len(report.applications)))
    elif not report.applications:
        lines.append(told["nothing"])
    for found in report.applications[:SHOWN]:
        lines += [headline(found, told), *_facts(found, told)]
    if report.seen and not report.applications:
        lines += ["", told["seen"], *(f"  {seen.why} ({seen.language}): {told[seen.note]}" for seen in report.seen)]
    lines += ["", *_kept("dockerfile", report.dockerfiles, told), *_kept("pipelines", report.pipelines, told)]
    if report.problems:
        lines += ["", told["left_out"], *(f"  {problem(one, told)}" for one in report.problems[:SHOWN])]
    return "\n".join(lines).strip()


def headline(found: Application, told: Mapping[str, str]) -> str:
    """One line: where, what, why, and what is in doubt."""
    return f"{found.folder}: {sentence(found, told)}"


def sentence(found: Application, told: Mapping[str, str]) -> str:
    """What an application is, why, and what is in doubt; behind what is not certain stands a question mark."""
    notes = [told[found.doubt]] if found.doubt else []
    if found.root not in ("", found.folder):
        notes.append(told["built_from"].format(root=found.root))
    if not is_offered(found.stack) or not is_built(found):
        notes.append(told["not_yet"].format(stack=named(found)))
    sure = "" if found.certain else "?"
    return f"{found.stack}{sure} ({found.why})" + (f" - {'; '.join(notes)}" if notes else "")


def problem(one: Problem, told: Mapping[str, str]) -> str:
    """One sentence about a file that was left out."""
    return told[one.kind].format(file=one.file, detail=one.detail).replace(" ()", "")


def _facts(found: Application, told: Mapping[str, str]) -> list[str]:
    lines = []
    for name in FACTS:
        facts = found.facts.get(name, [])
        both = ", " if name == "database" else f" {told['or']} "
        if facts:
            lines.append(f"  {told[name]:11} {both.join(f'{fact.value} ({fact.why})' for fact in facts[:4])}")
    return lines


def _kept(name: str, facts: list[Fact], told: Mapping[str, str]) -> list[str]:
    if not facts:
        return []
    shown = (fact.value if fact.value == fact.why.file else f"{fact.value} ({fact.why.file})" for fact in facts[:6])
    return [f"{told[name]}: {', '.join(shown)}"]
