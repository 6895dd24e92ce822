"""The update of one member, prepared as a branch; its checkout is not touched."""

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from richtfest import standards
from richtfest.fleet import checkout, request
from richtfest.fleet.listing import Member
from richtfest.generate import ANSWERS_FILE
from richtfest.upgrade import Refused, update
from richtfest.upgrade.git import Git, GitError
from richtfest.upgrade.report import WORDS, commit_message
from richtfest.upgrade.result import CONFLICTS, REFUSED, UPDATED, Updated
from richtfest.upgrade.story import look

PREPARED, THERE, NEWEST, FAILED = "prepared", "there already", "newest", "refused"


@dataclass(frozen=True)
class Prepared:
    """What became of the update of a member.

    Attributes:
        name: of the member.
        where: its folder or address.
        result: `prepared`, `there already` (prepared by an earlier run), `newest` (nothing to do) or `refused`.
        folder: where the branch is; None: the member could not be had.
        from_version: what it comes from.
        to_version: what it goes to.
        branch: that holds the update; None: there is none.
        commit: of that branch.
        conflicts: files that are left to decide.
        request: address of the pull or merge request; None: none was opened.
        reason: why it was refused, or why no request was opened.
        notes: what is to be known besides, such as a house standard that has changed.
        title: of a request.
        text: of a request.
    """

    name: str
    where: str
    result: str
    folder: Path | None = None
    from_version: str | None = None
    to_version: str | None = None
    branch: str | None = None
    commit: str | None = None
    conflicts: list[str] = field(default_factory=list)
    request: str | None = None
    reason: str = ""
    notes: list[str] = field(default_factory=list)
    title: str = ""
    text: str = ""

    @property
    def exit_code(self) -> int:
        """As of `richtfest update`: 0, 3 with conflicts, 4 when it was refused or no request could be opened."""
        if self.result == FAILED or self.reason:
            return REFUSED
        return CONFLICTS if self.conflicts else UPDATED

    def as_dict(self) -> dict[str, Any]:
        """The same for a program, ready for JSON."""
        told = {name: value for name, value in vars(self).items() if name not in ("title", "text")}
        return told | {"folder": str(self.folder) if self.folder else None, "exit_code": self.exit_code}


def refused(member: Member, reason: str, folder: Path | None = None) -> Prepared:
    """The outcome of a member that was left as it was."""
    return Prepared(member.name, member.where, FAILED, folder, reason=reason)


def prepare(member: Member, to: str | None, branch: str | None) -> Prepared:
    """Prepare the update of a member on a branch, `template-<version>` unless it is named.

    What an earlier run has prepared is found again, also when somebody has resolved its conflicts meanwhile.
    """
    folder = None
    try:
        folder = checkout.have(member)
        versions = look(folder) if to is None else None
        if versions and not versions.changed:
            old = versions.from_version
            return Prepared(member.name, member.where, NEWEST, folder, old, old)
        named = branch or f"template-{versions.to_version if versions else 'v' + to.removeprefix('v')}"
        if found := _found_again(member, folder, named, versions.to_version if versions else to):
            return found
        outcome = _update(folder, to, named)
        if not outcome.changed:
            return Prepared(member.name, member.where, NEWEST, folder, outcome.from_version, outcome.to_version)
        return _prepared(member, folder, outcome)
    except (checkout.Unreachable, Refused, GitError) as error:
        return refused(member, str(error), folder)


def _update(folder: Path, to: str | None, branch: str) -> Updated:
    """As `update`, and the branch is gone again when somebody interrupts."""
    git = Git(folder)
    free = not git.succeeds("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}")
    try:
        return update(folder, to=to, branch=branch)
    except KeyboardInterrupt:
        if free:
            git.succeeds("update-ref", "-d", f"refs/heads/{branch}")
        raise


def _prepared(member: Member, folder: Path, outcome: Updated) -> Prepared:
    title, _, text = commit_message(outcome).partition("\n")
    return Prepared(
        member.name,
        member.where,
        PREPARED,
        folder,
        outcome.from_version,
        outcome.to_version,
        outcome.branch,
        outcome.commit,
        [conflict.path for conflict in outcome.conflicts],
        notes=standards.news(_answers(Git(folder))),
        title=title,
        text=text.strip(),
    )


