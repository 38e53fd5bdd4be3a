"""Understands a message in its conversation: what it asks, what it tells, what it leaves to the turn before."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.implied import (
    ALL_PLACES,
    BARE,
    BY_TYPE,
    CASE,
    CASES,
    CONTEXT,
    EXPIRED,
    FIRST,
    IMPLIED,
    LAPSED,
    LIKELY,
    LONG_CASE,
    OVERVIEWS,
    PLACE,
    PLACE_OF,
    PLACES,
    SURE,
    TOPICS,
    TYPES,
)
from bot.mind import Mind
from bot.state import State
from flows.engine import resolve
from flows.extract import DATES, Extracted, extract, merge
from flows.plan import Plan, plan
from knowledge.analysis import Mention, Reading
from knowledge.decide import Decision, Verdict, decide_parts
from knowledge.model import Entry, Kind, Standing
from knowledge.search import Candidate, registrations_in

LEANING = 40
"""Units up to which a message may lean on the turn before."""
OTHERS = "other-person"
_LEANS = re.compile(
    r"^(那|哦|嗯|好|还有|另外|其余|其他|其它|剩下)|呢[\s?!。]*$"
    r"|[它这]个?|这种|这些|刚才|也是|也要|也得|还要|还得|还用"
)
_WHAT_NOW = re.compile(
    r"(那|这)?(该|可|可该|可要|要|得)?(咋|怎么|怎)(个)?(整|办|弄|搞|处理|解决)(了|呢|啊|嘛|呀|哦|才好|是好|撒)?"
    r"[?!？！。 ]*$"
)
_SUPPOSES = re.compile("万一|要是|假如|如果|倘若|若是|假设|的话")
_CALLED = re.compile(
    r"(?:^|[,。;!? 回到和])[小老]([\u4e00-\u9fff])"
    r"(?=呢|[,:。? ]|的|他|她|是|在|已|要|该|去|有|什么|怎么|办|今|明|注册|没|从|\d)"
)
_THEY = re.compile(r"(?<![其吉])[他她](?!们)")
_NEXT = re.compile(r"(另|还有|下|再来)(外)?一(个|位)(同事|员工|人|$|[,。:? 呢是])")
_OWN_POST = re.compile("(管理|技术|安全|专职|工程|工作|作业)人员")
_TYPE_TERMS = {"重新注册": "重新"}


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood."""

    decision: Decision
    told: Extracted  # facts in the message itself
    answers: dict[str, str]  # all facts known with it
    asks: bool
    about_self: bool
    plan: Plan | None  # which registration it is, as far as the facts settle it
    registration: str  # its term, or what the talk was about


@dataclass(frozen=True, slots=True)
class _Clues:
    """What a message and the talk before it say about the case."""

    text: str
    reading: Reading
    told: Extracted
    answers: dict[str, str]  # all facts known with it
    settled: Plan | None
    tentative: str  # the registration as far as it is likely, where a question keeps it open
    place: str  # the entry on the review body, where the facts lead to one
    state: State

    @property
    def named(self) -> tuple[str, ...]:
        """The registrations the message names."""
        return registrations_in(self.reading.concepts())

    @property
    def known(self) -> str:
        """The registration the facts settle, or the talk was about."""
        before = self.state.registration
        settled = registration_of(self.settled) or (self.tentative if self.tentative != FIRST[0] else "")
        return settled or (before[0] if len(before) == 1 else "")

    @property
    def redated(self) -> bool:
        """Whether little but a date is told, and it is another than before."""
        before, told = self.state.answers, self.told.answers.keys()
        changed = any(self.answers.get(node) != before.get(node) for node in DATES)
        return changed and told <= {*DATES, "certificate"} and len(self.reading.units) <= BARE

    @property
    def factual(self) -> str:
        """The registration the facts amount to."""
        return registration_of(self.settled) or self.tentative


def hear(mind: Mind, state: State, text: str, today: date) -> Heard:
    """What a message says and asks."""
    told = extract(text, today, mind.lexicon, in_talk=bool(state.answers or state.flow or state.matter))
    reading = mind.searcher.analyst.read(text)
    about_self = "name" in told.answers or not _about_other(mind, reading)
    if not about_self:  # nothing of one person's goes into what is said of another
        state = replace(state, answers={}, registration=())
    answers = merge(state.answers, told, text, today, alone=not state.flow)
    settled = settle(mind, answers, today)
    likely, place = _likely(mind, answers, today), _place(mind, answers, today)
    clues = _Clues(text, reading, told, answers, settled, likely, place, state)
    return Heard(
        decision=_in_context(mind, clues) or _case(mind, clues) or _asked(mind, clues),
        told=told,
        answers=answers,
        asks=reading.asks_anything or _names_topic(reading),
        about_self=about_self,
        plan=settled,
        registration=clues.known,
    )


