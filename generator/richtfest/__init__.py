"""Richtfest: the DevOps of a good platform team, generated into a team's own repository."""

__version__ = "0.1.0"
