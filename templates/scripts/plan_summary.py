"""Tells from `terraform show -json PLAN` what a plan does: counts, addresses and names, never a value.

python3 plan_summary.py <environment> summary     what it does, for people
python3 plan_summary.py <environment> losses      what it deletes or replaces that cannot simply be made again
python3 plan_summary.py <environment> passwords   what it gives a new password
"""

import json
import re
import sys

WORDS = {
    ("create",): "create",
    ("update",): "change",
    ("delete",): "delete",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("forget",): "forget",
}
MADE_AGAIN = re.compile("record|rrset|rule|rdns|key|firewall|secgroup|security_group|private_nic|privilege")
"""In the name of a kind: nothing is lost with it. What is not known here counts as a loss."""


def changes(plan):
    """Every resource that the plan touches, with the word for what it does to it."""
    for resource in plan.get("resource_changes", []):
        word = WORDS.get(tuple(resource["change"]["actions"]))
        if word:
            yield word, resource


def names(change):
    """The arguments that a change touches or that force a replacement."""
    forced = {str(path[0]) for path in change.get("replace_paths") or []}
    if forced:
        return sorted(forced)
    before, after, unknown = change["before"], change["after"], change.get("after_unknown") or {}
    if not (before and after):
        return []
    return sorted(n for n in before.keys() | after.keys() if before.get(n) != after.get(n) or unknown.get(n))


def summary(environment, plan):
    """The lines of the summary."""
    steps = [(word, resource["address"], names(resource["change"])) for word, resource in changes(plan)]
    if not steps:
        yield f"{environment}: the infrastructure is as it should be, nothing to do"
    else:
        counts = {word: sum(step[0] == word for step in steps) for word in WORDS.values()}
        yield f"{environment}: " + ", ".join(f"{count} to {word}" for word, count in counts.items() if count)
        yield ""
    for word, address, touched in steps:
        yield f"- {word} `{address}`" + (f" ({', '.join(touched)})" if touched else "")
    outputs = [n for n, c in (plan.get("output_changes") or {}).items() if c["actions"] in (["update"], ["delete"])]
    if outputs:
        yield "- outputs that change: " + ", ".join(sorted(outputs))
    if any(word in ("delete", "replace") for word, _, _ in steps):
        yield ""
        yield "WARNING: this deletes something. Read the lines with delete and replace before you apply."


def losses(_, plan):
    """The lines of the summary that take something away for good; what was never finished may go."""
    for word, resource in changes(plan):
        unfinished = resource.get("action_reason") == "replace_because_tainted"
        if word in ("delete", "replace") and not unfinished and not MADE_AGAIN.search(resource["type"]):
            yield f"- {word} {resource['address']}"


def passwords(_, plan):
    """The addresses of what gets a password that is kept in no plan and no state: its version is a new one."""
    for _, resource in changes(plan):
        before, after = resource["change"]["before"] or {}, resource["change"]["after"] or {}
        if any(name.endswith("_wo_version") and after[name] != before.get(name) for name in after):
            yield resource["address"]


TOLD = {"summary": summary, "losses": losses, "passwords": passwords}
print("\n".join(TOLD[sys.argv[2]](sys.argv[1], json.load(sys.stdin))))
