"""Whether a message in a group calls 小安 by its name, and what it says besides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channels.telegram import wording as wt
from knowledge.text import simple

_MARK = r"[\s，,：:、。.…！!？?～~；;）)】」』”\"]"
_HAIL = (
    "你好|您好|嗨|嘿|哈[喽啰]|hello|hi|hey|喂|诶|哎|那|请问|请教|请|问问|问一?下|麻烦|呼叫|有请|"
    "早安|早上好|上午好|下午好|晚上好|(?:各位|大家)(?:老师)?好?|老师们?好"
)
_BEFORE = rf"(?:(?:{_HAIL})?{_MARK}{{0,3}}){{0,3}}[（(【「『“\"]?"
_TITLE = "老师|同学|同志|先生|女士|专家|助手|机器人|大神|大哥|大姐|哥哥?|姐姐?|宝宝?|亲"
_NAME = rf"(?:{wt.NAME})++(?:{_TITLE})?+[啊呀哎诶哦喔嘿呐哪]?+"
_WORD = "[全装排检心家妮娜琪迪静]"
"""What makes another word of our name: «小安全帽», «小安装公司»."""
_ABOUT = "[的也都就又被把和跟]|是(?!不是|否)|[说讲答](?![说讲答下一])|回答(?![下一他她])|上次|昨天|刚[才刚]"
"""What follows our name where one speaks of us."""
_SURELY = re.compile(
    rf"\A{_BEFORE}{_NAME}(?:{_MARK}+|(?=[你您请]|在(?:吗|嘛|么|不)|[早好]{_MARK}*\Z)|\Z)|[@＠]{_NAME}(?!{_WORD}){_MARK}*",
    re.IGNORECASE,
)
_PERHAPS = re.compile(
    rf"\A{_BEFORE}{_NAME}(?!{_WORD}|{_ABOUT})|(?<=[\s，,。.…！!？?～~；;]){_NAME}(?:{_MARK}+|(?=[你您请])|\Z)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"[\W你您他她它们我帮忙助来说讲看解答回问这那个条题知道懂会吗呢么嘛吧对是样的怎办如何什意思一下请给可以能行不啊呀]*"
)
_LONGEST_POINTING = 20


@dataclass(frozen=True, slots=True)
class Call:
    """Our name as an address; `perhaps` where it may be that somebody only speaks of us."""

    rest: str
    perhaps: bool = False


def called(text: str) -> Call | None:
    """How a text calls us, if it does."""
    plain = simple(text)
    surely = _SURELY.search(plain)
    found = surely or _PERHAPS.search(plain)
    if found is None:
        return None
    return Call(f"{text[: found.start()]} {text[found.end() :]}".strip(), perhaps=surely is None)


def points(rest: str) -> bool:
    """Whether words only point at what others said («你说呢», «帮帮他», 👆)."""
    return len(rest) <= _LONGEST_POINTING and bool(_POINTS.fullmatch(simple(rest)))
