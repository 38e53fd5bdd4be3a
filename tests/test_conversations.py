"""Whole dialogues as scripts, on every channel: they go as written, and end in the same plan everywhere."""

from __future__ import annotations

import asyncio
from datetime import datetime, time
from pathlib import Path

import httpx
import pytest

from bot.channels.web import create_app
from bot.clock import ZONE
from bot.mind import Mind, MindKeeper
from bot.service import Service
from bot.store import Store
from tests.conversations.channels import CommandLine, Direct, Web
from tests.conversations.runner import Script, play, scripts
from tests.web_kit import Visitor, settings

SCRIPTS = scripts()
STARTED = ("first/candidate-on-time", "steering/quit-and-resume", "telling/a-story")
"""Those played in a process of its own; a start costs a second or two."""
PAGED = [s for n, s in enumerate(SCRIPTS) if n % 4 == 0 or s.id.startswith(("steering", "telling"))]
"""Those played on the page: every way to steer and to tell, and some of each other kind."""


def named(name: str) -> Script:
    return next(script for script in SCRIPTS if script.id == name)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.id)
def test_dialogue_goes_as_written(mind: Mind, script: Script) -> None:
    play(script, Direct(mind, script.today))


@pytest.mark.parametrize("script", PAGED, ids=lambda script: script.id)
def test_web_page_without_a_script_leads_to_the_same_plan(
    mind: Mind, keeper: MindKeeper, tmp_path: Path, script: Script
) -> None:
    store = Store(tmp_path / "xiaoan.db")
    noon = datetime.combine(script.today, time(12), ZONE)
    service = Service(store, keeper, lambda: noon)
    with asyncio.Runner() as loop:
        visitor = Visitor(httpx.ASGITransport(app=create_app(service, settings())), loop)
        told = play(script, Web(visitor, service))
    store.close()
    assert told.plan == play(script, Direct(mind, script.today)).plan


@pytest.mark.parametrize("name", STARTED)
def test_command_line_leads_to_the_same_plan(mind: Mind, name: str) -> None:
    script = named(name)
    process = CommandLine(script.today)
    try:
        told = play(script, process)
    finally:
        code = process.close()
    assert (told.plan, code) == (play(script, Direct(mind, script.today)).plan, 0)


def test_a_script_that_goes_otherwise_is_seen(mind: Mind) -> None:
    script = named("first/overdue")
    told = Script(script.id, script.today, script.steps, {"type": "初始"})
    with pytest.raises(AssertionError, match="type is '逾期初始'"):
        play(told, Direct(mind, script.today))