def _found_again(member: Member, folder: Path, branch: str, version: str) -> Prepared | None:
    """The branch that holds this update already, with whatever somebody has committed on it since; None: there is none.

    Raises:
        Refused: there is such a branch, but it holds something else, or lacks what is checked out.
    """
    git = Git(folder)
    ref = f"refs/heads/{branch}"
    if member.is_remote:  # what the weekly job or a colleague has pushed; where ours has gone elsewhere git refuses
        git.succeeds("fetch", "--quiet", ".", f"refs/remotes/origin/{branch}:{ref}")
    if not git.succeeds("rev-parse", "--verify", "--quiet", ref):
        return None
    tip, before, after = git.text("rev-parse", "--verify", ref), _answers(git), _answers_or_none(git, ref)
    if str(after.get("_commit")).removeprefix("v") != version.removeprefix("v"):
        raise Refused(f"there is a branch {branch} already, with something else than this update: name another one")
    own = git.text("rev-list", "--first-parent", "--reverse", f"HEAD..{ref}").split()
    if not own and before.get("_commit") == after["_commit"]:  # merged already
        return Prepared(member.name, member.where, NEWEST, folder, after["_commit"], after["_commit"])
    if not own:
        return None
    if not git.succeeds("merge-base", "--is-ancestor", "HEAD", ref):
        raise Refused(_in_the_way(git, branch, own))
    conflicts = [path for path in git.paths("diff", "--name-only", "-z", "HEAD", tip) if _marked(git, tip, path)]
    title, text = _described(git, own[0], settled=not conflicts)
    return Prepared(
        member.name,
        member.where,
        THERE,
        folder,
        before.get("_commit"),
        after["_commit"],
        branch,
        tip,
        conflicts,
        notes=standards.news(before),
        title=title,
        text=text,
    )


def _in_the_way(git: Git, branch: str, own: list[str]) -> str:
    """Why the branch of an earlier run cannot be taken as it is: work of a person is never to be deleted."""
    why = f"there is a branch {branch} already, and the repository has gone on since"
    authored, committed = git.text("log", "-1", "--format=%at %ct", own[0]).split()
    if len(own) > 1 or authored != committed:
        return f"{why}; somebody has worked on it: merge it, or merge what is checked out into it"
    return f"{why}: delete it with `git -C {shlex.quote(str(git.folder))} branch -D {branch}`, and run this again"


def _described(git: Git, commit: str, settled: bool) -> tuple[str, str]:
    """Title and text of an update from the message of its commit; without the conflicts when those are settled."""
    title, _, text = git.text("log", "-1", "--format=%B", commit).partition("\n")
    if settled:
        for words in WORDS.values():
            title = title.removesuffix(words["subject_conflicts"].removeprefix(words["subject"]))
            text = text.partition(f"\n{words['conflicts']}:\n")[0]
    return title, text.strip()


def _marked(git: Git, commit: str, path: str) -> bool:
    return git.succeeds("grep", "--quiet", "-I", "-e", "^<<<<<<< ", commit, "--", f":(top,literal){path}")


def _answers(git: Git, commit: str = "HEAD") -> dict[str, Any]:
    """The answers of a commit, with the version that they are of."""
    return yaml.safe_load(git("show", f"{commit}:./{ANSWERS_FILE}")) or {}


def _answers_or_none(git: Git, commit: str) -> dict[str, Any]:
    """The answers of a commit that anybody may have made: none where there are none to read."""
    try:
        answers = _answers(git, commit)
    except (GitError, yaml.YAMLError):
        return {}
    return answers if isinstance(answers, dict) else {}


def take_back(prepared: Any) -> None:
    """Delete the branch that this run has made, unless somebody has worked on it since; anything else is no matter."""
    if (
        isinstance(prepared, Prepared)
        and prepared.result == PREPARED
        and prepared.folder
        and prepared.branch
        and prepared.commit
    ):
        Git(prepared.folder).succeeds("update-ref", "-d", f"refs/heads/{prepared.branch}", prepared.commit)


def publish(prepared: Prepared) -> str:
    """Push the branch and open a request for it; the request's address. One that is open already is found again.

    Raises:
        request.NotOpened: with a sentence that says why.
    """
    forge = request.FORGES.get(_answers(Git(prepared.folder)).get("ci"))
    if forge is None:
        raise request.NotOpened(f"{prepared.folder} does not say whether it is at GitHub or GitLab")
    return request.open_for(forge, prepared.folder, prepared.branch, prepared.title, prepared.text)
