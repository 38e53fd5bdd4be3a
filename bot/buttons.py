"""What pressing a button does. A choice id stands for itself, so it works after a restart and in an old message."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot import wording as w
from bot.answers import Speaker
from bot.guide import Guide
from bot.ids import HUMAN
from bot.mind import Mind
from bot.reply import Choice, Reply, Role, Status
from bot.state import State
from bot.turn import Turn
from flows.engine import back, nodes_of, resolve
from knowledge.model import Kind


class Buttons:
    """The buttons of one mind."""

    def __init__(self, mind: Mind, speaker: Speaker) -> None:
        self.mind = mind
        self.speaker = speaker

    def press(self, state: State, choice: str, today: date) -> Turn:
        """What a button does, by its id; one of an earlier version says so and goes on."""
        verb, _, rest = choice.partition(".")
        label = self.speaker.label(choice)
        if verb == "a":
            return self._picked(state, rest, today)
        if verb == "b":
            return self._edit(state, rest, today, label)
        if verb == "f" and rest in self.mind.flows:
            return self.open(state, rest, label, today)
        if verb in ("e", "w") and rest in self.mind.every:
            return self._entry(state, rest, label, today, why=verb == "w")
        if verb in ("y", "n") and rest in self.mind.every:
            return self._feedback(state, rest, label, today, useful=verb == "y")
        plain = {
            "back": self._back,
            "keep": self._keep,
            "restart": self._restart,
            "undo": self._undo,
            "quit": self._quit,
            "resume": self._resume,
        }
        if verb in plain:
            return plain[verb](state, label, today)
        if verb == HUMAN:
            reply = Reply(Status.GREETING, lead=w.HUMAN)
            handed = replace(state, unsure="")
            return Turn(handed, self.beside(state, reply, today), label, state.unsure or label, state.entry, True)
        if verb == "none":
            reply = Reply(Status.UNANSWERED, lead=w.NONE_OF_THESE, choices=self.speaker.offers())
            return Turn(replace(state, unsure=""), self.beside(state, reply, today), label, state.unsure)
        reply = Reply(Status.CLARIFY, lead=w.ENTRY_GONE, choices=self.speaker.openings())
        return Turn(state, self.beside(state, reply, today), label)

    def beside(self, state: State, reply: Reply, today: date) -> Reply:
        """A reply with the open question of the dialogue after it. A plan that is made stays where it stands."""
        guided = Guide(self.mind, state, today).reply() if state.flow in self.mind.flows else None
        if guided is None or guided.question is None:
            return reply
        about = (choice for choice in reply.choices if choice.role in (Role.WHY, Role.FEEDBACK))
        choices = (*guided.choices, *about)
        return replace(reply, question=guided.question, choices=choices, flow=guided.flow, node=guided.node)

    def _picked(self, state: State, rest: str, today: date) -> Turn:
        version, _, place = rest.partition(".")
        name, _, option = place.partition(".")
        its = next((flow.id for flow in self.mind.flows.values() if flow.version == version), "")
        flow = state.flow or its or "plan"
        node = nodes_of(self.mind.flows[flow]).get(name) if flow in self.mind.flows else None
        label = next((o.label for o in node.options if o.id == option), "") if node else ""
        if node is None or not label:
            return self._resume(state, label or w.OLD_BUTTON, today, lead=w.FLOW_OTHER if its else w.FLOW_UPDATED)
        new = replace(
            state,
            flow=flow,
            editing="",
            on_other=False,
            answers={**state.answers, name: option},
            taken=tuple(n for n in state.taken if n != name),
        )
        return Turn(new, Guide(self.mind, new, today).reply(lead="" if its else w.FLOW_UPDATED), label)

    def _edit(self, state: State, name: str, today: date, label: str) -> Turn:
        flow = state.flow or "plan"
        if name not in nodes_of(self.mind.flows[flow]) or name not in state.answers:
            return self._resume(state, label, today, lead=w.FLOW_UPDATED)
        new, node = replace(state, flow=flow, editing=name), nodes_of(self.mind.flows[flow])[name]
        called = node.label or node.ask
        lead = w.FLOW_EDITING.format(label=called, value=self.mind.words.value(node, state.answers[name]))
        return Turn(new, Guide(self.mind, new, today).reply(lead=lead), w.CHANGE_ONE.format(label=called))

    def _entry(self, state: State, name: str, label: str, today: date, *, why: bool) -> Turn:
        entry = self.mind.every[name]
        if why:
            return Turn(state, self.beside(state, self.speaker.why(entry), today), label)
        if entry.kind is Kind.FLOW and entry.flow:
            return self.open(state, entry.flow, label, today)
        new = replace(
            state,
            registration=entry.facets.registration or state.registration,
            matter=entry.facets.matter or state.matter,
            entry=name,
        )
        return Turn(new, self.beside(new, self.speaker.entry(entry, state.answers, today), today), label)

    def _feedback(self, state: State, name: str, label: str, today: date, *, useful: bool) -> Turn:
        thanks = w.THANKS_USEFUL if useful else w.THANKS_USELESS
        human = () if useful else (Choice(HUMAN, w.TO_HUMAN, Role.NAVIGATION),)
        told = self.beside(state, Reply(Status.GREETING, lead=thanks), today)
        if told.question is None:
            told = replace(told, choices=human, aside=True)
        return Turn(state, told, label, feedback=(name, useful))

    def _back(self, state: State, label: str, today: date) -> Turn:
        if state.flow not in self.mind.flows:
            return self._resume(state, label, today)
        if state.editing:
            new = replace(state, editing="")
            return Turn(new, Guide(self.mind, new, today).reply(), label)
        flow = self.mind.flows[state.flow]
        answers = back(flow, state.answers, today)
        at_start = not resolve(flow, state.answers, today).path
        new = replace(state, answers=answers, taken=tuple(n for n in state.taken if n in answers))
        return Turn(new, Guide(self.mind, new, today).reply(lead=w.FLOW_AT_START if at_start else ""), label)

    def _keep(self, state: State, label: str, today: date) -> Turn:
        return self._resume(replace(state, editing=""), label, today)

    def _restart(self, state: State, label: str, today: date) -> Turn:
        new = State(flow=state.flow or "plan", ticks=state.ticks, dropped=state.answers or state.dropped)
        reply = Guide(self.mind, new, today).reply(lead=w.FLOW_RESTARTED)
        undo = (Choice("undo", w.UNDO, Role.FLOW),) if new.dropped else ()
        return Turn(new, replace(reply, choices=(*reply.choices, *undo)), label)

    def _undo(self, state: State, label: str, today: date) -> Turn:
        """Back to the answers before 重来; those given since then stand."""
        return self._resume(replace(state, answers={**state.dropped, **state.answers}, dropped={}), label, today)

    def _quit(self, state: State, label: str, today: date) -> Turn:
        back = (Choice("resume", w.RESUME, Role.NAVIGATION),) if state.answers else ()
        lead = w.FLOW_LEFT if state.answers else w.FLOW_LEFT_EMPTY
        reply = Reply(Status.GREETING, lead=lead, choices=(*back, *self.speaker.openings()))
        return Turn(replace(state, flow="", editing=""), reply, label)

    def _resume(self, state: State, label: str, today: date, lead: str = w.FLOW_CONTINUES) -> Turn:
        flow = state.flow if state.flow in self.mind.flows else "plan" if state.answers else ""
        if not flow:
            return Turn(state, Reply(Status.CLARIFY, lead=w.FLOW_NOTHING_OPEN, choices=self.speaker.openings()), label)
        new = replace(state, flow=flow, on_other=False)
        return Turn(new, Guide(self.mind, new, today).reply(lead=lead), label)

    def open(self, state: State, flow: str, said: str, today: date, lead: str = "") -> Turn:
        """Open a dialogue, with what is known already filled in."""
        new = replace(state, flow=flow, editing="", on_other=False)
        return Turn(new, Guide(self.mind, new, today).reply(lead=lead or self.mind.flows[flow].intro), said)
