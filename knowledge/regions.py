"""Provinces, and the places by which people name them: whose review body (初审机构) a place belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.reading import Fields, placeholders, strictly
from knowledge.text import simple

REGIONS = Path(__file__).with_name("regions.yaml")


@dataclass(frozen=True, slots=True)
class Region:
    """A provincial unit. Hong Kong, Macao and Taiwan have no review body."""

    name: str
    full: str
    letter: str
    body: bool
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regions:
    """All units by short name, the short name by place, and the pattern that finds places."""

    units: Mapping[str, Region]
    places: Mapping[str, str]
    pattern: re.Pattern[str]
    body_words: str
    coal_words: str

    @property
    def names(self) -> tuple[str, ...]:
        """Short names of the units that have a review body, for choosing from."""
        return tuple(name for name, unit in self.units.items() if unit.body)

    def full(self, short: str) -> str:
        """«广东» -> «广东省»."""
        return self.units[short].full

    def review_body(self, short: str, *, coal: bool = False) -> str:
        """What to look for in the system's list; for coal the bureau, which not every province has.

        Raises:
            ValueError: the unit has none.
        """
        if not self.units[short].body:
            raise ValueError(f"“{short}”没有省级初审机构，请改问聘用单位所在的省份")
        return (self.coal_words if coal else self.body_words).format(full=self.full(short))


def load_regions(path: Path = REGIONS) -> Regions:
    """The provinces and their places.

    Raises:
        KnowledgeError: with all mistakes, each with file and line.
    """
    with strictly(path, KnowledgeError) as root:
        units: dict[str, Region] = {}
        places: dict[str, str] = {}
        for item in root.maps("provinces", required=True):
            unit = _unit(item)
            if unit.name in units:
                root.mistakes.add(item.where, f"“{unit.name}”写了两次，请合并成一处")
            units[unit.name] = unit
            for place in unit.places:
                if places.setdefault(place, unit.name) != unit.name:
                    root.mistakes.add(item.where, f"“{place}”在{places[place]}已有；两处同名的地方请都删去，让人自己选")
        letters = _letters(units)
        if not letters:
            root.mistakes.add(root.line("provinces"), "没有一处写“letter”（简称，如 京、沪），请补上")
        others, after = tuple(_words(root, "not_places")), tuple(_words(root, "not_before"))
        body, coal = _template(root, "review_body"), _template(root, "coal_review_body")
    return Regions(units, places | letters, _pattern(places, letters, others, after), body, coal)


def find_provinces(text: str, regions: Regions) -> tuple[str, ...]:
    """Short names of the provinces a text names or names a place of, in order; those without review body left out."""
    return tuple(name for name in _found(text, regions) if regions.units[name].body)


def find_without_body(text: str, regions: Regions) -> tuple[str, ...]:
    """Those named in a text that have no review body (香港 澳门 台湾)."""
    return tuple(name for name in _found(text, regions) if not regions.units[name].body)


def _found(text: str, regions: Regions) -> tuple[str, ...]:
    hits = (m.group(m.lastgroup or 0) for m in regions.pattern.finditer(simple(text)) if m.lastgroup)
    return tuple(dict.fromkeys(regions.places[hit] for hit in hits))


def _unit(item: Fields) -> Region:
    name, full = item.text("name"), item.text("full")
    letter = item.text("letter", required=False)
    listed = (*item.texts("also"), *_words(item, "cities"), *_words(item, "counties"))
    unit = Region(name, full, letter, item.flag("body", default=True), (full, name, *listed))
    item.done()
    return unit


def _words(item: Fields, key: str) -> Iterator[str]:
    for line in item.texts(key):
        yield from line.split()


def _template(root: Fields, key: str) -> str:
    words = root.text(key)
    if placeholders(words) - {"full"}:
        root.mistakes.add(root.line(key), "这里只能用 {full} 一个占位，花括号要成对")
    return words


def _letters(units: Mapping[str, Region]) -> dict[str, str]:
    return {unit.letter: unit.name for unit in units.values() if unit.letter}


def _pattern(
    places: Mapping[str, str], letters: Mapping[str, str], others: tuple[str, ...], after: tuple[str, ...]
) -> re.Pattern[str]:
    """Words that are no places first, then places, the longest first; then the letters where they are safe.

    普通化工厂 holds no 通化 and 提高安全 no 高安: a place that ends like that must not run into these words.
    """
    named = "|".join(sorted(map(re.escape, places), key=len, reverse=True))
    apart = "(?!(?<=化)[工学验]|(?<=安)全)"
    letter = f"[{''.join(letters)}]"
    safe = rf"(?<=[在驻赴]){letter}(?=[工上的企一有做从,，。]|$)|{letter}(?=企|籍)"
    begins = f"(?=[{''.join(sorted({word[0] for word in (*places, *letters, *others)}))}])"  # rules out most at once
    return re.compile(
        rf"{begins}(?:(?:{'|'.join(map(re.escape, others))})|(?:{named})(?:{'|'.join(after)})(?!桥)"
        rf"|(?P<place>{named}){apart}|(?P<letter>{safe}))"
    )
