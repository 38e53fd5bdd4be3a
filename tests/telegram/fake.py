"""The fake itself: takes a call, lets faults strike, checks it against both schemas, answers, and tells who waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from . import limits, schema
from .clock import Clock, ManualClock
from .errors import ApiError, ConnectionCut, GarbledAnswer, bad_request
from .faults import Faults, strike
from .methods import METHODS
from .state import ANONYMOUS_ADMIN, CHANNEL_FORWARDER, Chat, Json, Stored, Upload, World
from .updates import UpdateQueue
from .webhook import Webhook

TOKEN = "100000042:AAE-fake-token-of-the-tests-0123456789a"
ABILITIES = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
"""What the bot's owner turns on and off at @BotFather."""
_MISSING = {  # how the server itself complains about an absent field
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "action": limits.LIMITS["action"].refusal,
    "document": "there is no document in the request",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot and what it got."""

    method: str
    params: Json
    ok: bool
    answer: object
    at: float


class FakeWasWrong(AssertionError):
    """The fake made something the real server could not have made: a fault in tests/telegram, not in the bot."""


def _insist(wrong: list[str]) -> None:
    if wrong:
        raise FakeWasWrong("\n".join(wrong))


class FakeTelegram:
    """One bot's Telegram. Not for several threads; all of it lives in the event loop that calls it."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        token: str = TOKEN,
        username: str = "xiaoan_test_bot",
        checked: bool = True,
    ) -> None:
        """`checked=False` leaves the schemas out, for measuring: they cost about a millisecond an exchange."""
        self.clock: Clock = clock or ManualClock()
        self._checked = checked
        self.token = token
        bot = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "小安", "username": username}
        self.world = World(bot)
        self.updates = UpdateQueue(self.clock)
        self.webhook = Webhook(self)
        self.faults = Faults()
        self.settings: dict[str, Any] = {}  # commands, descriptions, menu buttons
        self.abilities = dict.fromkeys(ABILITIES, True)
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self._changed = asyncio.Event()
        self.world.users |= {
            CHANNEL_FORWARDER: {"id": CHANNEL_FORWARDER, "is_bot": False, "first_name": "Telegram"},
            ANONYMOUS_ADMIN: {
                "id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot",
            },
        }  # fmt: skip

    def now(self) -> int:
        return int(self.clock.now())

    async def call(self, method: str, params: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> Json:
        """A request whose fields already have their types; gives the JSON answer, or breaks as a connection would."""
        name = schema.method_name(method)
        fault = self.faults.take(name or method)
        try:
            if fault is not None and not fault.after:
                await strike(fault)
            result = await self._answer(name, dict(params), files or {})
            if fault is not None:
                await strike(fault)
        except ApiError as error:
            return self._record(name or method, params, False, error.body())
        except (ConnectionCut, GarbledAnswer) as error:
            self._record(name or method, params, False, {"broken": repr(error)})
            raise
        return self._record(name or method, params, True, {"ok": True, "result": result})

    def _record(self, method: str, params: Mapping[str, Any], ok: bool, answer: Json) -> Json:
        self.calls.append(Call(method, dict(params), ok, answer, self.clock.now()))
        self.stir()
        return answer

    def stir(self) -> None:
        """Something happened: let `until` look again."""
        self._changed.set()

    async def call_form(self, method: str, raw: Mapping[str, str], files: Mapping[str, Upload] | None = None) -> Json:
        """A request as a form carries it, every field a string."""
        name = schema.method_name(method)
        return await self.call(method, schema.decode_form(name, raw) if name else raw, files)

    async def _answer(self, name: str | None, params: Json, files: Mapping[str, Upload]) -> object:
        handler = METHODS.get(name or "")
        if name is None or handler is None:
            raise ApiError(404, "Not Found: method not found")
        for key, upload in files.items():
            params.setdefault(key, f"attach://{key}")
            self.world.files[f"attach://{key}"] = upload
        self._check_request(name, params)
        result = handler(self, params)
        result = await result if asyncio.iscoroutine(result) else result
        if self._checked:
            _insist([*schema.result_errors(name, result), *limits.update_errors(result, name)])
        return result

    def _check_request(self, name: str, params: Json) -> None:
        wrong = schema.request_errors(name, params) if self._checked else []
        if not wrong:
            return
        for field, complaint in _MISSING.items():
            if field not in params and any(f"{name}.{field}:" in found for found in wrong):
                raise bad_request(complaint)
        if isinstance(params.get("reply_markup"), str):
            raise bad_request("can't parse reply keyboard markup JSON object")
        self.violations.append("; ".join(wrong))
        raise bad_request(f"schema: {'; '.join(wrong)}")

    def emit(self, kind: str, payload: Json, lane: str) -> Json | None:
        """Make an update for the bot, if it wants this kind; it must pass both schemas first."""
        if self._checked:
            probe = {"update_id": 1, kind: payload}
            _insist([*schema.update_errors(probe), *limits.update_errors(probe)])
        return self.updates.add(kind, payload, lane) if self.updates.wants(kind) else None

    def hear(self, message: Stored, kind: str = "message") -> Json | None:
        """Show the bot a message of someone else, where it may see it."""
        return self.emit(kind, message.body, f"chat{message.chat.id}") if self._may_read(message) else None

    def _may_read(self, message: Stored) -> bool:
        """Privacy mode: commands meant for the bot, replies to it, and service messages (Bot features page)."""
        chat, body, bot = message.chat, message.body, self.world.bot
        if chat.type == "private":
            return not chat.blocked
        status = chat.members.get(bot["id"])
        if status not in ("member", "administrator"):
            return False
        if not chat.privacy or status == "administrator" or chat.type == "channel":
            return True
        replied = body.get("reply_to_message", {}).get("from", {}).get("id") == bot["id"]
        named = message.text.startswith("/") and f"@{bot['username']}" in message.text.split()[0]
        return replied or named or body.get("via_bot", {}).get("id") == bot["id"] or not message.text

    def sent(self, chat: Chat | None = None) -> list[Stored]:
        """The bot's messages that still stand, in one chat or anywhere, as they read now."""
        kept = (m for m in self.world.messages.values() if m.by_bot and not m.deleted)
        return [m for m in kept if chat is None or m.chat is chat]

    def called(self, method: str) -> list[Call]:
        """Every call of one method, refused ones too."""
        return [call for call in self.calls if call.method == method]

    async def until(self, holds: Callable[[], bool], within: float = 10.0) -> None:
        """Wait (real time, woken by each call of the bot and each delivery to it) until something is so.

        What the bot does after its last call wakes nobody, so it looks again every tenth of a second as well.
        """
        async with asyncio.timeout(within):
            while not holds():
                self._changed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), 0.1)

    async def heard(self, chat: Chat, count: int = 1, within: float = 10.0) -> list[Stored]:
        """Wait until the bot has said this many messages in a chat, and give them."""
        with suppress(TimeoutError):
            await self.until(lambda: len(self.sent(chat)) >= count, within)
        found = self.sent(chat)
        if len(found) < count:
            tail = "\n".join(f"{c.method} ok={c.ok} {str(c.answer)[:200]}" for c in self.calls[-8:])
            raise AssertionError(f"{len(found)} of {count} messages in {chat.brief()}; last calls:\n{tail}")
        return found

    async def close(self) -> None:
        """Stop what runs: the webhook's deliveries and open polls."""
        await self.webhook.stop()
        self.updates.interrupt(ApiError(502, "Bad Gateway"))