def _about_other(mind: Mind, reading: Reading) -> bool:
    """«我同事», «小陈呢», «还有一个»: the case of somebody else."""
    if any(_other(reading, mention) for mention in reading.mentions):
        return True
    if _THEY.search(reading.text):
        return True
    called = _CALLED.search(reading.text)
    return bool(_NEXT.search(reading.text)) or (called is not None and mind.readings.is_surname(called[1]))


def _other(reading: Reading, mention: Mention) -> bool:
    """Whether another person is named, in writing: 司负 only sounds like 师傅; 安全管理人员 one is oneself."""
    if mention.concept != OTHERS or mention.heard:
        return False
    return not _OWN_POST.fullmatch(reading.excerpt(max(0, mention.start - 2), mention.end))


def _names_topic(reading: Reading) -> bool:
    """«道路运输初审», «第一次注册清单»: a few words that name what is wanted, though nothing is asked."""
    return len(reading.units) <= BARE and bool(TOPICS & reading.concepts())


def settle(mind: Mind, answers: dict[str, str], today: date) -> Plan | None:
    """Which registration the known facts amount to today, if they settle it."""
    flow = mind.flows["type"]
    position = resolve(flow, answers, today)
    if position.node is not None:
        return None
    return plan(flow, position, answers, today, entries=mind.knowledge.entries, regions=mind.regions, words=mind.words)


def _likely(mind: Mind, answers: dict[str, str], today: date) -> str:
    """Never registered is 初始, on time or not; where only «with renewal?» is open, with it is the safe reading."""
    node = resolve(mind.flows["type"], answers, today).node
    if node is None:
        return ""
    return "变更并同时延续" if node.id == "renew_too" else "初始" if answers.get("registered") == "never" else ""


def _place(mind: Mind, answers: dict[str, str], today: date) -> str:
    """The entry on the review body that the known facts amount to, if they settle it."""
    position = resolve(mind.flows["review_body"], answers, today)
    if position.node is None and position.outcomes[0].entries:
        return position.outcomes[0].entries[0]
    known = {(node, answers.get(node, "")) for node in ("business", "employer")}
    return next((entry for fact, entry in PLACE_OF.items() if fact in known), "")


def registration_of(settled: Plan | None) -> str:
    """The registration term of a settled plan («重新注册» is 重新)."""
    if settled is None or settled.main is None:
        return ""
    return _TYPE_TERMS.get(settled.main.type, settled.main.type)


def _in_context(mind: Mind, clues: _Clues) -> Decision | None:
    """What follows from the turn before, whatever the words alone would say."""
    if _WHAT_NOW.match(clues.text.strip()) and clues.state.entry in mind.knowledge.entries:
        return _said(mind.knowledge.entries[clues.state.entry])
    return _corrected(mind, clues) or _switched(mind, clues)


def _asked(mind: Mind, clues: _Clues) -> Decision:
    """What the message asks by itself, made narrower by what is known; or what it asks with the turn before."""
    plain = decide_parts(mind.searcher, clues.reading, mind.limits)
    single = clues.named[0] if len(clues.named) == 1 else "" if clues.named else clues.known
    several = len(clues.reading.concepts() & PLACES) > 1
    narrowed = _narrowed(mind, plain, single, ALL_PLACES if several else clues.place, bool(clues.settled))
    if clues.place and not clues.reading.concepts() & PLACES:
        narrowed = _placed(mind, narrowed, clues.place)
    if clues.factual and set(clues.named) <= set(FIRST) and not _SUPPOSES.search(clues.text):
        narrowed = _fitting(mind, narrowed, clues.factual, clues.settled is not None)
    if narrowed is not plain or clues.named or len(clues.reading.units) > LEANING:
        return narrowed
    if near := _next_to_it(mind, clues, plain):
        return near
    if clues.known:
        return _with_registration(mind, clues, plain)
    same = clues.state.entry if plain.verdict is not Verdict.SAY and _LEANS.search(clues.text) else ""
    return _said(mind.knowledge.entries[same]) if same in mind.knowledge.entries else plain


