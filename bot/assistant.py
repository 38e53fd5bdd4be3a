"""The assistant: a pure function from a conversation's state and a message to the next state and a reply."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot import wording as w
from bot.answers import Speaker
from bot.buttons import Buttons
from bot.dialogue import Dialogue
from bot.guide import Guide
from bot.hearing.clues import CALLED, other_person
from bot.hearing.context import nth_of
from bot.hearing.hear import Heard, hear
from bot.ids import HUMAN, LOGIN
from bot.mind import Mind
from bot.reply import Card, Message, Reply, Status
from bot.state import State
from bot.telling import Teller, kind_of, means, needs_year
from bot.turn import Turn
from flows.engine import nodes_of, problem_with_date
from flows.extract import kept_name
from flows.model import Input, Node
from flows.words import letters_of
from knowledge.model import Kind
from knowledge.name_finding import NEXT_PERSON, bare_name
from knowledge.name_readings import NameReadings
from knowledge.redaction import ID, MAIL, PHONE, redact, without_numbers
from knowledge.text import fold

LONGEST = 2000
"""Characters of one message; a longer one is most likely pasted by mistake."""
TOLD_ENOUGH = 3
"""Facts from which on a message tells a case, so that the dialogue opens beside the answer."""
_ANOTHER = re.compile(
    r"(那|还有|再问|换)?(我|我们)?(同事|朋友|员工)?"
    r"((?:小(?!安)|老)[\u4e00-\u9fff]|另?外?一个(员工|同事|人)|下一个)(呢|的呢|怎么办|咋办)?[?。!]*"
)
"""«小王呢», «下一个»: somebody else, of whom nothing is told yet."""
_MYSELF = re.compile(r"那?么?(我|俺|本人)(自己|本人)?的?(情况)?(呢|怎么办|咋办|要?办(啥|什么|哪种))?[?。!]*")
"""«那我呢», after somebody else's case."""
_OF_EMPLOYER = ("business", "employer", "group", "group_list", "coal_list", "province")
_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of characters: they can't be stored."""
_AROUND_NAME = re.compile(r"^(那|还有|换成|再算)?(一个)?(我|我的)?(同事|老婆|老公|爱人|朋友)?叫?|(呢|的呢)?[?？。]*$")
_VAGUE = re.compile(
    "(?=.*(?:谁|哪|怎么|咋|多少|吗|有没有|可不可以|电话))(请问|那|我|要|该|去|在|到|找|有没有|是|能|可以|可不可以|行|多少|谁|哪里|哪儿|哪|怎么|咋|看|办|弄|问|打|电话|吗|呢|啊|呀|的|个|啦|了){1,6}[?!。]*"
)
"""«在哪办», «找谁»: of what, is not said."""
_BESIDE_THE_FIELD = (Kind.NEIGHBOUR, Kind.GAP, Kind.CHAT)
_MY_NAME = re.compile("我(的名字)?叫")
COMMANDS = {fold(word): choice for choice, words in w.COMMANDS.items() for word in words}
COMMANDS |= {fold(label): f"f.{flow}" for flow, label in w.FLOWS.items()}


