"""What `richtfest new` tells at its end, in the language of the answers."""

import os
import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from richtfest.adopt import words as adopt
from richtfest.adopt.git import ignored
from richtfest.questionnaire import applies, settled
from richtfest.template import questions

if TYPE_CHECKING:
    from richtfest.adopt.suggestion import Suggestion
    from richtfest.generate import Generated

WORDS = {
    "en": {
        "would": "Would write {count} files into {path}; nothing was written",
        "wrote": "Wrote {count} files into {path}",
        "kept": "Kept as they are ({count} files that were here before; compare them with the documentation)",
        "next": "Next three commands",
        "module": "There is no module {module}, which the image would start. Say where the object is that serves: "
        "-d python_module=package.module:app",
        "dockerfile": "There is no Dockerfile yet: write one before the first push",
        "ci": "Your {file} stays: let a job of it run bash scripts/checks.sh as well",
        "tests": "Your {file} stays, and the pipelines run it: it must install what tests need, and fail when one "
        "fails",
        "mixed": "Files of yours lie in the same folders ({names}): all of server/ and monitoring/ goes to the server, "
        "and all of terraform/ is applied. Move yours elsewhere",
        "hidden": "A .gitignore of yours leaves out what was generated and must be committed: {names}. Change the "
        "lines that do; git check-ignore -v {first} names one",
        "around": "This folder lies inside the git repository {root}: pipelines are read from its root only. Make this "
        "folder a repository of its own, or run this in the root, with -d application_folder={folder}",
        "cost": "about {total} EUR net per month at prices of {dates}; {command} lists the items",
        "dates": "{oldest} to {newest}",
        "stale": "prices older than {days} days are among them: see the cloud's own list",
        "unpriced": "no price is known for {type}: see the cloud's own list",
        "first": "Then go on with docs/first-day.md",
    },
    "de": {
        "would": "Würde {count} Dateien nach {path} schreiben; geschrieben wurde nichts",
        "wrote": "{count} Dateien nach {path} geschrieben",
        "kept": "Unverändert geblieben ({count} Dateien gab es schon; vergleicht sie mit der Dokumentation)",
        "next": "Die nächsten drei Befehle",
        "module": "Es gibt kein Modul {module}, das das Image starten würde. Sagt, wo das Objekt liegt, das antwortet: "
        "-d python_module=paket.modul:app",
        "dockerfile": "Es gibt noch kein Dockerfile: legt eines an, bevor ihr das erste Mal pusht",
        "ci": "Eure {file} bleibt: lasst einen Job darin auch bash scripts/checks.sh aufrufen",
        "tests": "Eure {file} bleibt, und die Pipelines rufen sie auf: sie muss installieren, was die Tests brauchen, "
        "und fehlschlagen, wenn einer fehlschlägt",
        "mixed": "In denselben Ordnern liegen Dateien von euch ({names}): alles in server/ und monitoring/ kommt auf "
        "den Server, und alles in terraform/ wird angewendet. Verschiebt eure",
        "hidden": "Eine .gitignore von euch lässt aus, was erzeugt wurde und committet werden muss: {names}. Ändert "
        "die Zeilen, die das tun; git check-ignore -v {first} nennt eine",
        "around": "Dieser Ordner liegt im git-Repository {root}: Pipelines werden nur aus dessen Wurzel gelesen. Macht "
        "aus dem Ordner ein eigenes Repository, oder ruft das in der Wurzel auf, mit -d application_folder={folder}",
        "cost": "etwa {total} EUR netto im Monat nach Preisen vom {dates}; {command} zählt die Posten auf",
        "dates": "{oldest} bis {newest}",
        "stale": "darunter sind Preise, die älter als {days} Tage sind: seht in der Liste der Cloud nach",
        "unpriced": "für {type} ist kein Preis bekannt: seht in der Liste der Cloud nach",
        "first": "Danach geht es in docs/first-day.md weiter",
    },
}

THEIRS = {"ci": ".github/workflows/ci.yml", "tests": "scripts/test.sh"}
"""Files that may be the team's own, by what is said of them."""

NAMED = 5
"""So many files, or other things of one kind, are named one by one."""

PUBLISH = {
    "github": "gh repo create --private --source .",
    # No pipeline yet: it would miss its secrets.
    "gitlab": "glab repo create --private && git push --set-upstream --push-option ci.skip origin main",
}


def tell(generated: "Generated", today: date, *, dry_run: bool, suggestions: Sequence["Suggestion"] = ()) -> str:
    """The summary: what was added, what was kept, what should be changed, the next three commands."""
    words = WORDS[generated.answers["language"]]
    headline = words["would" if dry_run else "wrote"]
    lines = [headline.format(count=len(generated.added), path=generated.destination) + ":"]
    lines += _by_folder(generated.added)
    lines += [f"  {name}: {_label(name, generated.answers[name])}" for name in ("stack", "cloud", "ci")]
    lines += [f"  {line}" for line in _cost(generated, today, words, dry_run=dry_run)]
    if generated.kept:
        lines += ["", words["kept"].format(count=len(generated.kept)) + ":"]
        lines += [f"  {file}" for file in generated.kept]
    lines += _hints(generated, words)
    if suggestions:
        lines += ["", *adopt.tell(suggestions, generated.answers["language"], most=NAMED)]
    if not dry_run:
        lines += ["", words["next"] + ":", *(f"  {command}" for command in _next_commands(generated)), words["first"]]
    return "\n".join(lines)