def _narrowed(mind: Mind, plain: Decision, known: str, place: str, sure: bool) -> Decision:
    """General answers, and questions back, made narrower by what is known of the registration or the place."""
    if plain.verdict is not Verdict.SAY:
        return plain
    about = {r for c in plain.chosen for r in c.entry.facets.registration}
    single = known or (next(iter(about)) if len(about) == 1 else "")
    chosen = tuple(_narrow(mind, candidate, single, place, sure) for candidate in plain.chosen)
    if len(chosen) > 1:
        chosen = tuple(c for c in chosen if c.entry.kind not in (Kind.ASK, Kind.FLOW)) or chosen[:1]
    return plain if chosen == plain.chosen else replace(plain, chosen=chosen)


def _placed(mind: Mind, said: Decision, place: str) -> Decision:
    """An answer about another review body than the person's, though no kind of employer was named: theirs."""
    own, others = mind.knowledge.entries[place], set(PLACE_OF.values()) - {place}
    chosen = tuple(replace(c, entry=own) if c.entry.id in others else c for c in said.chosen)
    return said if chosen == said.chosen or said.verdict is not Verdict.SAY else replace(said, chosen=chosen)


def _fitting(mind: Mind, said: Decision, factual: str, settled: bool) -> Decision:
    """An answer about another registration than the person's, though none was named: the one that is theirs."""
    if said.verdict is not Verdict.SAY:
        return said
    chosen = tuple(_fit(mind, candidate, factual, settled) for candidate in said.chosen)
    return said if chosen == said.chosen else replace(said, chosen=chosen)


def _fit(mind: Mind, candidate: Candidate, factual: str, settled: bool) -> Candidate:
    entry = candidate.entry
    if entry.kind is not Kind.ANSWER or not entry.facets.registration or factual in entry.facets.registration:
        return candidate
    if entry.standing is Standing.CORRECTION or entry.facets.matter not in BY_TYPE:
        return candidate
    if not settled and factual in FIRST and set(FIRST) & set(entry.facets.registration):
        return candidate
    matters = (entry.facets.matter, "type", "deadline")
    own = next((found for matter in matters if (found := entry_about(mind, factual, matter))), None)
    return replace(candidate, entry=own, reasons=(*candidate.reasons, "按已知的注册种类")) if own else candidate


def _narrow(mind: Mind, candidate: Candidate, known: str, place: str, sure: bool) -> Candidate:
    matter = candidate.entry.facets.matter
    if matter == PLACE and place and (_open(candidate) or place == ALL_PLACES):
        return replace(candidate, entry=mind.knowledge.entries[place], reasons=(*candidate.reasons, "按已知的单位"))
    if candidate.entry.id == TYPES and not sure:
        return candidate
    if candidate.entry.id == EXPIRED and (lapsed := entry_about(mind, LAPSED.get(known, ""), "type")):
        return replace(candidate, entry=lapsed, reasons=(*candidate.reasons, "按已知的注册种类"))
    if not _open(candidate) or not (entry := entry_about(mind, known, matter)):
        return candidate
    return replace(candidate, entry=entry, reasons=(*candidate.reasons, "按已知的注册种类"))


def _case(mind: Mind, clues: _Clues) -> Decision | None:
    """Facts that settle a registration, with nothing asked: which it is."""
    if clues.reading.asks_anything or len(clues.told.answers) < CASE or clues.settled is None or clues.state.flow:
        return None
    entry = entry_about(mind, clues.factual, "type") or entry_about(mind, clues.factual, "deadline")
    return _said(entry) if entry else None


def _corrected(mind: Mind, clues: _Clues) -> Decision | None:
    """«不对，我是换了单位»: the same matter, for what it is now said to be."""
    matter = clues.state.matter
    if not matter or not clues.told.correction:
        return None
    if matter == PLACE and clues.place:
        return _said(mind.knowledge.entries[clues.place])
    changed = ("变更",) if clues.told.answers.get("change") in ("employer", "renamed", "category") else ()
    for registration in (clues.factual, *clues.named, *changed, *clues.state.registration):
        if entry := entry_about(mind, registration, matter) or entry_about(mind, registration, "type"):
            return _said(entry)
    same = clues.state.entry if clues.told.answers and not clues.reading.asks_anything else ""
    return _said(mind.knowledge.entries[same]) if same in mind.knowledge.entries else None


