"""The terminal: numbers pick, it goes on where it was left, and it forgets when asked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot import wording as w
from bot.channels.terminal import CONVERSATION, talk
from bot.mind import MindKeeper
from bot.service import Service
from bot.store import Store


@pytest.fixture
def service(tmp_path: Path, keeper: MindKeeper) -> Iterator[Service]:
    store = Store(tmp_path / "x.db")
    yield Service(store, keeper, today=date(2026, 11, 23))
    store.close()


def told(service: Service, *lines: str) -> str:
    """What one sitting shows."""
    out = io.StringIO()
    talk(service, lines, out)
    return out.getvalue()


def test_a_number_picks_what_was_offered(service: Service) -> None:
    told(service, "我该办哪种注册", "1")
    assert service.state(CONVERSATION).answers == {"certificate": "have"}


def test_a_number_where_a_day_is_asked_is_the_day(service: Service) -> None:
    shown = told(service, "给我办理方案", "有", "注册过", "2026年11月", "3")
    assert service.state(CONVERSATION).answers["valid_day"] == "2026-11-03"
    assert "· 重来" in shown


def test_a_number_of_any_length_is_a_message_like_another(service: Service) -> None:
    assert w.TOO_LONG.partition("{")[0] in told(service, "我该办哪种注册", "9" * 5000)


def test_it_goes_on_with_the_question_that_was_open(service: Service) -> None:
    told(service, "我该办哪种注册", "有")
    again = told(service)
    assert w.FLOW_RESUMED in again
    assert service.keeper.mind.flows["type"].parts[0].nodes["registered"].ask in again
    told(service, "1")
    assert list(service.state(CONVERSATION).answers) == ["certificate", "registered"]


def test_beginning_anew_saves_nothing(service: Service) -> None:
    told(service, "我该办哪种注册")
    before = service.newest(CONVERSATION)
    told(service)
    assert service.newest(CONVERSATION) == before


@pytest.mark.parametrize("word", w.TERMINAL_FORGET)
def test_it_forgets_when_asked(service: Service, word: str) -> None:
    assert w.TERMINAL_FORGOTTEN in told(service, "我该办哪种注册", "有", word)
    assert (service.said(CONVERSATION), service.resumed(CONVERSATION)) == (0, None)


@pytest.mark.parametrize("word", w.TERMINAL_LEAVE)
def test_a_word_leaves(service: Service, word: str) -> None:
    told(service, word, "怎么登录")
    assert service.said(CONVERSATION) == 0
