"""Takes answers out of what a person writes freely. What is missed is asked; what is wrong misleads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from flows.dates import find_dates
from flows.model import Answers
from flows.numerals import number
from flows.partial_date import FoundDate, PartialDate, months_before
from flows.phrases import TAKEN, Choice, DateRole, Keep, Phrases, Pick, Saying
from flows.refine import completed, finer, month_end, only_a_date, refined, yearless
from flows.spans import find_spans
from knowledge.name_finding import find_name
from knowledge.name_readings import NameReadings
from knowledge.names import Initials, NameProblem, as_told, initials
from knowledge.regions import Regions, find_provinces
from knowledge.text import fold

_MARK = 0xE000
_PRIVATE = re.compile(f"[{chr(_MARK)}-\ue1ff]")
"""Characters that mark what is taken out of a text, so that none may come in with it."""
_DIALECT = str.maketrans("哩嘅咗", "的的了")
"""Particles of Henan and of Cantonese, position by position."""
_NEAR = re.compile("[今昨前明后][天日]")
_NEGATED = re.compile(r"(?<!是)不是$")
_DENIED = re.compile(r"(?:(?<!是)不是|不属于?|并非|不归|不算|没在|不在)[^,。;!?]{0,2}$")
_PASSED = re.compile(r"过期|失效|到期|期满|断")
_GONE = re.compile(r"过期|失效|已经?|早就?|刚|到期了|期满了|上个?月")
_ENDS = re.compile(r"[^,。;!?]{0,6}(到期|过期|期满|届满|失效|就满|满了|到头|有效)")
_VALID = re.compile(r"(有效期|到期|期满|过期)(还|就|只)?$")
_YEARLY = re.compile(r"\d{2,4}\s?[年./-]|\d{6}")
_OURS = re.compile(
    r"注册|有效期|延续|续期|续注|(?<!身份)(?<!驾驶)(?<!居住)(?<!许可)证(?!照|明|件)|单位(没|不)(变|换)|没换|没有?换(单位|公司)"
    r"|换(了|的|过)?(单位|公司)|(^|[,。;!? ])[^,。;!?]{0,12}(到期|过期|期满)"
)
_OBTAINED = re.compile("[拿取领发考下签颁批]")
"""What tells of a certificate's own day."""
_ELSEWHERE = re.compile(
    r"(?:不在|不是|并非|没在|不归)[^,。;!? ]{2,6}?(?=$|[,。;!? 了是而在])"
    r"|[^,。;!? 是在]{2,4}(?:写|填|说|搞|弄|选)错了?"
    r"|(?:老|原|前|旧|母|总|上级|派遣)(?:单位|公司|东家)(?:在|是)[^,。;!? ]{2,8}"
    r"|(?:社保|户口|考试|老家)[^,。;!? ]{0,4}在[^,。;!? ]{2,6}"
    r"|[^,。;!? 是在]{2,4}(?:是|为)我?的?(?:老|原|前|旧|以前的?)(?:单位|公司|东家)"
)
"""Places where the employer is said not to be: «不在河北», «老单位在山西»."""
_KEPT = ("category", "renamed")
_ALL_SAME = re.compile("类别|专业|都没|都不|什么都|没变化")
_HELD = re.compile(
    r"(?:拿证|取证|持证|拿到证书?|证书?(?:下来|到手|拿到手?|拿了|考下来))(?:都|已经?|快|有|将近)*"
    r"(?:(?P<years>\d{1,2}|[一二两三四五六七八九十])年)?零?(?P<half>半)?(?:(?P<months>\d{1,2}|[一二两三四五六七八九十])个月)?(?P<more>多|来)?了"
)
DATES = ("cert_date", "cert_day", "valid_to", "valid_day", "registered_year")
AHEAD = ("valid_to", "valid_day")
"""Those that may lie ahead."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What reading free text takes: phrases, the readings of names, the regions."""

    phrases: Phrases
    readings: NameReadings
    regions: Regions


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a text says, by question, and dates that it leaves without a role."""

    answers: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    correction: bool = False
    guessed: frozenset[str] = frozenset()  # dates whose year was not said
    problem: str = ""  # what is wrong with a day that does not exist
    vague: bool = False  # a time is told and leaves the year open: «疫情那年»
    denied: frozenset[tuple[str, str]] = frozenset()  # answers, by question, that are said not to hold: «不是煤矿»


def extract(
    text: str, today: date, lexicon: Lexicon, *, in_talk: bool = False, known: Answers = MappingProxyType({})
) -> Extracted:
    """The answers that a text gives.

    Args:
        in_talk: the talk is about a registration already, so that «到期» needs no word that says of what.
        known: what was told before, on which some answers depend.
    """
    phrases = lexicon.phrases
    name = find_name(text, lexicon.readings)
    if name and f"是{name}" in text and name.startswith("要"):
        name = None  # «我是要延续»
    plain = _PRIVATE.sub("□", fold(text.replace(name, "某" * len(name)) if name else text)).translate(_DIALECT)
    now = _without(plain, phrases.past)
    found, denied = dict[str, str](), set[tuple[str, str]]()
    dated = _Dated(_without(plain, phrases.not_dates), today, in_talk)
    dates = _dates(dated, phrases.dates)
    found |= dates.values
    if phrases.any_group.search(now):
        if group := _group(now, phrases):
            found |= {"group": group}
        now = _without(now, tuple(pattern for _, says in phrases.groups for pattern in says))
    _follow(found, phrases)
    told_now, told_ever = _without(now, phrases.questions), _without(plain, phrases.questions)
    for choice in phrases.choices:
        if all(found.get(node, known.get(node)) == value for node, value in choice.when.items()):
            raw, told = (now, told_now) if choice.current else (plain, told_ever)
            denied |= _settle(choice, raw if choice.raw else told, found)
    if province := _province(now, lexicon.regions):
        found["province"] = province
    if name and (kept := kept_name(as_told(name, text, lexicon.readings), lexicon.readings)):
        found["name"] = kept + ("+changed" if phrases.name_changed.search(plain) else "")
    _follow(found, phrases)
    vague = not dates.values and not dates.loose and any(pattern.search(plain) for pattern in phrases.vague)
    correction = bool(phrases.correction.search(plain))
    return Extracted(found, dates.loose, correction, dates.guessed, dates.problem, vague, frozenset(denied))


def merge(
    answers: Answers, found: Extracted, text: str = "", today: date | None = None, *, alone: bool = False
) -> dict[str, str]:
    """The answers with what was said later put in; «不对，是2017年» replaces the date given last.

    With `text` and `today`, a date that lies within the rougher one given last («3月15号») makes that one exact.

    Args:
        alone: no date is asked for, so that a date and nothing else («22年的呢») stands for the one given last.
    """
    merged = {**answers, **found.answers}
    if (before := answers.get("change")) in _KEPT and merged["change"] == "unchanged" and not _ALL_SAME.search(text):
        merged["change"] = before  # «没换单位» says nothing of the category, nor of the name
    for node, value in found.denied:
        if merged.get(node) == value and node not in found.answers:
            del merged[node]
    for node in found.guessed & answers.keys():
        merged[node] = completed(PartialDate.parse(found.answers[node]), answers[node]).iso
    for node in () if found.correction else found.answers.keys() & set(DATES) & answers.keys():
        if finer(answers[node], merged[node]):
            merged[node] = answers[node]  # «2022年3月» said again of 2022-03-05
    placed = any(node in found.answers for node in DATES)
    last = _meant(answers, found.dates, today)
    if found.correction and not placed and len(found.dates) == 1 and last:
        merged[last] = found.dates[0]
    elif text and today and not placed and last and (exact := refined(text, answers[last], today)):
        merged[last] = exact
    elif _NEAR.search(text):
        pass  # «昨天呢» asks of another day to apply on
    elif alone and not placed and last and len(found.dates) == 1 and today and only_a_date(text, today):
        merged[last] = answers[last] if finer(answers[last], found.dates[0]) else found.dates[0]
    return merged


def _meant(answers: Answers, said: tuple[str, ...], today: date | None) -> str | None:
    """The date that another one said without a role stands for: the one given last; the expiry rather than the year of
    the registration it belongs to, and it alone where the day lies ahead."""
    given = [node for node in answers if node in DATES]
    if "valid_to" in given:
        given = [node for node in given if node != "registered_year"]
    if today and any(PartialDate.parse(value).first > today for value in said):
        given = [node for node in given if node in AHEAD]
    return given[-1] if given else None


def kept_name(name: str, readings: NameReadings) -> str | None:
    """What is kept of a name: the initials, the likelier reading first, and marks; None if it is no name."""
    try:
        found = initials(name, readings)
    except NameProblem:
        return None
    return stored_name(found, name)


def stored_name(found: Initials, name: str) -> str:
    """Initials as a stored value."""
    dotted = re.search(r"[一-鿿]\s?[·・•.。．‧∙⋅᛫･]\s?[一-鿿]", name)
    marks = ("+dot" if dotted else "") + ("+unsure" if found.unknown else "")
    return "/".join((found.best, *found.alternatives)) + marks


def _without(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    for pattern in patterns:
        if pattern.search(text):  # mostly it does not, and looking costs less than replacing nothing
            text = pattern.sub(TAKEN, text)
    return text


@dataclass(frozen=True, slots=True)
class _Dated:
    """A text to be searched for dates."""

    text: str
    today: date
    in_talk: bool


@dataclass(frozen=True, slots=True)
class _Dates:
    """The dates of a text: by question, without a role, with a guessed year, and what is wrong with one."""

    values: dict[str, str]
    loose: tuple[str, ...]
    guessed: frozenset[str]
    problem: str


def _dates(dated: _Dated, roles: tuple[DateRole, ...]) -> _Dates:
    text, today = dated.text, dated.today
    everything = list(_dated(text, today))
    found = [d for d in everything if not d.problem and not _NEGATED.search(text[: d.start])]
    plain = [d for d in found if not d.side]
    marked = _marked(text, plain)
    taken: dict[int, str] = {}
    values: dict[str, str] = {}
    for role in roles if plain else ():
        value = _role(role, marked, dated, plain, taken)
        if value and role.node:
            values[role.node] = value
    if "valid_to" not in values and _still_ahead(values.get("cert_date", ""), today) and not _OBTAINED.search(text):
        values["valid_to"] = values.pop("cert_date")  # «证上写的2027年3月5号»
    if "valid_to" not in values and (end := _remaining(dated)):
        values["valid_to"] = end
    if "cert_date" not in values and (since := _since(text, today)):
        values["cert_date"] = since
    open_ = {n for n, d in enumerate(plain) if yearless(text[d.start : d.end]) and d.date.iso in _nearest(d, today)}
    loose = (d for n, d in enumerate(plain) if n not in taken and not yearless(text[d.start : d.end]))
    guessed = frozenset(node for n, node in taken.items() if n in open_ and values.get(node) == plain[n].date.iso)
    if "valid_to" in guessed and not _GONE.search(text):
        values["valid_to"] = _ahead(PartialDate.parse(values["valid_to"]), today).iso
    problem = next((d.problem for d in everything if d.problem), "")
    return _Dates(values, tuple(dict.fromkeys(d.date.iso for d in loose)), guessed, problem)


def _ahead(found: PartialDate, today: date) -> PartialDate:
    """The next such day: who says «3月15日到期» without 已经 or 过期了 speaks of what is to come."""
    try:
        return found if found.last >= today else replace(found, year=found.year + 1)
    except ValueError:  # 29 February
        return found


def _nearest(found: FoundDate, today: date) -> tuple[str, ...]:
    """The date, if its year is the nearest one, taken for want of another in the text."""
    return (found.date.iso,) if found.date.year in (today.year, today.year - 1) else ()


def _dated(text: str, today: date) -> Iterator[FoundDate]:
    """The dates; one without a year (2021年3月公示，4月20日发证) is of the year named before it, if that is past; 月底
    alone is that of the month before it."""
    year, month = 0, None
    for found in find_dates(text, today):
        inside = text[found.start : found.end]
        if year and yearless(inside):
            yield _moved(found, year, today)
        elif month and month_end(inside):
            yield replace(found, date=month)
        else:
            month = PartialDate(found.date.year, found.date.month) if found.date.month else None
            year = found.date.year if _YEARLY.match(inside) else year
            yield found


def _moved(found: FoundDate, year: int, today: date) -> FoundDate:
    try:
        moved = replace(found.date, year=year)
    except ValueError:  # 29 February
        return found
    return replace(found, date=moved) if moved.first <= today else found


def _marked(text: str, dates: list[FoundDate]) -> str:
    for nth, found in reversed(list(enumerate(dates))):
        text = text[: found.start] + chr(_MARK + nth) + text[found.end :]
    return text


def _role(role: DateRole, marked: str, dated: _Dated, dates: list[FoundDate], taken: dict[int, str]) -> str | None:
    if role.needs and not dated.in_talk and not role.needs.search(dated.text):
        return None
    for patterns in (role.strong, role.weak):
        hits = sorted(set(_hits(patterns, marked)) - taken.keys())
        if hits:
            taken |= dict.fromkeys(hits, role.node)
            found = [dates[n].date for n in hits]
            stated = (d.iso if patterns is role.strong else _exam_year(d, dated.today) for d in found)
            values = [value for value in stated if value]
            unsure = not values or (role.unless and role.unless.search(dated.text))
            return None if unsure else _value(values, role.keep)
    return None


def _still_ahead(value: str, today: date) -> bool:
    return bool(value) and "/" not in value and PartialDate.parse(value).first > today


def _exam_year(found: PartialDate, today: date) -> str:
    """When the certificate of an exam may have been obtained: often in the year after; of this year's none is sure."""
    return "" if found.year >= today.year else f"{found.year:04}/{found.year + 1:04}"


