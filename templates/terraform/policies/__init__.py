"""Rules of this repository for checkov, which has none for these clouds: one file per rule, read by scripts/checks.sh.

A rule that must not hold somewhere is skipped there with its reason: "#checkov:skip=CKV_OWN_1:why" in the resource.
"""