def _by_folder(files: list[str]) -> list[str]:
    """One line per top folder with its number of files; files of the root by name."""
    counts: dict[str, int] = {}
    for file in files:
        parts = PurePosixPath(file).parts
        top = parts[0] + "/" if len(parts) > 1 else parts[0]
        counts[top] = counts.get(top, 0) + 1
    return [f"  {top}" + (f"  ({count})" if top.endswith("/") else "") for top, count in sorted(counts.items())]


def _cost(generated: "Generated", today: date, words: dict[str, str], *, dry_run: bool) -> list[str]:
    """The price with its dates, how to see more of it, and whether it is old."""
    from richtfest.prices.bill import UnknownPrice, of_answers  # the file of prices is read only here
    from richtfest.prices.data import STALE_AFTER_DAYS

    try:
        bill = of_answers(generated.answers)
    except UnknownPrice:
        return [words["unpriced"].format(type=generated.answers["server_type"])]
    one_date = bill.oldest == bill.newest
    dates = bill.oldest if one_date else words["dates"].format(oldest=bill.oldest, newest=bill.newest)
    command = _cost_command(generated, dry_run=dry_run)
    lines = [words["cost"].format(total=f"{bill.total:.0f}", dates=dates, command=command)]
    if bill.is_stale(today):
        lines.append(words["stale"].format(days=STALE_AFTER_DAYS))
    return lines


def _cost_command(generated: "Generated", *, dry_run: bool) -> str:
    """What lists the items: of the repository, or of its answers when it was not written."""
    if dry_run:
        cloud = {"cloud": generated.answers["cloud"]}
        names = ("environments", "database", "server_type")
        default = settled(cloud)
        chosen = cloud | {n: generated.answers[n] for n in names if generated.answers[n] != default[n]}
        return " ".join(["richtfest cost", *(f"-d {name}={answer}" for name, answer in chosen.items())])
    return f"richtfest cost {shlex.quote(_folder(generated))}"


def _label(name: str, value: object) -> str:
    """The words of the questionnaire for a chosen value."""
    return next((label for label, choice in questions()[name]["choices"].items() if choice == value), str(value))


def _hints(generated: "Generated", words: dict[str, str]) -> list[str]:
    hints = []
    application = generated.destination / generated.answers["application_folder"]
    of_python = applies("python_module", generated.answers) and not generated.answers["own_dockerfile"]
    module = generated.answers["python_module"].partition(":")[0] if of_python else ""
    if module and not generated.answers["starter"] and not _is_there(application, module):
        hints.append(words["module"].format(module=module))
    if generated.answers["own_dockerfile"] and not (application / "Dockerfile").exists():
        hints.append(words["dockerfile"])
    hints += [words[hint].format(file=file) for hint, file in THEIRS.items() if file in generated.kept]
    if mixed := _mixed(generated):
        hints.append(words["mixed"].format(names=", ".join(mixed)))
    if hidden := _hidden(generated):
        names = adopt.joined(tuple(hidden), NAMED)
        hints.append(words["hidden"].format(names=names, first=shlex.quote(hidden[0])))
    if around := _repository_around(generated.destination):
        folder = generated.destination.resolve().relative_to(around).as_posix()
        hints.append(words["around"].format(root=around, folder=folder))
    return ["", *hints] if hints else []


def _is_there(destination: Path, module: str) -> bool:
    """Whether a module of Python can be imported from a folder, as the image does it."""
    place = destination / module.replace(".", "/")
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def _mixed(generated: "Generated") -> list[str]:
    """The folders of what was generated in which something else lay before."""
    ours = {*generated.added, *generated.kept}
    return [
        f"{name}/"
        for name in ("monitoring", "server", "terraform")
        if any(
            path.is_file() and path.relative_to(generated.destination).as_posix() not in ours
            for path in (generated.destination / name).rglob("*")
        )
    ]


def _hidden(generated: "Generated") -> list[str]:
    """What was written and would not be committed."""
    return sorted(ignored(generated.destination, generated.added) or ())


def _repository_around(folder: Path) -> Path | None:
    """The git repository that a folder lies in without being its root."""
    return next((above for above in folder.resolve().parents if (above / ".git").exists()), None)


def _folder(generated: "Generated") -> str:
    """The repository as it is named from here."""
    return min(os.path.relpath(generated.destination), str(generated.destination), key=len)


def _next_commands(generated: "Generated") -> list[str]:
    folder = _folder(generated)
    go_there = "" if folder == "." else f"cd {shlex.quote(folder)} && "
    publish, setup = PUBLISH[generated.answers["ci"]], "bash scripts/setup.sh"
    git = generated.destination / ".git"
    if not git.exists():
        return [f'{go_there}git init -b main && git add -A && git commit -m "Richtfest"', publish, setup]
    commit = f'{go_there}git add -A && git commit -m "Richtfest"'
    if git.is_dir() and '[remote "origin"]' not in (git / "config").read_text("utf-8"):
        return [commit, publish, setup]
    return [commit, setup, 'git add terraform/keys && git commit -m "Keys" && git push']
