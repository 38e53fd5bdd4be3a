"""One walk over every path: all end, every outcome is reached and rests on sources, the document is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.graph import document, draw, paths, table
from flows.model import Part
from tests.flow_kit import entries, flows

_DOCUMENT = Path(__file__).parents[1] / "docs" / "decision-table.md"


def _parts() -> list[Part]:
    return list({part.id: part for flow in flows().values() for part in flow.parts}.values())


@pytest.mark.parametrize("part", _parts(), ids=lambda part: part.id)
def test_every_outcome_can_be_reached(part: Part) -> None:
    assert {path.outcome.id for path in paths(part)} == set(part.outcomes)


@pytest.mark.parametrize("part", _parts(), ids=lambda part: part.id)
def test_every_target_of_a_rule_is_taken_by_some_answers(part: Part) -> None:
    taken = {(name, case) for path in paths(part) for name, case in path.steps}
    named = {(node.id, case) for node in part.nodes.values() for case in node.next.to.values()}
    assert named <= taken


@pytest.mark.parametrize("part", _parts(), ids=lambda part: part.id)
def test_every_outcome_rests_on_a_source(part: Part) -> None:
    cited = {o.id: [c for e in o.entries for c in entries()[e].citations] for o in part.outcomes.values()}
    assert [name for name, citations in cited.items() if not citations] == []


@pytest.mark.parametrize("part", _parts(), ids=lambda part: part.id)
def test_no_path_asks_more_than_eight_questions(part: Part) -> None:
    asked = [[name for name, _ in path.steps if not part.nodes[name].silent] for path in paths(part)]
    assert max(map(len, asked)) <= 8


def test_the_table_has_a_column_for_every_question_and_a_row_for_every_path() -> None:
    part = flows()["plan"].parts[0]
    told = table(flows()["plan"], entries()).split("### ")[1].splitlines()
    head, *rows = [line.strip("| ").split(" | ") for line in told if line.startswith("| ")]
    assert head[0] == "中级注安资格证书"
    assert len(head) == 1 + len({name for path in paths(part) for name, _ in path.steps})
    path = next(path for path in paths(part) if path.outcome.id == "overdue-initial")
    answers = [case for _, case in path.steps]
    assert [*answers, "**逾期初始注册**"] in [[cell for cell in row if cell.strip()] for row in rows]


def test_the_document_is_current() -> None:
    assert _DOCUMENT.read_text(encoding="utf-8") == document(flows(), entries()), (
        "run: python -m flows.graph > docs/decision-table.md"
    )


def test_the_drawing_shows_every_question_and_outcome() -> None:
    drawn = draw(flows()["plan"])
    names = [f"{p.id}_{name}" for p in flows()["plan"].parts for name in (*p.nodes, *p.outcomes)]
    assert [name for name in names if name not in drawn] == []
