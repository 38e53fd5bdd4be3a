"""`python -m bot telegram`: the bot without the page."""

from __future__ import annotations

import asyncio
import sys

from bot.channels.telegram import wording as wt
from bot.channels.telegram.application import running, token_of
from bot.config import Config
from bot.opening import opened, stop_on_signals


def run(config: Config) -> int:
    """The bot until Ctrl-C or SIGTERM; by polling, since nothing listens for a webhook here. Where a page of the same
    settings does, it keeps its webhook, and this ends with a word."""
    if not token_of():
        sys.stderr.write(wt.NOT_SET_UP + "\n")
        return 1
    return asyncio.run(_run(config))


async def _run(config: Config) -> int:
    stop = stop_on_signals()
    async with opened(config) as service, running(service, config, polling=True) as channel:
        assert channel is not None  # noqa: S101
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({stopping, channel.task}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        return 1 if channel.outcome else 0
