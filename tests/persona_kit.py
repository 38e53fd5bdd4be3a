"""A scripted person who tells a story, then answers what is asked; and whether what they are told is true."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, combinations
from pathlib import Path
from typing import Any

from bot.assistant import Assistant
from bot.mind import Mind
from bot.reply import Choice, Message, Reply
from bot.state import State, dump, load
from flows.model import UNKNOWN
from tests.flow_kit import reply as known

Persona = Mapping[str, Any]
Opening = Callable[[Persona], list[Message]]
Wrong = dict[str, tuple[Any, Any]]
Hand = Callable[[Reply, str], Message]
OURS = Path(__file__).parent / "data" / "personas_extra.jsonl"
STORIES = Path(__file__).parent / "data" / "personas_stories.jsonl"
"""Persons of whom the story alone tells all."""
SHARED = Path(__file__).parents[2] / "shared" / "eval" / "personas.jsonl"
SCORED = (
    *("type", "window", "deadline", "overdue", "continuing_education"),
    *("review_body", "login_id", "password", "materials"),
)
MOST_TURNS = 24
_HEADS = ("继续教育", "履职情况", "手持身份证件", "更名材料", "劳动合同", "原注册证书", "申请表")
_LOGINS = {
    "first login": "never",
    "still the default (never changed)": "works-default",
    "only after a password reset: now the own password is valid": "works",
    "after a password reset": "forgot",
    "after the reset: default": "reset",
}


def personas(path: Path) -> list[Persona]:
    """The persons of a file; none where it is absent."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@dataclass(slots=True)
class Talk:
    """A conversation with the assistant, as `chat --jsonl` has it."""

    mind: Mind
    today: date
    state: State = field(default_factory=State)
    told: list[str] = field(default_factory=list)  # the questions answered

    def send(self, message: Message) -> Reply:
        """One turn, the state through JSON as a store keeps it."""
        turn = Assistant(self.mind).reply(self.state, message, self.today)
        self.state = load(dump(turn.state))
        return turn.reply


def led(
    mind: Mind, persona: Persona, opening: list[Message], hand: Hand | None = None
) -> tuple[Mapping[str, Any], Talk]:
    """The outcome for a person who opens so and then answers every question; empty where none is reached."""
    talk = Talk(mind, date.fromisoformat(persona["today"]))
    reply: Reply | None = None
    for message in opening:
        reply = talk.send(message)
    for _ in range(MOST_TURNS):
        if reply is not None and reply.outcome is not None and reply.flow == "plan":
            return reply.outcome, talk
        if reply is None or reply.node is None:
            reply = talk.send(Message(choose="f.plan"))
        else:
            said = knows(str(reply.node), persona)
            talk.told.append(str(reply.node))
            reply = talk.send((hand or pressing)(reply, said))
    return {}, talk


def pressing(reply: Reply, said: str) -> Message:
    """The button where there is one, else in writing."""
    choice = _choice(reply, said)
    return Message(choose=choice.id) if choice else Message(text=said)


def writing(reply: Reply, said: str) -> Message:
    """In the words of the button."""
    choice = _choice(reply, said)
    return Message(text=choice.label if choice else said)


def counting(reply: Reply, said: str) -> Message:
    """By the number of the option, where the question is one of choosing."""
    choice = _choice(reply, said)
    if choice and reply.question and not reply.question.input.typed:
        return Message(text=str(reply.choices.index(choice) + 1))
    return writing(reply, said)


def _choice(reply: Reply, said: str) -> Choice | None:
    return next((c for c in reply.choices if c.id.endswith(f".{reply.node}.{said}")), None)


def knows(node: str, persona: Persona) -> str:
    """What the person knows about a question: from the facts, or, where only the story says it, from the truth."""
    truth, body = persona["truth"], str(persona["truth"]["review_body"] or "")
    if node in ("business", "employer") and not body and truth["login_id"]:
        return "jobless"
    if node == "business":
        named = {"住房": "construction", "交通": "transport", "煤监": "coal"}
        return next((option for word, option in named.items() if word in body), _coal(persona["story"]))
    if node == "employer":
        if body.startswith("应急管理部"):
            return "ministry"
        return "central" if "集团" in body or "央企" in persona["story"] else "other"
    if node == "group":
        return re.split("[（(]", body)[0] if "集团" in body else UNKNOWN
    if node in ("group_list", "coal_list"):
        return _listed(node, body)
    if node == "province":
        return re.split("[(（;；]|煤监|没有则", body)[-1] if not body else _province(body)
    if node == "login":
        return _LOGINS.get(str(truth["password_when"]), "never")
    if node == "before_2012":
        return "earlier" if str(persona["facts"].get("first_registered", "2020")) < "2012" else "later"
    if node == "id_number":
        return "failed" if str(truth["login_id"]).startswith("11位") else "untried"
    return _dated(known(node, persona["facts"]))


