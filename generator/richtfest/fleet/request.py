"""A pull request at GitHub or a merge request at GitLab for a prepared branch, by the forge's own command line."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from richtfest.upgrade.git import Git, GitError


class NotOpened(Exception):
    """No request was opened. The message is one sentence for a person."""


@dataclass(frozen=True)
class Forge:
    """The words of a forge's command line. In them {branch}, {base}, {title} and {text} stand for themselves.

    `find` prints JSON: a list of open requests, each with its address in the field `address`.
    """

    name: str
    tool: str
    find: tuple[str, ...]
    address: str
    create: tuple[str, ...]


FORGES = {
    "github": Forge(
        "GitHub",
        "gh",
        ("pr", "list", "--head", "{branch}", "--state", "open", "--json", "url"),
        "url",
        ("pr", "create", "--head", "{branch}", "--base", "{base}", "--title", "{title}", "--body", "{text}"),
    ),
    "gitlab": Forge(
        "GitLab",
        "glab",
        ("mr", "list", "--source-branch", "{branch}", "--output", "json"),
        "web_url",
        ("mr", "create", "--source-branch", "{branch}", "--target-branch", "{base}", "--title", "{title}",
         "--description", "{text}", "--remove-source-branch", "--yes"),
    ),
}  # fmt: skip
"""By the answer to the question `ci`."""


def open_for(forge: Forge, folder: Path, branch: str, title: str, text: str) -> str:
    """Push a branch of a repository and open a request for it; the address of the request.

    Nothing but the update is pushed: what is checked out must be in the main branch of the forge already.

    Raises:
        NotOpened: nothing was pushed, unless the sentence says so.
    """
    if not shutil.which(forge.tool):
        raise NotOpened(f"{forge.tool} is not installed: push the branch {branch} yourself")
    git = Git(folder)
    try:
        base = _main_branch(git)
        git("fetch", "--quiet", "origin", f"refs/heads/{base}")
        if not git.succeeds("merge-base", "--is-ancestor", "HEAD", "FETCH_HEAD"):
            raise NotOpened(f"what is checked out has commits that {base} of origin lacks: nothing was pushed")
        words = {"branch": branch, "base": base, "title": title, "text": text}
        if found := json.loads(_run(forge, forge.find, words, folder) or "[]"):
            # What was resolved here goes along. Where somebody has pushed more, git refuses, and all of it is there.
            git.succeeds("push", "--quiet", "origin", f"refs/heads/{branch}:refs/heads/{branch}")
            return found[0][forge.address]
        git("push", "--quiet", "origin", f"refs/heads/{branch}:refs/heads/{branch}")
    except GitError as error:
        raise NotOpened(f"the branch {branch} was not pushed: {error}") from error
    except (ValueError, LookupError) as error:
        raise NotOpened(f"{forge.tool} did not say which requests there are") from error
    told = _run(forge, forge.create, words, folder).split()
    return next((word for word in reversed(told) if word.startswith("https://")), forge.name)


def _main_branch(git: Git) -> str:
    told = git.text("ls-remote", "--symref", "origin", "HEAD").split()
    if told[:1] != ["ref:"]:
        raise NotOpened("origin has no main branch yet: push it first")
    return told[1].removeprefix("refs/heads/")


def _run(forge: Forge, command: tuple[str, ...], words: dict[str, str], folder: Path) -> str:
    done = subprocess.run(
        [forge.tool, *(words[word[1:-1]] if word.startswith("{") else word for word in command)],
        cwd=folder,
        env=os.environ | {"GH_PROMPT_DISABLED": "1", "NO_COLOR": "1", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()] or ["no reason was given"]
        pushed = " (the branch is pushed)" if command is forge.create else ""
        raise NotOpened(f"{forge.tool} opened no request{pushed}: {lines[0]}")
    return done.stdout
