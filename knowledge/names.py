"""The first letters of a name's pinyin, which is what the system's default password is made of.

Nobody outside has seen the system's own reading table, so a doubtful reading is offered with its alternatives.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from knowledge.name_finding import DOTS, find_name
from knowledge.name_readings import NameReadings, first_letter
from knowledge.text import simple, toneless

LONGEST = 15
UNKNOWN = "?"
_HOLDERS = "*□■�×○"
_ALTERNATIVES = 5
_EXPANDED = 4096  # combinations looked at, so that no input is slow

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LEAD = re.compile(
    r"^(?:你好|您好)?[,，、!！ ]*"
    r"(?:我?的?(?:名字|姓名|全名|大名)(?:叫做?|是|为|[:：])|我(?:名|是)?叫做?|我是|本人(?:叫做?|是)?|叫做?|姓名)[:：]?\s*"
)
_TITLE = r"(?:先生|女士|小姐|同志)"
_TAIL = re.compile(_TITLE + "$")
_TITLE_ONLY = re.compile(f"^.(?:{_TITLE}|工|总|某某?)$")
_PUNCTUATION = " ,，、!！?？~～;；:：\"“”'‘’《》<>"
_TOLD_READING = re.compile(
    r"(?P<of>[\u3400-\u9fff])[\s,，、(（是字]{0,3}(?:念|读作?|讀作?|音)[\s:：“\"'‘「『成做]{0,3}"
    r"(?P<sound>[a-zA-Z\u00e0-\u01dc]{1,6}|[\u3400-\u9fff])"
)
"""«单读山», «姓乐，读“月”», «查（读zhā）»."""
_BRACKET = re.compile(r"[(\[【〔〈]\s*([^)\]】〕〉]{1,8})\s*[)\]】〕〉]")
_SENTENCE = re.compile(
    r"[,，;；!！?？\n]|[吗呢吧嘛您]|[我你她]|怎么|什么|多少|如何|哪[里个]|注册|证书|材料|密码|拼音|电话|单位|公司"
)


_REFUSES = re.compile("不|没|未|先|再|下次|以后|别|暂|回头|算了")
"""What nobody's name begins with: «没试过», «先不填»."""


