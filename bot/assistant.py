"""The assistant: a pure function from a conversation's state and a message to the next state and a reply."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot import wording as w
from bot.answers import Speaker
from bot.buttons import Buttons
from bot.guide import Guide
from bot.hearing.case import registration_of
from bot.hearing.hear import Heard, hear
from bot.hearing.tables import OF_THE_CASE, SURE
from bot.mind import Mind
from bot.reply import Card, Message, Reply, Role, Status
from bot.state import State
from bot.turn import Turn
from flows.answering import Problem, answer
from flows.engine import nodes_of
from flows.extract import kept_name
from flows.model import Input, Node
from knowledge.decide import Verdict
from knowledge.model import Kind
from knowledge.name_finding import bare_name
from knowledge.redaction import ID, MAIL, PHONE, redact
from knowledge.text import fold

LONGEST = 2000
"""Characters of one message; a longer one is most likely pasted by mistake."""
TOLD_ENOUGH = 3
"""Facts from which on a message tells a case, so that the dialogue opens beside the answer."""
HUMAN = "human"
"""The entry that asks for a person, and the choice that hands over."""
LOGIN = "login"
COMMANDS = {fold(word): choice for choice, words in w.COMMANDS.items() for word in words}
COMMANDS |= {fold(label): f"f.{flow}" for flow, label in w.FLOWS.items()}


class Assistant:
    """Decides what to say. Knows no clock, no disk, no channel."""

    def __init__(self, mind: Mind) -> None:
        self.mind = mind
        self.speaker = Speaker(mind)
        self._buttons = Buttons(mind, self.speaker)

    def reply(self, state: State, message: Message, today: date) -> Turn:
        """One turn."""
        if message.choose:
            return self._buttons.press(state, message.choose, today)
        turn = self._hear(state, message, today)
        if self._asked(state, today) is Input.NAME and not _command(message.text):
            turn = _masked(turn)
        if any(mark in turn.said and mark not in message.text for mark in (ID, PHONE, MAIL)):
            warned = "\n\n".join(filter(None, (w.PRIVATE, turn.reply.lead)))
            return replace(turn, reply=replace(turn.reply, lead=warned))
        return turn

    def _hear(self, state: State, message: Message, today: date) -> Turn:
        text = message.text.encode("utf-8", "ignore").decode().strip()  # half a character can't be stored
        said = redact(text[:LONGEST], self.mind.readings)
        if not fold(text):
            empty = Reply(Status.CLARIFY, lead=w.EMPTY, choices=self.speaker.openings())
            return Turn(state, self._buttons.beside(state, empty, today), said)
        if len(text) > LONGEST:
            long = Reply(Status.UNANSWERED, lead=w.TOO_LONG.format(most=LONGEST))
            return Turn(state, self._buttons.beside(state, long, today), said)
        if choice := _command(text):
            return replace(self._buttons.press(state, choice, today), said=said)
        if name := self._name_told(state, text):
            told = replace(state, answers={**state.answers, "name": name})
            return self._buttons.open(told, LOGIN, w.NAME_NOT_KEPT, today)
        if wanted := _wants_person(said):
            return replace(self._buttons.press(replace(state, unsure=wanted), HUMAN, today), said=said)
        heard = hear(self.mind, state, text, today)
        if (problem := heard.told.problem) and self._asked(state, today) is not Input.DATE:
            return Turn(state, self._buttons.beside(state, Reply(Status.CLARIFY, lead=problem), today), said)
        if _kind(heard) is Kind.CHAT and heard.decision.chosen[0].entry.id == HUMAN:
            return replace(self._buttons.press(state, HUMAN, today), said=said)
        if state.flow:
            return self._in_flow(state, text, heard, said, today)
        return self._free(state, heard, said, today)

    def card(self, state: State, today: date) -> Card | None:
        """The plan of the open dialogue, or the whole plan, if the answers settle it."""
        for flow in (state.flow, "plan"):
            if flow in self.mind.flows and (card := Guide(self.mind, replace(state, flow=flow), today).card()):
                return card
        return None

    def _asked(self, state: State, today: date) -> Input | None:
        """What kind of answer the open dialogue waits for."""
        node = Guide(self.mind, state, today).position.node if state.flow in self.mind.flows else None
        return node.input if node else None

    def _name_told(self, state: State, text: str) -> str | None:
        """The initials of a bare name, told after a word on passwords: «单雪»."""
        if state.flow not in ("", LOGIN) or (state.matter not in ("login", "password") and state.flow != LOGIN):
            return None
        name = bare_name(text, self.mind.readings)
        if name is None or self.mind.searcher.analyst.read(text).concepts():
            return None
        return kept_name(name, self.mind.readings)

    # free talk

    def _free(self, state: State, heard: Heard, said: str, today: date) -> Turn:
        kind = _kind(heard)
        new = self._learned(state, heard)
        enough = len(heard.told.answers) >= TOLD_ENOUGH and heard.about_self
        statement = bool(heard.told.answers) and not heard.asks and heard.about_self
        if kind is Kind.FLOW and heard.about_self:
            entry = heard.decision.chosen[0].entry
            return self._buttons.open(new, entry.flow or "plan", said, today, lead=entry.short)
        if statement and not heard.told.correction and not self._means(heard):
            return self._told(new, heard, said, today)
        if enough and kind in (Kind.ANSWER, Kind.ASK, None):
            return self._told(new, heard, said, today)
        return self._said(new, heard, said, today)

    def _means(self, heard: Heard) -> bool:
        """Whether words that ask nothing are still surely about an entry that is no answer."""
        if heard.decision.verdict is not Verdict.SAY:
            return False
        first = heard.decision.chosen[0]
        return heard.decision.leans or (first.entry.kind is not Kind.ANSWER and heard.decision.sure >= SURE)

    def _said(self, state: State, heard: Heard, said: str, today: date) -> Turn:
        reply = self.speaker.say(heard, today)
        after = self._remember(state, heard)
        if reply.status is Status.UNANSWERED:
            return self._unanswered(replace(after, unsure=said), reply, said, heard)
        return Turn(replace(after, unsure=said) if reply.status is Status.CLARIFY else after, reply, said)

    def _unanswered(self, state: State, reply: Reply, said: str, heard: Heard) -> Turn:
        nearest = heard.decision.chosen[0].entry.id if heard.decision.chosen else ""
        ours = _kind(heard) is not Kind.NEIGHBOUR
        return Turn(state, reply, said, unanswered=said if ours else "", nearest=nearest)

    def _told(self, state: State, heard: Heard, said: str, today: date) -> Turn:
        """The person tells their case: what was asked is answered, and the dialogue goes on from there."""
        opened = replace(state, flow=state.flow or "plan", editing="")
        guided = Guide(self.mind, opened, today).reply(lead="" if state.flow else w.FLOW_OPENED)
        if _kind(heard) in (Kind.ASK, Kind.FLOW):
            return Turn(opened, replace(guided, lead=heard.decision.chosen[0].entry.short), said)
        if _kind(heard) is not Kind.ANSWER or not (heard.asks or heard.told.correction or _pointed(heard)):
            return Turn(opened, guided, said)
        spoken = self.speaker.say(heard, today)
        after = self._remember(opened, heard)
        return Turn(after, replace(guided, lead="", answers=spoken.answers, entry=spoken.entry), said)

    def _learned(self, state: State, heard: Heard) -> State:
        """The state with the facts told; what is told of others is used for this answer only."""
        if not heard.told.answers and not heard.told.correction:
            return state
        if not heard.about_self:
            return state
        taken = tuple(dict.fromkeys((*state.taken, *heard.told.answers)))
        return replace(state, answers=heard.answers, taken=taken)

    def _remember(self, state: State, heard: Heard) -> State:
        """What the talk is about now."""
        if heard.decision.verdict is not Verdict.SAY:
            return state
        entry = heard.decision.chosen[-1].entry
        if entry.kind not in (Kind.ANSWER, Kind.ASK):
            return state
        settled = registration_of(heard.plan)
        registration = entry.facets.registration or ((settled,) if settled else state.registration)
        return replace(state, registration=registration, matter=entry.facets.matter or state.matter, entry=entry.id)

    # in a dialogue

    def _in_flow(self, state: State, text: str, heard: Heard, said: str, today: date) -> Turn:
        guide = Guide(self.mind, state, today)
        node = guide.position.node
        if node is None:
            return self._after_plan(state, heard, said, today)
        if option := _picked(node, text):
            return Turn(*self._put(state, node, option, today), said)
        value = self._value(node, state, text, today) if heard.about_self else None
        if isinstance(value, str) and self._answers(node, text, heard, value):
            return self._accepted(state, node, value, text, heard, said, today)
        if self._moves(state, heard):
            return self._told(self._learned(state, heard), heard, said, today)
        kind = _kind(heard)
        aside = heard.asks or not heard.about_self or kind in (Kind.CHAT, Kind.FLOW)
        if kind is not None and (aside or self._means(heard)):
            return self._aside(self._remember(state, heard), heard, said, today)
        if isinstance(value, str):
            return self._accepted(state, node, value, text, heard, said, today)
        if heard.asks:
            reply = replace(guide.reply(lead=w.UNKNOWN_IN_FLOW), status=Status.UNANSWERED)
            return Turn(state, reply, said, unanswered=said)
        problem = value.text if isinstance(value, Problem) else ""
        return Turn(state, guide.reply(problem=problem), said)

    def _put(self, state: State, node: Node, value: str, today: date) -> tuple[State, Reply]:
        new = replace(state, answers={**state.answers, node.id: value}, editing="")
        return new, Guide(self.mind, new, today).reply()

    def _value(self, node: Node, state: State, text: str, today: date) -> str | Problem:
        mind = self.mind
        return answer(node, text, today, lexicon=mind.lexicon, words=mind.words, answers=state.answers)

    def _answers(self, node: Node, text: str, heard: Heard, value: str) -> bool:
        """Whether a text that fits the question is meant as its answer, not as a question of the person's own."""
        if node.id in heard.told.answers or not heard.asks:
            return True
        plain = fold(text).rstrip("?吗呢吧了的 ")
        return any(plain in (fold(o.label), *map(fold, o.synonyms)) for o in node.options if o.id == value)

    def _moves(self, state: State, heard: Heard) -> bool:
        """Whether what was told is news to the dialogue."""
        known = nodes_of(self.mind.flows[state.flow])
        return heard.about_self and any(
            node in known and state.answers.get(node) != value for node, value in heard.answers.items()
        )

    def _accepted(self, state: State, node: Node, value: str, text: str, heard: Heard, said: str, today: date) -> Turn:
        answers = {**(heard.answers if heard.about_self else state.answers), node.id: value}
        taken = tuple(n for n in dict.fromkeys((*state.taken, *heard.told.answers)) if n != node.id)
        new = replace(state, answers=answers, taken=taken, editing="")
        asked = heard.told.correction or heard.decision.leans or (heard.asks and len(fold(text)) > len(value) + 6)
        if asked and _kind(heard) is Kind.ANSWER:
            return replace(self._told(self._remember(new, heard), heard, said, today), said=said)
        return Turn(new, Guide(self.mind, new, today).reply(), said)

    def _aside(self, state: State, heard: Heard, said: str, today: date) -> Turn:
        """A question in the middle: answered, and the dialogue goes on where it was."""
        spoken = self.speaker.say(heard, today)
        guided = Guide(self.mind, state, today).reply()
        reply = replace(
            spoken,
            facts=(),
            question=guided.question,
            choices=(*guided.choices, *(c for c in spoken.choices if c.role in (Role.FEEDBACK, Role.WHY))),
            flow=guided.flow,
            node=guided.node,
            lead=spoken.lead,
        )
        if reply.status is Status.UNANSWERED:
            return self._unanswered(replace(state, unsure=said), reply, said, heard)
        return Turn(state, reply, said)

    def _after_plan(self, state: State, heard: Heard, said: str, today: date) -> Turn:
        """The plan stands; what is told changes it, what is asked is answered."""
        if self._moves(state, heard) and not heard.asks:
            return self._told(self._learned(state, heard), heard, said, today)
        turn = self._free(replace(state, flow=""), heard, said, today)
        return turn if turn.state.flow else replace(turn, state=replace(turn.state, flow=state.flow))


