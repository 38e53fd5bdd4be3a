"""Understands a message in its conversation: what it asks, what it tells, what it leaves to the turn before."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.hearing.case import in_force, in_time, likely, place, settle
from bot.hearing.clues import CALLED, Clues, by_subject, continues, names_topic, other_person, spoken_of
from bot.hearing.context import as_said, in_context, next_to_it, with_registration
from bot.hearing.narrowing import entry_about, fitting, held, instead, narrowed, placed, said, same_name, undecided
from bot.hearing.stating import SUPPOSES, stated
from bot.hearing.tables import ALL_PLACES, CASE, DATED_BY, FIRST, LEANING, PLACES, RUMOUR
from bot.mind import Mind
from bot.state import State
from flows.extract import DATES, Extracted, extract, kept_name, merge
from flows.plan import Plan
from flows.refine import only_a_date
from flows.words import letters_of
from knowledge.analysis import Reading
from knowledge.decide import Decision, Verdict, decide_parts
from knowledge.name_finding import find_name, named, people, subject
from knowledge.names import as_told

_NAMING = re.compile("叫|姓|名字|.的(?:默认|初始|登录)?密码")
_AND_OF = re.compile("[呢?？]")
_HURRY = re.compile(r"(?<=\w)[\s,，、。!！]+(?:快点|快些|快|速度|赶紧的?|急急?急?|在线等)[\s!！。~～]*$")
"""«材料 快点»: nothing is asked of how fast it goes."""
_SOON = re.compile(
    "(?:下下?个?(?:周|星期|礼拜)|[月年]底|快要?|马上就?要?|即将|眼看|就要|还没)[^,。，;!?了]{0,4}(?:到期|过期|期满|失效)"
)
"""The end is near, though it may be no day that is told."""
_SOMEBODY = "某某"
_ME = re.compile("我|本人|俺|姓|名")
_OF_A_CASE = frozenset((*DATES, "registered"))
"""What tells a case of one's own, not a word in passing."""
_SUPPOSES = re.compile(f"{SUPPOSES.pattern}|的话")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood."""

    decision: Decision
    told: Extracted  # facts in the message itself
    answers: dict[str, str]  # all facts known with it
    asks: bool
    rumour: bool  # it is said to be somebody's word: «听说», «网上说»
    about_self: bool
    other: str  # the word for somebody else, where it is about them
    plan: Plan | None  # which registration it is, as far as the facts settle it
    names: tuple[tuple[str, ...], ...] = ()  # the initials, all readings, of each name beside a password
    nameless: bool = False  # somebody's name is spoken of, and it could not be read
    dated: bool = False  # it is a date and nothing else, which asks nothing: «大概19年吧»
    several: bool = False  # the cases of several people at once


def hear(mind: Mind, state: State, text: str, today: date, *, date_asked: bool = False) -> Heard:
    """What a message says and asks; `date_asked` where the open dialogue waits for a date."""
    told = extract(
        text, today, mind.lexicon, in_talk=bool(state.answers or state.flow or state.matter), known=state.answers
    )
    if not told.answers and not state.flow and state.entry in DATED_BY and only_a_date(text, today):
        told = extract(DATED_BY[state.entry].format(date=text), today, mind.lexicon)
    reading = _reading(mind, text)
    name = _about(mind, state, text)
    other = None if _own_name(mind, state, text, told) else other_person(mind, reading, name)
    other = spoken_of(state, reading) if other is None else other
    both = False
    if other is not None and told.answers:
        own, beside = (extract(part, today, mind.lexicon).answers for part in by_subject(reading))
        other = None if own and not beside and not name else other  # «听朋友说要重新考，我2018年拿的证»
        both = bool(_OF_A_CASE & own.keys() and _OF_A_CASE & beside.keys())
    if other is None and state.on_other and not state.flow and continues(reading, told):
        other = ""
    if other == "" and not state.other and not told.answers and state.answers:
        other = None  # «他» of nobody else but the one whose case was told
    about_self = other is None
    turned = bool(other) and other != state.other_word
    if other is not None:  # nothing of one person's goes into what is said of another
        known = _known_of(state, other, told)
        other = other or state.other_word
        state = replace(state, answers=known, registration=state.registration if known else ())
        state = replace(state, registration=(), entry="") if turned else state
    elif state.on_other:
        state = replace(state, registration=(), entry="")
    talking, heard = bool(state.flow and about_self), told
    told = stated(text, told, state.answers, today, mind.lexicon, talking=talking)
    answers = merge(state.answers, told, text, today, alone=not date_asked)
    settled = settle(mind, answers, today)
    case = answers if talking else merge(state.answers, heard, text, today, alone=True)  # «挖煤的呢»
    asked = settled if case == answers else settle(mind, case, today)
    clues = Clues(
        text,
        reading,
        told if talking else heard,
        case,
        asked,
        likely(mind, case, today),
        place(mind, case, today),
        in_time(case, today),
        in_force(case, today, soon=bool(_SOON.search(text))),
        turned,
        state,
    )
    return Heard(
        decision=_decided(mind, clues),
        told=told,
        answers=answers,
        asks=bool(reading.asking) or names_topic(reading),
        rumour=RUMOUR in reading.concepts(),
        about_self=about_self,
        other=other or "",
        plan=settled,
        names=(names := _letters(mind, text)),
        nameless=not names and "name" not in told.answers and bool(_NAMING.search(text)),
        dated=bool(told.dates) and only_a_date(text, today) and not _AND_OF.search(text),
        several=both or (bool({*_OF_A_CASE, "change"} & told.answers.keys()) and people(text, mind.readings) > 1),
    )


def _about(mind: Mind, state: State, text: str) -> str:
    """The full name of whom a message is about, where it is not one's own."""
    name = subject(text, mind.readings) or (find_name(text, mind.readings) or "")
    own = state.answers.get("name", "")
    return name if name and not (own and own == kept_name(name, mind.readings)) else ""


