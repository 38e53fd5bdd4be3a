"""What is put together for every channel: settings that reach their place, the day's chores, fresh knowledge."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

from bot.config import Config
from bot.opening import kept_fresh, make_keeper, opened
from bot.reply import Message
from bot.store import Store
from tests.web_kit import settings


def _settings(folder: Path, **more: str) -> Config:
    return settings(database=str(folder / "x.db"), **more)


def test_the_chores_of_the_day_begin_when_it_opens(tmp_path: Path) -> None:
    async def said_and_gone() -> tuple[int, int]:
        config = _settings(tmp_path, keep_days="30")
        async with opened(config) as service:
            await service.say("old", "test", Message(text="怎么登录"))
            await service.say("new", "test", Message(text="怎么登录"))
            old = "update conversations set updated = '2020-01-01T00:00:00+08:00' where id = 'old'"
            await service.store.write(lambda connection: connection.execute(old))
        async with opened(config) as service:
            for _ in range(2):  # the chores queue theirs while the first is waited for
                await service.store.write(lambda connection: None)
            return service.newest("old"), service.newest("new")

    assert asyncio.run(asyncio.wait_for(said_and_gone(), 30)) == (0, 2)


def test_all_is_on_disk_when_it_is_left(tmp_path: Path) -> None:
    async def talk() -> None:
        async with opened(_settings(tmp_path)) as service:
            await service.say("one", "test", Message(text="怎么登录"))

    asyncio.run(talk())
    with closing(Store(tmp_path / "x.db")) as store:
        assert store.read("select said from turns")[0]["said"] == "怎么登录"


def test_the_index_is_kept_where_the_settings_say(tmp_path: Path) -> None:
    with kept_fresh(make_keeper(_settings(tmp_path, cache=str(tmp_path / "cache"))), 1):
        assert list((tmp_path / "cache").glob("index-*.npz"))
