"""Bringing updates to the bot: the secret header, retries until the bot says 2xx, lanes that overtake each other."""

from __future__ import annotations

import asyncio
import json
import random
from typing import TYPE_CHECKING

import aiohttp

from .state import Json
from .updates import Waiting

if TYPE_CHECKING:
    from .fake import FakeTelegram

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_NOT_IN_ANSWERS = ("setwebhook", "deletewebhook", "close", "logout")


class Webhook:
    """One task for each update under way; the first of each lane is sent, the others wait behind it."""

    def __init__(self, fake: FakeTelegram) -> None:
        self._fake = fake
        self._secret: str | None = None
        self._connections = 40
        self._set_at = float("-inf")
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._error: Json = {}
        self.url = ""
        self.behind: dict[str, str] = {}
        """What stands behind a public address: the proxy that takes the TLS away, and where it leads."""

    def may_set(self, now: float) -> bool:
        """The server takes one setWebhook a second."""
        if now - self._set_at < 1:
            return False
        self._set_at = now
        return True

    def start(self, url: str, secret: str | None, connections: int) -> None:
        self.url, self._secret, self._connections = url, secret, connections
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        self._fake.updates.on_arrival = self._spread
        self._spread()

    async def stop(self) -> None:
        """Forget the address and end what is under way."""
        self._fake.updates.on_arrival = lambda: None
        self.url, self._error = "", {}
        for task in list(self._busy.values()):
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)
        self._busy.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def info(self, pending: int, allowed: list[str]) -> Json:
        """WebhookInfo."""
        found: Json = {"url": self.url, "has_custom_certificate": False, "pending_update_count": pending}
        if self.url:
            found |= {"max_connections": self._connections, "ip_address": "127.0.0.1"} | self._error
        return found | ({"allowed_updates": allowed} if allowed else {})

    def _spread(self) -> None:
        """Start the head of every lane that is not under way yet."""
        for item in self._fake.updates.waiting:
            if len(self._busy) >= self._connections:
                return
            if item.lane not in self._busy:
                self._busy[item.lane] = asyncio.ensure_future(self._deliver(item))

    async def _deliver(self, item: Waiting) -> None:
        """Try until 2xx: again at once after the first failure, then after 2, 4, 8 … about 60 seconds."""
        delay = 1.0
        for failures in range(10_000):
            retry_after = await self._send(item.update)
            self._fake.stir()
            if retry_after is None or item.until <= self._fake.clock.now():
                break
            if failures:
                delay = min(delay * 2, random.uniform(60, 120))
            pause = retry_after or (delay if failures else 0.0)
            await self._fake.clock.wait(asyncio.Event(), pause)
        self._fake.updates.remove(item)
        del self._busy[item.lane]
        self._spread()

    async def _send(self, update: Json) -> float | None:
        """One attempt: None when taken, else the seconds the bot asks to wait (0: it does not say)."""
        assert self._session is not None
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        try:
            async with self._session.post(self._reached(), json=update, headers=headers) as answer:
                body = await answer.text()
                if 200 <= answer.status <= 299:
                    await self._answered(body)
                    return None
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                wanted = answer.headers.get("Retry-After", "0")
                return min(float(wanted), 3600.0) if wanted.isdigit() else 0.0
        except (aiohttp.ClientError, TimeoutError):
            self._failed("Webhook connection closed")
            return 0.0

    def _reached(self) -> str:
        public = next((found for found in self.behind if self.url.startswith(found)), "")
        return self.behind.get(public, "") + self.url.removeprefix(public)

    def _failed(self, why: str) -> None:
        self._error = {"last_error_date": self._fake.now(), "last_error_message": why}

    async def _answered(self, body: str) -> None:
        """A 2xx body may itself be a call: {"method": "sendMessage", …}."""
        try:
            call = json.loads(body) if body.strip() else None
        except ValueError:
            return
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            name = str(call.pop("method"))
            if not name.lower().startswith("get") and name.lower() not in _NOT_IN_ANSWERS:
                await self._fake.call(name, call)
