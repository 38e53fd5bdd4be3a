"""What is to be done in Telegram, as data: it is kept on disk with the turn before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.channels.update_table import Json, Write

LIVE, ANSWER = "live", "answer"
_NEW = ("sendMessage", "sendDocument")


@dataclass(frozen=True, slots=True)
class Action:
    """One call of the Bot API. `instead` is done when the message it is about is gone."""

    method: str
    params: Json
    keep: str = ""  # what the resulting message is: LIVE a dialogue's open question, ANSWER an answer that edits follow
    question: int = 0  # the message of the person that it answers
    node: str = ""  # the question of the dialogue that that message answered
    instead: Action | None = field(default=None)

    def as_json(self) -> Json:
        """To be kept."""
        kept = {"keep": self.keep, "question": self.question, "node": self.node}
        found: Json = {"method": self.method, "params": self.params} | {k: v for k, v in kept.items() if v}
        return found | ({"instead": self.instead.as_json()} if self.instead else {})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be done, and what is to be written with it. `kept`: it is on disk already, with the turn."""

    actions: Sequence[Action] = ()
    writes: Sequence[Write] = ()
    kept: bool = False


def from_json(raw: Json) -> Action:
    """An action that was kept."""
    instead = from_json(raw["instead"]) if "instead" in raw else None
    kept = (raw.get("keep", ""), raw.get("question", 0), raw.get("node", ""))
    return Action(raw["method"], raw["params"], *kept, instead=instead)


def send(chat: int, html: str, *, buttons: Sequence[Sequence[Json]] = (), reply_to: int = 0) -> Action:
    """A new message, under another one if wanted. Links in it show no preview."""
    params: Json = {"chat_id": chat, "text": html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    if buttons:
        params["reply_markup"] = {"inline_keyboard": buttons}
    if reply_to:
        params["reply_parameters"] = {"message_id": reply_to}
    return Action("sendMessage", params)


def edit(chat: int, message: int, html: str, *, buttons: Sequence[Sequence[Json]] = (), reply_to: int = 0) -> Action:
    """Another text in place of a message; where that is gone, a new one, under the same message if wanted."""
    new = send(chat, html, buttons=buttons, reply_to=reply_to)
    there = {name: value for name, value in new.params.items() if name != "reply_parameters"}
    return Action("editMessageText", there | {"message_id": message}, instead=new)


def in_supergroup(action: Action, chat: int) -> Action | None:
    """The same where a group has become a supergroup. Its messages are numbered anew: what was to stand under one
    stands alone, and in place of a change to one comes what is done when that is gone, if anything."""
    if "message_id" in action.params:
        return in_supergroup(action.instead, chat) if action.instead else None
    kept = {name: value for name, value in action.params.items() if name != "reply_parameters"}
    return replace(action, params=kept | {"chat_id": chat})


def keyboard(chat: int, message: int, buttons: Sequence[Sequence[Json]] = ()) -> Action:
    """Other buttons under a message, or none."""
    markup = {"inline_keyboard": buttons}
    return Action("editMessageReplyMarkup", {"chat_id": chat, "message_id": message, "reply_markup": markup})


def delete(chat: int, message: int) -> Action:
    """A message away."""
    return Action("deleteMessage", {"chat_id": chat, "message_id": message})


def noticed(query: str, text: str = "", *, alert: bool = False) -> Action:
    """The answer to a tap, so that the button stops turning; with a word to the person if wanted."""
    return Action(
        "answerCallbackQuery",
        {"callback_query_id": query} | ({"text": text[:200]} if text else {}) | ({"show_alert": True} if alert else {}),
    )


def document(chat: int, name: str, content: str, caption: str) -> Action:
    """A text file."""
    return Action("sendDocument", {"chat_id": chat, "document": {"name": name, "text": content}, "caption": caption})


def said(
    chat: int,
    parts: Sequence[str],
    buttons: Sequence[Sequence[Json]],
    *,
    at: int = 0,
    keep: str = "",
    question: int = 0,
    node: str = "",
    reply_to: int = 0,
) -> list[Action]:
    """A text in parts, the buttons under the last; the first in place of the message `at`."""
    found: list[Action] = []
    for number, part in enumerate(parts):
        below = buttons if number == len(parts) - 1 else ()
        new = send(chat, part, buttons=below, reply_to=0 if number else reply_to)
        action = edit(chat, at, part, buttons=below, reply_to=reply_to) if at and number == 0 else new
        found.append(_kept(action, keep, question if number == 0 else 0, node))
    return found


def in_topic(action: Action, topic: int) -> Action:
    """The same in a topic of a private chat (0: none); what stands already is edited where it stands."""
    if not topic:
        return action
    instead = in_topic(action.instead, topic) if action.instead else None
    there: Json = {"message_thread_id": topic} if action.method in _NEW else {}
    return replace(action, params=action.params | there, instead=instead)


def _kept(action: Action, keep: str, question: int, node: str) -> Action:
    if keep == ANSWER and not question:
        return action
    instead = _kept(action.instead, keep, question, node) if action.instead else None
    return replace(action, keep=keep, question=question, node=node if question else "", instead=instead)