class Assistant:
    """Decides what to say. Knows no clock, no disk, no channel."""

    def __init__(self, mind: Mind) -> None:
        self.mind = mind
        self.speaker = Speaker(mind)
        self._buttons = Buttons(mind, self.speaker)
        self._teller = Teller(mind, self.speaker)
        self._dialogue = Dialogue(mind, self._teller, self._free)

    def reply(self, state: State, message: Message, today: date) -> Turn:
        """One turn."""
        message = replace(message, text=_HALVES.sub("", message.text))
        if message.choose:
            return self._buttons.press(state, message.choose, today)
        turn = self._hear(state, message, today)
        private = any(mark in turn.said and mark not in message.text for mark in (ID, PHONE, MAIL))
        if self._asked(state, today) is Input.NAME and not _command(message.text):
            turn = self._masked(turn, today)
        if private:
            warned = "\n\n".join(filter(None, (w.PRIVATE, turn.reply.lead)))
            return replace(turn, reply=replace(turn.reply, lead=warned))
        return turn

    def again(self, state: State, text: str, node: str, today: date) -> Turn:
        """A message that was changed after it had been heard. It can replace the answer it gave to `node` (empty: it
        answered no question); it is never a command, and never the answer to another question than it was said to."""
        open_ = self._open(state, today)
        given = bool(state.flow) and node in state.answers and node in nodes_of(self.mind.flows[state.flow])
        if node and state.flow and not given and (open_ is None or node != open_.id):
            return self._not_heard(state, w.AGAIN_GONE, today)
        turn = self.reply(replace(state, editing=node) if given else state, Message(text=text), today)
        if _command(text) or turn.wants_person:
            return self._not_heard(state, w.AGAIN_NO_COMMAND, today)
        if open_ is not None and node != open_.id and _answered(open_, state, turn.state):
            return self._not_heard(state, w.AGAIN_NOT_THIS, today)
        return turn

    def _masked(self, turn: Turn, today: date) -> Turn:
        """Whatever is typed where a name was asked for may hold one: nothing of it is kept, but what tells a person of
        a matter, scrubbed as everywhere."""
        told = turn.wants_person and self.mind.searcher.analyst.read(turn.unanswered).concepts()
        kept = turn.unanswered if told else w.NAME_NOT_KEPT if turn.unanswered else ""
        said = w.SAID_NOT_KEPT if self._asked(turn.state, today) is Input.NAME else w.NAME_NOT_KEPT
        return replace(turn, said=said, unanswered=kept, state=replace(turn.state, unsure=""))

    def _not_heard(self, state: State, why: str, today: date) -> Turn:
        reply = Reply(Status.CLARIFY, lead=why, choices=self.speaker.openings())
        return Turn(state, self._buttons.beside(state, reply, today), "")

    def _hear(self, state: State, message: Message, today: date) -> Turn:
        text = message.text.strip()
        said = redact(text, self.mind.readings, LONGEST)
        if not fold(text) and (node := self._open(state, today)):
            missed = self.mind.words.problem(node.input.value, example=node.example)
            return Turn(state, Guide(self.mind, state, today).reply(problem=missed), said)
        if not fold(text):
            empty = Reply(Status.CLARIFY, lead=w.EMPTY, choices=self.speaker.openings())
            return Turn(state, self._buttons.beside(state, empty, today), said)
        if len(text) > LONGEST:
            long = Reply(Status.UNANSWERED, lead=w.TOO_LONG.format(most=LONGEST))
            return Turn(state, self._buttons.beside(state, long, today), said)
        if choice := _command(text):
            return replace(self._buttons.press(state, choice, today), said=said)
        if not any(sign.isalnum() for sign in fold(text)):
            shown = next((words for signs, words in w.GESTURES.items() if set(signs) & set(text)), w.UNCLEAR)
            reply = Reply(Status.GREETING, lead=shown, choices=self.speaker.openings())
            return Turn(state, self._buttons.beside(state, reply, today), said)
        if (rest := _next_person(text, self.mind.readings)) is not None:
            state = _without_person(state)
            if not rest:
                reply = Reply(Status.CLARIFY, lead=w.NEXT_PERSON, choices=self.speaker.openings())
                return Turn(state, reply, said)
            text = rest
        if _ANOTHER.fullmatch(fold(text)) and (word := self._unknown(state, text)):
            reply = Reply(Status.CLARIFY, lead=w.WHOSE_CASE, choices=self.speaker.openings())
            if state.flow and "下一个" in text:  # may be the next question
                return Turn(state, self._buttons.beside(state, reply, today), said)
            return Turn(replace(_on_another(state), flow="", other_word=word, on_other=True), reply, said)
        if state.on_other and _MYSELF.fullmatch(fold(text)):
            return replace(self._own(state, today), said=said)
        if name := self._name_told(state, text):
            letters = w.OWN_LETTERS.format(letters=w.OR.join(letters_of(name)))
            if state.on_other:
                theirs = w.LETTERS_ONE.format(letters=w.OR.join(letters_of(name)))
                return Turn(state, Reply(Status.ANSWERED, lead=theirs), w.NAME_NOT_KEPT)
            told = replace(state, answers={**state.answers, "name": name})
            turn = self._buttons.open(told, LOGIN, w.NAME_NOT_KEPT, today, lead=letters)
            # the plan says when the default password counts: not before a reset, where it is forgotten
            return replace(turn, reply=replace(turn.reply, lead="")) if turn.reply.card else turn
        if wanted := _wants_person(said):
            return replace(self._buttons.press(replace(state, unsure=wanted), HUMAN, today), said=said)
        date_asked = self._asked(state, today) is Input.DATE
        heard = hear(self.mind, state, without_numbers(text), today, date_asked=date_asked)
        if (problem := heard.told.problem or self._ahead(heard, today)) and not date_asked:
            return Turn(state, self._buttons.beside(state, Reply(Status.CLARIFY, lead=problem), today), said)
        if heard.several:
            reply = Reply(Status.CLARIFY, lead=w.ONE_AT_A_TIME, choices=self.speaker.openings())
            return Turn(state, self._buttons.beside(state, reply, today), said)
        if not heard.decision.leans and _VAGUE.fullmatch(fold(text)) and kind_of(heard) in _BESIDE_THE_FIELD:
            unclear = Reply(Status.CLARIFY, lead=w.UNCLEAR_QUESTION, choices=self.speaker.openings())
            return Turn(state, self._buttons.beside(state, unclear, today), said)
        if kind_of(heard) is Kind.CHAT and heard.decision.chosen[0].entry.id == HUMAN:
            return replace(self._buttons.press(state, HUMAN, today), said=said)
        if not state.flow and not heard.decision.leans and nth_of(text, alone=True) is not None:
            return Turn(state, Reply(Status.CLARIFY, lead=w.WHICH_ONE, choices=self.speaker.openings()), said)
        if state.flow:
            return self._dialogue.hear(state, text, heard, said, today)
        return self._free(state, heard, said, today)

    def _unknown(self, state: State, text: str) -> str:
        """The word for another person of whom nothing is known; empty where something is."""
        word = other_person(self.mind, self.mind.searcher.analyst.read(text)) or CALLED
        return "" if word != CALLED and state.others.get(word) else word

    def _own(self, state: State, today: date) -> Turn:
        """Back from somebody else to oneself: on with what is known, or the case is asked for."""
        own = replace(_on_another(state), on_other=False)
        if own.answers:
            return self._buttons.press(own, "resume", today)
        return Turn(own, Reply(Status.CLARIFY, lead=w.OWN_CASE, choices=self.speaker.openings()), "")

    def card(self, state: State, today: date) -> Card | None:
        """The plan of the open dialogue, or the whole plan, if the answers settle it."""
        for flow in (state.flow, "plan"):
            if flow in self.mind.flows and (card := Guide(self.mind, replace(state, flow=flow), today).card()):
                return card
        return None

    def _asked(self, state: State, today: date) -> Input | None:
        """What kind of answer the open dialogue waits for."""
        node = self._open(state, today)
        return node.input if node else None

    def _open(self, state: State, today: date) -> Node | None:
        """The question of the open dialogue."""
        return Guide(self.mind, state, today).position.node if state.flow in self.mind.flows else None

    def _ahead(self, heard: Heard, today: date) -> str:
        """What to say to a day that can't lie ahead, and is said to («2030年拿的证»)."""
        nodes = nodes_of(self.mind.flows["plan"])
        told = ((nodes[name], value) for name, value in heard.told.answers.items() if name in nodes)
        ahead = (n for n, v in told if n.input is Input.DATE and problem_with_date(n, v, {}, today) == "date_future")
        return next((self.mind.words.problem("date_future", example=node.example) for node in ahead), "")

    def _name_told(self, state: State, text: str) -> str | None:
        """The initials of a bare name, told after a word on passwords («单雪») or as such («我叫单雪»)."""
        called = bool(_MY_NAME.match(text))
        if state.flow not in ("", LOGIN) or not (called or state.flow or state.matter in ("login", "password")):
            return None
        name = bare_name(_AROUND_NAME.sub("", text), self.mind.readings)
        if name is None or (not called and self.mind.searcher.analyst.read(name).concepts()):
            return None
        return kept_name(name, self.mind.readings)

    # free talk

    def _free(self, state: State, heard: Heard, said: str, today: date) -> Turn:
        kind = kind_of(heard)
        new = self._teller.learned(state, heard)
        enough = len(heard.told.answers) >= TOLD_ENOUGH and heard.about_self
        if needs_year(heard):
            return self._teller.which_year(new, said, today)
        if heard.dated and not heard.told.answers and heard.answers == state.answers and not heard.decision.leans:
            return Turn(state, Reply(Status.CLARIFY, lead=w.WHICH_DATE, choices=self.speaker.openings()), said)
        statement = bool(heard.told.answers) and not heard.asks and heard.about_self
        if kind is Kind.FLOW and heard.about_self and not heard.names:
            entry = heard.decision.chosen[0].entry
            return self._buttons.open(new, entry.flow or "plan", said, today, lead=entry.short)
        if statement and not heard.told.correction and not means(heard):
            return self._teller.told(new, heard, said, today)
        if enough and kind in (Kind.ANSWER, Kind.ASK, None):
            return self._teller.told(new, heard, said, today)
        return self._teller.said(new, heard, said, today)


