"""Inline mode: @bot and some words in any chat offer matching explanations to send there."""

from __future__ import annotations

from bot.assistant import Assistant
from bot.channels.telegram import wording as wt
from bot.channels.telegram.actions import Action
from bot.channels.telegram.incoming import Ask
from bot.channels.telegram.keyboard import link
from bot.channels.telegram.links import Links
from bot.channels.telegram.text import block, pages, public
from bot.channels.update_table import Json
from bot.ids import OPENERS
from bot.reply import Reply, Status
from bot.service import Service
from knowledge.model import Entry, Kind

_MOST = 8
_CACHE_SECONDS = 300


class Inline:
    """Offers explanations; knows nothing of who asks."""

    def __init__(self, service: Service, links: Links) -> None:
        self._service = service
        self._links = links

    def asked(self, query: Ask) -> list[Action]:
        """The explanations that match, best first; without words, where most people begin."""
        found = self._matching(query.text)
        params: Json = {
            "inline_query_id": query.id,
            "results": [self._result(entry) for entry in found],
            "cache_time": _CACHE_SECONDS,
            "button": {"text": wt.INLINE_BUTTON, "start_parameter": "inline"},
        }
        return [Action("answerInlineQuery", params)]

    def _matching(self, text: str) -> list[Entry]:
        mind = self._service.keeper.mind
        known = mind.knowledge.entries
        if not text:
            return [known[name] for name in OPENERS if name in known]
        ranking = mind.searcher.rank(text, _MOST)
        return [c.entry for c in ranking.candidates if c.entry.kind is Kind.ANSWER][:_MOST]

    def _result(self, entry: Entry) -> Json:
        said = Assistant(self._service.keeper.mind).speaker.answer(entry, None, self._service.today())
        text = pages([block(entry.title, "b"), *public(Reply(Status.ANSWERED, answers=(said,)))])[0]
        content = {"message_text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
        return {
            "type": "article",
            "id": entry.id[:64],
            "title": entry.title,
            "description": entry.short[:120],
            "input_message_content": content,
            "reply_markup": {"inline_keyboard": [[link(wt.INLINE_OPEN, self._links.entry(entry.id))]]},
        }
