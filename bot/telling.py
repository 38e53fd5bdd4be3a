"""What a message leads to beside its words: what is learned of the person, remembered of the talk, told or admitted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot import wording as w
from bot.answers import PERSONAL, Speaker
from bot.guide import Guide
from bot.hearing.case import registration_of
from bot.hearing.hear import Heard
from bot.hearing.tables import OF_THE_CASE, SURE
from bot.mind import Mind
from bot.reply import Reply, Status
from bot.state import State
from bot.turn import Turn
from flows.answering import Problem
from flows.engine import nodes_of
from flows.model import Input
from knowledge.decide import Verdict
from knowledge.model import Entry, Kind, Standing

MOST_OTHERS = 20
"""Of how many other people something is known at once: an HR clerk's list."""


class Teller:
    """Says what was heard to be asked, and keeps what was heard to be told."""

    def __init__(self, mind: Mind, speaker: Speaker) -> None:
        self.mind = mind
        self.speaker = speaker

    def said(self, state: State, heard: Heard, said: str, today: date) -> Turn:
        reply = self.speaker.say(heard, today)
        after = self.remember(state, heard)
        if reply.status is Status.UNANSWERED:
            return self.unanswered(after, reply, said, heard)
        open_ = reply.status is Status.CLARIFY
        return Turn(replace(after, unsure=said if open_ else ""), reply, said)

    def unanswered(self, state: State, reply: Reply, said: str, heard: Heard) -> Turn:
        nearest = heard.decision.chosen[0].entry.id if heard.decision.chosen else ""
        ours = kind_of(heard) is not Kind.NEIGHBOUR
        state = replace(state, unsure=said if ours else "")
        return Turn(state, reply, said, unanswered=said if ours else "", nearest=nearest)

    def told(self, state: State, heard: Heard, said: str, today: date) -> Turn:
        """The person tells their case: what was asked is answered, and the dialogue goes on from there."""
        opened = replace(state, flow=state.flow or "plan", editing="")
        guide = Guide(self.mind, opened, today)
        guided = guide.reply(lead=self.noted(guide, heard) if state.flow else w.FLOW_OPENED)
        if kind_of(heard) in (Kind.ASK, Kind.FLOW):
            return Turn(opened, replace(guided, lead=heard.decision.chosen[0].entry.short), said)
        if not self._worth_saying(state, heard):
            return Turn(opened, guided, said)
        spoken = self.speaker.say(heard, today)
        after = self.remember(opened, heard)
        return Turn(after, replace(guided, lead=spoken.lead, answers=spoken.answers, entry=spoken.entry), said)

    def known(self, state: State, said: str, today: date, noted: str = w.NOTED_BEFORE) -> Turn:
        """What is told is known, or changes no plan: so much in a line, and what is next, not the whole plan again."""
        opened = replace(state, flow=state.flow or "plan", editing="")
        guide = Guide(self.mind, opened, today)
        made = guide.plan()
        if made is None:
            return Turn(opened, guide.reply(lead=noted + w.NOTED_NEXT), said)
        title = made.main.title if made.main else "；".join(made.titles)
        lead = noted + w.NOTED_SAME_PLAN.format(title=title, line="".join(made.main.lines[:1]) if made.main else "")
        return Turn(opened, replace(guide.reply(lead=lead), card=None, facts=()), said)

    def which_year(self, state: State, said: str, today: date, problem: str | Problem | None = None) -> Turn:
        """A time was told that leaves the year open: it is asked for, with the question that is next."""
        opened = replace(state, flow=state.flow or "plan", editing="")
        guide = Guide(self.mind, opened, today)
        node = guide.position.node
        if node and isinstance(problem, Problem) and node.input is Input.DATE and node.id == problem.node:
            return Turn(opened, guide.reply(problem=problem.text), said)
        return Turn(opened, guide.reply(lead=w.WHICH_YEAR if node else ""), said)

    def _worth_saying(self, state: State, heard: Heard) -> bool:
        """Whether there is an answer beside the case: asked for, or pointed at, and not the one said just before."""
        if kind_of(heard) is not Kind.ANSWER:
            return False
        if heard.dated and not heard.told.correction:
            return False
        if heard.asks or (heard.told.correction and (heard.decision.leans or not state.flow)):
            return True
        return pointed(heard) and heard.decision.chosen[0].entry.id != state.entry

    def noted(self, guide: Guide, heard: Heard) -> str:
        """«记下了：业务 煤矿安全», of what was told before its question has come."""
        nodes, shown = nodes_of(guide.flow), guide.position.path
        told = {n: v for n, v in heard.told.answers.items() if n in nodes and n not in shown and nodes[n].label}
        words = (
            w.NOTED_FACT.format(label=nodes[n].label, value=self.mind.words.value(nodes[n], v)) for n, v in told.items()
        )
        return w.NOTED.format(facts="；".join(words)) if told else ""

    def learned(self, state: State, heard: Heard) -> State:
        """The state with the facts told; what is told of somebody else is kept apart."""
        if not heard.about_self:
            if not heard.answers and not heard.other:
                return state  # «佢» may stand for the registration
            about = state.registration if state.on_other else ()
            before = [(word, known) for word, known in state.others.items() if word != heard.other]
            others = dict((*before, (heard.other, heard.answers))[-MOST_OTHERS:])
            return replace(state, others=others, other_word=heard.other, on_other=True, registration=about)
        if state.on_other:
            state = replace(state, on_other=False, registration=(), entry="")
        if heard.answers == state.answers:
            return state
        taken = tuple(dict.fromkeys((*state.taken, *heard.told.answers)))
        if heard.told.correction:  # it may be another registration, now
            state = replace(state, registration=(), entry="")
        return replace(state, answers=heard.answers, taken=taken)

    def remember(self, state: State, heard: Heard) -> State:
        """What the talk is about now."""
        if heard.decision.verdict is not Verdict.SAY:
            return state
        entry = heard.decision.chosen[-1].entry
        if entry.kind not in (Kind.ANSWER, Kind.ASK):
            return state
        settled = registration_of(heard.plan)
        registration = entry.facets.registration or ((settled,) if settled else state.registration)
        return replace(state, registration=registration, matter=entry.facets.matter or state.matter, entry=entry.id)


