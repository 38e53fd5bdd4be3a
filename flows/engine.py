"""Leads through a dialogue: replays the answers from the start and stops at the first question without a valid one.

The answers are the whole state, so going back and editing are operations on answers.
"""

from __future__ import annotations

import re
from datetime import date

from flows.model import FIRST_YEAR, LAST_YEAR, Answers, Flow, FlowError, Input, Node, Outcome, Part, Position
from flows.rules import RULES, span_of

_NAME = re.compile(r"[a-z?]{1,20}(/[a-z?]{1,20})*(\+(dot|changed|unsure))*\Z")
_CHINESE = re.compile(r"[\u3400-\u9fff()（）·]{2,24}\Z")


def resolve(flow: Flow, answers: Answers, today: date) -> Position:
    """Where these answers lead today. An answer that no longer fits counts as not given; later ones stay."""
    valid = _valid(flow, answers, today)
    path: list[str] = []
    outcomes: list[Outcome] = []
    for part in flow.parts:
        name = part.start
        while (node := part.nodes.get(name)) is not None:
            if not node.silent:
                if name not in valid:
                    return Position(tuple(path), node, tuple(outcomes))
                path.append(name)
            name = follow(node, valid, today)
        outcomes.append(part.outcomes[name])
        if part.outcomes[name].final:
            break
    return Position(tuple(dict.fromkeys(path)), None, tuple(outcomes))


def follow(node: Node, answers: Answers, today: date) -> str:
    """The node or outcome after this one."""
    if node.next.rule is None:
        return node.next.by_option.get(answers[node.id]) or node.next.by_option[""]
    target = RULES[node.next.rule](answers, today)
    if target not in node.next.to:
        raise FlowError([f"{node.where}: 规则“{node.next.rule}”给出“{target}”，但 to 里没有，请补上"])
    return target


def most_left(flow: Flow, answers: Answers, today: date) -> int:
    """How many questions can follow the one asked now, at most: a rule may still lead anywhere it can."""
    position, valid = resolve(flow, answers, today), _valid(flow, answers, today)
    if position.node is None:
        return 0
    begun, *later = flow.parts[len(position.outcomes) :]
    ahead = (_longest(begun, target, valid) for target in targets(position.node))
    return max(ahead) + sum(_longest(part, part.start, valid) for part in later)


def _longest(part: Part, name: str, answers: Answers) -> int:
    node = part.nodes.get(name)
    if node is None:
        return 0
    asked = not node.silent and name not in answers
    return asked + max(_longest(part, target, answers) for target in targets(node))


def nodes_of(flow: Flow) -> dict[str, Node]:
    """Every node of a dialogue, by id."""
    return {name: node for part in flow.parts for name, node in part.nodes.items()}


def without(answers: Answers, node: str) -> dict[str, str]:
    """The answers without this one, so that it is asked again; the later ones stay and count where they still fit."""
    return {name: value for name, value in answers.items() if name != node}


def back(flow: Flow, answers: Answers, today: date) -> dict[str, str]:
    """The answers without the last one on the path; at the start, unchanged."""
    path = resolve(flow, answers, today).path
    return without(answers, path[-1]) if path else dict(answers)


def applied(position: Position, answers: Answers) -> dict[str, str]:
    """The answers that count, in the order of the questions; keep the others too, for they may yet be asked for."""
    return {name: answers[name] for name in position.path}


def targets(node: Node) -> tuple[str, ...]:
    """Every node or outcome that can come next."""
    return tuple(dict.fromkeys((*node.next.by_option.values(), *node.next.to)))


def fits(node: Node, value: str, answers: Answers, today: date) -> bool:
    """Whether a stored value is still an answer to the question."""
    if any(option.id == value for option in node.options):
        return True
    if node.input is Input.DATE:
        return problem_with_date(node, value, answers, today) is None
    if node.input is Input.NAME:
        return bool(_NAME.match(value))
    return node.input in (Input.PROVINCE, Input.GROUP) and bool(_CHINESE.match(value))


def problem_with_date(node: Node, value: str, answers: Answers, today: date) -> str | None:
    """What is wrong with a date as an answer, as a key of the problems in words.yaml."""
    span = span_of(value)
    if span is None:
        return "date"
    if node.past and span.first > today:
        return "date_future"
    if span.last.year < FIRST_YEAR:
        return "date_past_limit"
    if span.last.year > LAST_YEAR:
        return "date_too_far"
    outer = span_of(answers.get(node.within)) if node.within else None
    return "date_within" if outer and not outer.holds(span) else None


def _valid(flow: Flow, answers: Answers, today: date) -> Answers:
    return {name: value for name, value in answers.items() if _fits(flow, name, answers, today)}


def _fits(flow: Flow, name: str, answers: Answers, today: date) -> bool:
    node = next((part.nodes[name] for part in flow.parts if name in part.nodes), None)
    return node is None or fits(node, answers[name], answers, today)
