"""What a message leaves to the turn before: corrections, «那变更呢», a date alone, few words that are not clear."""

from __future__ import annotations

import re

from bot.hearing.case import registration_of
from bot.hearing.clues import Clues, names_topic
from bot.hearing.narrowing import entry_about, said
from bot.hearing.tables import (
    ALL_PLACES,
    BARE,
    CASES,
    EDUCATION,
    EXPIRED,
    IMPLIED,
    LIKELY,
    LONG_CASE,
    PASSED,
    PLACE,
    PLACES,
    QUIET,
    SURE,
    TYPES,
    WHEN,
)
from bot.mind import Mind
from flows.extract import DATES
from flows.numerals import UP_TO_31, number
from knowledge.decide import Decision, Verdict, decide_parts
from knowledge.model import Kind
from knowledge.search import LOGGING_IN
from knowledge.text import fold

_LEANS = re.compile(
    r"^(那|哦|嗯|好|还有|另外|其余|其他|其它|剩下)|呢[\s?!。]*$"
    r"|[它这]个?|这种|这些|刚才|也是|也要|也得|还要|还得|还用"
)
_ORDINAL = re.compile(
    r"(?:(?:第|头)(?P<nth>\d{1,2}|[一二三四五六七八九十]{1,2})|(?P<first>首)|(?P<last>最后|末尾|末了))那?一?[个种类样条项]"
)
_NUMBER = re.compile(r"(?:我?选)?(?P<nth>[1-9一二三四五六七八九])(?:[个种类样条项]|吧|[\s.。!、])*\Z")
_COUNT = re.compile(rf"\d+|{UP_TO_31}")
_TYPES = 4
"""How many registrations there are; what is related to their list besides is none of it."""
_TAIL = 2
"""Characters that may follow «第三个» where it stands alone: 吧, 呢?"""
_WHAT_NOW = re.compile(
    r"(那|这)?(该|可|可该|可要|要|得)?(咋|怎么|怎)(个)?(整|办|弄|搞|处理|解决)(了|呢|啊|嘛|呀|哦|才好|是好|撒)?"
    r"[?!？！。 ]*$"
)
_WHETHER = re.compile(
    r"(那么?|所以|就是说|我就问)?[,，]?(到底|究竟)(要不要|用不用|需不需要|要吗|需要吗|行不行|行吗|可不可以|能不能|是不是)(啊|呢|嘛|呀)?"
    r"[?!？！。 ]*$"
)
"""«到底要不要»: of what was asked before."""


def in_context(mind: Mind, clues: Clues) -> Decision | None:
    """What follows from the turn before, whatever the words alone would say."""
    if listed := _listed(mind, clues):
        return listed
    if _WHETHER.match(clues.text.strip()) and clues.state.entry in mind.knowledge.entries:
        return said(mind.knowledge.entries[clues.state.entry])
    if _WHAT_NOW.match(clues.text.strip()):
        same = mind.knowledge.entries.get(clues.state.entry) or entry_about(mind, clues.factual, "type")
        if same:
            return said(same)
    return _corrected(mind, clues) or _switched(mind, clues)


def _listed(mind: Mind, clues: Clues) -> Decision | None:
    """«第三个» of the four registrations, or of the choices of a question back: that, or the list again."""
    entries = mind.knowledge.entries
    before, types = entries.get(clues.state.entry), entries[TYPES]
    if before is None or len(clues.reading.units) > BARE:
        return None
    if before.id in (TYPES, *types.related):
        before = types
    nth = nth_of(clues.text, alone=before is not types)
    if nth is None or not (before is types or before.kind is Kind.ASK):
        return None
    listed = before.related[:_TYPES] if before is types else before.related
    place = len(listed) if nth < 0 else nth
    return said(entries[listed[place - 1]] if 1 <= place <= len(listed) else before)


def nth_of(text: str, *, alone: bool) -> int | None:
    """Which one of a list a text names: from one on, -1 for the last, 0 where there is no such number («第十十个»);
    None if it names none.

    Args:
        alone: only where it says nothing else.
    """
    plain = fold(text)
    found = _NUMBER.match(plain) or (_ORDINAL.match(plain) if alone else _ORDINAL.search(plain))
    if found is None or (alone and len(plain) > found.end() + _TAIL):
        return None
    given = found.groupdict()
    if nth := given["nth"]:
        return number(nth) if _COUNT.fullmatch(nth) else 0
    return 1 if given.get("first") else -1


