"""The web channel: addresses and what they do. Pages come from `pages`, safety from `guard` and `sessions`."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.assistant import LONGEST
from bot.calendar_file import calendar
from bot.channels.web import wording as ww
from bot.channels.web.events import Events, number
from bot.channels.web.guard import Guard, Refusal
from bot.channels.web.pages import Pages, date_text
from bot.channels.web.sessions import Session, Sessions
from bot.channels.web.trouble import Trouble, wants_fragment
from bot.clock import now as clock
from bot.config import Config
from bot.limits import Allowance
from bot.render import card_markdown
from bot.reply import Card, Message
from bot.service import Service

CHANNEL = "web"
TALK = "/?talk"
"""The conversation where one was; the bare address leads there, for only a redirect can scroll without a script."""


def create_app(service: Service, config: Config, closing: asyncio.Event | None = None) -> Starlette:
    """The web page as an application. Its open streams end when `closing` is set."""
    sessions = Sessions(config, service.store.secret(CHANNEL))
    pages = Pages(service, config)
    trouble = Trouble(pages, sessions)
    reading = Reading(service, sessions, pages)
    doing = Doing(service, sessions, pages, Allowance(config.whole("messages_per_minute")))
    events = Events(service, sessions, closing or asyncio.Event(), config.whole("streams_per_address"))
    return Starlette(
        routes=[
            *reading.routes,
            *doing.routes,
            Route("/events", events.serve),
            Route("/static/{name}", pages.assets.serve),
        ],
        middleware=[Middleware(Guard, config=config, refuse=trouble.refuse)],
        exception_handlers=trouble.handlers,
    )


class Reading:
    """What can be looked at. Nothing here changes anything."""

    def __init__(self, service: Service, sessions: Sessions, pages: Pages) -> None:
        self._service = service
        self._sessions = sessions
        self._pages = pages
        self.routes = [
            Route("/", self.home),
            Route("/turns", self.turns),
            Route("/plan", self.plan),
            Route("/plan.md", self.plan_markdown),
            Route("/plan.ics", self.plan_calendar),
            Route("/d/{token}", self.link, methods=["GET"]),
            Route("/healthz", self.health),
        ]

    async def home(self, request: Request) -> Response:
        """The conversation: its end, or what was said before a turn."""
        session = self._sessions.of(request)
        before = number(request.query_params.get("before", ""))
        if not before and "talk" not in request.query_params and self._service.newest(session.conversation):
            return self._sessions.keep(RedirectResponse(f"{TALK}#last", 303), session)
        page = self._pages.earlier(session, before) if before else self._pages.chat(session)
        return self._sessions.keep(HTMLResponse(page), session)

    async def turns(self, request: Request) -> Response:
        """What was said after a turn, as much as one page holds, for a page that is open."""
        after = number(request.query_params.get("after", ""))
        return HTMLResponse(self._pages.fragment(self._sessions.of(request), after))

    async def plan(self, request: Request) -> Response:
        """The plan, to read and print."""
        session = self._sessions.of(request)
        card_of(self._service, session)
        return HTMLResponse(self._pages.plan(session))

    async def plan_markdown(self, request: Request) -> Response:
        """The plan as a document."""
        session = self._sessions.of(request)
        card = card_of(self._service, session)
        ready = self._service.state(session.conversation).ticks.get(card.key, ())
        return _download(card_markdown(card, ready).encode(), "text/markdown; charset=utf-8", "md")

    async def plan_calendar(self, request: Request) -> Response:
        """The days of the plan."""
        card = card_of(self._service, self._sessions.of(request))
        if not card.events:
            raise HTTPException(404, ww.NO_DATES)
        return _download(calendar(card, clock()), "text/calendar; charset=utf-8", "ics")

    async def link(self, request: Request) -> Response:
        """What a link would open; opening it is a post, so that no other site can do it."""
        session = self._sessions.of(request)
        page = self._pages.link(session, request.path_params["token"])
        if page is None:
            raise HTTPException(404, ww.LINK_BAD)
        return self._sessions.keep(HTMLResponse(page), session)

    async def health(self, request: Request) -> Response:
        """Whether knowledge, store and channels are sound. Mistakes are told in the log, not to the world."""
        found = self._service.health()
        sound = all(found[name] for name in ("store", "knowledge", "channels"))
        shown = {name: found[name] for name in ("store", "knowledge", "channels", "entries", "version")}
        return JSONResponse({"sound": sound, **shown}, 200 if sound else 503)


class Doing:
    """What a person does. Each is a post from our own page, within the limits."""

    def __init__(self, service: Service, sessions: Sessions, pages: Pages, allowance: Allowance) -> None:
        self._service = service
        self._sessions = sessions
        self._pages = pages
        self._allowance = allowance
        actions = {"say": self.say, "choose": self.choose, "tick": self.tick, "forget": self.forget}
        self.routes = [Route(f"/{name}", action, methods=["POST"]) for name, action in actions.items()]
        self.routes.append(Route("/d/{token}", self.open_link, methods=["POST"]))

    async def say(self, request: Request) -> Response:
        """A message, or a date put together from its fields."""
        form = await _form(request)
        text = _text(form, "text").replace("\r\n", "\n") or date_text(
            _text(form, "day"), _text(form, "year"), _text(form, "month")
        )
        request.state.draft = text
        if len(text) > LONGEST:
            raise Refusal(413)
        return await self._turn(request, form, Message(text=text))

    async def choose(self, request: Request) -> Response:
        """A button."""
        form = await _form(request)
        return await self._turn(request, form, Message(choose=_text(form, "choice")))

    async def _turn(self, request: Request, form: FormData, message: Message) -> Response:
        session = self._admitted(request, form)
        await self._service.say(session.conversation, CHANNEL, message)
        if wants_fragment(request):
            return HTMLResponse(self._pages.fragment(session, number(_text(form, "after"))))
        return RedirectResponse(f"{TALK}#last", 303)

    async def tick(self, request: Request) -> Response:
        """A material of the plan is ready, or not."""
        form = await _form(request)
        session = self._admitted(request, form)
        card, material = card_of(self._service, session), _text(form, "material")
        if _text(form, "key") != card.key or material not in {m.id for m in card.materials}:
            raise Refusal(400)
        await self._service.tick(session.conversation, card.key, material, _text(form, "done") == "1")
        if wants_fragment(request):
            return Response(status_code=204)
        return RedirectResponse("/plan#materials" if _text(form, "from") == "plan" else f"{TALK}#materials", 303)

    async def forget(self, request: Request) -> Response:
        """Everything goes, the cookie too."""
        session = self._admitted(request, await _form(request))
        await self._service.forget(session.conversation)
        return self._sessions.drop(RedirectResponse("/", 303))

    async def open_link(self, request: Request) -> Response:
        """Open the dialogue of a link."""
        session = self._admitted(request, await _form(request))
        token = request.path_params["token"]
        if await self._service.open_link(session.conversation, CHANNEL, token, override=True) is None:
            raise HTTPException(404, ww.LINK_BAD)
        return RedirectResponse(f"{TALK}#last", 303)

    def _admitted(self, request: Request, form: FormData) -> Session:
        session = self._sessions.of(request)
        if not session.sent(_text(form, "token")):
            raise Refusal(403)
        if wait := self._allowance.wait(session.conversation):
            raise Refusal(429, wait)
        return session


def card_of(service: Service, session: Session) -> Card:
    """The plan in force; without one, the page that offers to make it."""
    card = None if session.fresh else service.card(session.conversation)
    if card is None:
        raise HTTPException(404, ww.NO_PLAN)
    return card


async def _form(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=20)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _download(content: bytes, kind: str, ending: str) -> Response:
    named = quote(f"{ww.PLAN_FILE}.{ending}")
    disposition = f"attachment; filename=\"plan.{ending}\"; filename*=UTF-8''{named}"
    return Response(content, media_type=kind, headers={"Content-Disposition": disposition})
