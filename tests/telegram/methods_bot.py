"""Methods about the bot itself and about chats: who it is, its commands and descriptions, members, leaving."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from . import limits
from .errors import bad_request
from .formatting import utf16
from .methods import method
from .state import Chat, Json

if TYPE_CHECKING:
    from .fake import FakeTelegram

_RIGHTS = [
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories", "can_send_welcome_messages",
]  # fmt: skip


@method("getMe")
def get_me(fake: FakeTelegram, params: Json) -> Json:
    return dict(fake.world.bot) | fake.abilities


def _place(params: Json, kind: str) -> str:
    """Settings are kept apart for each scope and language."""
    language = str(params.get("language_code", ""))
    if language and not (len(language) == 2 and language.isascii() and language.islower()):
        raise bad_request("LANG_CODE_INVALID")
    return f"{kind} {language} {json.dumps(params.get('scope') or {'type': 'default'}, sort_keys=True)}"


@method("setMyCommands")
def set_my_commands(fake: FakeTelegram, params: Json) -> bool:
    limits.check_commands(params["commands"])
    fake.settings[_place(params, "commands")] = [
        command | {"command": str(command["command"]).removeprefix("/")} for command in params["commands"]
    ]
    return True


@method("getMyCommands")
def get_my_commands(fake: FakeTelegram, params: Json) -> list[Json]:
    return list(fake.settings.get(_place(params, "commands"), []))


@method("deleteMyCommands")
def delete_my_commands(fake: FakeTelegram, params: Json) -> bool:
    fake.settings.pop(_place(params, "commands"), None)
    return True


def _describe(fake: FakeTelegram, params: Json, key: str, most: int) -> bool:
    said = str(params.get(key, ""))
    limits.demand(utf16(said) <= most, key)
    fake.settings[_place(params, key)] = said
    return True


@method("setMyDescription")
def set_my_description(fake: FakeTelegram, params: Json) -> bool:
    return _describe(fake, params, "description", 512)


@method("getMyDescription")
def get_my_description(fake: FakeTelegram, params: Json) -> Json:
    return {"description": fake.settings.get(_place(params, "description"), "")}


@method("setMyShortDescription")
def set_my_short_description(fake: FakeTelegram, params: Json) -> bool:
    return _describe(fake, params, "short_description", 120)


@method("getMyShortDescription")
def get_my_short_description(fake: FakeTelegram, params: Json) -> Json:
    return {"short_description": fake.settings.get(_place(params, "short_description"), "")}


@method("setChatMenuButton")
def set_chat_menu_button(fake: FakeTelegram, params: Json) -> bool:
    if "chat_id" in params and fake.world.chat(params["chat_id"]).type != "private":
        raise bad_request("chat not found")
    fake.settings[f"menu {params.get('chat_id', '')}"] = params.get("menu_button") or {"type": "default"}
    return True


@method("getChatMenuButton")
def get_chat_menu_button(fake: FakeTelegram, params: Json) -> Json:
    default: Json = fake.settings.get("menu ", {"type": "commands"})
    found: Json = fake.settings.get(f"menu {params.get('chat_id', '')}", default)
    return found


@method("getChat")
def get_chat(fake: FakeTelegram, params: Json) -> Json:
    chat = fake.world.chat(params.get("chat_id"))
    if chat.type != "private":
        _inside(fake, chat)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full = chat.brief() | {"accent_color_id": 0, "max_reaction_count": 11}
    full["accepted_gift_types"] = dict.fromkeys(gifts, False)
    return full | ({"linked_chat_id": chat.linked} if chat.linked is not None else {})


def _inside(fake: FakeTelegram, chat: Chat) -> None:
    if chat.members.get(fake.world.bot["id"], "left") in ("left", "kicked") and not chat.username:
        fake.world.writable(chat.id)


def membership(user: Json, status: str) -> Json:
    """The ChatMember object for a status."""
    found: Json = {"status": status, "user": dict(user)}
    if status == "administrator":
        found |= {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(_RIGHTS, True)
    if status == "creator":
        found["is_anonymous"] = False
    return found | ({"until_date": 0} if status == "kicked" else {})


@method("getChatMember")
def get_chat_member(fake: FakeTelegram, params: Json) -> Json:
    chat = fake.world.chat(params.get("chat_id"))
    if chat.type != "private":
        _inside(fake, chat)
    user = fake.world.bot if params["user_id"] == fake.world.bot["id"] else fake.world.users.get(params["user_id"])
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    usual = "member" if chat.type == "private" else "left"
    return membership(user, chat.members.get(user["id"], usual))


@method("leaveChat")
def leave_chat(fake: FakeTelegram, params: Json) -> bool:
    chat = fake.world.writable(params.get("chat_id"))
    if chat.type == "private":
        raise bad_request("chat can't be left")
    chat.members[fake.world.bot["id"]] = "left"
    return True
