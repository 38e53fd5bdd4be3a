"""The answering half of a reply: entries as said to this person today, choices, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from bot import wording as w
from bot.hearing.case import settle
from bot.hearing.hear import Heard
from bot.hearing.tables import EDUCATION
from bot.ids import HUMAN, LOGIN
from bot.mind import Mind
from bot.render import source_lines
from bot.reply import Answer, Choice, Reply, Role, Status
from flows.plan import Plan
from flows.rules import CUTOFF, obtained
from flows.words import letters_of
from knowledge.decide import Verdict
from knowledge.model import Entry, Kind

STATUS = {
    Kind.ANSWER: Status.ANSWERED,
    Kind.GAP: Status.UNANSWERED,
    Kind.NEIGHBOUR: Status.UNANSWERED,
    Kind.ASK: Status.CLARIFY,
    Kind.FLOW: Status.FLOW,
    Kind.CHAT: Status.GREETING,
}
PERSONAL = frozenset({"deadline", "type", "education", "validity", "materials"})
"""Matters whose answer depends on the person's own dates."""


class Speaker:
    """Turns decisions into replies."""

    def __init__(self, mind: Mind) -> None:
        self.mind = mind

    def say(self, heard: Heard, today: date) -> Reply:
        """What to say to a message."""
        decision = heard.decision
        if decision.verdict is Verdict.NOTHING:
            return Reply(Status.UNANSWERED, lead=w.UNKNOWN, choices=self.offers(), score=decision.sure)
        entries = [candidate.entry for candidate in decision.chosen]
        if decision.verdict is Verdict.CHOOSE:
            return self._choose(w.CHOOSE, entries, decision.sure)
        first = entries[0]
        if first.kind is Kind.ASK:
            related = [self.mind.knowledge.entries[name] for name in first.related]
            return self._choose(first.short, related, decision.sure, first.id)
        if first.kind is Kind.CHAT:
            human = Choice(HUMAN, w.TO_HUMAN, Role.NAVIGATION)
            choices = (human,) if first.id == HUMAN else self.openings()
            return Reply(Status.GREETING, lead=first.short, choices=choices, entry=first.id, score=decision.sure)
        return Reply(
            lead=w.MORE_ASKED.format(count=len(entries)) if decision.more else "",
            status=STATUS[Kind.ANSWER if any(e.kind is Kind.ANSWER for e in entries) else first.kind],
            answers=tuple(self._heard(entry, heard, today) for entry in entries),
            choices=self._after(entries),
            entry=first.id,
            score=decision.sure,
        )

    def _heard(self, entry: Entry, heard: Heard, today: date) -> Answer:
        """An entry as said to a message: with the initials of those it names, never another's in their place."""
        answer = self.answer(entry, heard.plan, today, heard.answers)
        if not _on_passwords(entry) or not (heard.names or heard.nameless):
            return answer
        own = tuple(line for line in answer.own if line not in _letters(entry, heard.answers))
        return replace(answer, own=(*own, *_named(heard.names)))

    def entry(self, entry: Entry, answers: Mapping[str, str], today: date) -> Reply:
        """One entry, asked for by its button."""
        if entry.kind is Kind.ASK:
            related = [self.mind.knowledge.entries[name] for name in entry.related]
            return self._choose(entry.short, related, 1.0, entry.id)
        plan = settle(self.mind, dict(answers), today)
        said = self.answer(entry, plan, today, answers)
        return Reply(STATUS[entry.kind], answers=(said,), choices=self._after([entry]), entry=entry.id, score=1.0)

    def why(self, entry: Entry) -> Reply:
        """The sources of an entry, with the whole of what they are."""
        lines = source_lines(entry.citations) or [w.NO_SOURCE]
        return Reply(Status.ANSWERED, lead="\n".join([w.WHY_LEAD.format(title=entry.title), *lines]), entry=entry.id)

    def answer(
        self, entry: Entry, plan: Plan | None, today: date, answers: Mapping[str, str] = MappingProxyType({})
    ) -> Answer:
        """An entry as said today."""
        return Answer(
            entry=entry.id,
            title=entry.title,
            standing=entry.standing,
            short=entry.short,
            own=(*_own_case(entry, plan), *_letters(entry, answers)),
            notes=() if _since_rule(answers, today) else tuple(_today(entry, today)),
            detail=entry.detail,
            materials=entry.materials,
            citations=entry.citations,
        )

    def _choose(self, lead: str, entries: Iterable[Entry], sure: float, entry: str | None = None) -> Reply:
        options = tuple(Choice(f"e.{e.id}", e.title, Role.OPTION, e.id) for e in entries)
        none = Choice("none", w.CHOOSE_NONE, Role.NAVIGATION)
        return Reply(Status.CLARIFY, lead=lead, choices=(*options, none), entry=entry, score=sure)

    def _after(self, entries: list[Entry]) -> tuple[Choice, ...]:
        """What can follow an answer: its dialogue, related entries, why, useful or not."""
        first, known = entries[0], self.mind.knowledge.entries
        said = {entry.id for entry in entries}
        flows = dict.fromkeys(e.flow for e in entries if e.flow in w.FLOWS)
        related = dict.fromkeys(name for e in entries for name in e.related if name not in said)
        choices = [Choice(f"f.{name}", w.FLOWS[name], Role.FLOW) for name in flows if name]
        choices += [Choice(f"e.{n}", known[n].title, Role.SUGGESTION, n) for n in list(related)[:3]]
        if first.kind is not Kind.ANSWER:
            return (*choices, Choice(HUMAN, w.TO_HUMAN, Role.NAVIGATION))
        choices += [Choice(f"w.{e.id}", w.WHY, Role.WHY, e.id) for e in entries]
        choices.append(Choice(f"y.{first.id}", w.USEFUL, Role.FEEDBACK, first.id))
        choices.append(Choice(f"n.{first.id}", w.USELESS, Role.FEEDBACK, first.id))
        return tuple(choices)

    def openings(self) -> tuple[Choice, ...]:
        """The dialogues."""
        return tuple(Choice(f"f.{name}", label, Role.FLOW) for name, label in w.FLOWS.items())

    def offers(self) -> tuple[Choice, ...]:
        """What to do when there is no answer."""
        return (Choice(HUMAN, w.TO_HUMAN, Role.NAVIGATION), Choice("f.plan", w.FLOWS["plan"], Role.FLOW))

    def label(self, choice: str) -> str:
        """What a button says, for the record of the conversation."""
        verb, _, name = choice.partition(".")
        entries = self.mind.every
        if verb in ("e", "w", "y", "n") and name in entries:
            before = {"e": "", "w": f"{w.WHY}：", "y": f"{w.USEFUL}：", "n": f"{w.USELESS}："}[verb]
            return before + entries[name].title
        if verb == "f" and name in w.FLOWS:
            return w.FLOWS[name]
        plain = {
            HUMAN: w.TO_HUMAN,
            "back": w.BACK,
            "keep": w.KEEP,
            "restart": w.RESTART,
            "undo": w.UNDO,
            "quit": w.QUIT,
            "resume": w.RESUME,
        }
        return plain.get(verb, w.CHOOSE_NONE if verb == "none" else w.CHANGE if verb == "b" else w.OLD_BUTTON)


