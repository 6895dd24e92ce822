"""What an update tells, in the language of the answers."""

import os
import shlex

from richtfest.upgrade.git import spoken
from richtfest.upgrade.result import Conflict, Updated

WORDS = {
    "en": {
        "repaired": "An update that was interrupted has been taken back first.",
        "nothing": "{folder} is at {new} already: nothing changes.",
        "from_to": "{old} -> {new}",
        "dry_run": "This is what would happen; nothing was written.",
        "changelog": "What is new",
        "no_changelog": "The changelog of the template cannot be read.",
        "empty_changelog": "The changelog of the template tells nothing about it.",
        "by_hand": "To do by hand",
        "answers": "Answers",
        "new_question": "{name}: {new} (new question)",
        "no_question": "{name}: {old} (no question any more)",
        "updated": "Updated",
        "would_be_updated": "Would be updated",
        "added": "Added",
        "would_be_added": "Would be added",
        "deleted": "Deleted",
        "would_be_deleted": "Would be deleted",
        "renamed": "Renamed by the template; edits of yours are in the new file",
        "kept_deleted": "Changed by the template, but deleted by you: stays deleted",
        "saved": "Yours, saved: the new version has no place for it",
        "would_be_saved": "Yours, would be saved: the new version has no place for it",
        "deleted_why": "the template has no such file any more",
        "renamed_why": "the template calls it otherwise now",
        "replaced_why": "the template has something else there now",
        "saved_next": "Take over from these what you still need, then delete them.",
        "conflicts": "Conflicts",
        "content": "both changed the same lines",
        "both_added": "both added it",
        "binary": "both changed it; it is yours now, the template's: {git} checkout --theirs -- {quoted}",
        "path": "a link, a folder or a file on one side only; the template's: {git} checkout --theirs -- {quoted}",
        "would_stay": "no text on both sides; yours would stay until you decide",
        "on_branch": "no text on both sides; it is yours there, an update without --branch has the template's, too",
        "conflicts_next": "Next: settle these files (where there are markers, <<<<<<< is yours, >>>>>>> is {new}),\n"
        "`{git} add` each, then `{commit}`.",
        "clean_next": "Next: look at it (`{git} diff --cached`), run your checks, then `{commit}`.",
        "give_up": "Give up, as if nothing had been: {command}",
        "branch": "It is on the branch {branch}; your checkout is as it was.",
        "branch_conflicts": "The branch {branch} holds the markers of the conflicts; your checkout is as it was.\n"
        "Next: `{git} switch {branch}`, settle these files (where there are markers, <<<<<<< is yours, >>>>>>> is\n"
        "{new}), `{git} add` each, then `{git} commit`.",
        "subject": "Richtfest {old} -> {new}",
        "subject_conflicts": "Richtfest {old} -> {new}, with conflicts to resolve",
    },
    "de": {
        "repaired": "Ein unterbrochenes Update wurde zuerst zurückgenommen.",
        "nothing": "{folder} ist schon bei {new}: es ändert sich nichts.",
        "from_to": "{old} -> {new}",
        "dry_run": "Das würde geschehen; geschrieben wurde nichts.",
        "changelog": "Was neu ist",
        "no_changelog": "Das Changelog der Vorlage lässt sich nicht lesen.",
        "empty_changelog": "Das Changelog der Vorlage sagt nichts dazu.",
        "by_hand": "Von Hand zu tun",
        "answers": "Antworten",
        "new_question": "{name}: {new} (neue Frage)",
        "no_question": "{name}: {old} (keine Frage mehr)",
        "updated": "Geändert",
        "would_be_updated": "Würde geändert",
        "added": "Neu",
        "would_be_added": "Käme neu dazu",
        "deleted": "Gelöscht",
        "would_be_deleted": "Würde gelöscht",
        "renamed": "In der Vorlage umbenannt; was ihr geändert habt, steht in der neuen Datei",
        "kept_deleted": "In der Vorlage geändert, aber von euch gelöscht: bleibt gelöscht",
        "saved": "Von euch, aufgehoben: in der neuen Version ist kein Platz dafür",
        "would_be_saved": "Von euch, würde aufgehoben: in der neuen Version ist kein Platz dafür",
        "deleted_why": "in der Vorlage gibt es die Datei nicht mehr",
        "renamed_why": "in der Vorlage heißt sie jetzt anders",
        "replaced_why": "die Vorlage hat dort jetzt etwas anderes",
        "saved_next": "Übernehmt daraus, was ihr noch braucht, und löscht sie dann.",
        "conflicts": "Konflikte",
        "content": "beide haben dieselben Zeilen geändert",
        "both_added": "beide haben sie angelegt",
        "binary": "beide haben sie geändert; dort liegt eure, die der Vorlage: {git} checkout --theirs -- {quoted}",
        "path": "nur auf einer Seite ein Link, ein Ordner oder eine Datei; das der Vorlage holt: "
        "{git} checkout --theirs -- {quoted}",
        "would_stay": "nicht auf beiden Seiten Text; eure bliebe, bis ihr entscheidet",
        "on_branch": "nicht auf beiden Seiten Text; dort liegt eure; ohne --branch ist auch die der Vorlage da",
        "conflicts_next": "Weiter: über diese Dateien entscheiden (wo Markierungen sind: <<<<<<< ist von euch,\n"
        ">>>>>>> ist {new}), jede mit `{git} add` abhaken, dann `{commit}`.",
        "clean_next": "Weiter: ansehen (`{git} diff --cached`), eure Prüfungen laufen lassen, dann `{commit}`.",
        "give_up": "Aufgeben, als wäre nichts gewesen: {command}",
        "branch": "Es steht auf dem Branch {branch}; euer Arbeitsverzeichnis ist unverändert.",
        "branch_conflicts": "Im Branch {branch} stehen die Konflikte mit ihren Markierungen; euer Arbeitsverzeichnis "
        "ist unverändert.\nWeiter: `{git} switch {branch}`, über diese Dateien entscheiden (wo Markierungen sind: "
        "<<<<<<< ist\nvon euch, >>>>>>> ist {new}), jede mit `{git} add` abhaken, dann `{git} commit`.",
        "subject": "Richtfest {old} -> {new}",
        "subject_conflicts": "Richtfest {old} -> {new}, mit offenen Konflikten",
    },
}

