"""How updates come in: a webhook that is looked after, and one that is not to be taken away."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from bot.channels.arrivals import ended
from bot.channels.telegram import intake
from bot.channels.telegram import wording as wt
from bot.channels.telegram.webhook import PATH, secret_of
from bot.mind import MindKeeper
from tests.web_kit import settings

from .clock import ManualClock
from .fake import FakeTelegram
from .kit import QUICK, at_work
from .test_application import healthy
from .test_webhook import PUBLIC, listening
from .town import Town
from .webhook import SECRET_HEADER

pytestmark = pytest.mark.anyio
ADDRESS = f"{PUBLIC}/telegram"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The webhook is looked at all the time."""
    monkeypatch.setattr(intake, "_LOOK_SECONDS", 0.05)


@pytest.mark.usefixtures("quick")
async def test_a_webhook_taken_away_by_mistake_is_set_again(
    fake: FakeTelegram,
    clock: ManualClock,
    town: Town,
    keeper: MindKeeper,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wang = town.person("王芳")
    async with listening(fake, keeper, tmp_path / "a") as (page, _):
        clock.advance(2)  # Telegram takes one setWebhook a second
        async with at_work(fake, keeper, tmp_path / "b") as alone:
            await fake.until(lambda: alone.channel.outcome != "")
            assert alone.channel.outcome == wt.SECOND_POLLER
        assert wt.WEBHOOK_DROPPED.format(url=ADDRESS) in caplog.text
        assert wt.WEBHOOK_MISSED.format(wanted=ADDRESS, found="") in caplog.text
        wang.say("你好")
        assert (await fake.heard(wang.chat))[0].text
        assert (page.channel.outcome, await healthy(page.service)) == ("", True)


@pytest.mark.usefixtures("quick")
async def test_a_webhook_taken_away_again_and_again_is_told(
    fake: FakeTelegram, clock: ManualClock, keeper: MindKeeper, tmp_path: Path
) -> None:
    async def take_away() -> None:
        while True:
            await fake.until(lambda: fake.webhook.url == ADDRESS)
            clock.advance(2)
            await fake.call("deleteWebhook", {})

    async with listening(fake, keeper, tmp_path) as (page, root):
        other = asyncio.create_task(take_away())
        await fake.until(lambda: page.channel.outcome != "")
        assert page.channel.outcome == wt.WEBHOOK_TAKEN.format(wanted=ADDRESS, found="")
        assert not await healthy(page.service)
        await ended(other)
        async with aiohttp.ClientSession() as session:
            headers = {SECRET_HEADER: secret_of(fake.token)}
            async with session.post(root + PATH, json={"update_id": 1}, headers=headers) as answer:
                assert answer.status == 503  # nobody is left to answer it: it stays with Telegram


async def test_the_bot_alone_leaves_the_webhook_to_the_page(
    fake: FakeTelegram, town: Town, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang, same = town.person("王芳"), settings(**QUICK, public_url=PUBLIC)
    async with listening(fake, keeper, tmp_path / "a"):
        async with at_work(fake, keeper, tmp_path / "b", config=same, polling=True) as alone:
            assert alone.channel.outcome == wt.WEBHOOK_IN_USE.format(url=ADDRESS)
        wang.say("你好")
        assert (await fake.heard(wang.chat))[0].text
    async with at_work(fake, keeper, tmp_path / "b", config=same, polling=True) as alone:  # there is none any more
        await alone.say(wang, "延续注册提前多久办")
    assert len(fake.sent(wang.chat)) == 2


@pytest.mark.usefixtures("quick")
async def test_a_token_withdrawn_is_told_under_a_webhook_too(
    fake: FakeTelegram, keeper: MindKeeper, tmp_path: Path
) -> None:
    async with listening(fake, keeper, tmp_path) as (page, _):
        fake.faults.refuse("getWebhookInfo", 401, "Unauthorized")
        await fake.until(lambda: page.channel.outcome != "")
        assert (page.channel.outcome, await healthy(page.service)) == (wt.BAD_LOGIN, False)


@pytest.mark.usefixtures("quick")
async def test_what_holds_updates_up_on_their_way_is_told(
    fake: FakeTelegram,
    clock: ManualClock,
    town: Town,
    keeper: MindKeeper,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wang = town.person("王芳")
    async with listening(fake, keeper, tmp_path) as (_, root):
        fake.webhook.behind[PUBLIC] = "http://127.0.0.1:9"  # the proxy in front leads nowhere
        wang.say("你好")
        trouble = wt.WEBHOOK_TROUBLE.format(count=1, error="Webhook connection closed")
        await fake.until(lambda: trouble in caplog.text)
        fake.webhook.behind[PUBLIC] = root
        clock.advance(120)
        assert (await fake.heard(wang.chat))[0].text
