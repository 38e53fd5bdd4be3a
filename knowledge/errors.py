"""The root of the exception tree: what goes wrong in a way that a person can mend says, in its message, how."""

from __future__ import annotations


class XiaoanError(Exception):
    """小安 can't do it; the message is in Chinese and says what to do."""


class FilesError(XiaoanError):
    """Files of ours can't be used; the message lists every mistake, one a line, with file and line."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class KnowledgeError(FilesError):
    """The knowledge can't be used."""
