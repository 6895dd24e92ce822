"""How a verb can end. Each way has a stable exit code and one sentence for a person."""

DONE, NOTHING_CHANGED, ROLLED_BACK, LOCKED, REFUSED = 0, 1, 3, 4, 5


class Stop(Exception):
    """Ends a verb. The message is the sentence; `code` the exit code."""

    code = NOTHING_CHANGED


class Failed(Stop):
    """Something was not good enough; what served before serves still."""


class Interrupted(Stop):
    """A person pressed Ctrl-C, or the server is shutting down."""


class RolledBack(Stop):
    """The new release had traffic, failed its watch, and the former one serves again."""

    code = ROLLED_BACK


class Locked(Stop):
    """Somebody else is releasing."""

    code = LOCKED


class Refused(Stop):
    """The request is not allowed or makes no sense; nothing was tried."""

    code = REFUSED
