"""Which methods the fake knows, and the ones about messages: send, edit, delete, chat action."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import limits
from .errors import bad_request
from .formatting import Entity, read_text, utf16
from .state import Chat, Json, Stored, Upload

if TYPE_CHECKING:
    from .fake import FakeTelegram

Handler = Callable[["FakeTelegram", Json], Any]
METHODS: dict[str, Handler] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Register a handler under the method's name."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = handler
        return handler

    return register


def formatted(params: Json, key: str, mode: str = "parse_mode") -> tuple[str, list[Entity]]:
    """Text and entities of a request, parsed or given."""
    source = str(params.get(key, ""))
    if params.get("entities") and not params.get(mode):
        return source.strip(), list(params["entities"])
    return read_text(source, params.get(mode))


def _text_of(params: Json) -> Json:
    text, entities = formatted(params, "text")
    if not text:
        raise bad_request("message text is empty")
    limits.demand(utf16(text) <= 4096, "text")
    return {"text": text} | ({"entities": entities} if entities else {})


def _reply(fake: FakeTelegram, chat: Chat, params: Json) -> Json:
    """What answering another message adds to the new one."""
    wanted = params.get("reply_parameters")
    if wanted is None:
        return {}
    target = fake.world.find(chat, wanted["message_id"])
    if target is None:
        if wanted.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return replying(target)


def replying(target: Stored) -> Json:
    """The fields of a message that replies: the quoted message without its own quote, and the thread."""
    quoted = {key: value for key, value in target.body.items() if key != "reply_to_message"}
    found: Json = {"reply_to_message": copy.deepcopy(quoted)}
    if target.chat.type == "supergroup":
        found["message_thread_id"] = target.thread or target.id
    return found


def _topic(chat: Chat, params: Json) -> Json:
    if "message_thread_id" not in params:
        return {}
    if params["message_thread_id"] not in chat.topics:  # "for forum supergroups and private chats of bots … only"
        raise bad_request("message thread not found")
    return {"message_thread_id": params["message_thread_id"], "is_topic_message": True}


def _sender(fake: FakeTelegram, chat: Chat) -> Json:
    return {"sender_chat": chat.brief()} if chat.type == "channel" else {"from": dict(fake.world.bot)}


def _post(fake: FakeTelegram, params: Json, content: Callable[[], Json]) -> Json:
    chat = fake.world.writable(params.get("chat_id"))
    limits.check_markup(params.get("reply_markup"))
    body = _sender(fake, chat) | {"date": fake.now()} | _reply(fake, chat, params) | _topic(chat, params) | content()
    markup = params.get("reply_markup", {})
    if "inline_keyboard" in markup:
        body["reply_markup"] = markup
    elif chat.type == "channel" and markup:
        raise bad_request("reply keyboards are not allowed in channel chats")
    return copy.deepcopy(fake.world.store(chat, body, by_bot=True).body)


@method("sendMessage")
def send_message(fake: FakeTelegram, params: Json) -> Json:
    return _post(fake, params, lambda: _text_of(params))


@method("sendDocument")
def send_document(fake: FakeTelegram, params: Json) -> Json:
    return _post(fake, params, lambda: _document(fake, params))


def _document(fake: FakeTelegram, params: Json) -> Json:
    caption, entities = formatted(params, "caption")
    limits.demand(utf16(caption) <= 1024, "caption")
    named = str(params["document"])
    upload = fake.world.files.get(named)
    if upload is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    found: Json = {"document": _stored_file(fake, named, upload)}
    return found | ({"caption": caption} if caption else {}) | ({"caption_entities": entities} if entities else {})


def _stored_file(fake: FakeTelegram, named: str, upload: Upload) -> Json:
    if not upload.content:
        raise bad_request("file must be non-empty")
    limits.demand(len(upload.content) <= limits.MAX_FILE, "document")
    if named.startswith("attach://"):
        fake.world.files.pop(named)
        named = f"BQACfake{fake.world.next_id():08d}"
        fake.world.files[named] = upload
    return {
        "file_id": named, "file_unique_id": f"u{named}", "file_name": upload.name,
        "mime_type": upload.mime, "file_size": len(upload.content),
    }  # fmt: skip


def _to_edit(fake: FakeTelegram, params: Json) -> Stored:
    if params.get("inline_message_id"):
        inline = fake.world.inline_messages.get(str(params["inline_message_id"]))
        if inline is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return inline
    chat = fake.world.writable(params.get("chat_id"))
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    found = fake.world.find(chat, params["message_id"])
    if found is None:
        raise bad_request("message to edit not found")
    if not found.by_bot:
        raise bad_request("message can't be edited")
    return found


def _edited(fake: FakeTelegram, message: Stored, change: Json, markup: Json | None) -> object:
    """Replace text or keyboard; an edit that changes nothing is refused."""
    limits.check_markup(markup)
    kept = {k: v for k, v in message.body.items() if k not in ("reply_markup", "edit_date")}
    if "text" in change:
        kept.pop("entities", None)
    new = kept | change | ({"reply_markup": markup} if markup and markup.get("inline_keyboard") else {})
    if new == {k: v for k, v in message.body.items() if k != "edit_date"}:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    message.body = new | {"edit_date": fake.now()}
    return True if message.inline_id else copy.deepcopy(message.body)


@method("editMessageText")
def edit_message_text(fake: FakeTelegram, params: Json) -> object:
    message = _to_edit(fake, params)
    if "text" not in params:
        raise bad_request("message text is empty")
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _edited(fake, message, _text_of(params), params.get("reply_markup"))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(fake: FakeTelegram, params: Json) -> object:
    return _edited(fake, _to_edit(fake, params), {}, params.get("reply_markup"))


@method("deleteMessage")
def delete_message(fake: FakeTelegram, params: Json) -> bool:
    chat = fake.world.writable(params.get("chat_id"))
    found = fake.world.find(chat, params["message_id"])
    if found is None:
        raise bad_request("message to delete not found")
    rights = chat.type == "private" or chat.members.get(fake.world.bot["id"]) == "administrator"
    if not (found.by_bot or rights):
        raise bad_request("message can't be deleted")
    limits.demand(fake.now() - int(found.body["date"]) < limits.DELETE_LIFE, "delete_age")
    found.deleted = True
    return True


@method("sendChatAction")
def send_chat_action(fake: FakeTelegram, params: Json) -> bool:
    chat = fake.world.writable(params.get("chat_id"))
    limits.demand(params["action"] in limits.ACTIONS, "action")
    if chat.type == "channel":
        raise bad_request("chat actions are not available in channel chats")
    return True


from . import methods_bot, methods_queries  # noqa: E402, F401  (they register themselves)
