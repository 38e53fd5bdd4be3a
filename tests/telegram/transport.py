"""python-telegram-bot straight into the fake without sockets: builder.request(InProcess(fake)), same for updates."""

from __future__ import annotations

import asyncio
import json

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from .errors import ApiError, ConnectionCut, GarbledAnswer
from .fake import FakeTelegram
from .state import Upload


class InProcess(BaseRequest):
    """Hands each request to the fake; silence becomes TimedOut after `patience` real seconds, a cut NetworkError."""

    def __init__(self, fake: FakeTelegram, patience: float = 5.0) -> None:
        self._fake = fake
        self._patience = patience

    @property
    def read_timeout(self) -> float | None:
        return self._patience

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        *_, token, name = url.split("/")
        if token != f"bot{self._fake.token}":
            return 401, json.dumps(ApiError(401, "Unauthorized").body()).encode()
        fields = dict(request_data.json_parameters) if request_data else {}
        uploads = {key: Upload(*value) for key, value in _files(request_data).items()}
        try:
            waits = None if name == "getUpdates" else self._patience
            answer = await asyncio.wait_for(self._fake.call_form(name, fields, uploads), waits)
        except TimeoutError as error:
            raise TimedOut from error
        except ConnectionCut as error:
            raise NetworkError(f"connection cut: {error}") from error
        except GarbledAnswer as error:
            return error.status, b"<html>Bad Gateway</html>"
        return 200 if answer["ok"] else int(answer["error_code"]), json.dumps(answer).encode()


def _files(data: RequestData | None) -> dict[str, tuple[str, bytes, str]]:
    found: dict[str, tuple[str, bytes, str]] = {}
    for key, (name, content, mime) in ((data.multipart_data if data else None) or {}).items():
        raw = content if isinstance(content, bytes) else content.read()
        found[key] = (name, raw, mime)
    return found
