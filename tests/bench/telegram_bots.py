"""The bots that `make bench-telegram` compares, each as a process: kind, address, token."""

from __future__ import annotations

import asyncio
import sys
from typing import Any


async def _ptb(address: str, token: str, kind: str) -> None:
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    from bot.channels.telegram.api import AiohttpRequest

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    builder: Any = Application.builder().token(token).base_url(f"{address}/bot")
    if "aiohttp" in kind:
        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest())
    if kind.endswith("-8"):
        builder = builder.concurrent_updates(8)
    app = builder.build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    async with app:
        await app.start()
        await app.updater.start_polling()
        await asyncio.Event().wait()


async def _aiogram(address: str, token: str) -> None:
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    await dispatcher.start_polling(Bot(token, session=session), handle_signals=False)


def play(kind: str, address: str, token: str) -> None:
    """Be one of the bots."""
    if kind == "aiogram":
        asyncio.run(_aiogram(address, token))
    elif kind != "xiaoan":
        asyncio.run(_ptb(address, token, kind))
    else:
        from bot.__main__ import main

        sys.exit(main(["telegram"]))


if __name__ == "__main__":
    play(*sys.argv[1:4])
