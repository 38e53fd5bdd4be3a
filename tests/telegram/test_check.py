"""`python -m bot telegram --check`: plain words, and a look that changes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.channels.telegram import wording as wt
from bot.channels.telegram.api import make_api
from bot.channels.telegram.check import looked_at
from bot.mind import MindKeeper
from tests.web_kit import settings

from .fake import FakeTelegram
from .kit import at_work
from .town import Town
from .transport import InProcess

pytestmark = pytest.mark.anyio


async def checked(fake: FakeTelegram, **changed: str) -> tuple[str, bool]:
    api = make_api(fake.token, "https://telegram.invalid", lambda: InProcess(fake))
    lines, works = await looked_at(api, settings(**changed))
    return "\n".join(lines), works


async def test_a_database_in_use_is_only_read(fake: FakeTelegram, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table something (x)")
    before = path.read_bytes()
    told, works = await checked(fake, database=str(path))
    assert (path.read_bytes(), works) == (before, True)
    assert wt.CHECK_NO_GROUPS in told


async def test_it_says_which_groups_it_sees(fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path) -> None:
    group, admin = town.group("注安交流", bot=None), town.person("管理")
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        group.set_bot("administrator", admin)
        await xiaoan.settled()
        told, _ = await checked(fake, database=str(tmp_path / "xiaoan.db"))
    assert f"群 注安交流：{wt.CHECK_GROUP_SEES}" in told


@pytest.mark.parametrize(
    ("public", "works"),
    [("", True), ("https://example.org", True), ("https://example.org:9000", False), ("http://example.org", False)],
)
async def test_an_address_that_makes_no_webhook_is_told(
    fake: FakeTelegram, tmp_path: Path, public: str, works: bool
) -> None:
    told, found = await checked(fake, public_url=public, database=str(tmp_path / "none.db"))
    assert (found, wt.CHECK_WEBHOOK_HTTPS in told) == (works, not works)
    assert not (tmp_path / "none.db").exists()
