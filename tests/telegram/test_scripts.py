"""Whole dialogues as scripts: on Telegram they go as written, and end in the same plan as everywhere."""

from __future__ import annotations

import asyncio
from datetime import datetime, time
from pathlib import Path

import pytest

from bot.clock import ZONE
from bot.mind import Mind, MindKeeper
from tests.conversations.channels import Direct
from tests.conversations.runner import Script, Step, Told, play, scripts

from .fake import FakeTelegram
from .kit import Running, at_work
from .town import Town

SCRIPTS = scripts()
CHECKED = {script.id for script in SCRIPTS[::8]}
"""Those whose every request is held against the schemas; that costs more than all the rest."""


class OnTelegram:
    """A person's private chat; what was said is read from the store it was saved in."""

    def __init__(self, xiaoan: Running, loop: asyncio.Runner) -> None:
        self._xiaoan = xiaoan
        self._loop = loop
        self._person = Town(xiaoan.fake).person("王芳")
        self._person.start()
        loop.run(xiaoan.settled())

    def send(self, step: Step) -> Told:
        """Write, or press a button that is on the screen."""
        if step.say:
            self._person.say(step.say)
        else:
            self._press(step)
        self._loop.run(self._xiaoan.settled())
        return self._told()

    def _press(self, step: Step) -> None:
        if step.choose.startswith("b."):
            self._tap(label="改前面的回答")
        if step.press:
            self._tap(label=step.press)
        else:
            self._tap(data=step.choose)

    def _tap(self, *, label: str | None = None, data: str | None = None) -> None:
        """Press the button on the last message that has it."""
        shown = self._xiaoan.fake.sent(self._person.chat)
        fits = [
            message
            for message in shown
            if any(b["text"] == label or (data and b.get("callback_data") == data) for b in message.buttons)
        ]
        assert fits, f"no button {label or data} in {[m.labels for m in shown[-2:]]}"
        self._person.tap(fits[-1], label, data=data)
        self._loop.run(self._xiaoan.settled())

    def _told(self) -> Told:
        service = self._xiaoan.service
        (row,) = service.store.read("select id from conversations")
        reply = service.turns(row["id"])[-1].reply
        labels = tuple(self._xiaoan.fake.sent(self._person.chat)[-1].labels)
        return Told.stored(reply, labels=labels, plan=self._plan() if reply["card"] else "")

    def _plan(self) -> str:
        self._tap(label="存成文件")
        files = self._xiaoan.fake.world.files
        return files[list(files)[-1]].content.decode()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.id)
def test_telegram_leads_to_the_same_plan(mind: Mind, keeper: MindKeeper, tmp_path: Path, script: Script) -> None:
    noon = datetime.combine(script.today, time(12), ZONE)

    fake = FakeTelegram(checked=script.id in CHECKED)
    with asyncio.Runner() as loop:
        work = at_work(fake, keeper, tmp_path, now=noon)
        xiaoan = loop.run(work.__aenter__())
        told = play(script, OnTelegram(xiaoan, loop))
        loop.run(work.__aexit__(None, None, None))
    assert fake.violations == []
    assert told.plan == play(script, Direct(mind, script.today)).plan
