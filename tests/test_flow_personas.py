"""Whole persons: what they tell and know, led to a plan, against what is true for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.plan import as_outcome
from tests.flow_kit import led

_OURS = Path(__file__).parent / "data" / "personas_extra.jsonl"
_SHARED = Path(__file__).parents[2] / "shared" / "eval" / "personas.jsonl"
_FIELDS = (
    *("type", "window", "deadline", "overdue", "continuing_education"),
    *("review_body", "login_id", "password", "password_when"),
)


def _personas() -> Iterator[Any]:
    for path in (_OURS, _SHARED):
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                persona = json.loads(line)
                yield pytest.param(persona, id=persona["id"])


def _allowed(persona: dict[str, Any], field: str) -> list[Any]:
    truth = persona["truth"]
    others = [entry[field] for entry in truth["accept"] if field in entry]
    if field == "window":
        others = [{**truth["window"], **other} for other in others]
    return [truth[field], *others]


@pytest.mark.parametrize("persona", list(_personas()))
def test_person_is_told_what_is_true(persona: dict[str, Any]) -> None:
    outcome = as_outcome(led(persona))
    wrong = {
        field: (outcome[field], allowed)
        for field in _FIELDS
        if outcome[field] not in (allowed := _allowed(persona, field))
    }
    assert wrong == {}


@pytest.mark.parametrize("persona", list(_personas()))
def test_person_hears_of_the_materials_their_registration_asks_for(persona: dict[str, Any]) -> None:
    told = as_outcome(led(persona))["materials"]
    assert isinstance(told, list)
    wanted = [{_thing(m) for m in listed} for listed in _allowed(persona, "materials")]
    assert {_thing(m) for m in told} in wanted


def _thing(material: str) -> str:
    name = material.split(":")[0]
    for word in ("继续教育", "履职情况", "手持身份证件", "更名材料", "劳动合同或聘用文件", "原注册证书"):
        if word in name:
            return word
    return name
