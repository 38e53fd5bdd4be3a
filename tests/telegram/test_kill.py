"""kill -9 under load: every question is answered, and twice only where the kill cut off the mark that it was."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from bot.clock import now

from .clock import SystemClock
from .fake import FakeTelegram
from .kit import QUICK
from .server import serving
from .town import Town

pytestmark = pytest.mark.anyio
PUBLIC = "https://xiaoan.example"
ROOT = Path(__file__).resolve().parents[2]
PEOPLE, GROUPS = 10, 10
TEXTS = ("初始注册需要什么材料", "延续注册提前多久办", "照片要什么格式", "给我办理方案", "你好")
DATED = "注册有效期到{0.year}年{0.month}月{0.day}日，什么时候办延续"
TOLD = re.compile(r"有效期到：(\d+)年(\d+)月(\d+)日")
Key = tuple[int, object]
"""A question: its chat and number; in private, where no answer points back, its chat and the day that both tell."""


class Service:
    """小安 as a process of its own, started again and again over one database."""

    def __init__(self, folder: Path, root: str, token: str, *, webhook: bool) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.local = f"http://127.0.0.1:{port}"
        values = {
            **QUICK,
            "database": str(folder / "xiaoan.db"),
            "telegram_api": root,
            "port": str(port),
            "public_url": PUBLIC if webhook else "",
            "log_level": "error",
        }
        self._kind = "run" if webhook else "telegram"
        self.environment = os.environ | {"TELEGRAM_TOKEN": token}
        self.environment |= {f"XIAOAN_{name.upper()}": value for name, value in values.items()}
        self._nursery: Process | None = None
        self._pid = 0

    async def _ask(self, what: str) -> int:
        if self._nursery is None:
            self._nursery = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.telegram.killable", self._kind),
                cwd=ROOT, env=self.environment, stdin=PIPE, stdout=PIPE,
            )  # fmt: skip
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(f"{what}\n".encode())
        while True:
            line = await asyncio.wait_for(self._nursery.stdout.readline(), 60)
            if line.strip().lstrip(b"-").isdigit():  # the page says its address too
                return int(line)
            assert line, "ended"

    async def start(self) -> None:
        self._pid = await self._ask("start")

    async def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        assert await self._ask("wait") == -signal.SIGKILL
        for _ in range(100):  # what it had sent is read to the end
            await asyncio.sleep(0)

    async def stop(self) -> int:
        os.kill(self._pid, signal.SIGTERM)
        code = await self._ask("wait")
        assert self._nursery is not None
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        await self._nursery.wait()
        return code


@dataclass
class Square:
    """People who write in private and in groups, and what they have asked: the chat and number of each message."""

    town: Town
    asked: dict[tuple[int, int], Key] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = [self.town.person(f"甲{n}") for n in range(PEOPLE)]
        self.days = {person.id: map(date.fromordinal, count(now().toordinal() + 1)) for person in self.people}
        self.groups = [self.town.group(f"群{n}") for n in range(GROUPS)]

    async def talk(self, going: asyncio.Event) -> None:
        """Everyone writes now and then, as long as it goes on."""
        while going.is_set():
            person, group = random.choice(self.people), random.choice(self.groups)
            if random.random() < 0.5:
                message = person.say(f"小安，{random.choice(TEXTS)}", group.chat)
                self.asked[message.chat.id, message.id] = message.chat.id, message.id
            else:
                day = next(self.days[person.id])
                message = person.say(DATED.format(day))
                self.asked[message.chat.id, message.id] = message.chat.id, day
            await asyncio.sleep(random.uniform(0.01, 0.05))


def done(path: Path) -> int:
    """How many updates are marked done."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("select count(*) from updates where done is not null").fetchone()[0])


def answers(fake: FakeTelegram) -> Counter[Key]:
    """How often each question was answered."""
    found: Counter[Key] = Counter()
    for message in fake.sent():
        told = TOLD.search(message.text)
        day = date(*map(int, told.groups())) if told else None
        found[message.chat.id, message.body.get("reply_to_message", {}).get("message_id", day)] += 1
    return found


def cut_off(path: Path, fake: FakeTelegram, asked: Mapping[tuple[int, int], Key]) -> set[Key]:
    """The questions that have their answer, and not the mark that they have it."""
    with closing(sqlite3.connect(path)) as connection:
        undone = {row[0] for row in connection.execute("select id from updates where done is null")}
    messages = [update["message"] for update in fake.updates.history if update["update_id"] in undone]
    return {asked[m["chat"]["id"], m["message_id"]] for m in messages} & answers(fake).keys()


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("kills", [5, pytest.param(50, marks=pytest.mark.slow)])
async def test_no_update_is_lost(tmp_path: Path, kills: int, webhook: bool) -> None:
    fake = FakeTelegram(clock=SystemClock(), checked=False)
    square, going = Square(Town(fake)), asyncio.Event()
    path, most = tmp_path / "xiaoan.db", Counter[Key]()
    going.set()
    async with serving(fake) as address:
        service = Service(tmp_path, address.root, fake.token, webhook=webhook)
        fake.webhook.behind[PUBLIC] = service.local
        talking = asyncio.create_task(square.talk(going))
        for _ in range(kills):
            await service.start()
            before = len(fake.sent())
            await fake.until(lambda before=before: len(fake.sent()) >= before + 3, 60)  # type: ignore[misc]
            await asyncio.sleep(random.uniform(0, 0.2))
            await service.kill()
            most.update(cut_off(path, fake, square.asked))
        going.clear()
        await talking
        await service.start()
        async with asyncio.timeout(60):
            while done(path) < len(square.asked):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert await service.stop() == 0
    got = answers(fake)
    most.update(square.asked.values())
    assert {key for key in square.asked.values() if not got[key]} == set()
    assert {key: count for key, count in got.items() if count > most[key]} == {}


async def test_the_program_answers_and_ends_when_told(tmp_path: Path) -> None:
    fake = FakeTelegram(clock=SystemClock(), checked=False)
    wang = Town(fake).person("王芳")
    async with serving(fake) as address:
        command = (sys.executable, "-m", "bot", "telegram")
        environment = Service(tmp_path, address.root, fake.token, webhook=False).environment
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=DEVNULL)
        wang.say("初始注册需要什么材料")
        assert "出处" in (await fake.heard(wang.chat, within=60))[0].text
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 20) == 0
