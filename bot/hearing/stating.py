"""What of a message states the person's case: neither what it supposes nor what it asks of others.

«如果我2022年才领的证呢» and «煤矿是不是要选煤监» tell nothing; «我18年的证还能注册吗» does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from flows.answering import ASKS
from flows.extract import DATES, Extracted, Lexicon, extract
from knowledge.text import fold

SUPPOSES = re.compile("万一|要是|假如|如果|倘若|假使|若是|假设|打比方|比方说|比如")
_TAIL = re.compile("(?:呢|[不没]|没有)[?!。,; ]*$")
_GENERAL = re.compile("的人|别人|人家|是不是|是否|会不会|算不算|会怎|会咋|影响|一样|区别|一般|哪些")
"""What asks of everybody."""
_OF_ONESELF = frozenset((*DATES, "registered", "certificate"))
"""What a question tells of oneself without «我»: «现在去首次注册赶得上不»."""
_BETWEEN = re.compile(r"(?<=[,，。!！?？;；\n])|(?<=[\u4e00-\u9fff])(?=\s[\u4e00-\u9fff])")
_OWN = re.compile(r"(?:我|俺|咱|本人)(?!们?[就先还再]?[想要来去]?(?:请?问|咨询|了解|打听|知道|晓得|看))|自己")


def stated(
    text: str, told: Extracted, known: Mapping[str, str], today: date, lexicon: Lexicon, *, talking: bool
) -> Extracted:
    """What is told, without what is only supposed or asked.

    Args:
        known: the answers so far; what merely asks changes none of them.
        talking: a dialogue is open, in which what merely asks tells of dates and the registration at most.
    """
    if told.correction or not told.answers:
        return told
    if not talking and not SUPPOSES.search(text) and _agree(known, told.answers):
        return told
    clauses = list(_clauses(text))
    if all(own for _, own, _ in clauses):
        return told
    sure = extract("".join(clause for clause, own, _ in clauses if own), today, lexicon, in_talk=True)
    asked = extract("".join(clause for clause, _, supposed in clauses if not supposed), today, lexicon, in_talk=True)
    beside = {node: value for node, value in asked.answers.items() if node not in sure.answers}
    of_all = talking and (bool(_GENERAL.search(text)) or not beside.keys() <= _OF_ONESELF)
    if of_all or not _agree(known, beside):
        return replace(sure, dates=told.dates)
    return asked


def _agree(known: Mapping[str, str], told: Mapping[str, str]) -> bool:
    """Whether nothing told is at odds with what is known."""
    return all(known.get(node, value) == value for node, value in told.items())


def _clauses(text: str) -> Iterator[tuple[str, bool, bool]]:
    """Each clause, whether it states something of the person, and whether it is supposed; what follows is so too."""
    supposed = False
    for clause in _BETWEEN.split(text):
        supposed = supposed or bool(SUPPOSES.search(clause))
        own = not supposed and (bool(_OWN.search(clause)) or not asks(clause))
        yield clause, own, supposed


def asks(clause: str) -> bool:
    """Whether a clause has the form of a question; «大概是很久以前吧» has not."""
    plain = fold(clause)
    return bool(ASKS.search(plain) or _TAIL.search(plain))
