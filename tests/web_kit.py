"""A visitor of the web page without a browser: keeps the cookie, finds the form's token, presses and writes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import httpx

from bot.channels.web import create_app
from bot.clock import ZONE
from bot.config import Config, load_config
from bot.mind import MindKeeper
from bot.service import Service
from bot.store import Store

TODAY = datetime(2026, 11, 23, 12, tzinfo=ZONE)
PLAN = ("有", "注册过", "2027年2月23日", "都没变", "其他行业", "其他单位", "广东", "能登录，用自己的密码")


def settings(**changed: str) -> Config:
    """The defaults but for these."""
    return load_config(Path("no such file"), {f"XIAOAN_{name.upper()}": value for name, value in changed.items()})


class Page(HTMLParser):
    """What a page holds: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.html = html
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, **having: str) -> list[dict[str, str | None]]:
        """The attributes of the elements that have these."""
        wanted = having.items()
        return [a for t, a in self.elements if t == tag and all(a.get(k.rstrip("_")) == v for k, v in wanted)]

    def buttons(self) -> dict[str, str]:
        """Label -> choice id."""
        found = re.findall(r'<button name="choice" value="([^"]+)"[^>]*>([^<]+)</button>', self.html)
        return {label: choice for choice, label in found}


class Visitor:
    """One browser, without a script."""

    def __init__(self, app: httpx.AsyncBaseTransport, loop: asyncio.Runner, base: str = "http://localhost") -> None:
        self.client = httpx.AsyncClient(transport=app, base_url=base, follow_redirects=True)
        self._loop = loop

    def get(self, path: str = "/", headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Open an address."""
        return self._loop.run(self.client.get(path, headers=headers))

    def page(self, path: str = "/") -> Page:
        """Open an address and read it."""
        return Page(self.get(path).text)

    def token(self) -> str:
        """What the forms of the page carry."""
        return str(self.page().all("input", name="token")[0]["value"])

    def post(self, path: str, data: Mapping[str, str], headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Send a form of the page."""
        return self._loop.run(self.client.post(path, data={"token": self.token(), **data}, headers=headers))

    def say(self, text: str) -> Page:
        """Write a message."""
        return Page(self.post("/say", {"text": text}).text)

    def press(self, choice: str) -> Page:
        """Press a button by its id."""
        return Page(self.post("/choose", {"choice": choice}).text)

    def plan(self) -> Page:
        """Go through the whole dialogue for the plan."""
        page = self.press("f.plan")
        for word in PLAN:
            choice = page.buttons().get(word)
            page = self.press(choice) if choice else self.say(word)
        return page


def visitor(keeper: MindKeeper, store: Store, loop: asyncio.Runner, **changed: str) -> Visitor:
    """A visitor of a new server over this store."""
    config = settings(**changed)
    app = create_app(Service(store, keeper, lambda: TODAY), config)
    return Visitor(httpx.ASGITransport(app=app), loop, config.text("public_url") or "http://localhost")
