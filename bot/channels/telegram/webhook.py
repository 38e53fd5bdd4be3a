"""The webhook: the secret is compared before the body is read, and 200 is said when the update is on disk."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import sqlite3

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.arrivals import Arrivals
from bot.store import StoreError

log = logging.getLogger(__name__)
PATH = "/telegram"
HEADER = "x-telegram-bot-api-secret-token"
_MOST_BYTES = 1_000_000


class _TooLong(Exception):
    """More than any update has."""


def secret_of(token: str) -> str:
    """The secret Telegram sends along; made from the token, so it need not be kept and changes with it."""
    return hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


class Webhook:
    """Receives updates."""

    def __init__(self, arrivals: Arrivals, secret: str, address: str) -> None:
        self._arrivals = arrivals
        self.secret = secret
        self.address = address
        self._open = False

    def open(self) -> None:
        """From now on updates are taken."""
        self._open = True

    def close(self) -> None:
        """From now on they are left with Telegram."""
        self._open = False

    def before(self, app: ASGIApp) -> ASGIApp:
        """The app with the webhook's address taken out of it."""

        async def either(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and scope["path"] == PATH:
                await (await self._answer(Request(scope, receive)))(scope, receive, send)
            else:
                await app(scope, receive, send)

        return either

    async def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            return PlainTextResponse("", 405, {"Allow": "POST"})
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), self.secret.encode()):
            return PlainTextResponse("", 403)
        if not self._open:
            return PlainTextResponse("", 503, {"Retry-After": "1"})
        try:
            update = json.loads(await _body(request))
            number = update["update_id"]
        except _TooLong:
            return PlainTextResponse("", 413)
        except (ValueError, KeyError, TypeError):
            return PlainTextResponse("", 400)
        return await self._taken(update) if isinstance(number, int) else PlainTextResponse("", 400)

    async def _taken(self, update: dict[str, object]) -> Response:
        try:
            await self._arrivals.take([update])
        except (sqlite3.Error, StoreError) as error:
            log.error("数据库写入失败，请 Telegram 稍后再送：%s", error)
            return PlainTextResponse("", 503, {"Retry-After": "5"})
        return PlainTextResponse("")


async def _body(request: Request) -> bytes:
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > _MOST_BYTES:
        raise _TooLong
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > _MOST_BYTES:
            raise _TooLong
    return bytes(found)
