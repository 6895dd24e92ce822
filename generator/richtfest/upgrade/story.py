"""The story of an update: look, render, merge, save, and only then touch the team's repository."""

import json
import os
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

from richtfest.generate import OUR_FOLDERS
from richtfest.upgrade import branch as branches
from richtfest.upgrade import changelog, transfer
from richtfest.upgrade.errors import Refused
from richtfest.upgrade.git import GitError, spoken
from richtfest.upgrade.merge import Merged, Workshop, merge
from richtfest.upgrade.origin import Origin, number_of, open_origin
from richtfest.upgrade.project import Project, open_project
from richtfest.upgrade.questions import accepts, never_accepted, settled
from richtfest.upgrade.rendering import Rendering, render, scratch
from richtfest.upgrade.report import commit_message
from richtfest.upgrade.result import Updated
from richtfest.upgrade.saved import save


def update(
    repository: Path,
    *,
    to: str | None = None,
    branch: str | None = None,
    answers: dict[str, Any] | None = None,
    dry_run: bool = False,
) -> Updated:
    """Bring a generated repository to a newer version of its template, losing nothing that the team wrote.

    Everything happens aside; the repository is touched by one short last step. Copier changes the working directory
    of the process while it renders: update several repositories in processes, not in threads.

    Args:
        repository: the folder that holds the answers file.
        to: a tag of the template; the newest release when it is not given.
        branch: commit the outcome on this new branch and leave the checkout as it is; it need not be clean then.
        answers: answers to change, by name.
        dry_run: do everything and write nothing.

    Raises:
        Refused: with a sentence that says why; the repository is as it was.
    """
    try:
        return _update(repository, to, branch, answers or {}, dry_run)
    except GitError as error:
        raise Refused(f"git could not do its part in {repository}: {error}") from error
    except OSError as error:
        raise Refused(f"a file cannot be read or written: {error}") from error


def _update(repository: Path, to: str | None, branch: str | None, given: dict[str, Any], dry_run: bool) -> Updated:
    project = open_project(repository)
    repaired = transfer.repair(project)
    source = str(project.recorded["_src_path"])
    if branch:
        branches.require_free(project, branch)
    else:
        project.require_clean()
    origin = open_origin(source)
    outcome = _between(project, origin, to)
    outcome = replace(outcome, repaired=repaired, dry_run=dry_run)
    if outcome.from_version == outcome.to_version and not given:
        return outcome
    with scratch() as place:
        was, now = _render_both(project, origin, outcome, given, place)
        workshop = Workshop(place / "merge", project)
        merged = merge(workshop, was, now, outcome.to_version)
        if merged.after == merged.before:
            return outcome  # the answers given are those that it has
        saved = save(merged, workshop, outcome.to_version)
        outcome = replace(
            outcome,
            changed=True,
            saved=saved,
            changelog=_changelog(origin, outcome),
            by_hand=_by_hand(origin, outcome),
            answers=_changed_answers(project.answers, now.answers),
            **_lists(merged, project),
        )
        if dry_run:
            return outcome
        if branch:
            commit = branches.commit(merged, workshop, branch, commit_message(outcome), place)
            return replace(outcome, branch=branch, commit=commit, give_up=_give_up_branch(project, branch))
        project.require_clean()  # it took some seconds
        transfer.bring_over(merged, workshop)
    return replace(outcome, give_up=project.give_up)


def look(repository: Path) -> Updated:
    """Say between which versions an update would go, and what the changelog tells; renders and touches nothing.

    `changed` is true when a newer version is there.

    Raises:
        Refused: with a sentence that says why it cannot be known.
    """
    project = open_project(repository)
    origin = open_origin(str(project.recorded["_src_path"]))
    outcome = _between(project, origin, None)
    newer = outcome.from_version != outcome.to_version
    return replace(
        outcome, changed=newer, changelog=_changelog(origin, outcome), by_hand=_by_hand(origin, outcome), dry_run=True
    )


def _between(project: Project, origin: Origin, to: str | None) -> Updated:
    """An outcome that knows its versions only."""
    old = str(project.recorded["_commit"])
    origin.require(old, project.folder)
    new = _wanted(origin, to) if to else origin.newest() or old
    if new != old and origin.is_older(new, old):
        if to:
            raise Refused(f"{new} is older than {old}, which made {project.folder}: there is no way back by an update")
        new = old  # of a version that is no release yet
    return Updated(project.folder, old, new, changed=False, language=project.language)


def _wanted(origin: Origin, to: str) -> str:
    for version in (to, f"v{to}"):
        if number_of(version) is not None and origin.has(version):
            return version
    raise Refused(f"there is no version {to} of {origin.shown}; the newest is {origin.newest()}")


