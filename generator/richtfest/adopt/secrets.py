"""Secrets that git keeps, or would keep with the next commit: names of files and variables, never a value."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from richtfest.adopt import git
from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect.findings import Why
from richtfest.detect.tree import Tree, is_foreign

ENVIRONMENT = re.compile(
    r"^\.env(\.(?!example|sample|template|dist|test|testing|ci|defaults?|schema)[\w.-]+)?$|^[\w-]+\.env$"
)
FOR_SHOW = re.compile(r"example|sample|template|dist|test|schema|default|\bci\b|dev", re.IGNORECASE)
KEYS = re.compile(r"^id_(rsa|dsa|ecdsa|ed25519)$|\.(pem|key|p12|pfx)$")
SECRET = re.compile(
    r"^(?:export\s+)?(?!(?:NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|PUBLIC|EXPO_PUBLIC)_)"
    r"(\w*(?:SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIAL)\w*)(?<!_FILE)(?<!_PATH)(?<!_URL)(?<!_ID)(?<!_NAME)"
    r"(?<!_MINUTES)(?<!_SECONDS)(?<!_HOURS)(?<!_DAYS)(?<!_EXPIRY)(?<!_ALGORITHM)(?<!_LENGTH)"
    r"[ \t]*=[ \t]*[\"']?([^\s\"'#]+)",
    re.MULTILINE,
)
PLACEHOLDER = re.compile(
    r"change|example|your|placeholder|xxx|dummy|todo|insert|replace|<|\$\{|\*\*\*|^(secret|password|postgres|root|admin|test|"
    r"null|none|true|false|redis|app|user|minio\w*|guest|\d{1,6}|mysecret\w*|s3cret|foo|bar|local\w*|dev\w*)$",
    re.IGNORECASE,
)
MOST = 5


def look(adoption: Adoption) -> Iterator[Suggestion]:
    """One suggestion that names them all."""
    tree = adoption.tree
    told = [why for path in _kept(tree) if (why := _secret(tree, path))]
    if told:
        more = f" (+{len(told) - MOST})" if len(told) > MOST else ""
        names = "; ".join(str(why) for why in told[:MOST]) + more
        yield Suggestion("secrets", None, {"names": names, "file": told[0].file})


def _kept(tree: Tree) -> list[str]:
    """The files that git has, and those that the next `git add` takes; without git those of the first folders."""
    names = git.files(tree.root, "--cached", "--others", "--exclude-standard")
    if names is None:
        places = [".", *tree.folders(), *(inner for child in tree.folders()[:50] for inner in tree.folders(child))]
        names = [path for place in places for path in tree.named(place, ".env*", "*.env", "*.pem", "*.key", "id_*")]
    return [name for name in names if _is_named_so(name) and not is_foreign(name)]


def _is_named_so(path: str) -> bool:
    name = PurePosixPath(path).name
    return bool((KEYS.search(name) or ENVIRONMENT.match(name)) and not FOR_SHOW.search(path))


def _secret(tree: Tree, path: str) -> Why | None:
    """The file, and all its variables that look like secrets with a value of their own, at the line of the first."""
    name = PurePosixPath(path).name
    if name.endswith((".p12", ".pfx")):
        return Why(path) if tree.has(path) else None
    text = tree.read(path) or ""
    if KEYS.search(name):
        rails = name == "master.key" or path.startswith("config/credentials/")
        return Why(path) if re.search(r"-----BEGIN [A-Z ]*PRIVATE KEY-----", text) or (rails and text) else None
    # The word itself, as in DB_PASSWORD=db_password, is no secret either.
    told = [one for one in SECRET.finditer(text)
            if not PLACEHOLDER.search(one[2]) and "password" not in one[2].lower() and ":" not in one[2]]  # fmt: skip
    names = ", ".join(dict.fromkeys(one[1] for one in told))
    return Why(path, text.count("\n", 0, told[0].start()) + 1, names) if told else None
