"""Limits that stand only in prose: each with the place, the sentence that states it, and the server's refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .errors import ApiError, bad_request
from .formatting import utf16


@dataclass(frozen=True, slots=True)
class Limit:
    """`where` is a method or type and its field, as in the published schema."""

    where: str
    sentence: str
    refusal: str


LIMITS = {
    "text": Limit(
        "sendMessage.text",
        "Text of the message to be sent, 1-4096 characters after entities parsing",
        "message is too long",
    ),
    "caption": Limit(
        "sendDocument.caption", "0-1024 characters after entities parsing", "message caption is too long"
    ),
    "document": Limit(
        "sendDocument", "Bots can currently send files of any type of up to 50 MB in size", "Request Entity Too Large"
    ),
    "callback_data": Limit(
        "InlineKeyboardButton.callback_data",
        "Data to be sent in a callback query to the bot when the button is pressed, 1-64 bytes",
        "BUTTON_DATA_INVALID",
    ),
    "one_field": Limit(
        "InlineKeyboardButton",
        "Exactly one of the fields other than text, icon_custom_emoji_id, and style must be used to specify the type "
        "of the button.",
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    "copy_text": Limit(
        "CopyTextButton.text", "The text to be copied to the clipboard; 1-256 characters", "BUTTON_COPY_TEXT_INVALID"
    ),
    "style": Limit(
        "InlineKeyboardButton.style",
        'Must be one of "danger" (red), "success" (green) or "primary" (blue).',
        "can't parse inline keyboard button: unknown button style",
    ),
    "placeholder": Limit(
        "ReplyKeyboardMarkup.input_field_placeholder", "1-64 characters", "input field placeholder is too long"
    ),
    "notification": Limit(
        "answerCallbackQuery.text", "If not specified, nothing will be shown to the user, 0-200 characters.",
        "MESSAGE_TOO_LONG",
    ),
    "inline_results": Limit(
        "answerInlineQuery", "No more than 50 results per query are allowed.", "RESULTS_TOO_MUCH"
    ),
    "inline_id": Limit(
        "InlineQueryResultArticle.id", "Unique identifier for this result, 1-64 Bytes", "RESULT_ID_INVALID"
    ),
    "inline_text": Limit(
        "InputTextMessageContent.message_text", "Text of the message to be sent, 1-4096 characters",
        "MESSAGE_TOO_LONG",
    ),
    "inline_offset": Limit(
        "answerInlineQuery.next_offset", "Offset length can't exceed 64 bytes.", "NEXT_OFFSET_INVALID"
    ),
    "start_parameter": Limit(
        "InlineQueryResultsButton.start_parameter",
        "1-64 characters, only A-Z, a-z, 0-9, _ and - are allowed.",
        "START_PARAM_INVALID",
    ),
    "secret": Limit(
        "setWebhook.secret_token",
        "1-256 characters. Only characters A-Z, a-z, 0-9, _ and - are allowed.",
        "secret token contains unallowed characters",
    ),
    "action": Limit(
        "sendChatAction.action",
        "Choose one, depending on what the user is about to receive: typing for text messages",
        "wrong parameter action in request",
    ),
    "commands": Limit(
        "setMyCommands.commands", "At most 100 commands can be specified.", "BOT_COMMANDS_TOO_MUCH"
    ),
    "command": Limit(
        "BotCommand.command",
        "1-32 characters. Can contain only lowercase English letters, digits and underscores.",
        "BOT_COMMAND_INVALID",
    ),
    "command_description": Limit(
        "BotCommand.description", "Description of the command; 1-256 characters", "BOT_COMMAND_DESCRIPTION_INVALID"
    ),
    "description": Limit(
        "setMyDescription.description", "New bot description; 0-512 characters.", "BOT_DESCRIPTION_TOO_LONG"
    ),
    "short_description": Limit(
        "setMyShortDescription.short_description",
        "New short description for the bot; 0-120 characters.",
        "BOT_SHORT_DESCRIPTION_TOO_LONG",
    ),
    "delete_age": Limit(
        "deleteMessage",
        "A message can only be deleted if it was sent less than 48 hours ago.",
        "message can't be deleted for everyone",
    ),
    "inline_query": Limit("InlineQuery.query", "Text of the query (up to 256 characters)", "QUERY_TOO_LONG"),
    "chat_type": Limit(
        "Chat.type",
        'Type of the chat, can be either "private", "group", "supergroup" or "channel"',
        "unknown chat type",
    ),
}  # fmt: skip

_UPLOADS = ("photo", "video", "voice", "video_note")
ACTIONS = frozenset(
    {"typing", "record_video", "record_voice", "record_video_note", "choose_sticker", "find_location"}
    | {f"upload_{what}" for what in (*_UPLOADS, "document")}
)
CHAT_TYPES = frozenset({"private", "group", "supergroup", "channel"})
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MAX_FILE = 50 * 1024 * 1024
CALLBACK_LIFE = 150.0  # seconds; the server's source, the documentation gives no number
INLINE_LIFE = 30.0
UPDATE_LIFE = 24 * 3600.0  # "they will not be kept longer than 24 hours" (Getting updates)
DELETE_LIFE = 48 * 3600.0


def refusal(name: str) -> ApiError:
    """The refusal that belongs to a limit."""
    return bad_request(LIMITS[name].refusal)


def demand(holds: bool, name: str) -> None:
    """Refuse unless the limit is kept."""
    if not holds:
        raise refusal(name)


def check_markup(markup: object) -> None:
    """Buttons: what they carry, how long it is, and that each does exactly one thing."""
    if not isinstance(markup, Mapping):
        return
    demand(1 <= utf16(str(markup.get("input_field_placeholder", "x"))) <= 64, "placeholder")
    for row in _rows(markup, "inline_keyboard"):
        for button in row:
            _check_button(button)
    for row in _rows(markup, "keyboard"):
        for button in row:
            if not str(button.get("text", "")).strip():
                raise bad_request('can\'t parse keyboard button: Field "text" must be non-empty')


def _rows(markup: Mapping[str, object], key: str) -> Iterator[list[Mapping[str, object]]]:
    rows = markup.get(key, [])
    for row in rows if isinstance(rows, list) else []:
        yield [button for button in row if isinstance(button, Mapping)] if isinstance(row, list) else []


def _check_button(button: Mapping[str, object]) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = set(button) - {"text", "icon_custom_emoji_id", "style"}
    demand(len(actions) == 1, "one_field")
    demand(button.get("style", "primary") in ("danger", "success", "primary"), "style")
    demand(1 <= len(str(button.get("callback_data", "x")).encode()) <= 64, "callback_data")
    copied = button.get("copy_text")
    demand(not isinstance(copied, Mapping) or 1 <= utf16(str(copied.get("text", ""))) <= 256, "copy_text")
    url = button.get("url")
    if url is not None and not re.match(r"(https?://|tg://|mailto:)?[^\s/.]+(\.[^\s/.]+|[/?:].)", str(url)):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def check_commands(commands: object) -> None:
    """The list of /commands."""
    listed = commands if isinstance(commands, list) else []
    demand(len(listed) <= 100, "commands")
    for command in listed:
        demand(COMMAND.fullmatch(str(command["command"]).removeprefix("/")) is not None, "command")
        demand(1 <= utf16(str(command["description"])) <= 256, "command_description")


def update_errors(update: object, path: str = "update") -> Iterator[str]:
    """Prose limits on what the fake itself makes up."""
    if isinstance(update, list):
        for index, one in enumerate(update):
            yield from update_errors(one, f"{path}[{index}]")
    if not isinstance(update, Mapping):
        return
    chat = update.get("chat")
    if isinstance(chat, Mapping) and chat.get("type") not in CHAT_TYPES:
        yield f"{path}.chat.type: {LIMITS['chat_type'].sentence}"
    if "message_id" in update and utf16(str(update.get("text", "x"))) > 4096:
        yield f"{path}.text: {LIMITS['text'].sentence}"
    for key, value in update.items():
        yield from update_errors(value, f"{path}.{key}")
