"""The bot's own page in Telegram: commands, descriptions, menu button. Set only where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.telegram import wording as wt
from bot.channels.telegram.actions import Action
from bot.channels.telegram.api import Api
from bot.channels.telegram.sending import Sender
from bot.channels.update_table import Json

_IN_GROUPS: Json = {"type": "all_group_chats"}
_MENU: Json = {"type": "commands"}


async def set_up(api: Api, sender: Sender) -> None:
    """Bring the bot's page up to date."""
    for get, put, wanted, place in _page():
        found = await sender.quietly(api.call(get, place))
        if found != wanted:
            await sender.do(Action(put, wanted | place if isinstance(wanted, dict) else {"commands": wanted} | place))


def _page() -> list[tuple[str, str, Any, Json]]:
    return [
        ("getMyCommands", "setMyCommands", _commands(wt.COMMANDS), {}),
        ("getMyCommands", "setMyCommands", _commands(wt.GROUP_COMMANDS), {"scope": _IN_GROUPS}),
        ("getMyDescription", "setMyDescription", {"description": wt.DESCRIPTION}, {}),
        ("getMyShortDescription", "setMyShortDescription", {"short_description": wt.SHORT_DESCRIPTION}, {}),
        ("getChatMenuButton", "setChatMenuButton", _MENU, {}),
    ]


def _commands(named: Mapping[str, str]) -> list[Json]:
    return [{"command": name, "description": text} for name, text in named.items()]
