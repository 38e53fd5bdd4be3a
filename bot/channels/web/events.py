"""Tells open pages that a conversation has grown (another tab, a person's answer), as server-sent events."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.channels.web.sessions import Sessions
from bot.service import Service

_SILENCE_SECONDS = 15.0  # proxies cut what is silent for longer
_LOOK_SECONDS = 1.0
_MOST_STREAMS = 6  # of one conversation; a browser opens no more to one host
_HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}


class Events:
    """The open streams. They end at once when `closing` is set."""

    def __init__(self, service: Service, sessions: Sessions, closing: asyncio.Event) -> None:
        self._service = service
        self._sessions = sessions
        self._closing = closing
        self._open: Counter[str] = Counter()

    async def serve(self, request: Request) -> Response:
        """A stream for one page."""
        session = self._sessions.of(request)
        if session.fresh or self._closing.is_set() or self._open[session.conversation] >= _MOST_STREAMS:
            return Response(status_code=204)  # the browser stops asking
        after = number(request.headers.get("last-event-id") or request.query_params.get("after", ""))
        stream = self._stream(session.conversation, after)
        return StreamingResponse(stream, media_type="text/event-stream", headers=_HEADERS)

    async def _stream(self, conversation: str, after: int) -> AsyncIterator[str]:
        self._open[conversation] += 1
        try:
            yield "retry: 3000\n\n"
            async for line in self._lines(conversation, after):
                yield line
        finally:
            self._open[conversation] -= 1
            self._open += Counter()  # drops those at zero

    async def _lines(self, conversation: str, after: int) -> AsyncIterator[str]:
        quiet = 0.0
        while not self._closing.is_set():
            newest = self._service.newest(conversation)
            if newest != after:
                after, quiet = newest, 0.0
                yield f"id: {newest}\nevent: turns\ndata: {newest}\n\n"
            elif quiet >= _SILENCE_SECONDS:
                quiet = 0.0
                yield ": still here\n\n"
            quiet += _LOOK_SECONDS
            await self._pause()

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), _LOOK_SECONDS)
        except TimeoutError:
            return


def number(text: str) -> int:
    """The number of a turn as a browser sends it; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
