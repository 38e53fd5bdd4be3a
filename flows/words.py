"""Words of the dialogues that belong to no single question, from words.yaml; and how values are written for people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.model import UNKNOWN, FlowError, Input, Node
from flows.partial_date import PartialDate
from knowledge.reading import Fields, bad_placeholders, placeholders, strictly

HERE = Path(__file__).parent / "definitions"
DAYS = ("deadline", "from", "earliest")
PLACEHOLDERS = frozenset(
    {"deadline", "deadline_latest", "from", "to", "earliest", "expiry", "days_left", "last_day", "days_over", "soon"}
    | {"threshold", "renewable", "estimate_from", "estimate_to", "obtained", "limit_from", "limit_to"}
    | {"expiry_about", "about_from", "about_earliest", "days_at_least"}
    | {"group", "province_body", "coal_body", "letters", "alternatives"}
)
_EXAMPLE = ("example",)
DATES: Mapping[str, Collection[str]] = {
    **dict.fromkeys(("day", "month", "year"), ("year", "month", "day")),
    **dict.fromkeys(("either", "soon", "earliest"), ()),
}
"""Key -> what can be filled in; so are those below."""
PROBLEMS: Mapping[str, Collection[str]] = {
    **dict.fromkeys(("choice", "choice_needed", "date_day"), ()),
    **dict.fromkeys(("choice_between", "province_several"), ("options",)),
    **dict.fromkeys(("date", "date_several", "date_vague", "date_event", "date_start", "date_year"), _EXAMPLE),
    **dict.fromkeys(("date_future", "date_past_limit", "date_too_far"), _EXAMPLE),
    **dict.fromkeys(("province", "province_without", "name", "group"), _EXAMPLE),
    **dict.fromkeys(("name_surname_only", "name_missing", "name_digits", "name_sentence"), _EXAMPLE),
    **dict.fromkeys(("name_mark", "name_bracket", "name_latin"), _EXAMPLE),
    "date_within": ("example", "known"),
    "name_long": ("example", "most"),
}
SITUATIONS = (
    *(
        "deadline_near",
        "cutoff_day",
        "expiry_near",
        "window_edge",
        "change_in_last_year",
        "change_only",
        "date_unclear",
    ),
    *("no_employer", "employer_unclear", "name_readings", "name_dot", "name_changed"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words, by key."""

    dates: Mapping[str, str]
    problems: Mapping[str, str]
    shown: Mapping[str, str]
    cautions: Mapping[str, str]
    unnamed_group: str

    def day(self, day: date) -> str:
        """A day as people write it."""
        return self.dates["day"].format(year=day.year, month=day.month, day=day.day)

    def partial(self, value: str) -> str:
        """A stored date as people write it, as far as it is known."""
        return self.dates["either"].join(self._piece(piece) for piece in value.split("/"))

    def _piece(self, value: str) -> str:
        first = PartialDate.parse(value).first
        kind = ("year", "month", "day")[value.count("-")]
        return self.dates[kind].format(year=first.year, month=first.month, day=first.day)

    def value(self, node: Node, value: str) -> str:
        """A stored value as shown to the person who gave it."""
        label = next((option.label for option in node.options if option.id == value), None)
        if label is not None:
            return label
        if node.input is Input.DATE:
            return self.partial(value)
        if node.input is Input.NAME:
            return self.shown["name"].format(letters=self.dates["either"].join(letters_of(value)))
        return value

    def problem(self, kind: str, **values: str) -> str:
        """What to say about an answer that does not fit."""
        return self.problems[kind].format(**values)


def letters_of(value: str | None) -> tuple[str, ...]:
    """The initials in a stored name, the likelier first."""
    if not value or value == UNKNOWN:
        return ()
    return tuple(value.split("+")[0].split("/"))


def marks_of(value: str | None) -> tuple[str, ...]:
    """What else is known of a stored name: dot, changed, unsure."""
    return tuple(value.split("+")[1:]) if value else ()


def fill(template: str, values: Mapping[str, str]) -> str | None:
    """The template filled in, or None where a value is not known."""
    return template.format_map(values) if placeholders(template) <= values.keys() else None


def load_words(path: Path = HERE / "words.yaml") -> Words:
    """The words.

    Raises:
        FlowError: with all mistakes, each with file and line.
    """
    with strictly(path, FlowError) as root:
        words = Words(
            dates=_table(root, "dates", DATES),
            problems=_table(root, "problems", PROBLEMS),
            shown=_table(root, "shown", {"name": ("letters",)}),
            cautions=_table(root, "cautions", dict.fromkeys(SITUATIONS, ())),
            unnamed_group=root.text("unnamed_group"),
        )
    return words


def _table(root: Fields, key: str, places: Mapping[str, Collection[str]]) -> dict[str, str]:
    inner = root.map(key)
    if inner is None:
        root.mistakes.add(root.where, f"缺少“{key}”，请补上")
        return dict.fromkeys(places, "")
    found = {name: inner.text(name) for name in places}
    inner.done()
    for name, text in found.items():
        if unknown := placeholders(text).difference(places[name]):
            root.mistakes.add(inner.line(name), bad_placeholders(unknown, places[name]))
    return found