def _dated(value: str) -> str:
    """Two dates as a person with a certificate that bears two writes them."""
    first, _, second = value.partition("/")
    return f"批准日期{first}，签发日期{second}" if second else value


def _coal(story: str) -> str:
    return "coal" if "煤矿" in story else "other"


def _listed(node: str, body: str) -> str:
    word = "集团" if node == "group_list" else "煤监"
    if word not in body:
        return "unlisted"
    return "unsure" if "列表里有的话" in body else "listed"


def _province(body: str) -> str:
    found = re.search(r"([\u4e00-\u9fff]{2,8}?(?:省|市|自治区))(?:\(省级\)|煤监|的)", body)
    return found[1] if found else "北京市"


def mismatches(outcome: Mapping[str, Any], truth: Mapping[str, Any]) -> Wrong:
    """Field -> what was said and what is true, for the reading of the truth that fits best."""
    return min((_against(outcome, reading) for reading in readings(truth)), key=len)


def readings(truth: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The truth, and with every combination of its alternatives."""
    accept = truth["accept"]
    for chosen in chain.from_iterable(combinations(accept, n) for n in range(len(accept) + 1)):
        reading = dict(truth)
        for entry in chosen:
            reading |= {k: v for k, v in entry.items() if k != "window"}
            reading["window"] = {**reading["window"], **entry.get("window", {})}
        yield reading


def _against(outcome: Mapping[str, Any], truth: Mapping[str, Any]) -> Wrong:
    return {name: (outcome.get(name), truth[name]) for name in SCORED if not _right(name, outcome, truth)}


def _right(name: str, outcome: Mapping[str, Any], truth: Mapping[str, Any]) -> bool:
    said, true = outcome.get(name), truth[name]
    if name == "materials":
        return true is None or _same_materials(said or [], true, truth.get("materials+", []))
    if name == "window":
        return isinstance(said, Mapping) and all(_same_day(said.get(key), day) for key, day in true.items())
    return true is None or said == true if name == "continuing_education" else _same_day(said, true)


def _same_day(said: Any, true: Any) -> bool:
    if isinstance(true, list):
        return said is not None and true[0] <= said <= true[1]
    return bool(said == true)


def _same_materials(said: list[str], true: list[str], more: list[str]) -> bool:
    told, asked, allowed = ({head(m) for m in listed} for listed in (said, true, more))
    return asked <= told <= asked | allowed


def head(material: str) -> str:
    """What a material is, whatever the words around it; a form bears the name of its registration."""
    name = re.split("[:：]", material)[0]
    kind = next((h for h in _HEADS if h in name), name)
    return kind if kind != "申请表" else re.sub(r"[（(].*", "", name)


def story(persona: Persona) -> list[Message]:
    """The whole story in one message."""
    return [Message(text=persona["story"])]


def bare(_persona: Persona) -> list[Message]:
    """Only the words on the button."""
    return [Message(text="给我办理方案")]


def pressed(_persona: Persona) -> list[Message]:
    """The button itself."""
    return [Message(choose="f.plan")]


def sentences(persona: Persona) -> list[Message]:
    """The story, a sentence a message."""
    return [Message(text=part) for part in re.findall(r"[^。？！?!]+[。？！?!]?", persona["story"]) if part.strip()]


def nameless(persona: Persona) -> list[Message]:
    """The story without the name, which is asked later."""
    name = persona["facts"]["name"]
    text = re.sub(rf"(?:我叫|我是|本人是?|名字叫)?{re.escape(name)}[，,。、]?", "", persona["story"], count=1)
    return [Message(text=text)]


TYPOS = {"注册": "註冊", "有效期": "有効期", "取得": "取的", "登录": "登陆", "证书": "正书", "单位": "单位 "}


def mistyped(persona: Persona) -> list[Message]:
    """The story with the slips of a hurried hand."""
    text = persona["story"]
    for right, wrong in TYPOS.items():
        text = text.replace(right, wrong)
    return [Message(text=text)]


OPENINGS: Mapping[str, Opening] = {
    "story": story,
    "bare": bare,
    "pressed": pressed,
    "sentences": sentences,
    "nameless": nameless,
    "mistyped": mistyped,
}


HANDS: Mapping[str, Hand] = {"pressing": pressing, "writing": writing, "counting": counting}
