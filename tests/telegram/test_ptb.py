"""A real python-telegram-bot Application lives on the fake: polling, webhook, in process; faults reach it too."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape
from typing import Any

import pytest
from aiohttp import web
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MenuButtonCommands,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TimedOut
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from .clock import ManualClock
from .fake import FakeTelegram
from .server import Address, serving
from .town import Town
from .transport import InProcess
from .webhook import SECRET_HEADER

pytestmark = pytest.mark.anyio
App = Application[Any, Any, Any, Any, Any, Any]
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("初始注册", callback_data="f:initial")]])


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    if message is not None and message.text and not message.is_automatic_forward:
        await message.reply_text(
            f"<b>{escape(message.text)}</b>", parse_mode="HTML", reply_parameters=_to(message.message_id)
        )


def _to(message_id: int) -> ReplyParameters:
    return ReplyParameters(message_id)


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(f"start:{' '.join(context.args or [])}", reply_markup=KEYBOARD)


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("好")
    await update.callback_query.edit_message_text(f"选了 {update.callback_query.data}")


async def inline(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.inline_query is not None
    content = InputTextMessageContent("见通知")
    await update.inline_query.answer([InlineQueryResultArticle("a", update.inline_query.query, content)])


def handlers(app: App) -> App:
    app.add_handlers([
        CommandHandler("start", start),
        CallbackQueryHandler(tapped),
        InlineQueryHandler(inline),
        MessageHandler(filters.TEXT & filters.UpdateType.MESSAGE, echo),
    ])  # fmt: skip
    return app


def over_http(fake: FakeTelegram, address: Address, *, polling: bool) -> App:
    builder = Application.builder().token(fake.token).base_url(address.base_url).base_file_url(address.base_file_url)
    return handlers(builder.build() if polling else builder.updater(None).build())


@asynccontextmanager
async def polling(app: App) -> AsyncIterator[App]:
    async with app:
        assert app.updater is not None
        await app.start()
        await app.updater.start_polling()
        try:
            yield app
        finally:
            await app.updater.stop()
            await app.stop()


@asynccontextmanager
async def listening(app: App, secret: str) -> AsyncIterator[str]:
    """A webhook end of our own, since PTB's wants tornado: checks the secret, queues the update."""

    async def receive(request: web.Request) -> web.Response:
        if request.headers.get(SECRET_HEADER) != secret:
            return web.Response(status=403)
        await app.update_queue.put(Update.de_json(await request.json(), app.bot))
        return web.Response()

    site = web.Application()
    site.router.add_post("/hook", receive)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with app:
        await app.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        finally:
            await app.stop()
            await runner.cleanup()


async def talk(fake: FakeTelegram, town: Town) -> None:
    """A private chat, a group and a channel post, each answered where it was said."""
    wang, group, channel = town.person("王芳"), town.group("注安交流"), town.channel("注安通知")
    wang.say("你好 <我>&")
    wang.say("材料", group.chat)
    post = channel.post("开始受理")
    comment = wang.comment(post, "交给谁")
    assert (await fake.heard(wang.chat))[0].text == "你好 <我>&"
    assert (await fake.heard(group.chat))[0].body["reply_to_message"]["text"] == "材料"
    under = (await fake.heard(post.group.chat))[0]
    assert (under.text, under.thread, under.body["reply_to_message"]["message_id"]) == (
        "交给谁", post.forwarded.id, comment.id,
    )  # fmt: skip


async def test_polling_answers_everywhere(fake: FakeTelegram, town: Town, telegram: Address) -> None:
    async with polling(over_http(fake, telegram, polling=True)):
        await talk(fake, town)
    assert fake.violations == []


async def test_webhook_answers_everywhere(fake: FakeTelegram, town: Town, telegram: Address) -> None:
    app = over_http(fake, telegram, polling=False)
    async with listening(app, "secret_1") as url:
        await app.bot.set_webhook(url, secret_token="secret_1", allowed_updates=Update.ALL_TYPES)
        await talk(fake, town)
        with pytest.raises(Conflict, match="webhook is active"):
            await app.bot.get_updates()
        await app.bot.delete_webhook()
    assert fake.violations == []


