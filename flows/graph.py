"""One walk over all paths of a dialogue: a drawing (Mermaid), and the decision table (Markdown)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.engine import targets
from flows.model import Flow, Node, Outcome, Part
from knowledge.model import Entry


@dataclass(frozen=True, slots=True)
class Path:
    """A way through a part: question and answer (an option's id, the rule that picked, or empty), then the outcome."""

    steps: tuple[tuple[str, str], ...]
    outcome: Outcome


def paths(part: Part) -> Iterator[Path]:
    """Every way through a part."""
    yield from _from(part, part.start, ())


def _from(part: Part, name: str, steps: tuple[tuple[str, str], ...]) -> Iterator[Path]:
    if name in part.outcomes:
        yield Path(steps, part.outcomes[name])
        return
    node = part.nodes[name]
    for answer, target in _edges(node):
        yield from _from(part, target, (*steps, (name, answer)))


def _edges(node: Node) -> Iterator[tuple[str, str]]:
    if node.next.rule:
        yield from ((node.next.rule, target) for target in node.next.to)
    else:
        yield from node.next.by_option.items()


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
            label = "、".join(_answer(node, answer) for answer, to in _edges(node) if to == target)
            yield f'    {part.id}_{node.id} -->|"{label}"| {part.id}_{target}'
    for outcome in part.outcomes.values():
        yield f'    {part.id}_{outcome.id}["{outcome.title}"]'


def _answer(node: Node, answer: str) -> str:
    if answer == node.next.rule:
        return answer
    return next((option.label for option in node.options if option.id == answer), "任何回答")


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
    return " → ".join(_step(part.nodes[name], answer) for name, answer in path.steps)


def _step(node: Node, answer: str) -> str:
    if node.next.rule:
        return f"{node.label}（规则 {answer}）" if node.label else f"规则 {answer}"
    return f"{node.label}：{_answer(node, answer)}"


def document(flows: Mapping[str, Flow], entries: Mapping[str, Entry]) -> str:
    """docs/decision-table.md: a drawing and a table for every dialogue that is not made of another's parts."""
    shown = [flow for flow in flows.values() if flow.id in ("plan", "materials")]
    head = "# 决策表\n\n由 flows/definitions 生成，请勿手改：`python -m flows.graph > docs/decision-table.md`。\n"
    body = [f"{table(flow, entries)}\n```mermaid\n{draw(flow)}```\n" for flow in shown]
    return "\n".join([head, *body])


def main() -> None:
    """Write the document to standard output."""
    import sys

    from flows.loader import load_flows
    from knowledge.loader import load

    entries = load().entries
    sys.stdout.write(document(load_flows(entries=entries), entries))


if __name__ == "__main__":
    main()
