"""One walk over all paths of a dialogue: a drawing (Mermaid), and the decision table (Markdown)."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_BEFORE = "先前已知"
"""The heading over what a question without words looks at."""
_RESULT = "结果"


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
    """For each part a column for every question and a row for every path, then what each outcome rests on."""
    lines = [f"## {flow.title}（{flow.id}）", ""]
    for part in flow.parts:
        lines += [f"### {part.id}", "", *_table(_ways(part)), "", *_table(_grounds(part, entries)), ""]
    return "\n".join(lines)


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield f"| {' | '.join(row)} |"
        if not number:
            yield "|" + "---|" * len(row)


def _ways(part: Part) -> Iterator[Sequence[str]]:
    """The questions, then each path: what is answered to each of them, nothing where it is not asked."""
    ways = sorted(paths(part), key=lambda way: list(part.outcomes).index(way.outcome.id))
    asked = [name for name in part.nodes if any(name in dict(way.steps) for way in ways)]
    yield *(part.nodes[name].label or _BEFORE for name in asked), _RESULT
    rows = ((*(dict(way.steps).get(name, "") for name in asked), f"**{way.outcome.title}**") for way in ways)
    yield from dict.fromkeys(rows)


def _grounds(part: Part, entries: Mapping[str, Entry]) -> Iterator[Sequence[str]]:
    yield _RESULT, "编号", "条目", "出处"
    for name, outcome in part.outcomes.items():
        cited = [f"{c.source.title} · {c.section}" for e in outcome.entries for c in entries[e].citations]
        yield outcome.title, name, "、".join(outcome.entries), "<br>".join(dict.fromkeys(cited))


def document(flows: Mapping[str, Flow], entries: Mapping[str, Entry]) -> str:
    """docs/decision-table.md: a drawing and a table for every dialogue that is not made of another's parts."""
    shown = [flow for flow in flows.values() if flow.id in ("plan", "materials")]
    head = (
        "# 决策表\n\n由 flows/definitions 生成，请勿手改：`make table`。\n\n"
        "每一行是一条路：从左到右是问到的问题和回答，空着的不问，最右边是结果；每张表下面是各个结果所依据的条目和出处。\n"
    )
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
