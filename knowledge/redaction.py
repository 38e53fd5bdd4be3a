"""Takes out of a text what could tell who wrote it, before anything is stored, logged or forwarded."""

from __future__ import annotations

import re

from knowledge.name_finding import APART, find_name, likely_names, named
from knowledge.name_readings import NameReadings

NAME, ID, PHONE, MAIL, NUMBER = "〔姓名〕", "〔身份证号〕", "〔电话〕", "〔邮箱〕", "〔号码〕"

_D = "[0-9０-９]"
_GAP = r"[ \u3000\-－–—‐‑._．·]{0,3}"
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]|(?<=[0-9])\ufe0f?\u20e3")
_STYLED = {0x1D7CE + n: str(n % 10) for n in range(50)}
"""Bold and other digits of mathematics; keycaps are digits with a mark behind."""
_MAIL = re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]+[@＠][A-Za-z0-9\-]+(?:[.．][A-Za-z0-9\-]+)+")
_RUN = re.compile(rf"[+＋]?{_D}(?:{_GAP}{_D})*(?:{_GAP}[Xxⅹ×ＸｘХх](?![A-Za-z]))?")
_BRACKETED = re.compile(rf"[(（]\s*({_D}{{3,4}})\s*[)）]{_GAP}({_D}{{3,4}}{_GAP}{_D}{{4}})(?!{_D})")
_LOCAL = re.compile(rf"((?:电话|座机|热线|号码|联系方式|联系我)[是为:：\s]*)({_D}{{7,8}})(?!{_D})")
_SPELT = re.compile("[〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖0-9]{11,}")
_NUMERAL = "[〇零一二三四五六七八九幺两]"
_SPELT_APART = re.compile(rf"[一幺]{_NUMERAL}{{2}}[ \u3000\-]{_NUMERAL}{{4}}[ \u3000\-]{_NUMERAL}{{4}}")
_SLASHED = re.compile(r"(?<![0-9])1[3-9][0-9]([，,、/／])[0-9]{4}\1[0-9]{4}(?![0-9])")
_ALIKE = re.compile(r"(?<![A-Za-z0-9])[0-9OoIl]{17}[0-9OoIlXx](?![A-Za-z0-9])")
_DIGITS_ALIKE = str.maketrans("OoIlx", "0011X")
_NOBODYS = re.compile(
    r"(信用代码[号是为:：\s]{0,3}9[0-9A-Z]{17}(?![0-9A-Za-z])|ISBN[号:：\s]{0,3}97[89][0-9\- ]{9,14}[0-9](?![0-9])"
    r"|(?<![0-9])[1-9][0-9]{8,11}(?=[ ]?(?:元(?!旦)|万元|块钱)))",
    re.IGNORECASE,
)
"""Numbers of companies, books and sums of money."""
_ACCOUNT = re.compile(r"((?:微信|薇信|v信|wx|vx|加v|qq|扣扣)[号是为:：\s]*)([a-z0-9_\-]{5,20})", re.I)
_PAPER = re.compile(
    r"((?:护照|军官证|通行证|台胞证|回乡证)[号码是为:：\s]*)"
    r"((?:[A-Za-z]{1,2}|[南北兰成济广沈海空])?[字第]*\s?\d{6,10}号?)"
)
_OTHERS = re.compile(r"(?:同事|领导|老公|老婆|爱人|朋友|徒弟|师傅|师父|他|她)(?=(?:名字|姓名)?叫)")

_LONGEST_WRITTEN = 100
"""Characters that an ID or telephone number takes at most, with what stands between its digits."""
_TELLING = 40
"""Characters behind «他叫» in which a name is told."""
_ANNOUNCED = re.compile(
    r"(?:我?的?(?:身份证号?码?(?:是|为|[:：])|(?:手机|电话)号?码?(?:是|为|[:：])?|(?:联系方式|邮箱)(?:是|为|[:：])?)\s*)?"
    rf"(?:{'|'.join((ID, PHONE, MAIL, NUMBER))})[,，。;；、\s]*"
)
_SHORTEST, _LONGEST = 10, 22
"""Digits of what groups make together: of a service line, and of an ID number with something before it."""
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_GROUP = re.compile(rf"{_D}+|[Xxⅹ×ＸｘХх]")
_BIRTH = r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_LONG = re.compile(rf"[1-9]\d{{5}}{_BIRTH}\d{{3}}[\dX]")
_MOBILE = re.compile(r"(?:0?0?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:0?0?86)?0?(?:10|2\d|[3-9]\d\d)\d{7,8}")
_SERVICE = re.compile(r"[48]00\d{7}")


def redact(text: str, readings: NameReadings, most: int | None = None) -> str:
    """The text with names, ID numbers, telephone numbers and mail addresses replaced by what they are.

    Args:
        most: so many characters of it at most; a number that reaches beyond them is taken out as a whole.
    """
    if most is None:
        return _names(_without_numbers(text), readings)
    return _names(_without_numbers(text[: most + _LONGEST_WRITTEN]), readings)[:most]