def _switched(mind: Mind, clues: _Clues) -> Decision | None:
    """«那变更呢», «煤矿的»: another case, the matter as before."""
    matter, told = clues.state.matter, clues.told.answers
    if matter == PLACE and clues.place and told.keys() & {"business", "employer", "group"}:
        return _said(mind.knowledge.entries[clues.place]) if len(clues.reading.units) <= LONG_CASE else None
    quiet = ("q-", "type-", "ours", "register", "negation")
    concepts = {c for c in clues.reading.concepts() if not c.startswith(quiet)}
    if matter and clues.redated:
        same = clues.state.entry if clues.state.entry in mind.knowledge.entries else ""
        entry = entry_about(mind, clues.factual, matter) or (mind.knowledge.entries[same] if same else None)
        return _said(entry) if entry else None
    if not matter or len(clues.reading.units) > BARE or concepts - IMPLIED.keys() - CASES:
        return None
    settled = (registration_of(clues.settled),) if told and clues.settled else ()
    implied = clues.named or settled or tuple(dict.fromkeys(IMPLIED[c] for c in IMPLIED if c in concepts))
    entry = entry_about(mind, implied[0], matter) if len(implied) == 1 else None
    return _said(entry) if entry else None


def _with_registration(mind: Mind, clues: _Clues, plain: Decision) -> Decision:
    """«材料呢» after a word on 延续 is 延续材料: tried where the message leans on what went before."""
    known, leans = clues.known, bool(_LEANS.search(clues.text))
    best = plain.chosen[0] if plain.verdict is Verdict.SAY else None
    if best and best.entry.kind is Kind.ANSWER and known in best.entry.facets.registration:
        return plain
    if best is not None and not leans:
        return plain
    fuller = decide_parts(mind.searcher, mind.searcher.analyst.read(f"{known}注册{clues.text}"), mind.limits)
    said = fuller.chosen[0].entry if fuller.verdict is Verdict.SAY else None
    if said is None or said.kind is not Kind.ANSWER:
        return plain if best or not leans else _as_before(mind, clues) or plain
    if best is None or (best.entry.kind is not Kind.ANSWER and fuller.sure >= plain.sure):
        return fuller
    specific = known in said.facets.registration and bool(best.entry.facets.registration)
    return fuller if specific and fuller.sure >= SURE else plain


def _next_to_it(mind: Mind, clues: _Clues, plain: Decision) -> Decision | None:
    """Few words after an answer, by themselves not clear: of what they may mean, what stands next to that answer."""
    before = mind.knowledge.entries.get(clues.state.entry)
    clear = plain.verdict is Verdict.SAY and plain.sure >= SURE
    if before is None or clear or len(clues.reading.units) > BARE:
        return None
    likely = (c for c in mind.searcher.rank(clues.text).candidates if c.sure >= LIKELY and c.entry.kind is Kind.ANSWER)
    near = next((c for c in likely if c.entry.id in before.related or before.id in c.entry.related), None)
    return _said(near.entry, near) if near else None


def _as_before(mind: Mind, clues: _Clues) -> Decision | None:
    """«其余的呢»: the matter of the turn before, whole."""
    entry = entry_about(mind, clues.known, clues.state.matter)
    return _said(entry) if entry else None


def _open(candidate: Candidate) -> bool:
    """Whether an entry is about a matter in general, so that the known registration makes it narrower."""
    entry = candidate.entry
    if entry.kind in (Kind.ASK, Kind.FLOW):
        return bool(entry.facets.matter)
    return entry.id in OVERVIEWS


def entry_about(mind: Mind, registration: str, matter: str) -> Entry | None:
    """The answer about a matter of one registration."""
    if not registration or not matter:
        return None
    fitting = [
        entry
        for entry in mind.knowledge.entries.values()
        if entry.kind is Kind.ANSWER
        and entry.standing is not Standing.CORRECTION
        and entry.facets.matter == matter
        and registration in entry.facets.registration
    ]
    return min(fitting, key=lambda e: len(e.facets.registration), default=None)


def _said(entry: Entry, like: Candidate | None = None) -> Decision:
    span = like.span if like else (0, 0)
    chosen = Candidate(entry, 1.0, SURE, entry.title, like.segment if like else "", span, (CONTEXT,))
    return Decision(Verdict.SAY, (chosen,), (), SURE)