def _hits(patterns: tuple[re.Pattern[str], ...], marked: str) -> Iterator[int]:
    for pattern in patterns:
        for match in pattern.finditer(marked):
            yield from (ord(g) - _MARK for g in match.groups() if g and len(g) == 1 and ord(g) in range(_MARK, 0xE100))


def _value(values: list[str], keep: Keep) -> str:
    """One date; of dates that say the same the more exact; of different ones the last, or all, as the role wants."""
    apart = [v for v in dict.fromkeys(values) if not any(o != v and o.startswith(v) for o in values)]
    return apart[-1] if keep is Keep.LAST else "/".join(sorted(apart))


def _remaining(dated: _Dated) -> str | None:
    text, today = dated.text, dated.today
    if not dated.in_talk and not _OURS.search(text):
        return None
    for found in find_spans(text, today):
        inside = text[found.start : found.end]
        if _PASSED.match(inside) or _ENDS.match(text, found.end) or _VALID.search(text[: found.start]):
            return found.date.iso
    return None


def _group(text: str, phrases: Phrases) -> str | None:
    if phrases.not_groups.search(text):
        return None
    named = {name for name, says in phrases.groups if any(_affirmed(pattern, text) for pattern in says)}
    return named.pop() if len(named) == 1 else None


def _affirmed(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a pattern finds something that is not denied («不是中石化的»)."""
    return any(not _DENIED.search(text[: match.start()]) for match in pattern.finditer(text))


def _province(text: str, regions: Regions) -> str | None:
    named = find_provinces(text, regions) and find_provinces(_ELSEWHERE.sub(TAKEN, text), regions)
    return named[0] if len(named) == 1 else None


def _since(text: str, today: date) -> str:
    """«拿证4年半了»: the month in which the certificate was obtained, or the year where only years are told;
    «一年多» may reach into the year before."""
    found = next((m for m in _HELD.finditer(text) if m["years"] or m["half"] or m["months"]), None)
    if found is None:
        return ""
    years = number(found["years"]) if found["years"] else 0
    months = (6 if found["half"] else 0) + (number(found["months"]) if found["months"] else 0)
    day = months_before(today, 12 * years + months)
    if months:
        return PartialDate.month_of(day).iso
    return (
        f"{PartialDate(day.year - 1).iso}/{PartialDate(day.year).iso}" if found["more"] else PartialDate(day.year).iso
    )


def _settle(choice: Choice, text: str, found: dict[str, str]) -> set[tuple[str, str]]:
    """Put in what the text says of a choice; the answers it denies."""
    said = list(_said(choice, text))
    values = [(value, saying.weak) for value, saying in said if value]
    strong = list(dict.fromkeys(value for value, weak in values if not weak)) or [v for v, _ in values][:1]
    if strong and (value := _picked(choice, strong)):
        found[choice.node] = value
    return {(choice.node, saying.denies) for _, saying in said if saying.denies}


def _said(choice: Choice, text: str) -> Iterator[tuple[str, Saying]]:
    """The sayings that the text has, each with the value it means (empty: none)."""
    rest = text
    for saying in choice.values:
        if saying.unless and saying.unless.search(text):
            continue
        left = _without(rest, saying.says)
        if left != rest:
            rest = left
            yield _become(saying, rest) if saying.value else "", saying


def _become(saying: Saying, text: str) -> str:
    return next((value for value, when in saying.becomes if when.search(text)), saying.value)


def _picked(choice: Choice, values: list[str]) -> str:
    if len(values) == 1 or choice.pick is Pick.FIRST:
        return values[0]
    return choice.joins.get(frozenset(values), "") if choice.pick is Pick.JOIN else ""


def _follow(found: dict[str, str], phrases: Phrases) -> None:
    """Add what follows from what was found, and what answers another question as well."""
    for rule in phrases.implies:
        if rule.node in found and rule.value in ("", found[rule.node]):
            for node, value in rule.then.items():
                found.setdefault(node, value)
    for copy in phrases.copies:
        if found.get(copy.node) in copy.values:
            found.setdefault(copy.to, found[copy.node])