def _render_both(
    project: Project, origin: Origin, outcome: Updated, given: dict[str, Any], place: Path
) -> tuple[Rendering, Rendering]:
    """The version that made the repository, and the new one, each with the answers that go with it."""
    old, new = outcome.from_version, outcome.to_version
    by_hand = project.answers_changed_by_hand()
    if left := [name for name in by_hand if name not in given]:
        raise Refused(
            f"answers were changed by hand in {project.answers_file}, and no file has followed them: put them back, or "
            "have the files follow with -d name=value",
            [f"{name}: {by_hand[name][0]!r} became {by_hand[name][1]!r}" for name in left],
        )
    more = settled(origin, new, project.folder, project.answers, given)
    inside = f"{project.root.name}/{project.subfolder}"
    now = render(origin, new, place / "now" / inside, recorded=project.answers_text, answers=more)
    _claim_origin(now, project, origin)
    former = project.answers | {name: before for name, (before, _) in by_hand.items()}
    for name in given.keys() & former.keys():
        if not accepts(origin, old, project.folder, name, former[name]):
            former[name] = given[name]  # a slip in the answers file, mended by this update
    # What a new version leaves out on purpose stays in repositories that have it.
    left_out = origin.settings(new).get("_exclude") or []
    try:
        was = render(origin, old, place / "was" / inside, answers=former, exclude=left_out)
    except Refused as reason:
        raise never_accepted(origin, old, project.folder, project.answers, reason) from reason
    _claim_origin(was, project, origin)
    if now.answers.get("own_dockerfile") and not was.answers.get("own_dockerfile", True):
        _hand_over_image(was, now)
    return was, now


def _hand_over_image(was: Rendering, now: Rendering) -> None:
    """What built the image is the team's own from now on: the template never had it, so it stays where it is."""
    for file in list(was.folder.rglob("*")):
        name = file.relative_to(was.folder).as_posix()
        if not file.is_dir() and not name.startswith(OUR_FOLDERS) and not os.path.lexists(now.folder / name):
            file.unlink()


def _claim_origin(rendering: Rendering, project: Project, origin: Origin) -> None:
    """Record the template as the repository knows it: it was rendered from the copy on this machine."""
    file = rendering.folder / project.answers_file.name
    recorded = project.answers_text.splitlines(keepends=True)
    line = next((told for told in recorded if told.startswith("_src_path:")), f"_src_path: {json.dumps(origin.url)}\n")
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(line if told.startswith("_src_path:") else told for told in lines), "utf-8")


def _changelog(origin: Origin, outcome: Updated) -> dict[str, list[str]] | None:
    sections = _sections(origin, outcome, "CHANGELOG.md")
    told = {number: changelog.entries(section) for number, section in (sections or {}).items()}
    return {number: entries for number, entries in told.items() if entries} if sections is not None else None


def _by_hand(origin: Origin, outcome: Updated) -> dict[str, str]:
    return _sections(origin, outcome, "MIGRATING.md") or {}  # a template need not have one


def _sections(origin: Origin, outcome: Updated, file: str) -> dict[str, str] | None:
    """What a file of the new version says of each version between; None when it cannot be read."""
    try:
        text = origin.read(outcome.to_version, file)
    except (GitError, UnicodeDecodeError):
        return None
    return changelog.sections_between(text, origin.number(outcome.from_version), origin.number(outcome.to_version))


def _changed_answers(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = dict.fromkeys([*before, *after])
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}


def _lists(merged: Merged, project: Project) -> dict[str, Any]:
    """The lists of an outcome, with paths from the folder of the project."""

    def inside(path: str) -> str:
        return path.removeprefix(project.subfolder)

    before, after = merged.before, merged.after
    renamed = {
        old: new
        for old, new in merged.renamed.items()
        if old in before and old not in after and new in after and new not in before
    }
    conflicts = {conflict.path for conflict in merged.conflicts}
    places = {path for path in after if path.startswith(f"{project.subfolder}.richtfest/saved/")}
    new = after.keys() - before.keys() - conflicts - set(renamed.values()) - places
    return {
        "updated": sorted(inside(p) for p in before.keys() & after.keys() - conflicts if before[p] != after[p]),
        "added": sorted(inside(path) for path in new),
        "deleted": sorted(inside(path) for path in before.keys() - after.keys() - renamed.keys()),
        "renamed": {inside(old): inside(new) for old, new in sorted(renamed.items())},
        "conflicts": [replace(conflict, path=inside(conflict.path)) for conflict in merged.conflicts],
        "kept_deleted": [inside(path) for path in merged.kept_deleted],
    }


def _give_up_branch(project: Project, branch: str) -> str:
    return f"{spoken(project.folder)} branch -D {shlex.quote(branch)}"
