"""小安 itself on the fake Telegram: the real service over a real store, in the test's own event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.channels.arrivals import Pause, ended
from bot.channels.telegram.api import Api, make_api
from bot.channels.telegram.application import Telegram
from bot.config import Config
from bot.mind import MindKeeper
from bot.service import Service
from bot.store import Store
from tests.web_kit import TODAY, settings

from .fake import FakeTelegram
from .person import Person
from .state import Stored
from .transport import InProcess

QUICK = {
    "telegram_per_second": "10000",
    "telegram_chat_per_second": "10000",
    "telegram_group_per_minute": "10000",
    "messages_per_minute": "10000",
}
"""No waiting for Telegram's limits; tests about these set them."""


async def at_once(seconds: float) -> None:
    """A pause that takes no time but lets others run."""
    await asyncio.sleep(0)


class Running:
    """小安 at work."""

    def __init__(self, fake: FakeTelegram, service: Service, channel: Telegram) -> None:
        self.fake = fake
        self.service = service
        self.channel = channel

    async def settled(self) -> None:
        """Until everything said so far has been answered and marked done."""
        async with asyncio.timeout(20):
            while self.fake.updates.waiting or self.channel.arrivals.backlog:
                await self.channel.arrivals.idle()
                await asyncio.sleep(0.001)  # the fake does not tell when updates have been confirmed

    async def after(self, person: Person) -> Stored:
        """The last message to a person, once all is settled."""
        await self.settled()
        return self.fake.sent(person.chat)[-1]

    async def say(self, person: Person, text: str) -> Stored:
        """The answer to a message in the private chat."""
        person.say(text)
        return await self.after(person)

    async def tap(self, person: Person, label: str) -> Stored:
        """The last message, after a button of it has been pressed."""
        person.tap(self.fake.sent(person.chat)[-1], label)
        return await self.after(person)


@asynccontextmanager
async def at_work(
    fake: FakeTelegram,
    keeper: MindKeeper,
    folder: Path,
    *,
    config: Config | None = None,
    api: Api | None = None,
    pause: Pause = at_once,
    clock: Callable[[], float] = time.monotonic,
    polling: bool = False,
    now: datetime = TODAY,
    **changed: str,
) -> AsyncIterator[Running]:
    """小安 polls the fake while the block runs. A second time in the same folder is a restart."""
    store = Store(folder / "xiaoan.db")
    service = Service(store, keeper, lambda: now)
    made = api or make_api(fake.token, "https://telegram.invalid", lambda: InProcess(fake))
    options = config or settings(**QUICK | changed)
    channel = Telegram(service, options, fake.token, polling=polling, api=made, pause=pause, clock=clock)
    task = asyncio.create_task(channel.run())
    try:
        await asyncio.wait_for(channel.ready.wait(), 10)
        yield Running(fake, service, channel)
    finally:
        await ended(task, patience=5)
        store.close()