def _corrected(mind: Mind, clues: Clues) -> Decision | None:
    """«不对，我是换了单位»: the same matter, for what it is now said to be."""
    matter = clues.state.matter
    if not matter or not clues.told.correction:
        return None
    if matter == PLACE and clues.place:
        return said(mind.knowledge.entries[clues.place])
    own = decide_parts(mind.searcher, clues.reading, mind.limits)
    if own.verdict is Verdict.SAY and own.sure >= SURE and own.chosen[0].entry.facets.matter == matter:
        return None
    lapsed = (clues.lapsed,) if clues.reading.concepts() & PASSED else ()
    changed = ("变更",) if clues.told.answers.get("change") in ("employer", "renamed", "category") else ()
    decisive = clues.told.answers.keys() & {*DATES, "registered", "change"}
    other = bool(decisive) or clues.settled is not None  # it need not be any longer what it was
    before = () if other else clues.state.registration
    for registration in (clues.factual, *clues.named, *changed, *lapsed, *before):
        if entry := entry_about(mind, registration, matter) or entry_about(mind, registration, "type"):
            return said(entry)
    same = clues.state.entry if clues.told.answers and not other and not clues.reading.asking else ""
    return said(mind.knowledge.entries[same]) if same in mind.knowledge.entries else None


def _switched(mind: Mind, clues: Clues) -> Decision | None:
    """«那变更呢», «煤矿的»: another case, the matter as before."""
    matter, told = clues.state.matter, clues.told.answers
    if matter == PLACE and clues.place and told.keys() & {"business", "employer", "group", "province"}:
        place = ALL_PLACES if len(clues.reading.concepts() & PLACES) > 1 else clues.place
        return said(mind.knowledge.entries[place]) if len(clues.reading.units) <= LONG_CASE else None
    concepts = {c for c in clues.reading.concepts() if not c.startswith(QUIET)}
    asks_other = names_topic(clues.reading) or not clues.reading.concepts().isdisjoint(LOGGING_IN)
    if matter and clues.redated and not asks_other:
        before = mind.knowledge.entries.get(clues.state.entry)
        still = before and (not before.facets.registration or (clues.settled is None and "registered" not in told))
        entry = entry_about(mind, clues.factual, matter) or (before if still else None)
        return said(entry) if entry else None
    if WHEN in clues.reading.concepts() and not clues.named and matter != "deadline":
        return None  # «什么时候到期» asks something else
    if not matter or len(clues.reading.units) > BARE or concepts - IMPLIED.keys() - PASSED - CASES:
        return None
    settled = (registration_of(clues.settled),) if (told or clues.turned) and clues.settled else ()
    told_of = concepts - {"same-employer"} if "rename" in concepts else concepts  # 没跳槽，是厂子改名了
    if concepts & PASSED and not clues.named and not clues.lapsed:
        return said(mind.knowledge.entries[EXPIRED])
    lapsed = (clues.lapsed,) if concepts & PASSED else ()
    implied = clues.named or settled or lapsed or tuple(dict.fromkeys(IMPLIED[c] for c in IMPLIED if c in told_of))
    if len(implied) != 1:
        return None
    entry = entry_about(mind, implied[0], matter) or (entry_about(mind, implied[0], "type") if lapsed else None)
    before = mind.knowledge.entries.get(clues.state.entry)
    if entry is None and before is not None and before.id == EDUCATION:
        entry = before  # it says of every registration whether it is needed
    return said(entry) if entry else None


def with_registration(mind: Mind, clues: Clues, plain: Decision) -> Decision:
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
        return plain if best or not leans else as_before(mind, clues) or plain
    if best is None or (best.entry.kind is not Kind.ANSWER and fuller.sure >= plain.sure):
        return fuller
    specific = known in said.facets.registration and bool(best.entry.facets.registration)
    return fuller if specific and fuller.sure >= SURE else plain


def next_to_it(mind: Mind, clues: Clues, plain: Decision) -> Decision | None:
    """Few words after an answer, by themselves not clear: of what they may mean, what stands next to that answer."""
    before = mind.knowledge.entries.get(clues.state.entry)
    clear = plain.verdict is Verdict.SAY and plain.sure >= SURE
    if before is None or clear or len(clues.reading.units) > BARE or not clues.reading.concepts():
        return None
    likely = (c for c in mind.searcher.rank(clues.text).candidates if c.sure >= LIKELY and c.entry.kind is Kind.ANSWER)
    near = next((c for c in likely if c.entry.id in before.related or before.id in c.entry.related), None)
    return said(near.entry) if near else None


def as_before(mind: Mind, clues: Clues) -> Decision | None:
    """«其余的呢»: the matter of the turn before, whole."""
    entry = entry_about(mind, clues.known, clues.state.matter)
    return said(entry) if entry else None


def as_said(mind: Mind, clues: Clues) -> Decision | None:
    """«它», «这个» where nothing is known of the registration: the answer before."""
    same = clues.state.entry if _LEANS.search(clues.text) else ""
    return said(mind.knowledge.entries[same]) if same in mind.knowledge.entries else None
