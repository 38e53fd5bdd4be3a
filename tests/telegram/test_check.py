"""`python -m bot telegram --check`: plain words, and a look that changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.channels.telegram import wording as wt
from bot.channels.telegram.api import make_api
from bot.channels.telegram.check import looked_at
from bot.mind import MindKeeper
from tests.web_kit import settings

from .fake import ABILITIES, FakeTelegram
from .kit import at_work
from .town import Town
from .transport import InProcess

pytestmark = pytest.mark.anyio
PUBLIC = "https://xiaoan.example"
OURS, OTHERS = f"{PUBLIC}/telegram", "https://other.example/bot"


@asynccontextmanager
async def closed(fake: FakeTelegram) -> AsyncIterator[None]:
    """Nothing is brought to a webhook any more afterwards."""
    try:
        yield
    finally:
        await fake.close()


async def checked(fake: FakeTelegram, token: str = "", **changed: str) -> tuple[str, bool]:
    api = make_api(token or fake.token, "https://telegram.invalid", lambda: InProcess(fake))
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


async def test_a_wrong_token_is_told_without_it(fake: FakeTelegram) -> None:
    assert await checked(fake, token="1:wrong") == (wt.BAD_LOGIN, False)


async def test_a_telegram_out_of_reach_is_told(fake: FakeTelegram) -> None:
    fake.faults.cut("getMe")
    told, works = await checked(fake)
    assert (told.partition("：")[0], works) == (wt.CHECK_UNREACHABLE.partition("：")[0], False)


ON_AND_OFF = {
    "can_join_groups": ("", wt.CHECK_GROUPS_OFF),
    "can_read_all_group_messages": (wt.CHECK_PRIVACY_OFF, wt.CHECK_PRIVACY_ON),
    "supports_inline_queries": (wt.CHECK_INLINE_ON, wt.CHECK_INLINE_OFF),
}


@pytest.mark.parametrize("ability", ABILITIES)
async def test_what_is_turned_off_at_botfather_is_told(fake: FakeTelegram, tmp_path: Path, ability: str) -> None:
    on, off = (words.format(name=fake.world.bot["username"]) for words in ON_AND_OFF[ability])
    nothing = str(tmp_path / "none.db")
    told, _ = await checked(fake, database=nothing)
    assert on in told
    assert off not in told
    fake.abilities[ability] = False
    told, works = await checked(fake, database=nothing)
    assert (off in told, works) == (True, True)


@pytest.mark.parametrize(
    ("found", "public", "words"),
    [
        ("", "", wt.CHECK_POLLING),
        (OTHERS, "", wt.CHECK_POLLING_BUT.format(url=OTHERS)),
        (OURS, PUBLIC, wt.CHECK_WEBHOOK.format(url=OURS)),
        (OTHERS, PUBLIC, wt.CHECK_WEBHOOK_BUT.format(found=OTHERS, wanted=OURS)),
        ("", PUBLIC, wt.CHECK_WEBHOOK_BUT.format(found="", wanted=OURS)),
    ],
)
async def test_the_webhook_in_force_is_told_beside_the_one_wanted(
    fake: FakeTelegram, tmp_path: Path, found: str, public: str, words: str
) -> None:
    async with closed(fake):
        await fake.call("setWebhook", {"url": found})
        told, _ = await checked(fake, public_url=public, database=str(tmp_path / "none.db"))
    assert words in told.splitlines()


async def test_what_waits_and_why_is_told(fake: FakeTelegram, town: Town, tmp_path: Path) -> None:
    fake.webhook.behind[PUBLIC] = "http://127.0.0.1:9"  # nobody listens there
    async with closed(fake):
        await fake.call("setWebhook", {"url": OURS})
        town.person("王芳").say("你好")
        await fake.until(lambda: "last_error_message" in fake.webhook.info(1, []))
        told, _ = await checked(fake, public_url=PUBLIC, database=str(tmp_path / "none.db"))
    assert wt.CHECK_PENDING.format(count=1) in told
    assert wt.CHECK_LAST_ERROR.format(error="Webhook connection closed") in told