def _command(text: str) -> str:
    """The choice that a text stands for, whatever was asked."""
    return COMMANDS.get(fold(text).strip(" 。.!?~"), "")


def _masked(turn: Turn) -> Turn:
    """Whatever is typed where a name was asked for may hold one: nothing of it is kept."""
    hidden = w.NAME_NOT_KEPT if turn.unanswered else ""
    return replace(turn, said=w.NAME_NOT_KEPT, unanswered=hidden, state=replace(turn.state, unsure=""))


def _wants_person(said: str) -> str:
    """What stands after «转人工», which is then for a person."""
    found = re.match(r"\s*(?:请|帮我|我要)?转人工[\s,，:：。]+(.+)", said, re.S)
    return found[1] if found else ""


def _picked(node: Node, text: str) -> str:
    """The option that a text is, to the letter: then nothing else is read into it."""
    plain = fold(text)
    return next((o.id for o in node.options if plain in (fold(o.label), *map(fold, o.synonyms))), "")


def _pointed(heard: Heard) -> bool:
    """Whether words that ask nothing are still about one thing («身份证号登不上») and not just the case."""
    first, sure = heard.decision.chosen[0].entry, heard.decision.sure >= SURE
    return heard.decision.leans or (sure and first.facets.matter not in OF_THE_CASE)


def _kind(heard: Heard) -> Kind | None:
    """The kind of what would be said; None where nothing is sure."""
    decision = heard.decision
    return decision.chosen[0].entry.kind if decision.verdict is Verdict.SAY else None
