"""The one error of an update that a person can do something about."""


class Refused(Exception):
    """The update was refused; nothing was changed. The message says what, where and what to do.

    Attributes:
        details: lines that belong below the sentence, such as the files that are in the way.
    """

    def __init__(self, sentence: str, details: list[str] | None = None):
        """Say why, and list what is meant."""
        super().__init__(sentence)
        self.details = details or []