def _next_person(text: str, readings: NameReadings) -> str | None:
    """What a message tells of the next person whose case is to be looked at; None where it speaks of no other."""
    plain = fold(text)
    found = NEXT_PERSON.match(plain)
    if found is None:
        return None
    rest, called = plain[found.end() :].strip(" ,:。"), found["called"]
    if called and (called[0] in "小老" or bare_name(called, readings)):
        return rest
    if found["said"] and plain[found.end("said") : found.end()].strip() and re.search(r"\d", rest):
        return rest  # «下一位，2027年3月到期»
    return "" if found["said"] and not rest and not called else None


def _without_person(state: State) -> State:
    """The state for another person of the same employer."""
    answers = {name: value for name, value in state.answers.items() if name in _OF_EMPLOYER}
    return State(answers=answers, ticks=state.ticks)


def _on_another(state: State) -> State:
    """The state once the talk turns to another person: what was said last was for the one before."""
    return replace(state, registration=(), entry="")


def _command(text: str) -> str:
    """The choice that a text stands for, whatever was asked."""
    return COMMANDS.get(fold(text).strip(" 。.!?~"), "")


def _answered(node: Node, before: State, after: State) -> bool:
    """Whether a question got an answer between two states, or the rougher date that it makes exact."""
    return any(after.answers.get(name) != before.answers.get(name) for name in (node.id, node.within))


def _wants_person(said: str) -> str:
    """What stands after «转人工», which is then for a person."""
    found = re.match(r"\s*(?:请|帮我|我要)?转人工[\s,，:：。]+(.+)", said, re.S)
    return found[1] if found else ""
