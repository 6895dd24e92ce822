"""How an apply can fail."""


class Invalid(Exception):
    """The new configuration is refused, or does not work; the old one is in force."""
