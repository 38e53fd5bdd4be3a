"""Numbers as people write them in dates: 3, ３, 三, 十二, 二〇一九."""

from __future__ import annotations

_DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "俩": 2, "元": 1}
_ONE_TO_ONE = str.maketrans(
    "０１２３４５６７８９．／－—–―‐・·號個兩後這內還剩過來間開為滿離於舊",
    "0123456789./-----..号个两后这内还剩过来间开为满离于旧",
)

DIGIT = "[〇零○一二三四五六七八九]"
UP_TO_31 = "(?:三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"


def flat(text: str) -> str:
    """Widths, dashes and traditional forms brought to one, position by position."""
    return text.translate(_ONE_TO_ONE)


def number(text: str) -> int:
    """The number a text states: decimal digits, digits one by one (二〇一九), or with tens (二十一)."""
    if text.isdecimal():
        return int(text)
    if "十" not in text:
        return int("".join(str(_DIGITS[digit]) for digit in text))
    tens, _, ones = text.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
