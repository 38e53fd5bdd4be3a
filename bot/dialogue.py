"""One message in an open dialogue: an answer, news of the case, a question in the middle, or nothing that fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot import wording as w
from bot.guide import Guide
from bot.hearing.context import nth_of
from bot.hearing.hear import Heard
from bot.hearing.stating import asks
from bot.mind import Mind
from bot.reply import Reply, Role, Status
from bot.state import State
from bot.telling import Teller, kind_of, means, needs_year, pointed, repeats
from bot.turn import Turn
from flows.answering import LONGEST_NAME, Problem, answer, begun, forgotten, undecidable
from flows.engine import nodes_of
from flows.model import Input, Node
from flows.refine import finer, only_a_date
from knowledge.model import Kind
from knowledge.text import fold

Free = Callable[[State, Heard, str, date], Turn]
"""What to do with a message outside any dialogue."""
_FEW = 8
"""Characters of an answer to a question with options."""


class Dialogue:
    """An open dialogue of a conversation."""

    def __init__(self, mind: Mind, teller: Teller, free: Free) -> None:
        self.mind = mind
        self._teller = teller
        self._free = free

    def hear(self, state: State, text: str, heard: Heard, said: str, today: date) -> Turn:
        guide = Guide(self.mind, state, today)
        node = guide.position.node
        if node is None:
            return self._after_plan(state, heard, said, today)
        if option := _picked(node, text) or forgotten(node, text):
            return Turn(*self._put(state, node, option, today), said)
        if undecidable(node, text):
            return Turn(state, guide.reply(problem=self.mind.words.problem("choice_needed")), said)
        if heard.about_self and (more := begun(node, text, heard.told, today)):
            new = replace(heard, answers={**heard.answers, **more})
            return self._accepted(state, node, more[node.id], text, new, said, today)
        value = self._value(node, state, text, today) if heard.about_self else None
        if isinstance(value, str) and self._answers(node, text, heard, value, today):
            return self._accepted(state, node, value, text, heard, said, today)
        if isinstance(value, Problem) and node.input is Input.CHOICE and nth_of(text, alone=True) is not None:
            return Turn(state, guide.reply(problem=value.text), said)  # fewer are listed
        alone = not heard.told.answers and _only_a_date(text, today)
        if isinstance(value, Problem) and node.input is Input.DATE and alone:
            return Turn(state, guide.reply(problem=value.text), said)  # «3月» asks nothing of that month
        if repeats(state, heard):
            return self._teller.known(state, said, today)
        if needs_year(heard):
            return self._teller.which_year(self._teller.learned(state, heard), said, today, value)
        if self._moves(state, heard):
            return self._teller.told(self._teller.learned(state, heard), heard, said, today)
        kind = None if _names_trade(node, text, heard) else kind_of(heard)
        surely = kind is Kind.ANSWER and not isinstance(value, str) and pointed(heard)  # «我是公务员»
        aside = heard.asks or surely or not heard.about_self or kind in (Kind.CHAT, Kind.FLOW)
        if kind is not None and (aside or means(heard)):
            return self._aside(self._teller.remember(self._teller.learned(state, heard), heard), heard, said, today)
        if isinstance(value, str):
            return self._accepted(state, node, value, text, heard, said, today)
        if heard.asks and asks(text):
            reply = replace(guide.reply(lead=w.UNKNOWN_IN_FLOW), status=Status.UNANSWERED)
            return Turn(state, reply, said, unanswered=said)
        problem = value.text if isinstance(value, Problem) else ""
        return Turn(state, guide.reply(problem=problem), said)

    def _put(self, state: State, node: Node, value: str, today: date) -> tuple[State, Reply]:
        new = replace(state, answers={**state.answers, node.id: value}, editing="", on_other=False)
        return new, Guide(self.mind, new, today).reply()

    def _value(self, node: Node, state: State, text: str, today: date) -> str | Problem:
        mind = self.mind
        return answer(node, text, today, lexicon=mind.lexicon, words=mind.words, answers=state.answers)

    def _answers(self, node: Node, text: str, heard: Heard, value: str, today: date) -> bool:
        """Whether a text that fits the question is meant as its answer, not as a question of the person's own."""
        if node.id in heard.told.answers or not heard.asks:
            return True
        if node.input is Input.DATE and (not asks(text) or _only_a_date(text, today)):  # «2027年3月吧»
            return True
        if node.input is Input.NAME:  # 章玮 asks for no seal
            return len(text.strip()) <= LONGEST_NAME
        plain = fold(text).rstrip("?吗呢吧了的 ")
        return any(plain in (fold(o.label), *map(fold, o.synonyms)) for o in node.options if o.id == value)

    def _moves(self, state: State, heard: Heard) -> bool:
        """Whether what was told is news to the dialogue."""
        known = nodes_of(self.mind.flows[state.flow])
        changed = heard.answers.items() ^ state.answers.items()
        return heard.about_self and any(node in known for node, _ in changed)

    def _accepted(self, state: State, node: Node, value: str, text: str, heard: Heard, said: str, today: date) -> Turn:
        told = heard.answers if heard.about_self else state.answers
        nearer = value.count("-") < 2 and finer(value, state.answers.get(node.within, ""))  # «11月份» of 2021 is no day
        answers = {**told, node.within if nearer else node.id: value}
        taken = tuple(n for n in dict.fromkeys((*state.taken, *heard.told.answers)) if n != node.id)
        new = replace(state, answers=answers, taken=taken, editing="", on_other=False)
        asked = heard.told.correction or heard.decision.leans or (heard.asks and len(fold(text)) > len(value) + 6)
        if asked and kind_of(heard) is Kind.ANSWER:
            return self._teller.told(self._teller.remember(new, heard), heard, said, today)
        return Turn(new, Guide(self.mind, new, today).reply(), said)

    def _aside(self, state: State, heard: Heard, said: str, today: date) -> Turn:
        """A question in the middle: answered, and the dialogue goes on where it was."""
        spoken = self._teller.speaker.say(heard, today)
        guided = Guide(self.mind, state, today).reply()
        reply = replace(
            spoken,
            question=guided.question,
            choices=(*guided.choices, *(c for c in spoken.choices if c.role in (Role.FEEDBACK, Role.WHY))),
            flow=guided.flow,
            node=guided.node,
        )
        if reply.status is Status.UNANSWERED:
            return self._teller.unanswered(state, reply, said, heard)
        return Turn(state, reply, said)

    def _after_plan(self, state: State, heard: Heard, said: str, today: date) -> Turn:
        """The plan stands; what is told changes it, what is asked is answered."""
        if repeats(state, heard):
            return self._teller.known(state, said, today)
        if self._moves(state, heard) and not heard.asks:
            new, before = self._teller.learned(state, heard), Guide(self.mind, state, today)
            after = Guide(self.mind, new, today)
            if before.plan() == after.plan() and before.facts(before.position) == after.facts(after.position):
                return self._teller.known(new, said, today, self._teller.noted(after, heard))
            return self._teller.told(new, heard, said, today)
        turn = self._free(replace(state, flow=""), heard, said, today)
        return turn if turn.state.flow else replace(turn, state=replace(turn.state, flow=state.flow))


def _only_a_date(text: str, today: date) -> bool:
    return only_a_date(text.rstrip("?？"), today)


def _names_trade(node: Node, text: str, heard: Heard) -> bool:
    """«地铁公司»: a few words where one of several is to be chosen; they ask nothing of another subject."""
    return bool(node.options) and not heard.asks and len(fold(text)) <= _FEW and kind_of(heard) is Kind.NEIGHBOUR


def _picked(node: Node, text: str) -> str:
    """The option that a text is, to the letter: then nothing else is read into it."""
    plain = _unmarked(text)
    return next((o.id for o in node.options if plain in map(_unmarked, (o.label, *o.synonyms))), "")


def _unmarked(text: str) -> str:
    return fold(text).replace(",", "")
