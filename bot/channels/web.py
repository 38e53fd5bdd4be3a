"""The web channel: addresses and what they do. Pages come from web_pages, safety from web_security."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from bot import wording_web as ww
from bot.calendar_file import calendar
from bot.channels.web_pages import Pages, date_text
from bot.channels.web_security import Allowance, Guard, Refusal, Session, Sessions
from bot.config import Config
from bot.render import card_markdown
from bot.reply import Card, Message
from bot.service import Service
from bot.service import now as clock
from bot.store import StoreError

CHANNEL = "web"
FRAGMENT = "text/vnd.xiaoan.turns+html"  # asked for by the page's own script: only what is new
_SILENCE_SECONDS = 15
_LOOK_SECONDS = 1.0
_MOST_STREAMS = 6  # of one conversation; a browser opens no more to one host


def create_app(service: Service, config: Config, closing: asyncio.Event | None = None) -> Starlette:
    """The web page as an application. Its open streams end when `closing` is set."""
    web = Web(service, config, closing or asyncio.Event())
    routes = [
        Route("/", web.home),
        Route("/turns", web.turns),
        Route("/say", web.say, methods=["POST"]),
        Route("/choose", web.choose, methods=["POST"]),
        Route("/tick", web.tick, methods=["POST"]),
        Route("/forget", web.forget, methods=["POST"]),
        Route("/plan", web.plan),
        Route("/plan.md", web.plan_markdown),
        Route("/plan.ics", web.plan_calendar),
        Route("/d/{token}", web.link),
        Route("/d/{token}", web.open_link, methods=["POST"]),
        Route("/events", web.events),
        Route("/healthz", web.health),
        Route("/static/{name}", web.pages.assets.serve),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, config=config, refuse=web.refuse)],
        exception_handlers={
            HTTPException: web.on_http,
            Refusal: web.on_refusal,
            StoreError: web.on_store,
            sqlite3.Error: web.on_store,
        },
    )


class Web:
    """The handlers."""

    def __init__(self, service: Service, config: Config, closing: asyncio.Event) -> None:
        self.pages = Pages(service, config)
        self._service = service
        self._sessions = Sessions(config)
        self._messages = Allowance(config.whole("messages_per_minute"))
        self._closing = closing
        self._streams: Counter[str] = Counter()

    # pages

    async def home(self, request: Request) -> Response:
        """The conversation."""
        session = self._sessions.of(request)
        everything = "earlier" in request.query_params
        page = self.pages.chat(session, _base(request), everything=everything)
        return self._sessions.keep(HTMLResponse(page), session)

    async def turns(self, request: Request) -> Response:
        """What was said after a turn, for a page that is open."""
        return self._fragment(request, self._sessions.of(request), request.query_params.get("after", ""))

    async def plan(self, request: Request) -> Response:
        """The plan, to read and print."""
        session = self._sessions.of(request)
        self._card(session)
        return self._sessions.keep(HTMLResponse(self.pages.plan(session, _base(request))), session)

    async def plan_markdown(self, request: Request) -> Response:
        """The plan as a document."""
        card = self._card(self._sessions.of(request))
        return _download(card_markdown(card).encode(), "text/markdown; charset=utf-8", "plan.md")

    async def plan_calendar(self, request: Request) -> Response:
        """The days of the plan."""
        card = self._card(self._sessions.of(request))
        if not card.events:
            raise HTTPException(404, ww.NO_DATES)
        return _download(calendar(card, clock()), "text/calendar; charset=utf-8", "plan.ics")

    async def link(self, request: Request) -> Response:
        """What a link would open; opening it is a post, so that no other site can do it."""
        session = self._sessions.of(request)
        page = self.pages.link(session, _base(request), request.path_params["token"])
        if page is None:
            page = self.pages.missing(session, _base(request), ww.LINK_BAD, ww.LINK_BAD_MORE)
            return self._sessions.keep(HTMLResponse(page, 404), session)
        return self._sessions.keep(HTMLResponse(page), session)

    async def health(self, request: Request) -> Response:
        """Whether knowledge and store are sound. Mistakes are told in the log, not to the world."""
        found = self._service.health()
        sound = bool(found["store"]) and bool(found["knowledge"])
        shown = {name: found[name] for name in ("store", "knowledge", "entries", "version")}
        return JSONResponse({"sound": sound, **shown}, 200 if sound else 503)

    # what a person does

    async def say(self, request: Request) -> Response:
        """A message, or a date put together from its fields."""
        form = await _form(request)
        text = _text(form, "text") or date_text(_text(form, "day"), _text(form, "year"), _text(form, "month"))
        request.state.draft = text
        session = self._admitted(request, form)
        await self._service.say(session.conversation, CHANNEL, Message(text=text))
        return self._said(request, session, form)

    async def choose(self, request: Request) -> Response:
        """A button."""
        form = await _form(request)
        session = self._admitted(request, form)
        await self._service.say(session.conversation, CHANNEL, Message(choose=_text(form, "choice")))
        return self._said(request, session, form)

    async def tick(self, request: Request) -> Response:
        """A material of the plan is ready, or not."""
        form = await _form(request)
        session = self._admitted(request, form)
        card, material = self._card(session), _text(form, "material")
        if _text(form, "key") != card.key or material not in {m.id for m in card.materials}:
            raise Refusal(400)
        await self._service.tick(session.conversation, card.key, material, _text(form, "done") == "1")
        if _wants_fragment(request):
            return Response(status_code=204)
        return RedirectResponse("/plan#materials" if _text(form, "from") == "plan" else "/#materials", 303)

    async def forget(self, request: Request) -> Response:
        """Everything goes, the cookie too."""
        session = self._admitted(request, await _form(request))
        await self._service.forget(session.conversation)
        return self._sessions.drop(RedirectResponse("/", 303))

    async def open_link(self, request: Request) -> Response:
        """Open the dialogue of a link."""
        session = self._admitted(request, await _form(request))
        if await self._service.open_link(session.conversation, CHANNEL, request.path_params["token"]) is None:
            raise HTTPException(404)
        return RedirectResponse("/#last", 303)

    async def events(self, request: Request) -> Response:
        """Tells an open page that there is something new."""
        session = self._sessions.of(request)
        after = _number(request.headers.get("last-event-id") or request.query_params.get("after", ""))
        if session.fresh or self._streams[session.conversation] >= _MOST_STREAMS:
            return Response(status_code=204)  # the browser stops asking
        stream = self._stream(session.conversation, after)
        headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def _stream(self, conversation: str, after: int) -> AsyncIterator[str]:
        self._streams[conversation] += 1
        try:
            yield "retry: 3000\n\n"
            quiet = 0.0
            while not await self._closes():
                newest = self._newest(conversation, after)
                quiet += _LOOK_SECONDS
                if newest != after:
                    after, quiet = newest, 0.0
                    yield f"id: {newest}\nevent: turns\ndata: {newest}\n\n"
                elif quiet >= _SILENCE_SECONDS:
                    quiet = 0.0
                    yield ": still here\n\n"
        finally:
            self._streams[conversation] -= 1

    async def _closes(self) -> bool:
        """Wait for the next look; True where the server is about to stop."""
        try:
            await asyncio.wait_for(self._closing.wait(), _LOOK_SECONDS)
        except TimeoutError:
            return False
        return True

    def _newest(self, conversation: str, after: int) -> int:
        """The last turn; 0 where all has been forgotten."""
        turns = self._service.turns(conversation, max(0, after - 1))
        return turns[-1].id if turns else 0

    # common steps

    def _admitted(self, request: Request, form: FormData) -> Session:
        session = self._sessions.of(request)
        if not session.sent(_text(form, "token")):
            raise Refusal(403)
        if wait := self._messages.wait(session.conversation):
            raise Refusal(429, wait)
        return session

    def _card(self, session: Session) -> Card:
        card = None if session.fresh else self._service.card(session.conversation)
        if card is None:
            raise HTTPException(404, ww.NO_PLAN)
        return card

    def _said(self, request: Request, session: Session, form: FormData) -> Response:
        if _wants_fragment(request):
            return self._fragment(request, session, _text(form, "after"))
        return RedirectResponse("/#last", 303)

    def _fragment(self, request: Request, session: Session, after: str) -> Response:
        return HTMLResponse(self.pages.fragment(session, _base(request), _number(after)))

    # what went wrong

    async def on_http(self, request: Request, error: Exception) -> Response:
        """No such page, wrong method, no plan yet."""
        assert isinstance(error, HTTPException)
        session = self._sessions.of(request)
        if error.detail in (ww.NO_PLAN, ww.NO_DATES):
            more = ww.NO_PLAN_MORE if error.detail == ww.NO_PLAN else ""
            return HTMLResponse(self.pages.missing(session, _base(request), error.detail, more), 404)
        response = self.refuse(request, error.status_code, 0)
        response.headers.update(error.headers or {})
        return response

    async def on_refusal(self, request: Request, error: Exception) -> Response:
        """Limits and checks of single posts."""
        assert isinstance(error, Refusal)
        return self.refuse(request, error.status, error.retry_after)

    async def on_store(self, request: Request, error: Exception) -> Response:
        """Nothing can be saved: say so rather than lose it."""
        return self.refuse(request, 503, 0)

    def refuse(self, request: Request, status: int, wait: int) -> Response:
        """The page, or for the script the line, for what was not carried out."""
        headers = {"Retry-After": str(wait)} if wait else {}
        if _wants_fragment(request):
            return PlainTextResponse(self.pages.notice(status, wait), status, headers)
        session = self._sessions.of(request)
        draft = getattr(request.state, "draft", "")
        page = self.pages.trouble(session, _base(request), status, wait=wait, draft=draft)
        return self._sessions.keep(HTMLResponse(page, status, headers), session)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _wants_fragment(request: Request) -> bool:
    return FRAGMENT in request.headers.get("accept", "")


async def _form(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=20)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _download(content: bytes, kind: str, name: str) -> Response:
    named = f"{ww.PLAN_FILE}.{name.rsplit('.', 1)[1]}"
    disposition = f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(named)}"
    return Response(content, media_type=kind, headers={"Content-Disposition": disposition})