def _own_name(mind: Mind, state: State, text: str, told: Extracted) -> bool:
    """Whether a name that is told is one's own: not where a list goes on («李四，2027年到期») after another's."""
    if "name" not in told.answers:
        return False
    before = state.answers.get("name", "")
    listed = bool(state.others) or before not in ("", told.answers["name"])
    return not listed or bool(_ME.search(text))


def _letters(mind: Mind, text: str) -> tuple[tuple[str, ...], ...]:
    """The initials of each name beside a password."""
    names = (as_told(name, text, mind.readings) for name in named(text, mind.readings))
    return tuple(filter(None, (letters_of(kept_name(name, mind.readings)) for name in names)))


def _decided(mind: Mind, clues: Clues) -> Decision:
    """What to say, as far as what is told of the employer allows it."""
    decision = _leaning(mind, clues) or _case(mind, clues) or _asked(mind, clues)
    return same_name(mind, undecided(mind, decision, clues), clues)


def _known_of(state: State, other: str, told: Extracted) -> dict[str, str]:
    """What is known of the person spoken of: of «他», and of «同事» where nothing told is at odds with it."""
    if not other:
        return dict(state.other)
    known = {} if other == CALLED else state.others.get(other, {})
    at_odds = any(known.get(node, value) != value for node, value in told.answers.items())
    return {} if at_odds else dict(known)


def _reading(mind: Mind, text: str) -> Reading:
    """The text without the person's name, which would sound like something: 叫陈伟 is no 教程; and without haste."""
    read, name = mind.searcher.analyst.read, find_name(text, mind.readings)
    text = _HURRY.sub("", text)
    return read(text.replace(name, _SOMEBODY)) if name and not read(name).concepts() else read(text)


def _leaning(mind: Mind, clues: Clues) -> Decision | None:
    """What follows from the turn before, as it is for the person: «还能延续不» once the registration has expired."""
    decision = in_context(mind, clues)
    return fitting(mind, decision, clues.factual, True) if decision and clues.named and clues.passed else decision


def _asked(mind: Mind, clues: Clues) -> Decision:
    """What the message asks by itself, made narrower by what is known; or what it asks with the turn before."""
    plain = decide_parts(mind.searcher, clues.reading, mind.limits)
    single = clues.named[0] if len(clues.named) == 1 else "" if clues.named else clues.known
    several = len(clues.reading.concepts() & PLACES) > 1
    decision = narrowed(mind, plain, single, ALL_PLACES if several else clues.place, bool(clues.settled))
    if clues.place and not clues.reading.concepts() & PLACES:
        decision = placed(mind, decision, clues.place)
    if not clues.reading.concepts() & PLACES:
        decision = instead(mind, decision, clues)
    if clues.answers.get("certificate") == "have":
        decision = held(mind, decision)
    if clues.factual and (clues.passed or set(clues.named) <= set(FIRST)) and not _SUPPOSES.search(clues.text):
        decision = fitting(mind, decision, clues.factual, clues.settled is not None)
    if decision is not plain or clues.named or len(clues.reading.units) > LEANING:
        return decision
    if near := next_to_it(mind, clues, plain):
        return near
    if clues.known:
        return with_registration(mind, clues, plain)
    return plain if plain.verdict is Verdict.SAY else as_said(mind, clues) or plain


def _case(mind: Mind, clues: Clues) -> Decision | None:
    """Facts that settle a registration, with nothing asked: which it is."""
    if (
        clues.reading.asking
        or names_topic(clues.reading)
        or len(clues.told.answers) < CASE
        or clues.settled is None
        or clues.state.flow
    ):
        return None
    entry = entry_about(mind, clues.factual, "type") or entry_about(mind, clues.factual, "deadline")
    return said(entry) if entry else None