def repeats(state: State, heard: Heard) -> bool:
    """Whether all that is told is known already, and nothing else is asked or meant."""
    told = heard.told
    if not told.answers or heard.answers != state.answers or told.dates or told.vague or told.correction or heard.asks:
        return False
    return not (kind_of(heard) is Kind.ANSWER and heard.decision.chosen[0].entry.facets.matter not in OF_THE_CASE)


def needs_year(heard: Heard) -> bool:
    """Whether a time is told that leaves the year open, and nothing is asked that does not hang on it."""
    if not heard.told.vague or not heard.about_self:
        return False
    if not heard.asks or kind_of(heard) is None:
        return True
    entries = [candidate.entry for candidate in heard.decision.chosen]
    return all(_hangs_on_dates(entry) for entry in entries)


def _hangs_on_dates(entry: Entry) -> bool:
    claims = entry.kind is Kind.GAP or entry.standing is Standing.CORRECTION
    return entry.facets.matter in (*PERSONAL, "eligibility") and not claims


def means(heard: Heard) -> bool:
    """Whether words that ask nothing are still surely about an entry: no answer, or a claim to set right."""
    if heard.decision.verdict is not Verdict.SAY:
        return False
    first = heard.decision.chosen[0].entry
    if first.kind is Kind.CHAT and heard.told.answers:
        return False  # «等下，我翻出来看，还没过期，单位没变»
    claim = first.standing is Standing.CORRECTION and heard.rumour
    apart = first.kind is not Kind.ANSWER or claim
    return heard.decision.leans or (apart and heard.decision.sure >= SURE)


def pointed(heard: Heard) -> bool:
    """Whether words that ask nothing are still about one thing («身份证号登不上») and not just the case."""
    first, sure = heard.decision.chosen[0].entry, heard.decision.sure >= SURE
    return heard.decision.leans or (sure and first.facets.matter not in OF_THE_CASE)


def kind_of(heard: Heard) -> Kind | None:
    """The kind of what would be said; None where nothing is sure."""
    decision = heard.decision
    return decision.chosen[0].entry.kind if decision.verdict is Verdict.SAY else None