def _today(entry: Entry, today: date) -> Iterable[str]:
    """Where the fixed days an answer speaks of stand today."""
    for deadline in entry.deadlines:
        days = (deadline.on - today).days
        yield (deadline.ahead if days >= 0 else deadline.passed).format(days=abs(days))


def _since_rule(answers: Mapping[str, str], today: date) -> bool:
    """Whether the certificate is of after 2019-03-01, so that the fixed day for older ones is not the person's."""
    span = obtained(answers, today)
    return span is not None and span.first > CUTOFF


def _own_case(entry: Entry, plan: Plan | None) -> Iterable[str]:
    """What the person's own dates make of it."""
    if plan is None or plan.main is None or entry.facets.matter not in PERSONAL:
        return
    lines = "".join(plan.main.lines[:2])
    if entry.id == EDUCATION and plan.main.materials and plan.main.education is not None:
        yield (w.EDUCATION if plan.main.education else w.NO_EDUCATION).format(title=plan.main.title)
        return
    yield w.PERSONAL.format(title=plan.main.title, lines=lines or plan.main.why)


def _letters(entry: Entry, answers: Mapping[str, str]) -> Iterable[str]:
    """The initials, where the name has been told."""
    letters = letters_of(answers.get("name"))
    if letters and _on_passwords(entry):
        yield w.OWN_LETTERS.format(letters=w.OR.join(letters))


def _named(names: tuple[tuple[str, ...], ...]) -> Iterable[str]:
    """The initials of those a message names, in its order: a reply is stored, so the names are not said again."""
    for nth, letters in enumerate(names, 1):
        words = w.LETTERS_ONE if len(names) == 1 else w.LETTERS_NTH
        yield words.format(nth=nth, letters=w.OR.join(letters))


def _on_passwords(entry: Entry) -> bool:
    return entry.flow == LOGIN or (entry.facets.matter in ("login", "password") and entry.kind is Kind.ANSWER)
