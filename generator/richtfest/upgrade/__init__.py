"""Upgrades that lose nothing: a repository is brought to a newer version of the template that made it.

    from richtfest.upgrade import Refused, Updated, update

`update` is the whole story, `look` only its first line; the other modules hold one noun each: the team's `project`,
the template's `origin`, its `changelog` and its `questions`, a `rendering` of one version, the `merge`, what is
`saved`, the `transfer` into the team's tree or onto a `branch`, the `result` and the `report` of it.
`drift` stands beside it.
"""

from richtfest.upgrade.errors import Refused
from richtfest.upgrade.result import Conflict, Saved, Updated
from richtfest.upgrade.story import look, update

__all__ = ["Conflict", "Refused", "Saved", "Updated", "look", "update"]
