"""Turns conversations into HTML: what the templates are given, and the few helpers they call."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from bot import links
from bot import wording as w
from bot.assistant import LONGEST
from bot.channels.web import wording as ww
from bot.channels.web.assets import Assets
from bot.channels.web.sessions import Session
from bot.config import Config
from bot.ids import POPULAR
from bot.render import SECTIONS, as_json, day, heading
from bot.reply import Card
from bot.service import Said, Service
from flows.engine import nodes_of
from flows.model import FIRST_YEAR, LAST_YEAR, Flow

_URL = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9./?=&%_~:-]*[A-Za-z0-9/]")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_YEAR, _MONTH = re.compile(r"\d{4}", re.ASCII), re.compile(r"\d{1,2}", re.ASCII)
_SHOWN = 60
_YEARS_BACK, _YEARS_AHEAD = 24, 6


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan in force: its card as plain values, what is ready, and a link to it."""

    card: Mapping[str, Any]
    ready: frozenset[str]
    link: str


class Pages:
    """Renders every page; knows nothing of requests but the session."""

    def __init__(self, service: Service, config: Config) -> None:
        self._service = service
        self._public_url = config.text("public_url").rstrip("/")
        self.assets, self._templates = _loaded()

    def chat(self, session: Session, *, draft: str = "") -> str:
        """The page: the first screen and what was said last."""
        shown = self._service.turns(session.conversation, most=_SHOWN)
        return self._chat(session, shown, newest=newest(shown), draft=draft)

    def earlier(self, session: Session, before: int) -> str:
        """What was said before a turn, as much as a page holds; nothing of it is open."""
        shown = self._service.turns(session.conversation, before, _SHOWN)
        return self._chat(session, shown, newest=0, draft="", earlier=True)

    def _chat(self, session: Session, shown: Sequence[Said], **values: object) -> str:
        hidden = self._service.said(session.conversation, shown[0].id) if shown else 0
        return self._talk("chat.html", session, turns=shown, hidden=hidden, **values)

    def fragment(self, session: Session, after: int) -> str:
        """The turns that came after one, to be added to a page that is open; it says where there are more."""
        found = self._service.turns_after(session.conversation, after, _SHOWN + 1)
        turns = found[:_SHOWN]
        return self._talk("fragment.html", session, turns=turns, newest=newest(turns), more=len(found) > _SHOWN)

    def plan(self, session: Session) -> str:
        """The plan alone, to read and to print."""
        return self._talk("plan.html", session)

    def link(self, session: Session, token: str) -> str | None:
        """What a link opens, before it is opened; None where it can't be read."""
        link = links.read(token)
        flow = self._service.keeper.mind.flows.get(link.flow) if link else None
        if link is None or flow is None:
            return None
        known = self._known(link, flow)
        talked = self._service.newest(session.conversation) > 0
        return self._plain("link.html", session, link_token=token, flow=flow, known=known, talked=talked)

    def trouble(self, session: Session, status: int, *, wait: int = 0, draft: str = "") -> str:
        """A page for what went wrong; what was written is in its form."""
        title, more = _refusal(status, wait)
        return self._plain("trouble.html", session, title=title, more=more, draft=draft)

    def missing(self, session: Session, title: str) -> str:
        """A page for what is not there yet: with the dialogues to begin, or only the way back into the open one."""
        if title == ww.NO_PLAN and self._service.asked(session.conversation):
            return self._plain("trouble.html", session, title=title, more=ww.PLAN_UNFINISHED, draft="")
        offers = [(flow, f"/d/{links.make(flow, {})}") for flow in w.FLOWS]
        return self._plain("trouble.html", session, title=title, more=ww.MISSING[title], draft="", offers=offers)

    def notice(self, status: int, wait: int) -> str:
        """The same trouble in a line, for a page that is open."""
        return "。".join(_refusal(status, wait))

    def current(self, session: Session) -> Plan | None:
        """The plan as far as the answers settle it today."""
        card = None if session.fresh else self._service.card(session.conversation)
        if card is None:
            return None
        state = self._service.state(session.conversation)
        path = f"/d/{links.make(card.flow, state.answers)}"
        return Plan(plain_card(card), frozenset(state.ticks.get(card.key, ())), self._public_url + path)

    def _talk(self, template: str, session: Session, **values: object) -> str:
        """A page that shows what the store knows."""
        year = self._service.today().year
        return self._plain(
            template,
            session,
            plan=self.current(session),
            marked=self._service.marks(session.conversation),
            popular=self._popular(),
            provinces=self._service.keeper.mind.regions.names,
            years=range(year + _YEARS_AHEAD, year - _YEARS_BACK, -1),
            **values,
        )

    def _plain(self, template: str, session: Session, **values: object) -> str:
        """A page that needs no store, so that it can tell of a store that fails."""
        today = self._service.today().isoformat()
        return self._templates.get_template(template).render(token=session.token, today=today, **values)

    def _popular(self) -> list[tuple[str, str]]:
        entries = self._service.keeper.mind.knowledge.entries
        return [(name, entries[name].title) for name in POPULAR if name in entries]

    def _known(self, link: links.Link, flow: Flow) -> list[tuple[str, str]]:
        """All that opening a link would keep, in words, so that nothing is taken over unseen."""
        mind, nodes = self._service.keeper.mind, nodes_of(flow)
        known = links.known(link, flow, mind.regions, self._service.today())
        return [(nodes[name].label or nodes[name].ask, mind.words.value(nodes[name], v)) for name, v in known.items()]


