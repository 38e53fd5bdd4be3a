"""Says in Chinese, and of the line where it began, what is wrong with a file that is no YAML."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

_COLON = "冒号要用半角的“:”，后面空一格"
_ALIAS = "以 * 或 & 开头的文字要加引号"
_KEY = r"\s*(?:- )?[\w-]+"
_WRITTEN = (
    (re.compile(rf"{_KEY}\s*："), _COLON),
    (re.compile(rf"{_KEY}:(?!//)\S"), "冒号后面要空一格"),
    (re.compile(r"\s*-[A-Za-z]"), "“-”后面要空一格"),
    (re.compile(rf"{_KEY}:\s*[｛［【]"), "括号要用半角的 { } 或 [ ]"),
    (re.compile(r" *\t"), "不能用 Tab 缩进，请换成空格"),
)
"""How a line is written that the parser stumbles over, there or on the next line; and what to say."""
_STUMBLED = (
    ("quoted scalar", "这里开始的引号没有收尾"),
    ("flow sequence", "这里开始的方括号没有收尾，或者里面少了逗号"),
    ("flow mapping", "这里开始的花括号没有收尾，或者里面少了逗号"),
    ("simple key", "这一行少了冒号"),
)
"""What the parser was reading, which began on the line to tell; and what to say."""
_FOUND = (
    ("mapping values are not allowed", "这一行多了一个冒号；文字里有冒号的，请给整段文字加引号"),
    ("cannot start any token", "以符号开头的文字要加引号"),
    ("alphabetic or numeric", _ALIAS),
    ("undefined alias", _ALIAS),
    ("expected", "缩进和上面对不齐，或者引号、括号后面多了字，或者上面有引号没有收尾"),
)
"""What the parser found where it stopped; and what to say."""


def explained(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """The line, and what to do about it."""
    stopped = _line(error.problem_mark) or 1
    began = _line(error.context_mark) or stopped
    if known := _written(text.splitlines(), (began, stopped, stopped - 1)):
        return known
    for sign, words in _STUMBLED:
        if sign in (error.context or ""):
            return began, words
    return stopped, next((words for sign, words in _FOUND if sign in (error.problem or "")), str(error.problem))


def control_character(error: yaml.reader.ReaderError, text: str) -> tuple[int, str]:
    """The line with a character that no text has, and what to do about it."""
    return text[: text.find(chr(error.character))].count("\n") + 1, "这一行有看不见的控制字符，请删去"


def _line(mark: yaml.Mark | None) -> int:
    return mark.line + 1 if mark else 0


def _written(lines: Sequence[str], numbers: Sequence[int]) -> tuple[int, str] | None:
    for number in numbers:
        for pattern, words in _WRITTEN:
            if 0 < number <= len(lines) and pattern.match(lines[number - 1]):
                return number, words
    return None
