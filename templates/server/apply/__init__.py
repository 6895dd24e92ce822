"""Puts a new configuration on this server: host, edge, release tool, monitoring, keys.

`cli.py` tells the story; every other module is one step of it. Run by scripts/apply.sh as root.
"""
