"""The command line's own words in Chinese: usage, options, and what is wrong with a call."""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

from bot import wording as w

_SAID = tuple((re.compile(pattern, re.S), chinese) for pattern, chinese in w.CLI_WRONG_CALLS)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese; its commands are parsers of the same kind."""

    def __init__(self, *, prog: str | None = None, description: str | None = None, help: str | None = None) -> None:
        super().__init__(prog=prog, description=description, add_help=False, formatter_class=_Formatter)
        self.add_argument("-h", "--help", action="help", help=w.CLI_HELP)
        self._optionals.title, self._positionals.title = w.CLI_OPTIONS, w.CLI_ARGUMENTS

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end."""
        self.exit(2, f"{self.format_usage()}{said(message)}\n{w.CLI_SEE_HELP.format(command=self.prog)}\n")


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: object, groups: object, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, w.CLI_USAGE if prefix is None else prefix)  # type: ignore[arg-type]


def said(message: str) -> str:
    """A message of argparse in Chinese; one that is not known, as it is."""
    for pattern, chinese in _SAID:
        if found := pattern.fullmatch(message):
            return chinese.format(*found.groups())
    return message