def without_numbers(text: str) -> str:
    """The text without ID numbers, telephone numbers and mail addresses, and the words that announce them."""
    return _ANNOUNCED.sub("", _without_numbers(text))


def plain_digits(text: str) -> str:
    """The text without what can't be seen, digits of another style as they usually are."""
    return _INVISIBLE.sub("", text.translate(_STYLED))


def _without_numbers(text: str) -> str:
    parts = _NOBODYS.split(plain_digits(text))
    return "".join(part if nth % 2 else _scrubbed(part) for nth, part in enumerate(parts))


def _scrubbed(text: str) -> str:
    plain = _MAIL.sub(MAIL, text)
    plain = _ALIKE.sub(lambda found: _unlike(found.group()), _SLASHED.sub(PHONE, plain))
    plain = _PAPER.sub(rf"\g<1>{NUMBER}", _ACCOUNT.sub(rf"\g<1>{NUMBER}", plain))
    plain = _BRACKETED.sub(PHONE, plain)
    plain = _RUN.sub(lambda found: _numbers(found.group()), plain)
    plain = _LOCAL.sub(rf"\g<1>{PHONE}", plain)
    return _SPELT.sub(NUMBER, _SPELT_APART.sub(NUMBER, plain))


def _unlike(number: str) -> str:
    """An ID number in which letters stand for digits; anything else as it is."""
    return ID if _ID_LONG.fullmatch(number.translate(_DIGITS_ALIKE)) else number


def _names(text: str, readings: NameReadings) -> str:
    """Each name told as one's own, wherever it stands; then those of others that are told the same way."""
    text = APART.sub(f"姓{NAME}", text)
    while name := find_name(text, readings):
        text = text.replace(name, NAME)
    for found in reversed(list(_OTHERS.finditer(text))):
        told = text[found.end() : found.end() + _TELLING]
        if name := find_name("我" + told.removeprefix("名字").removeprefix("姓名"), readings):
            text = text[: found.end()] + text[found.end() :].replace(name, NAME)
    for name in (*likely_names(text, readings), *named(text, readings)):
        text = text.replace(name, NAME)
    return text


def _numbers(run: str) -> str:
    """A run of digits with blanks or dashes between: the longest number that groups make, from the left."""
    groups = list(_GROUP.finditer(run))
    digits = [_plain(group.group()) for group in groups]
    marks = [_alone(number) for number in digits]
    out: list[str] = []
    at, done = 0, 0
    while at < len(groups):
        end, mark = _take(digits, marks, at)
        if mark:
            start = 0 if at == 0 else groups[at].start()  # the + of +86 goes too
            out += [run[done:start], mark]
            done = groups[end - 1].end()
        at = end
    return "".join(out) + run[done:]


def _plain(group: str) -> str:
    digits = group.translate(_FULL_WIDTH)
    return digits if digits[0].isdigit() else "X"


def _take(digits: list[str], marks: list[str], at: int) -> tuple[int, str]:
    """Where the number that begins at a group ends, and what it is; empty if it is none of ours."""
    if digits[at + 1 : at + 2] == ["X"] and len(digits[at]) == 17:
        return at + 2, ID
    if digits[at] in ("86", "0086") and marks[at + 1 : at + 2] == [PHONE]:
        return at + 2, PHONE
    if marks[at]:
        return at + 1, marks[at]
    for end in reversed(_ends(digits, marks, at)):
        if mark := _joined(digits[at:end]):
            return end, mark
    return at + 1, ""


def _ends(digits: list[str], marks: list[str], at: int) -> list[int]:
    """Up to where groups, none of which is a number alone, may make one together."""
    ends, length = list[int](), len(digits[at])
    for end in range(at + 1, len(digits)):
        length += len(digits[end])
        if length > _LONGEST or marks[end]:
            break
        if length >= _SHORTEST:
            ends.append(end + 1)
    return ends


def _alone(number: str) -> str:
    """What digits without a gap are."""
    if len(number) in (15, 18):
        return ID
    if _MOBILE.fullmatch(number) or _SERVICE.fullmatch(number):
        return PHONE
    if len(number) != 11 and number.startswith("0") and _LANDLINE.fullmatch(number):
        return PHONE  # of 11 digits it may as well be a registration certificate's number
    return NUMBER if len(number) >= 11 else ""


def _joined(parts: list[str]) -> str:
    """What groups of digits make together; stricter, since dates and counts stand side by side too."""
    number = "".join(parts)
    if _ID_LONG.fullmatch(number):
        return ID
    apart = len(parts) == len(number)  # 1 3 8 0 …
    if (apart or len(parts[0]) > 2 or parts[0] == "86") and (_MOBILE.fullmatch(number) or _SERVICE.fullmatch(number)):
        return PHONE
    area = parts[1] if parts[0] in ("86", "0086") and len(parts) > 2 else parts[0]
    if re.fullmatch(r"0\d{2,3}", area) and _LANDLINE.fullmatch(number):
        return PHONE
    date_like = any(len(part) < 3 or re.match(r"19|20", part) for part in parts)
    return NUMBER if len(number) >= 11 and not date_like else ""
