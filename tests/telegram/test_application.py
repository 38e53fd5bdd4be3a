"""The channel as a whole: polling, restarts, and how it ends."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from bot.channels.claim import Claim
from bot.channels.telegram import application
from bot.channels.telegram import wording as wt
from bot.channels.telegram.api import make_api
from bot.channels.telegram.application import webhook_address
from bot.channels.web import create_app
from bot.clock import ZONE
from bot.mind import MindKeeper
from bot.service import Service
from bot.store import Store
from tests.web_kit import settings

from .fake import FakeTelegram
from .kit import QUICK, Running, at_work
from .server import Address
from .town import Town
from .transport import InProcess

pytestmark = pytest.mark.anyio
PUBLIC = "https://xiaoan.example"
NOW = datetime(2026, 11, 23, 12, tzinfo=ZONE)


async def test_polling_outlives_errors(fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path) -> None:
    fake.faults.gateway("getMe", times=2)
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        for kind, options in (("gateway", {}), ("cut", {}), ("too_many", {"retry_after": 2})):
            getattr(fake.faults, kind)("getUpdates", **options)
            assert (await xiaoan.say(town.person("王芳"), "你好")).text


async def test_half_a_character_does_not_stop_the_polling(xiaoan: Running, town: Town) -> None:
    assert "出处" in (await xiaoan.say(town.person("王芳"), "初始注册\ud83d需要什么材料")).text


CONFLICT = "Conflict: terminated by other getUpdates request"


async def healthy(service: Service) -> bool:
    """What the page tells of the whole."""
    page = httpx.ASGITransport(app=create_app(service, settings()))
    async with httpx.AsyncClient(transport=page, base_url="http://localhost") as client:
        answer = await client.get("/healthz")
    assert answer.json()["sound"] is answer.json()["channels"] is (answer.status_code == 200)
    return answer.status_code == 200


async def test_a_second_poller_stops_with_a_clear_message(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    async with at_work(fake, keeper, tmp_path, pause=pause) as xiaoan:
        assert await healthy(xiaoan.service)
        fake.faults.refuse("getUpdates", 409, CONFLICT, times=99)
        town.person("王芳").say("你好")  # ends the poll that is open
        await fake.until(lambda: wt.SECOND_POLLER in caplog.text)
        assert xiaoan.channel.outcome == wt.SECOND_POLLER
        assert not await healthy(xiaoan.service)
    assert waits == [2, 4, 8, 16, 30]


async def test_a_poller_that_ends_soon_is_waited_for(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    fake.faults.refuse("getUpdates", 409, CONFLICT, times=5)
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        assert (await xiaoan.say(town.person("王芳"), "你好")).text
        assert (xiaoan.channel.outcome, await healthy(xiaoan.service)) == ("", True)


async def test_of_two_that_throw_each_other_out_one_stops_and_the_other_answers(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path / "a") as one, at_work(fake, keeper, tmp_path / "b") as two:
        await fake.until(lambda: one.channel.outcome + two.channel.outcome != "")
        assert one.channel.outcome + two.channel.outcome == wt.SECOND_POLLER
        wang.say("你好")
        assert (await fake.heard(wang.chat))[0].text


async def test_two_over_one_database_answer_once(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, other = town.person("王芳"), Claim(tmp_path / "xiaoan.db.telegram")
    with closing(other):
        assert other.take()
        wang.say("你好")
        async with at_work(fake, keeper, tmp_path) as xiaoan:
            assert xiaoan.channel.outcome == wt.SAME_DATABASE.format(path=tmp_path / "xiaoan.db")
            assert not await healthy(xiaoan.service)
    assert (fake.sent(wang.chat), len(fake.updates.waiting)) == ([], 1)


async def test_who_starts_before_the_other_has_ended_waits_for_it(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, other = town.person("王芳"), Claim(tmp_path / "xiaoan.db.telegram")

    async def pause(seconds: float) -> None:
        other.close()
        await asyncio.sleep(0)

    with closing(other):
        assert other.take()
        async with at_work(fake, keeper, tmp_path, pause=pause) as xiaoan:
            assert (await xiaoan.say(wang, "你好")).text
            assert not other.take()
        assert other.take()


async def test_a_wrong_token_is_told_without_it(
    fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = make_api("1:wrong", "https://telegram.invalid", lambda: InProcess(fake))
    async with at_work(fake, keeper, tmp_path, api=wrong) as xiaoan:
        assert xiaoan.channel.outcome == wt.BAD_LOGIN
    assert "1:wrong" not in caplog.text


async def test_numbers_that_begin_anew_lower_are_fetched(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        await xiaoan.say(wang, "你好")
        await fake.until(lambda: not fake.updates.waiting)
        fake.updates.jump(1000)
        await xiaoan.say(wang, "初始注册需要什么材料")
        assert len(fake.sent(wang.chat)) == 2


async def test_an_update_telegram_brings_again_is_not_answered_again(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    for _ in range(2):  # a restart in between
        async with at_work(fake, keeper, tmp_path) as xiaoan:
            if not fake.updates.history:
                await xiaoan.say(wang, "你好")
            fake.updates.again(fake.updates.history[0]["update_id"])
            await xiaoan.settled()
    assert len(fake.sent(wang.chat)) == 1


async def test_a_crash_between_deciding_and_sending_repeats_only_the_sending(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        await xiaoan.say(wang, "给我办理方案")
        await xiaoan.say(wang, "有")
        fake.faults.hang("sendMessage")
        wang.say("上一步")
        while not xiaoan.service.store.read("select id from updates where outgoing > ''"):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    asked_again = len(fake.sent(wang.chat))
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        shown = await xiaoan.after(wang)
        turns = xiaoan.service.turns(xiaoan.channel.tables.conversation(wang.id))
        assert (len(fake.sent(wang.chat)) - asked_again, [turn.said for turn in turns].count("上一步")) == (1, 1)
        assert "还没有" in shown.labels


async def test_the_bots_page_is_set_once(fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path) -> None:
    for _ in range(2):
        async with at_work(fake, keeper, tmp_path) as xiaoan:
            await fake.until(lambda: bool(fake.called("getChatMenuButton")))
            await xiaoan.settled()
    assert [c.method for c in fake.calls if c.method.startswith("setMy")] == [
        "setMyCommands", "setMyCommands", "setMyDescription", "setMyShortDescription",
    ]  # fmt: skip
    assert fake.violations == []


def _connected(path: Path) -> sqlite3.Connection:
    """Another program at the database. Its writes belong into a thread: one that waits for the bot's would stop it."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def _old_rows(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as other:
        return [row[0] for row in other.execute("select id from updates where done < '2020'")]


