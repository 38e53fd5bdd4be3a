"""The control side over HTTP: POST /sim/<action> with a JSON object. For other processes: load and kill -9 tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .errors import ApiError
from .fake import FakeTelegram
from .person import NotPossible, Person
from .rooms import Channel, Group, Post
from .state import Chat, Json, Stored
from .town import Town


class Simulation:
    """People, groups, channels and posts by the names the other process gave them."""

    def __init__(self, fake: FakeTelegram) -> None:
        self._fake = fake
        self._town = Town(fake)
        self._people: dict[str, Person] = {}
        self._groups: dict[str, Group] = {}
        self._channels: dict[str, Channel] = {}
        self._posts: dict[str, Post] = {}

    async def act(self, action: str, told: Json) -> object:
        """Do one thing; the public methods below are the actions."""
        do: Callable[..., object] | None = getattr(self, f"do_{action}", None)
        if do is None:
            known = sorted(name[3:] for name in dir(self) if name.startswith("do_"))
            raise ValueError(f"no action {action}; there are {', '.join(known)}")
        try:
            return do(**told)
        except (NotPossible, ApiError) as error:
            raise ValueError(str(error)) from error

    def _person(self, name: str) -> Person:
        if name not in self._people:
            self._people[name] = self._town.person(name)
        return self._people[name]

    def _chat(self, name: str, group: str | None) -> Chat:
        return self._groups[group].chat if group else self._person(name).chat

    def _message(self, chat: int, message: int) -> Stored:
        return self._fake.world.messages[chat, message]

    def do_group(self, title: str, **options: Any) -> Json:
        """{"title", "small"?, "bot"?, "privacy"?}"""
        self._groups[title] = self._town.group(title, **options)
        return self._groups[title].chat.brief()

    def do_channel(self, title: str, **options: Any) -> Json:
        """{"title", "bot"?, "group_bot"?}"""
        self._channels[title] = self._town.channel(title, **options)
        return self._channels[title].chat.brief()

    def do_say(self, person: str, text: str, group: str | None = None, reply_to: int | None = None) -> Json:
        """{"person", "text", "group"?, "reply_to"?}"""
        chat = self._chat(person, group)
        target = self._message(chat.id, reply_to) if reply_to is not None else None
        return self._person(person).say(text, chat, reply_to=target).body

    def do_start(self, person: str, payload: str = "") -> Json:
        """{"person", "payload"?}"""
        return self._person(person).start(payload).body

    def do_edit(self, person: str, chat: int, message: int, text: str) -> bool:
        """{"person", "chat", "message", "text"}"""
        self._person(person).edit(self._message(chat, message), text)
        return True

    def do_tap(self, person: str, chat: int, message: int, label: str | None = None, data: str | None = None) -> str:
        """{"person", "chat", "message", "label" or "data"} gives the id of the query"""
        return self._person(person).tap(self._message(chat, message), label, data=data).id

    def do_answer(self, query: str) -> Json | None:
        """{"query"}: what the bot answered to a tap"""
        return self._fake.world.taps[query].answer

    def do_post(self, channel: str, text: str) -> Json:
        """{"channel", "text"}; comment under it by the id of the forwarded message"""
        post = self._channels[channel].post(text)
        self._posts[f"{post.forwarded.id}"] = post
        return {"post": post.message.body, "forwarded": post.forwarded.body}

    def do_comment(self, person: str, post: int, text: str) -> Json:
        """{"person", "post", "text"}"""
        return self._person(person).comment(self._posts[str(post)], text).body

    def do_block(self, person: str, blocked: bool = True) -> bool:
        """{"person", "blocked"?}"""
        self._person(person).block() if blocked else self._person(person).unblock()
        return blocked

    def do_sent(self, chat: int | None = None) -> list[Json]:
        """{"chat"?}: the bot's messages as they read now"""
        return [m.body for m in self._fake.sent() if chat is None or m.chat.id == chat]

    def do_calls(self, method: str | None = None) -> list[Json]:
        """{"method"?}: every request of the bot"""
        found = (c for c in self._fake.calls if method in (None, c.method))
        return [{"method": c.method, "params": c.params, "ok": c.ok, "answer": c.answer} for c in found]

    def do_pending(self) -> int:
        """How many updates wait"""
        return len(self._fake.updates.waiting)

    def do_violations(self) -> list[str]:
        """What the schemas had against the bot's requests"""
        return list(self._fake.violations)

    def do_again(self, update_id: int) -> bool:
        """{"update_id"}: deliver an update a second time"""
        self._fake.updates.again(update_id)
        return True

    def do_fault(self, kind: str, method: str = "*", **options: Any) -> bool:
        """{"kind": too_many|refuse|gateway|hang|cut, "method"?, the options of tests.telegram.faults}"""
        if kind not in ("too_many", "refuse", "gateway", "hang", "cut"):
            raise ValueError(f"no fault {kind}")
        strike: Callable[..., None] = getattr(self._fake.faults, kind)
        strike(method, **options)
        return True

    def do_heal(self) -> bool:
        """No more faults"""
        self._fake.faults.clear()
        return True