@cache
def _loaded() -> tuple[Assets, Environment]:
    """The page's files and templates, read once."""
    assets = Assets()
    templates = Environment(
        loader=PackageLoader("bot.channels.web"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    templates.globals.update(t=ww, w=w, asset=assets.address, longest=LONGEST, sections=SECTIONS, heading=heading)
    templates.globals.update(first_year=FIRST_YEAR, last_year=LAST_YEAR)
    templates.filters.update(linked=linked, day=iso_day, web_link=web_link, by_source=by_source)
    templates.tests.update(aside=is_aside)
    return assets, templates


def _refusal(status: int, wait: int) -> tuple[str, str]:
    """What happened, and what to do."""
    title, more = ww.REFUSALS.get(status, ww.REFUSALS[500 if status >= 500 else 400])
    return title.format(most=LONGEST), more.format(seconds=wait)


def is_aside(turn: Said) -> bool:
    """Whether the question before it stays open."""
    return bool(turn.reply.get("aside"))


def newest(turns: Sequence[Said]) -> int:
    """The turn whose question and choices are open."""
    return next((turn.id for turn in reversed(turns) if not is_aside(turn)), 0)


def plain_card(card: Card) -> dict[str, Any]:
    """A card as the values that a stored turn holds, so that one template shows both."""
    values: dict[str, Any] = json.loads(as_json(card))
    return values


def linked(text: str) -> Markup:
    """Text, escaped, with its web addresses as links."""
    parts, start = [], 0
    for found in _URL.finditer(text):
        url = escape(found.group())
        parts += [
            escape(text[start : found.start()]),
            Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(url),
        ]
        start = found.end()
    return Markup("").join([*parts, escape(text[start:])])


def iso_day(text: str) -> str:
    """2024年3月1日, from a stored 2024-03-01."""
    return day(date.fromisoformat(text))


def by_source(citations: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[str]]]:
    """The stored citations of an answer or a plan, each source once, with its sections."""
    sources = {citation["source"]["id"]: citation["source"] for citation in citations}
    sections = {id_: [c["section"] for c in citations if c["source"]["id"] == id_] for id_ in sources}
    return [(source, list(dict.fromkeys(sections[id_]))) for id_, source in sources.items()]


def web_link(url: str | None) -> str:
    """An address of the web, or nothing."""
    return url if url and _URL.fullmatch(url) else ""


def date_text(chosen: str, year: str, month: str) -> str:
    """What the date fields say, written as a person would; "" for anything that our fields don't send."""
    if day_ := _DAY.fullmatch(chosen):
        numbers = day_.groups()
    elif _YEAR.fullmatch(year):
        numbers = (year, month) if _MONTH.fullmatch(month) else (year,)
    else:
        return ""
    words = dict(zip(("year", "month", "day"), (str(int(n)) for n in numbers), strict=False))
    return ww.DATE_TEXTS[len(words) - 1].format(**words)
