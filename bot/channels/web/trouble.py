"""What a person sees when something was not carried out: a page with the way on, or a line for the page's script."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ExceptionHandler

from bot.channels.web import wording as ww
from bot.channels.web.guard import Refusal
from bot.channels.web.pages import Pages
from bot.channels.web.sessions import Sessions
from bot.store import StoreError

FRAGMENT = "text/vnd.xiaoan.turns+html"  # what the page's script asks for: only what is new


class Trouble:
    """Answers for errors; what was written is kept in the page's form."""

    def __init__(self, pages: Pages, sessions: Sessions) -> None:
        self._pages = pages
        self._sessions = sessions

    @property
    def handlers(self) -> Mapping[type[Exception], ExceptionHandler]:
        """For Starlette."""
        return {
            HTTPException: self._on_http,
            Refusal: self._on_refusal,
            StoreError: self._on_store,
            sqlite3.Error: self._on_store,
        }

    async def _on_http(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        if error.detail in ww.MISSING:
            return self._missing(request, error.detail)
        response = self.refuse(request, error.status_code, 0)
        response.headers.update(error.headers or {})
        return response

    async def _on_refusal(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, Refusal):
            raise error
        return self.refuse(request, error.status, error.retry_after)

    async def _on_store(self, request: Request, error: Exception) -> Response:
        """Nothing can be saved: say so rather than lose it."""
        return self.refuse(request, 503, 0)

    def refuse(self, request: Request, status: int, wait: int) -> Response:
        """For what was not carried out."""
        headers = {"Retry-After": str(wait)} if wait else {}
        if wants_fragment(request):
            return PlainTextResponse(self._pages.notice(status, wait), status, headers)
        session = self._sessions.of(request)
        draft = getattr(request.state, "draft", "")
        page = self._pages.trouble(session, status, wait=wait, draft=draft)
        response = HTMLResponse(page, status, headers)
        # only where a form is shown: a stray request for an icon must not replace the cookie of a page
        return self._sessions.keep(response, session) if draft else response

    def _missing(self, request: Request, title: str) -> Response:
        page = self._pages.missing(self._sessions.of(request), title)
        return HTMLResponse(page, 404)


def wants_fragment(request: Request) -> bool:
    """Whether the page's own script asks."""
    return FRAGMENT in request.headers.get("accept", "")
