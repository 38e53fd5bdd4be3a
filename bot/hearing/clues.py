"""What a message and the talk before it say: the ground on which it is decided what is meant."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from bot.hearing.case import registration_of
from bot.hearing.tables import BARE, FIRST, LAPSED, OTHERS, OVERDUE, TOPICS
from bot.mind import Mind
from bot.state import State
from flows.extract import DATES, Extracted
from flows.plan import Plan
from knowledge.analysis import Mention, Reading
from knowledge.search import registrations_in

_MEANING = re.compile("意思|(啥|什么)叫|是(啥|什么)(?!时候)|解释|区别")
_BECOMES = {"before": "重新", "never": OVERDUE}
"""Whether one was registered -> what one needs once the time is over."""
_WORD = 4
"""Units up to which the last words of a message do nothing but name what is wanted («…没换单位，材料»)."""
_CALLED = re.compile(
    r"(?:^|[,。;!? 回到和那])(?P<word>(?:小(?!安)|老)(?P<family>[\u4e00-\u9fff])"
    r"|(?!高工)(?P<family2>[\u4e00-\u9fff])(?:工(?![作程地业厂商资龄会伤种人])|姐|哥|总(?!监)|经理|主任|科长|部长|厂长|师傅))"
    r"(?=呢|[,:。? ]|的|他|她|是|在|已|要|该|去|有|什么|怎么|办|今|明|注册|没|从|\d|换|[上下][周个]|刚|跳"
    r"|现在|目前|那[边个位]|这[边个]|证|还|都|过期|也|最[晚早]|材料|能|可以?|改名|想|入职|离职|[前去]年|年底|交|啥|咋|几|到期|拿|考|报|用|登录|密码|初始|延续|变更|重新|继续)"
)
_AND = re.compile("^(?:那么?|我的?|还有|然后)+")
_THEY = re.compile(r"(?<![其吉])[他她](?!们)")
CALLED = "*"
"""Stands for the name of somebody else, which is not kept."""
_BESIDE_WORD = re.compile("^(我们?|单位|公司|帮|替|给)|的$|办$")
_I = re.compile("我|本人|俺|咱|自己")
_NEXT = re.compile(r"((另|下|再来)外?一|还有一?)(个|位)(同事|员工|人|$|[,。:? 呢是])")
_NOBODY = frozenset(("人员", "代替", "批量", "几个人"))
"""Words beside somebody else that name nobody: 从业人员 one is oneself."""
_SAYS_OF_ME = re.compile("们?(?:都|也|跟我)?(?:说|讲|告诉|提醒|通知)我")
"""What somebody says of oneself: «我老婆说我证过期了»."""
_ADDRESS = re.compile(r"^(?:(?:你好|您好|请问|麻烦)[,。! ]*)?(师傅|朋友)(?:们?[,。!、 ]|你好|您好|请问|[我俺咱])")
"""Who is spoken to: «师傅，我…»."""
_OWN_CLAUSE = re.compile(
    "^(?:[那但可就而]是?|不过|因为|现在|其实|然后|所以|问题是)?(?:我|本人|俺|咱)(?!们?(?:的|单位|公司|部门|厂|家)?里?(?:有一?[个位名])?的?"
    "(?:(?<=[个位名])人|同事|师傅|徒弟|朋友|老公|老婆|爱人|爸|妈|家人|员工|领导|下属|手下|同学|对象|媳妇|哥|姐|弟|妹"
    "|经理|主任|老总|副总|叔|舅|姑|姨|儿子|女儿|闺女|侄|外甥|表[哥弟姐妹]|堂[哥弟姐妹]|岳|丈人|公公|爷|姥|外公|室友|闺蜜))"
)
"""A clause of which one is oneself the subject."""


@dataclass(frozen=True, slots=True)
class Clues:
    """What a message and the talk before it say about the case."""

    text: str
    reading: Reading
    told: Extracted
    answers: dict[str, str]  # all facts known with it
    settled: Plan | None
    tentative: str  # the registration as far as it is likely, where a question keeps it open
    place: str  # the entry on the review body, where the facts lead to one
    in_time: bool  # the certificate is so new that a first registration can't be late
    in_force: bool  # the registration is still valid
    turned: bool  # the talk turns to another person
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
        return changed and told <= {*DATES, "certificate", "registered"} and len(self.reading.units) <= BARE

    @property
    def passed(self) -> bool:
        """Whether every registration that is named has become, its time being over, the one that the facts settle; not
        where it is asked what the word means."""
        if self.settled is None or _MEANING.search(self.text):
            return False
        return all(LAPSED[named] == self.factual for named in self.named)

    @property
    def lapsed(self) -> str:
        """What a registration has become that is said to be over; empty where it is not known which it was."""
        return _BECOMES.get(self.answers.get("registered", "")) or LAPSED.get(self.known, "")

    @property
    def factual(self) -> str:
        """The registration the facts amount to."""
        return registration_of(self.settled) or self.tentative


def other_person(mind: Mind, reading: Reading, name: str = "") -> str | None:
    """The word for somebody else whose case it is: «同事», or `CALLED` for «还有一个», with a mark for «小陈»; empty
    for «他» alone.

    Args:
        name: the full name with which the message begins, if it does.

    Returns:
        None where it is one's own.
    """
    if _ADDRESS.match(reading.text):
        return None
    if name and not mind.searcher.analyst.read(name).concepts():
        return _mark(name)
    called = _CALLED.search(reading.text)
    if called is not None and mind.readings.is_surname(called["family"] or called["family2"]):
        return _mark(called["word"])
    if _NEXT.search(reading.text):
        return CALLED
    mentions = (m for m in reading.mentions if _other(reading, m))
    if first := next(mentions, None):
        return _BESIDE_WORD.sub("", reading.excerpt(first.start, first.end))
    return "" if _THEY.search(reading.text) else None


def spoken_of(state: State, reading: Reading) -> str | None:
    """The word for somebody spoken of before with which a message begins: «同事要交什么»."""
    text = _AND.sub("", reading.text)
    return next((word for word in state.others if word and text.startswith(word)), None)


def _mark(called: str) -> str:
    """Tells «老李» from «小刘» in what is kept, and cannot be turned back: thousands of names share each."""
    return CALLED + hashlib.sha256(called.encode()).hexdigest()[:2]


def continues(reading: Reading, told: Extracted) -> bool:
    """Whether few words, or facts, that do not say «我» go on about whom the words before were about."""
    return not _I.search(reading.text) and (bool(told.answers) or len(reading.units) <= BARE)


def by_subject(reading: Reading) -> tuple[str, str]:
    """The clauses of which one is oneself the subject («我2018年拿的证，没注册过，人事说他不管»), and the others."""
    own, beside, mine = list[str](), list[str](), False
    for start, end in reading.clauses:
        clause = reading.excerpt(start, end)
        others = (_other(reading, m) for m in reading.mentions if start <= m.start < end)
        mine = bool(_OWN_CLAUSE.match(clause)) or (mine and not _THEY.search(clause) and not any(others))
        (own if mine else beside).append(clause)
    return "，".join(own), "，".join(beside)


def _other(reading: Reading, mention: Mention) -> bool:
    """Whether another person is named, in writing: 司负 only sounds like 师傅."""
    word = reading.excerpt(mention.start, mention.end)
    after = reading.excerpt(mention.end, min(mention.end + 3, len(reading.units)))
    return mention.concept == OTHERS and not mention.heard and word not in _NOBODY and not _SAYS_OF_ME.match(after)


def names_topic(reading: Reading) -> bool:
    """«道路运输初审», «第一次注册清单»: a few words that name what is wanted, though nothing is asked."""
    if len(reading.units) <= BARE:
        return bool(TOPICS & reading.concepts())
    start, end = reading.clauses[-1]
    return end - start <= _WORD and bool(TOPICS & reading.concepts(start, end))
