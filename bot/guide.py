"""The dialogue half of a reply: what is asked now, what is known, and the plan at the end."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from bot import wording as w
from bot.cards import card_of
from bot.ids import HUMAN
from bot.mind import Mind
from bot.reply import Card, Choice, Fact, Question, Reply, Role, Status
from bot.state import State
from flows.engine import most_left, nodes_of, resolve
from flows.model import Flow, Node, Position
from flows.plan import Plan, as_outcome, plan

NAVIGATION = (("back", w.BACK), ("restart", w.RESTART), ("quit", w.QUIT), (HUMAN, w.TO_HUMAN))


class Guide:
    """One dialogue of one conversation, as far as it has come."""

    def __init__(self, mind: Mind, state: State, today: date) -> None:
        self.mind = mind
        self.state = state
        self.today = today
        self.flow: Flow = mind.flows[state.flow]

    @property
    def position(self) -> Position:
        """Where the answers lead."""
        return resolve(self.flow, self._answers, self.today)

    @property
    def _answers(self) -> dict[str, str]:
        """The answers that stand: a question being changed is asked although it has one."""
        return {node: value for node, value in self.state.answers.items() if node != self.state.editing}

    def reply(self, lead: str = "", problem: str = "") -> Reply:
        """The question to ask now, or the plan."""
        position = self.position
        if position.node is None:
            return self._finished(position, lead)
        node = position.node
        return Reply(
            status=Status.FLOW,
            lead=lead,
            facts=self.facts(position),
            question=self._question(node, position, problem),
            choices=(*self._options(node), *self._navigation(position)),
            flow=self.flow.id,
            node=node.id,
        )

    def plan(self) -> Plan | None:
        """The plan, when the dialogue has ended."""
        position = self.position
        return None if position.node else self._plan(position)

    def card(self) -> Card | None:
        """The plan as a card."""
        made = self.plan()
        return self._card(made, self.facts(self.position)) if made else None

    def _card(self, made: Plan, facts: tuple[Fact, ...]) -> Card:
        return card_of(made, self.flow, self.mind, key_of(made), facts, self.today)

    def _plan(self, position: Position) -> Plan:
        mind = self.mind
        known = mind.knowledge.entries
        return plan(
            self.flow, position, self.state.answers, self.today, entries=known, regions=mind.regions, words=mind.words
        )

    def _finished(self, position: Position, lead: str) -> Reply:
        made, facts = self._plan(position), self.facts(position)
        return Reply(
            status=Status.FLOW,
            lead=lead,
            facts=facts,
            card=self._card(made, facts),
            choices=(*self._next_entries(made), *self._navigation(position)),
            flow=self.flow.id,
            node=None,
            outcome=as_outcome(made),
        )

    def _navigation(self, position: Position) -> tuple[Choice, ...]:
        """The ways out that are always there; whoever changes an answer goes back by leaving it as it was."""
        back = (("keep", w.KEEP),) if self.state.editing else NAVIGATION[:1] if position.path else ()
        return tuple(Choice(id_, label, Role.NAVIGATION) for id_, label in (*back, *NAVIGATION[1:]))

    def _next_entries(self, made: Plan) -> tuple[Choice, ...]:
        known = self.mind.knowledge.entries
        return tuple(Choice(f"e.{name}", known[name].title, Role.SUGGESTION, name) for name in made.entries[:3])

    def _question(self, node: Node, position: Position, problem: str) -> Question:
        return Question(
            node=node.id,
            ask=node.ask,
            why=node.why,
            input=node.input,
            example=node.example,
            problem=problem,
            past=node.past,
            step=len(position.path) + 1,
            left=most_left(self.flow, self._answers, self.today),
        )

    def _options(self, node: Node) -> tuple[Choice, ...]:
        version = self.flow.version
        return tuple(Choice(f"a.{version}.{node.id}.{option.id}", option.label) for option in node.options)

    def facts(self, position: Position) -> tuple[Fact, ...]:
        """What is known already, in the order of the dialogue."""
        nodes = nodes_of(self.flow)
        return tuple(
            Fact(
                node=name,
                label=nodes[name].label or nodes[name].ask,
                value=self.mind.words.value(nodes[name], self.state.answers[name]),
                edit=f"b.{name}",
                from_text=name in self.state.taken,
            )
            for name in position.path
        )


def key_of(plan: Plan) -> str:
    """The same as long as the same things are to be handed in, so that ticks outlive an answer that changes nothing."""
    cases = plan.cases or ((plan.main,) if plan.main else ())
    things = [[case.id, *(material.id for material in case.materials)] for case in cases]
    return hashlib.sha256(json.dumps(things or plan.titles).encode()).hexdigest()[:12]
