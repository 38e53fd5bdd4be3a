"""What must hold between the definitions: all that is named exists, and every path ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.engine import targets
from flows.model import Node, Outcome, Part
from flows.rules import RULES
from flows.timing import TIMED
from flows.words import DAYS, PLACEHOLDERS
from knowledge.model import Entry
from knowledge.reading import Mistakes, bad_placeholders, placeholders


def check_parts(parts: Iterable[Part], entries: Mapping[str, Entry] | None, mistakes: Mistakes) -> None:
    """Note everything that dangles."""
    for part in parts:
        for node in part.nodes.values():
            _check_node(node, part, mistakes)
        for outcome in part.outcomes.values():
            _check_outcome(outcome, part, mistakes)
        if part.start in part.nodes:
            _check_loops(part, mistakes)
        elif part.start:
            mistakes.add(part.where, f"start 写的“{part.start}”不是这里的问题")
        if entries is not None:
            _check_entries(part, entries, mistakes)


def _check_node(node: Node, part: Part, mistakes: Mistakes) -> None:
    for target in targets(node):
        if target and target not in part.nodes and target not in part.outcomes:
            mistakes.add(node.where, f"“{node.id}”指向的“{target}”不存在")
    if node.next.rule and node.next.rule not in RULES:
        mistakes.add(node.where, f"没有叫“{node.next.rule}”的规则，可选：{'、'.join(sorted(RULES))}")
    if node.within and node.within not in part.nodes:
        mistakes.add(node.where, f"“{node.id}”的 within 写的“{node.within}”不是这里的问题")
    known = {option.id for option in node.options}
    for key in node.next.by_option:
        if key and key not in known:
            mistakes.add(node.where, f"“{node.id}”的 next 里“{key}”不是它的选项")
    if node.next.by_option and "" not in node.next.by_option and known - node.next.by_option.keys():
        missing = "、".join(sorted(known - node.next.by_option.keys()))
        mistakes.add(node.where, f"“{node.id}”的 next 没有写选项“{missing}”去哪里")


def _check_outcome(outcome: Outcome, part: Part, mistakes: Mistakes) -> None:
    for case in outcome.cases:
        if case not in part.outcomes:
            mistakes.add(outcome.where, f"“{outcome.id}”的 cases 里“{case}”不是这里的结果")
        elif (type_ := part.outcomes[case].fields.get("type", "")) not in TIMED:
            text = f"“{outcome.id}”的 cases 里“{case}”的 type 是“{type_}”，这里只能是：{'、'.join(TIMED)}"
            mistakes.add(outcome.where, text)
    for reminder in outcome.reminders:
        if reminder.day not in DAYS:
            mistakes.add(outcome.where, f"日程的 day 不能是“{reminder.day}”，可选：{'、'.join(DAYS)}")
    for text in (*outcome.lines, *outcome.general, *outcome.fields.values()):
        if unknown := placeholders(text) - PLACEHOLDERS:
            mistakes.add(outcome.where, f"“{outcome.id}”里“{text}”：{bad_placeholders(unknown, PLACEHOLDERS)}")
    if any(placeholders(text) for text in outcome.general):
        mistakes.add(outcome.where, f"“{outcome.id}”的 general 不能用占位，它正是没有日期时说的")


def _check_loops(part: Part, mistakes: Mistakes) -> None:
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            mistakes.add(part.nodes[name].where, f"绕回来了：{' → '.join((*above[above.index(name) :], name))}")
        elif name in part.nodes and name not in done:
            for target in targets(part.nodes[name]):
                walk(target, (*above, name))
            done.add(name)

    walk(part.start, ())
    for name in part.nodes.keys() - done:
        mistakes.add(part.nodes[name].where, f"没有一条路走到“{name}”")


def _check_entries(part: Part, entries: Mapping[str, Entry], mistakes: Mistakes) -> None:
    things = {material.id for entry in entries.values() for material in entry.materials}
    for outcome in part.outcomes.values():
        for name in (*outcome.entries, *outcome.cautions):
            if name not in entries:
                mistakes.add(outcome.where, f"“{outcome.id}”引用的条目“{name}”不存在")
        for name in outcome.materials or ():
            if name not in things:
                mistakes.add(outcome.where, f"“{outcome.id}”的材料“{name}”没有一个条目列出")
