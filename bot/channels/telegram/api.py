"""The way to Telegram: python-telegram-bot's Bot on an aiohttp transport, with raw updates and a log without token."""

from __future__ import annotations

import json
import logging
import os
import traceback
from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.update_table import Json

os.environ.setdefault("PTB_TIMEDELTA", "1")  # else python-telegram-bot warns at each 429
ALLOWED = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
POLL_SECONDS = 30
_GRACE = 10.0  # an answer to a long poll may be late by this
_UPLOAD_SECONDS = 60.0
_JSON = {"Content-Type": "application/json"}
_NO_JSON = "no answer of Telegram's own"


class AiohttpRequest(BaseRequest):
    """Transport for python-telegram-bot. Its own on httpx costs several times the CPU (`make bench-telegram`)."""

    def __init__(self, seconds: float = 15.0, connections: int = 100) -> None:
        self._seconds = seconds
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> float | None:
        """How long an answer may take."""
        return self._seconds

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            pool = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=60)
            headers = {"User-Agent": self.USER_AGENT}
            self._session = aiohttp.ClientSession(connector=pool, headers=headers, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request. The token is part of the address, so no error may carry the address on."""
        if self._session is None:
            raise RuntimeError("not initialized")
        files = request_data.contains_files if request_data else False
        usual = _UPLOAD_SECONDS if files else self._seconds
        seconds = float(read_timeout) if isinstance(read_timeout, int | float) else usual
        data, headers = _body(request_data)
        limit, proxy = aiohttp.ClientTimeout(total=seconds), self._proxy(url)
        try:
            async with self._session.request(
                method, url, data=data, headers=headers, timeout=limit, proxy=proxy
            ) as answer:
                return _telegrams_own(answer.status, await answer.read())
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> Json:
        """An answer of the Bot API. One that was cut is no answer: to be asked for again, and never to be logged."""
        try:
            return cast(Json, json.loads(payload))
        except ValueError:
            raise NetworkError(_NO_JSON) from None

    def _proxy(self, url: str) -> str | None:
        """The proxy that the environment names (HTTPS_PROXY, NO_PROXY); looked up once, not at each request."""
        root, _, _ = url.partition("/bot")
        if root not in self._proxies:
            parts = urlsplit(root)
            away = parts.hostname and not proxy_bypass(parts.hostname)
            self._proxies[root] = getproxies().get(parts.scheme) if away else None
        return self._proxies[root]


def _telegrams_own(status: int, payload: bytes) -> tuple[int, bytes]:
    """What Telegram itself answered, not a page of a proxy or of a hotel's Wi-Fi: that must not look like a refusal."""
    if not payload.lstrip().startswith(b"{"):
        raise NetworkError(f"{_NO_JSON} (HTTP {status})")
    return status, payload


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, Mapping[str, str]]:
    """JSON, unless a file goes along: of a text in Chinese a form makes three times as many bytes, at a cost."""
    if data is None or not data.parameters:
        return None, {}
    if data.contains_files:
        return _form(data), {}
    return json.dumps(data.parameters, ensure_ascii=False, separators=(",", ":")).encode(), _JSON


def _form(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)  # names in Chinese stay as they are
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


class Api(Bot):
    """A Bot that also takes and gives plain JSON: what is to be sent, and what has come, is kept on disk as JSON."""

    async def call(self, method: str, params: Mapping[str, object]) -> Any:
        """Any method of the Bot API.

        Raises:
            TelegramError: as for every call.
        """
        return await self._post(method, dict(params))

    async def raw_updates(self, offset: int, seconds: int = POLL_SECONDS) -> list[Json]:
        """Updates, unparsed. Asking from an offset tells Telegram to forget those before."""
        params = {"timeout": seconds, "allowed_updates": list(ALLOWED)} | ({"offset": offset} if offset else {})
        return cast(list[Json], await self._post("getUpdates", params, read_timeout=seconds + _GRACE))


def make_api(token: str, address: str, request: Callable[[], BaseRequest] = AiohttpRequest) -> Api:
    """The bot behind a token. Long polls have a pool of their own."""
    logging.getLogger("telegram").setLevel(logging.INFO)  # its debug log has the token, and what people said
    base = address.rstrip("/")
    return Api(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request(),
        get_updates_request=request(),
    )


class Discretion:
    """While in force, no log record can carry the token, whoever writes it and wherever it goes."""

    def __init__(self, token: str) -> None:
        self._secrets = (token, token.partition(":")[2] or token)
        self._before: Callable[..., logging.LogRecord] = logging.LogRecord

    def __enter__(self) -> Discretion:
        self._before = logging.getLogRecordFactory()
        logging.setLogRecordFactory(self._record)
        return self

    def __exit__(self, *_: object) -> None:
        logging.setLogRecordFactory(self._before)

    def scrub(self, text: str) -> str:
        """A text without the token."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text

    def _record(self, *values: Any, **named: Any) -> logging.LogRecord:
        record = self._before(*values, **named)
        record.msg, record.args = self.scrub(_message(record)), ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = self.scrub("".join(traceback.format_exception(*record.exc_info)).rstrip())
        return record


def _message(record: logging.LogRecord) -> str:
    """What a record says. A library that logs wrongly must not get an exception for it where it logs."""
    try:
        return record.getMessage()
    except Exception:
        return str(record.msg)
