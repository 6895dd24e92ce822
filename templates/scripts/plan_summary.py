"""Tells from `terraform show -json PLAN` what a plan does: counts, addresses and names, never a value."""

import json
import sys

WORDS = {
    ("create",): "create",
    ("update",): "change",
    ("delete",): "delete",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("forget",): "forget",
}


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
    steps = []
    for resource in plan.get("resource_changes", []):
        word = WORDS.get(tuple(resource["change"]["actions"]))
        if word:
            steps.append((word, resource["address"], names(resource["change"])))
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


print("\n".join(summary(sys.argv[1], json.load(sys.stdin))))
