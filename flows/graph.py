"""One walk over all paths of a dialogue: a drawing (Mermaid), and the decision table (Markdown)."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flows.engine import fits, follow, targets
from flows.model import Answers, Flow, Input, Node, Outcome, Part
from flows.rules import NAMED_GROUP
from knowledge.model import Entry

DOCUMENT = pathlib.Path(__file__).parent.parent / "docs" / "decision-table.md"
SAMPLE = date(2026, 7, 15)
"""The day on which the walk asks: the dates below fall into every case as seen from it."""
_DATES = (
    *("2018-05-01", "2020-06-01", "2024-05-01", "2021-07", "2021-07-01", "2021-07-20", "2021-07-01/2021-07-20"),
    *("2009", "2012", "2022", "2026-01-01", "2026-07", "2026-07-01", "2026-07-20", "2026-09-01", "2027-05-01"),
    *("2027-07", "2027-07-01", "2027-07-20", "2030-01-01"),
)
_VALUES = {
    Input.DATE: _DATES,
    Input.PROVINCE: ("山西",),
    Input.GROUP: (NAMED_GROUP, "别的集团"),
    Input.NAME: ("wf",),
}
_KNOWN: tuple[Answers, ...] = (
    {},
    {"change": "left"},
    {"registered": "never"},
    {"registered": "before", "registered_year": "2009"},
    {"registered": "before", "registered_year": "2022"},
    {"name": "wf"},
)
"""What earlier parts, or the person's own words, may have told before a part begins."""


@dataclass(frozen=True, slots=True)
class Path:
    """A way through a part: question and case in words, then the outcome."""

    steps: tuple[tuple[str, str], ...]
    outcome: Outcome


def paths(part: Part) -> tuple[Path, ...]:
    """Every way through a part that some answers take."""
    found = (path for known in _KNOWN for path in _from(part, part.start, (), _outside(part, known)))
    return tuple({(path.steps, path.outcome.id): path for path in found}.values())


def _outside(part: Part, known: Answers) -> Answers:
    return {name: value for name, value in known.items() if name not in part.nodes or name == "name"}


def _from(part: Part, name: str, steps: tuple[tuple[str, str], ...], answers: Answers) -> Iterator[Path]:
    if name in part.outcomes:
        yield Path(steps, part.outcomes[name])
        return
    node = part.nodes[name]
    for value in _values(node, answers):
        given = {**answers, name: value} if value else answers
        target = follow(node, given, SAMPLE)
        yield from _from(part, target, (*steps, (name, _case(node, value, target))), given)


def _values(node: Node, answers: Answers) -> Iterator[str]:
    if node.silent:
        yield ""
        return
    yield from (option.id for option in node.options)
    yield from (value for value in _VALUES.get(node.input, ()) if fits(node, value, answers, SAMPLE))


def _case(node: Node, value: str, target: str) -> str:
    if node.next.rule:
        return node.next.to[target]
    return next((o.label for o in node.options if o.id == value and value in node.next.by_option), "任何回答")


def _edges(node: Node) -> Iterator[tuple[str, str]]:
    """Case in words -> target."""
    if node.next.rule:
        yield from ((case, target) for target, case in node.next.to.items())
    else:
        labels = {option.id: option.label for option in node.options}
        yield from ((labels.get(answer, "任何回答"), target) for answer, target in node.next.by_option.items())


def draw(flow: Flow) -> str:
    """The dialogue as a Mermaid flowchart."""
    lines = ["flowchart TD"]
    for part in flow.parts:
        lines += [f"  subgraph {part.id}", *_drawn(part), "  end"]
    return "\n".join(lines) + "\n"


def _drawn(part: Part) -> Iterator[str]:
    for node in part.nodes.values():
        text = node.label or node.next.rule or node.id
        yield f'    {part.id}_{node.id}{{"{text}"}}'
        for target in targets(node):
            label = "、".join(case for case, to in _edges(node) if to == target)
            yield f'    {part.id}_{node.id} -->|"{label}"| {part.id}_{target}'
    for outcome in part.outcomes.values():
        yield f'    {part.id}_{outcome.id}["{outcome.title}"]'


def table(flow: Flow, entries: Mapping[str, Entry]) -> str:
    """Answers -> outcome -> entries and sources, a table for each part."""
    lines = [f"## {flow.title}（{flow.id}）", ""]
    for part in flow.parts:
        lines += [f"### {part.id}", "", "| 回答 | 结果 | 条目 | 出处 |", "|---|---|---|---|"]
        lines += _rows(part, entries)
        lines.append("")
    return "\n".join(lines)


def _rows(part: Part, entries: Mapping[str, Entry]) -> Iterator[str]:
    seen: dict[str, list[Path]] = {}
    for path in paths(part):
        seen.setdefault(path.outcome.id, []).append(path)
    for name, ways in seen.items():
        outcome = part.outcomes[name]
        told = "<br>".join(dict.fromkeys(_told(part, way) for way in ways))
        cited = [f"{c.source.title} · {c.section}" for e in outcome.entries for c in entries[e].citations]
        sources = "<br>".join(dict.fromkeys(cited))
        yield f"| {told} | {outcome.title}（{name}） | {'、'.join(outcome.entries)} | {sources} |"


def _told(part: Part, path: Path) -> str:
    return " → ".join(_step(part.nodes[name], case) for name, case in path.steps)


def _step(node: Node, case: str) -> str:
    return f"{node.label}：{case}" if node.label else case


def document(flows: Mapping[str, Flow], entries: Mapping[str, Entry]) -> str:
    """docs/decision-table.md: a drawing and a table for every dialogue that is not made of another's parts."""
    shown = [flow for flow in flows.values() if flow.id in ("plan", "materials")]
    head = "# 决策表\n\n由 flows/definitions 生成，请勿手改：`make table`。\n"
    body = [f"{table(flow, entries)}\n```mermaid\n{draw(flow)}```\n" for flow in shown]
    return "\n".join([head, *body])


def main() -> None:
    """Renew the document."""
    from flows.loader import load_flows
    from knowledge.loader import load

    entries = load().entries
    DOCUMENT.write_text(document(load_flows(entries=entries), entries), encoding="utf-8")


if __name__ == "__main__":
    main()
