"""`python -m bot telegram --check`: whether token, webhook and rights are right, in plain words."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram import wording as wt
from bot.channels.telegram.api import Api, Discretion, make_api
from bot.channels.telegram.application import token_of, webhook_address
from bot.channels.telegram.tables import groups_in
from bot.channels.update_table import Json
from bot.config import Config


def check(config: Config) -> int:
    """Say in plain words what is right and what is not; 0 where the bot can work."""
    token = token_of()
    if not token:
        sys.stdout.write(wt.NOT_SET_UP + "\n")
        return 1
    with Discretion(token):
        lines, works = asyncio.run(looked_at(make_api(token, config.text("telegram_api")), config))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if works else 1


async def looked_at(api: Api, config: Config) -> tuple[list[str], bool]:
    """What --check says, and whether the bot can work."""
    try:
        await api.initialize()
        me = await api.call("getMe", {})
        hook = await api.call("getWebhookInfo", {})
        wrong = list(_webhook_trouble(config))
        sees_all = bool(me.get("can_read_all_group_messages"))
        known = groups_in(Path(config.text("database")))
        groups = [await _group(api, chat, sees_all) for chat in known] or [wt.CHECK_NO_GROUPS]
    except InvalidToken:
        return [wt.BAD_LOGIN], False
    except TelegramError as error:
        return [wt.CHECK_UNREACHABLE.format(error=error.message)], False
    finally:
        await api.shutdown()
    return [*_rights(me), *_webhook(hook, webhook_address(config)), *wrong, *groups], not wrong


def _rights(me: Json) -> Iterator[str]:
    name = me["username"]
    yield wt.CHECK_ME.format(name=name, title=me["first_name"])
    if not me.get("can_join_groups"):
        yield wt.CHECK_GROUPS_OFF
    yield wt.CHECK_PRIVACY_OFF if me.get("can_read_all_group_messages") else wt.CHECK_PRIVACY_ON
    yield (wt.CHECK_INLINE_ON if me.get("supports_inline_queries") else wt.CHECK_INLINE_OFF).format(name=name)


def _webhook(hook: Json, wanted: str) -> Iterator[str]:
    found = hook.get("url", "")
    if wanted:
        right = found == wanted
        yield (wt.CHECK_WEBHOOK if right else wt.CHECK_WEBHOOK_BUT).format(url=found, found=found, wanted=wanted)
    else:
        yield wt.CHECK_POLLING_BUT.format(url=found) if found else wt.CHECK_POLLING
    if hook.get("pending_update_count"):
        yield wt.CHECK_PENDING.format(count=hook["pending_update_count"])
    if hook.get("last_error_message"):
        yield wt.CHECK_LAST_ERROR.format(error=hook["last_error_message"])


def _webhook_trouble(config: Config) -> Iterator[str]:
    if config.text("public_url") and not webhook_address(config):
        yield wt.CHECK_WEBHOOK_HTTPS


async def _group(api: Api, chat: int, sees_all: bool) -> str:
    """Whether 小安 can read and answer in one group."""
    try:
        about = await api.call("getChat", {"chat_id": chat})
        me = await api.call("getChatMember", {"chat_id": chat, "user_id": api.id})
    except TelegramError:
        return wt.CHECK_GROUP.format(chat=chat, state=wt.CHECK_GROUP_OUT, comments="")
    reads = sees_all or me["status"] in ("administrator", "creator")
    state = wt.CHECK_GROUP_SEES if reads else wt.CHECK_GROUP_BLIND
    if me["status"] in ("left", "kicked"):
        state = wt.CHECK_GROUP_OUT
    comments = wt.CHECK_GROUP_COMMENTS if about.get("linked_chat_id") else ""
    return wt.CHECK_GROUP.format(chat=about.get("title", chat), state=state, comments=comments)