class NameProblem(ValueError):
    """What was written is no name: a key of the problems in words.yaml. It repeats nothing, for replies are stored."""

    def __init__(self, kind: str, **values: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


@dataclass(frozen=True, slots=True)
class Initials:
    """The initials of a name. A character without known reading stands as ``?`` in `best` and is in `unknown`."""

    best: str
    alternatives: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A character of the name, or a run of Latin letters, with what stood in brackets after it."""

    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _Block:
    """Pieces that are read together, and the ways to read them."""

    pieces: tuple[_Piece, ...]
    options: tuple[str, ...]


def initials(name: str, readings: NameReadings) -> Initials:
    """The first letter of each character's pinyin.

    Raises:
        NameProblem: the text is no name.
    """
    text = _clean(name, readings)
    pieces, dotted = _pieces(text)
    _check(pieces)
    blocks = tuple(_blocks(pieces, dotted, readings))
    ways = _ways(blocks)
    letters = "".join(ways[0])
    return Initials(
        best=letters,
        alternatives=tuple(dict.fromkeys("".join(way) for way in ways[1:] if "".join(way) != letters))[:_ALTERNATIVES],
        unknown=tuple(piece.text for block in blocks if block.options[0] == UNKNOWN for piece in block.pieces),
    )


def as_told(name: str, text: str, readings: NameReadings) -> str:
    """The name with the reading put in that the text tells of a character of it: 单(shan)小红 of «单读山»."""
    if readings.compound(simple(name)):
        return name  # read as one, by the table
    for told in _TOLD_READING.finditer(text):
        sound = told["sound"].lower()
        syllable = _plain(sound) if not _is_han(sound[0]) else next(iter(_syllables(sound)), "")
        for character in (told["of"], name[0]):
            if character in name and syllable in _syllables(character):
                return name.replace(character, f"{character}({syllable})", 1)
    return name


def prepare(readings: NameReadings) -> None:
    """Import beforehand what reading a name takes, so that nobody waits for it."""
    initials("某", readings)


def _clean(name: str, readings: NameReadings) -> str:
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", find_name(name, readings) or name))
    text = _LEAD.sub("", " ".join(text.split())).strip(_PUNCTUATION).rstrip(DOTS + _PUNCTUATION)
    if _TITLE_ONLY.match(text):
        raise NameProblem("name_surname_only")
    text = _TAIL.sub("", text).strip(_PUNCTUATION).lower()
    if not text:
        raise NameProblem("name_missing")
    if any(unicodedata.category(character) == "Nd" for character in text if not _in_brackets(text)):
        raise NameProblem("name_digits")
    if text in readings.not_names or _SENTENCE.search(text) or _REFUSES.match(text):
        raise NameProblem("name_sentence")
    return text


def _in_brackets(text: str) -> bool:
    return bool(_BRACKET.search(text)) and not any(character.isdigit() for character in _BRACKET.sub("", text))


def _is_han(character: str) -> bool:
    return character == "〇" or "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


def _is_holder(character: str) -> bool:
    return character in _HOLDERS or unicodedata.category(character) == "Co"


def _pieces(text: str) -> tuple[list[_Piece], bool]:
    """The characters of a name one by one, and whether a dot (or a blank between two names) divides them."""
    found: list[_Piece] = []
    dotted, at = False, 0
    while at < len(text):
        if bracket := _BRACKET.match(text, at):
            _add_hint(found, bracket.group(1))
            at = bracket.end()
            continue
        run = re.match(r"[a-z]+", text[at:])
        piece = run.group() if run else text[at]
        at += len(piece)
        if run or _is_han(piece) or _is_holder(piece):
            found.append(_Piece(piece))
        elif piece in DOTS:
            dotted = True
        elif piece != " ":
            raise NameProblem("name_mark")
    spaced = " " in text and sum(map(len, text.split())) >= 5
    return found, dotted or spaced


def _add_hint(found: list[_Piece], inside: str) -> None:
    """What stands in brackets reads the character before it (placeholder, or doubtful), or is a character itself."""
    letter = inside if len(inside) == 1 and _is_han(inside) else first_letter(inside)
    if not letter:
        raise NameProblem("name_bracket")
    before = found[-1] if found else None
    if before and not before.hint and (_is_holder(before.text) or _plain(inside) in _syllables(before.text)):
        found[-1] = _Piece(before.text, letter)
    else:
        found.append(_Piece(inside, letter))


def _check(pieces: list[_Piece]) -> None:
    if not any(_is_han(piece.text[0]) for piece in pieces):
        raise NameProblem("name_latin")
    if sum(len(piece.text) for piece in pieces) > LONGEST:
        raise NameProblem("name_long", most=str(LONGEST))


def _blocks(pieces: list[_Piece], dotted: bool, readings: NameReadings) -> Iterator[_Block]:
    """Surname first, unless the name is transliterated; then character by character, settled pairs together."""
    plain = [simple(piece.text) if len(piece.text) == 1 else UNKNOWN for piece in pieces]
    text = "".join(UNKNOWN if piece.hint else form for piece, form in zip(pieces, plain, strict=True))
    at = 0
    if not (dotted or _is_transliterated(text, readings)):
        surname = _surname(pieces, text, readings)
        at = len(surname.pieces)
        yield surname
    while at < len(pieces):
        pair = readings.pairs.get(text[at : at + 2])
        yield _Block(tuple(pieces[at : at + 2]), pair) if pair else _Block((pieces[at],), _given(pieces[at], readings))
        at += 2 if pair else 1


def _is_transliterated(text: str, readings: NameReadings) -> bool:
    if readings.compound(text):
        return False
    longer = len(text) > 4 or (len(text) > 3 and text[0] == "阿")
    return longer or (len(text) > 2 and text[:2] in readings.transliterated)


def _surname(pieces: list[_Piece], text: str, readings: NameReadings) -> _Block:
    compound = readings.compound(text)
    if compound and len(text) > len(compound):
        return _Block(tuple(pieces[: len(compound)]), readings.compounds[compound])
    if compound:  # 单于: two characters are a surname of one and a given name of one
        head, rest = _single(pieces[0], readings), _given(pieces[1], readings)
        apart = tuple(first + second for first in head for second in rest)
        return _Block(tuple(pieces), tuple(dict.fromkeys((*apart, *readings.compounds[compound]))))
    return _Block((pieces[0],), _single(pieces[0], readings))


def _single(piece: _Piece, readings: NameReadings) -> tuple[str, ...]:
    known = readings.surnames.get(piece.text) or readings.surnames.get(simple(piece.text))
    return known if known and not piece.hint else _given(piece, readings)


def _given(piece: _Piece, readings: NameReadings) -> tuple[str, ...]:
    if piece.hint:
        return (_usual(piece.hint) or UNKNOWN,) if _is_han(piece.hint) else (piece.hint,)
    if piece.text.isascii() and piece.text.isalpha():
        return (piece.text,) if len(piece.text) == 1 else (piece.text, piece.text[0])
    form = simple(piece.text)
    table = readings.given.get(piece.text) or readings.given.get(form) or readings.rare.get(piece.text)
    return table or (_usual(piece.text) or _usual(form) or UNKNOWN,)


@lru_cache(maxsize=4096)
def _syllables(character: str) -> tuple[str, ...]:
    """All readings of a character without tones, the usual one first; empty if there is none."""
    from pypinyin import Style, pinyin  # takes longer to import than a whole answer: only where a name is read

    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore") if len(character) == 1 else []
    return tuple(map(_plain, found[0])) if found else ()


def _plain(syllable: str) -> str:
    return "".join(letter for letter in toneless(syllable.lower()) if letter.isascii() and letter.isalpha())


def _usual(character: str) -> str:
    return next((syllable[0] for syllable in _syllables(character) if syllable), "")


def _ways(blocks: tuple[_Block, ...]) -> list[tuple[str, ...]]:
    """All ways to read the name, fewest second choices first; a surname's reading is given up last."""
    ranked = islice(product(*(range(len(block.options)) for block in blocks)), _EXPANDED)
    order = sorted(ranked, key=lambda choice: (sum(choice), choice))
    return [tuple(block.options[n] for block, n in zip(blocks, choice, strict=True)) for choice in order[:64]]