async def test_a_webhook_with_the_wrong_secret_gets_its_updates_later(
    fake: FakeTelegram, town: Town, telegram: Address, clock: ManualClock
) -> None:
    app = over_http(fake, telegram, polling=False)
    async with listening(app, "right") as url:
        await app.bot.set_webhook(url, secret_token="wrong")
        wang = town.person("王芳")
        wang.say("你好")
        await fake.until(lambda: "last_error_message" in fake.webhook.info(1, []))
        assert (await app.bot.get_webhook_info()).last_error_message == "Wrong response from the webhook: 403 Forbidden"
        clock.advance(2)
        await app.bot.set_webhook(url, secret_token="right")
        assert len(await fake.heard(wang.chat)) == 1
        await app.bot.delete_webhook()


async def test_start_button_edit_and_inline(fake: FakeTelegram, town: Town, telegram: Address) -> None:
    wang = town.person("王芳")
    async with polling(over_http(fake, telegram, polling=True)):
        wang.start("entry_initial")
        shown = (await fake.heard(wang.chat))[0]
        assert (shown.text, shown.labels) == ("start:entry_initial", ["初始注册"])
        tap, ask = wang.tap(shown, "初始注册"), wang.ask_inline("材料")
        await fake.until(lambda: shown.text == "选了 f:initial" and ask.answer is not None)
        assert tap.answer == {"text": "好"}
        assert wang.choose(ask, "a").text == "见通知"


async def test_the_whole_bot_side_passes_the_schemas(fake: FakeTelegram, town: Town) -> None:
    wang, channel = town.person("王芳"), town.channel("注安通知", bot="administrator")
    wang.start()
    builder = Application.builder().token(fake.token).request(InProcess(fake)).get_updates_request(InProcess(fake))
    async with builder.build().bot as bot:
        sent = await bot.send_document(wang.id, io.BytesIO(b"BEGIN:VCALENDAR"), caption="日历", filename="办理.ics")
        assert sent.document is not None
        await bot.send_document(wang.id, sent.document.file_id)
        await bot.set_my_commands([BotCommand("help", "帮助")], language_code="zh")
        await bot.set_my_description("小安")
        await bot.set_my_short_description("小安")
        await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
        await bot.send_chat_action(wang.id, "typing")
        shown = await bot.send_message(wang.id, "选", reply_markup=KEYBOARD)
        await bot.edit_message_reply_markup(wang.id, shown.message_id, reply_markup=None)
        await bot.delete_message(wang.id, shown.message_id)
        assert (await bot.get_my_commands(language_code="zh"))[0].command == "help"
        assert (await bot.get_my_description()).description == (await bot.get_my_short_description()).short_description
        assert (await bot.get_chat(channel.chat.id)).linked_chat_id == channel.discussion.chat.id
        assert (await bot.get_chat_member(channel.chat.id, bot.id)).status == "administrator"
        assert await bot.leave_chat(channel.chat.id)
    assert [upload.content for upload in fake.world.files.values()] == [b"BEGIN:VCALENDAR"]
    assert fake.violations == []


FAULTS = [
    ("too_many", {"retry_after": 7}, RetryAfter, 0),
    ("refuse", {"code": 403, "description": "Forbidden: bot was blocked by the user"}, Forbidden, 0),
    ("refuse", {"code": 500, "description": "Internal Server Error"}, NetworkError, 0),
    ("refuse", {"code": 400, "description": "Bad Request: chat not found"}, BadRequest, 0),
    ("gateway", {"status": 502}, NetworkError, 0),
    ("hang", {}, TimedOut, 0),
    ("cut", {}, NetworkError, 0),
    ("cut", {"after": True}, NetworkError, 1),
]


@pytest.mark.parametrize("way", ["http", "in process"])
@pytest.mark.parametrize(("kind", "options", "seen", "sent"), FAULTS)
async def test_a_fault_reaches_the_bot_once(
    kind: str,
    options: dict[str, Any],
    seen: type[Exception],
    sent: int,
    way: str,
    fake: FakeTelegram,
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else PTB warns about retry_after's type
    wang = town.person("王芳")
    wang.start()
    async with serving(fake) as address:
        builder = Application.builder().token(fake.token)
        if way == "http":
            builder = builder.base_url(address.base_url).read_timeout(0.2)
        else:
            builder = builder.request(InProcess(fake, patience=0.1)).get_updates_request(InProcess(fake))
        async with builder.build().bot as bot:
            getattr(fake.faults, kind)("sendMessage", **options)
            with pytest.raises(seen):
                await bot.send_message(wang.id, "好")
            assert len(fake.sent(wang.chat)) == sent
            assert (await bot.send_message(wang.id, "好")).text == "好"