def _leave_an_old_row(folder: Path) -> Path:
    """A database with an update that was done long ago; where it lies."""
    path = folder / "xiaoan.db"
    Store(path).close()
    with closing(sqlite3.connect(path)) as other, other:
        other.execute(
            "insert into updates (channel, id, payload, received, done) values ('telegram', 1, '', '', '2019')"
        )
    return path


async def test_a_server_that_knows_no_commands_does_not_keep_old_rows(
    fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = _leave_an_old_row(tmp_path)
    fake.faults.refuse("setMyCommands", 404, "Not Found: method not found")
    async with at_work(fake, keeper, tmp_path):
        await fake.until(lambda: not _old_rows(path))
    assert "没能全部设好" in caplog.text


async def test_rows_that_can_not_be_pruned_now_go_the_next_time(
    fake: FakeTelegram,
    keeper: MindKeeper,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(application, "_PRUNE_SECONDS", 0.01)
    path = _leave_an_old_row(tmp_path)
    with closing(_connected(path)) as other:
        other.execute("create trigger no before delete on updates begin select raise(abort, 'not now'); end")
        async with at_work(fake, keeper, tmp_path):
            await fake.until(lambda: "not now" in caplog.text)
            assert _old_rows(path) == [1]
            await asyncio.to_thread(other.execute, "drop trigger no")
            await fake.until(lambda: not _old_rows(path))


async def test_a_page_instead_of_updates_loses_none(
    fake: FakeTelegram, town: Town, telegram: Address, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, api = town.person("王芳"), make_api(fake.token, telegram.root)
    async with at_work(fake, keeper, tmp_path, api=api) as xiaoan:
        for method in ("getUpdates", "sendMessage"):
            fake.faults.gateway(method, 200, times=4)
            await xiaoan.say(wang, "你好")
        assert (len(fake.sent(wang.chat)), xiaoan.channel.outcome) == (2, "")


async def test_a_database_that_is_locked_for_a_while_does_not_end_the_polling(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    waited = asyncio.Event()

    async def pause(seconds: float) -> None:
        waited.set()
        await asyncio.sleep(0)

    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path, pause=pause) as xiaoan:
        store = xiaoan.service.store
        store.patience = 0
        with closing(_connected(store.path)) as other:
            await asyncio.to_thread(other.execute, "begin immediate")
            wang.say("你好")
            await asyncio.wait_for(waited.wait(), 10)
            other.execute("rollback")
        assert "小安" in (await xiaoan.after(wang)).text
        assert xiaoan.channel.outcome == ""


async def test_a_database_that_is_locked_between_two_messages_sends_none_twice(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    other = _connected(tmp_path / "xiaoan.db")
    asked: list[float] = []

    async def pause(seconds: float) -> None:
        asked.append(seconds)
        if seconds == 7:
            await asyncio.to_thread(other.execute, "begin immediate")
        elif other.in_transaction:
            other.execute("rollback")
        await asyncio.sleep(0)

    wang = town.person("王芳")
    with closing(other):
        async with at_work(fake, keeper, tmp_path, pause=pause) as xiaoan:
            await xiaoan.say(wang, "给我办理方案")
            xiaoan.service.store.patience = 0.2
            before = len(fake.sent(wang.chat))
            fake.faults.too_many("sendMessage", retry_after=7)
            wang.send("sticker")
            await xiaoan.settled()
            assert (len(fake.sent(wang.chat)) - before, 1 in asked) == (2, True)


async def test_a_mistake_in_answering_is_told(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        who = xiaoan.channel.tables.conversation(wang.id)
        await xiaoan.say(wang, "你好")
        await xiaoan.service.store.write(
            lambda c: c.execute("update conversations set state = 'broken' where id = ?", [who])
        )
        assert (await xiaoan.say(wang, "延续注册提前多久办")).text == wt.TROUBLE


async def test_what_is_being_answered_at_the_stop_is_answered_and_done(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    sending, gate = asyncio.Event(), asyncio.Event()

    async def pause(seconds: float) -> None:
        sending.set()
        await gate.wait()

    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path, pause=pause):
        fake.faults.too_many("sendMessage", retry_after=1)
        wang.say("你好")
        await asyncio.wait_for(sending.wait(), 10)
        asyncio.get_running_loop().call_later(0.6, gate.set)  # more than the half second it once had
    assert len(fake.sent(wang.chat)) == 1
    with closing(sqlite3.connect(tmp_path / "xiaoan.db")) as connection:
        assert connection.execute("select count(*) from updates where done is null").fetchone() == (0,)


async def test_a_refused_webhook_means_polling(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fake.faults.refuse("setWebhook", 400, "Bad Request: bad webhook: Failed to resolve host: Name or service not known")
    config = settings(**QUICK, public_url="https://xiaoan.example")
    async with at_work(fake, keeper, tmp_path, config=config) as xiaoan:
        assert (await xiaoan.say(town.person("王芳"), "你好")).text
    assert "改用轮询" in caplog.text


@pytest.mark.parametrize(
    ("public", "wanted"),
    [
        ("", ""),
        ("http://localhost:8000", ""),
        ("http://example.org", ""),
        ("https://example.org:9000", ""),
        ("https://example.org", "https://example.org/telegram"),
        ("https://example.org:8443/", "https://example.org:8443/telegram"),
    ],
)
def test_only_what_telegram_takes_makes_a_webhook(public: str, wanted: str) -> None:
    assert webhook_address(settings(public_url=public)) == wanted


async def test_an_address_that_makes_no_webhook_is_told(
    fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = settings(**QUICK, public_url="http://example.org")
    async with at_work(fake, keeper, tmp_path, config=config):
        assert wt.NEEDS_HTTPS in caplog.text


async def test_429_at_the_start_is_waited_out(fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path) -> None:
    fake.faults.too_many("getMe", retry_after=2)
    async with at_work(fake, keeper, tmp_path) as xiaoan:
        assert xiaoan.channel.outcome == ""