DONE = ("updated", "added", "deleted", "saved")
"""What `--dry-run` tells with other words, as it is not done."""


def tell(outcome: Updated) -> str:
    """The whole report."""
    words = WORDS[outcome.language]
    lines = [words["repaired"]] if outcome.repaired else []
    if not outcome.changed:
        return "\n".join([*lines, words["nothing"].format(folder=outcome.repository, new=outcome.to_version)])
    lines += _headline(outcome, words) + _by_hand(outcome, words)
    lines += _section(words["answers"], [_answer(name, *values, words) for name, values in outcome.answers.items()])
    titles = {name: words[f"would_be_{name}" if outcome.dry_run else name] for name in DONE}
    for name in ("updated", "added", "deleted"):
        lines += _section(titles[name], getattr(outcome, name))
    lines += _section(words["kept_deleted"], outcome.kept_deleted)
    lines += _section(words["renamed"], [f"{old} -> {new}" for old, new in outcome.renamed.items()])
    saved = [f"{one.path} -> {one.place} ({words[one.why + '_why']})" for one in outcome.saved]
    saved_next = [] if outcome.dry_run or not saved else [words["saved_next"]]
    lines += _section(titles["saved"], [*saved, *saved_next])
    lines += _section(words["conflicts"], [_conflict(one, outcome, words) for one in outcome.conflicts])
    return _printable("\n".join([*lines, "", *_next(outcome, words)]))


def commit_message(outcome: Updated) -> str:
    """The message of a commit that holds an update."""
    words = WORDS[outcome.language]
    subject = words["subject_conflicts" if outcome.conflicts else "subject"]
    lines = [subject.format(old=outcome.from_version, new=outcome.to_version)]
    lines += _changelog(outcome, words)
    lines += _by_hand(outcome, words)
    lines += _section(words["saved"], [f"{one.path} -> {one.place}" for one in outcome.saved])
    lines += _section(words["conflicts"], [one.path for one in outcome.conflicts])
    return _printable("\n".join(lines) + "\n")


def _headline(outcome: Updated, words: dict[str, str]) -> list[str]:
    lines = [words["from_to"].format(old=outcome.from_version, new=outcome.to_version)]
    if outcome.dry_run:
        lines.append(words["dry_run"])
    if outcome.changelog is None:
        return [*lines, words["no_changelog"]]
    if outcome.from_version == outcome.to_version:
        return lines
    if not outcome.changelog:
        return [*lines, words["empty_changelog"]]
    return lines + _changelog(outcome, words)


def _changelog(outcome: Updated, words: dict[str, str]) -> list[str]:
    lines: list[str] = []
    for number, entries in (outcome.changelog or {}).items():
        lines += [f"{number}:"] if len(outcome.changelog or {}) > 1 else []
        lines += [f"- {entry}" for entry in entries]
    return _section(words["changelog"], lines)


def _by_hand(outcome: Updated, words: dict[str, str]) -> list[str]:
    told = [f"{number}:\n\n{text}" for number, text in outcome.by_hand.items()]
    return _section(words["by_hand"], "\n\n".join(told).splitlines())


def _conflict(one: Conflict, outcome: Updated, words: dict[str, str]) -> str:
    kind = one.kind
    if kind in ("binary", "path") and (outcome.dry_run or outcome.branch):
        kind = "would_stay" if outcome.dry_run else "on_branch"  # git knows the sides of what is staged only
    why = words[kind].format(git=spoken(outcome.repository), quoted=shlex.quote(one.path))
    return f"{one.path} ({why})"


def _answer(name: str, old: object, new: object, words: dict[str, str]) -> str:
    if old is None or new is None:
        return words["new_question" if old is None else "no_question"].format(name=name, old=old, new=new)
    return f"{name}: {old} -> {new}"


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", title + ":", *(f"  {line}".rstrip() for line in lines)] if lines else []


def _next(outcome: Updated, words: dict[str, str]) -> list[str]:
    if outcome.dry_run:
        return []
    git = spoken(outcome.repository)
    subject = words["subject"].format(old=outcome.from_version, new=outcome.to_version)
    told = {"branch": outcome.branch, "new": outcome.to_version, "git": git, "commit": f'{git} commit -m "{subject}"'}
    if outcome.branch:
        lines = [words["branch_conflicts" if outcome.conflicts else "branch"].format(**told)]
    else:
        lines = [words["conflicts_next" if outcome.conflicts else "clean_next"].format(**told)]
    return [*lines, words["give_up"].format(command=outcome.give_up)]


def _printable(text: str) -> str:
    """Names of files that are no UTF-8 must not keep the rest from being told."""
    return os.fsencode(text).decode("utf-8", "replace")
