"""Tells open pages that a conversation has grown (another tab, a person's answer), as server-sent events."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, contextmanager

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.channels.web.guard import address
from bot.channels.web.sessions import Sessions
from bot.service import Service

_LOOK_SECONDS = 15.0  # for what other processes write; and proxies cut what is silent for longer
_MOST_STREAMS = 6  # of one conversation; a browser opens no more to one host
_STREAM = "text/event-stream"
_RETRY = "retry: 3000\n\n"
_HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}


class _Stream(StreamingResponse):
    """Has its place before it runs: else all that ask at once would find room."""

    def __init__(self, lines: AsyncIterator[str], place: AbstractContextManager[None]) -> None:
        super().__init__(lines, media_type=_STREAM, headers=_HEADERS)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._place:
            await super().__call__(scope, receive, send)


class Events:
    """The open streams. They end at once when `closing` is set."""

    def __init__(self, service: Service, sessions: Sessions, closing: asyncio.Event, most: int) -> None:
        """`most` streams of one network address."""
        self._service = service
        self._sessions = sessions
        self._closing = closing
        self._most = most
        self._open: Counter[str] = Counter()

    async def serve(self, request: Request) -> Response:
        """A stream for one page."""
        session, whence = self._sessions.of(request), address(request.scope)
        if self._closing.is_set():
            return Response(_RETRY, media_type=_STREAM, headers=_HEADERS)  # ends: the browser comes back
        if session.fresh or self._full(session.conversation, whence):
            return Response(status_code=204)  # the browser stops asking
        after = number(request.headers.get("last-event-id") or request.query_params.get("after", ""))
        return _Stream(self._stream(session.conversation, after), self._place(session.conversation, whence))

    def _full(self, conversation: str, whence: str) -> bool:
        return self._open[conversation] >= _MOST_STREAMS or self._open[whence] >= self._most

    @contextmanager
    def _place(self, conversation: str, whence: str) -> Iterator[None]:
        self._open.update((conversation, whence))
        try:
            yield
        finally:
            self._open.subtract((conversation, whence))
            self._open += Counter()  # drops those at zero

    async def _stream(self, conversation: str, after: int) -> AsyncIterator[str]:
        yield _RETRY
        async for line in self._lines(conversation, after):
            yield line

    async def _lines(self, conversation: str, after: int) -> AsyncIterator[str]:
        with self._service.listening(conversation) as heard:
            while not self._closing.is_set():
                heard.clear()
                newest = self._service.newest(conversation)
                if newest != after:
                    after = newest
                    yield f"id: {newest}\nevent: turns\ndata: {newest}\n\n"
                else:
                    yield ": still here\n\n"
                await self._pause(heard)

    async def _pause(self, heard: asyncio.Event) -> None:
        """Until there is something new, or the end, or it is time to look."""
        waiting = [asyncio.create_task(event.wait()) for event in (heard, self._closing)]
        try:
            await asyncio.wait(waiting, timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()


def number(text: str) -> int:
    """The number of a turn as a browser sends it; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
