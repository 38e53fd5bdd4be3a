"""Tables for a terminal, aligned also where a character takes two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence


def width(text: str) -> int:
    """How many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows as aligned lines: the first column to the left, numbers to the right."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [" " * (w - width(cell)) + cell for cell, w in zip(row, widths, strict=True)]
        cells[0] = row[0] + " " * (widths[0] - width(row[0]))
        yield "  ".join(cells).rstrip()
