"""Methods that answer a tap or an inline query while it is still open, and those that bring updates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from . import limits
from .errors import bad_request, conflict, too_many
from .formatting import read_text, utf16
from .methods import method
from .state import Json

if TYPE_CHECKING:
    from .fake import FakeTelegram

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@method("answerCallbackQuery")
def answer_callback_query(fake: FakeTelegram, params: Json) -> bool:
    tap = fake.world.taps.get(str(params["callback_query_id"]))
    if tap is None or tap.answer is not None or fake.clock.now() - tap.made > limits.CALLBACK_LIFE:
        raise bad_request(TOO_OLD)
    limits.demand(utf16(str(params.get("text", ""))) <= 200, "notification")
    url = str(params.get("url", ""))
    if url and not re.match(rf"(https?://)?t\.me/{fake.world.bot['username']}\?start=[\w-]{{1,64}}$", url):
        raise bad_request("URL_INVALID")
    tap.answer = {key: value for key, value in params.items() if key != "callback_query_id"}
    return True


@method("answerInlineQuery")
def answer_inline_query(fake: FakeTelegram, params: Json) -> bool:
    ask = fake.world.asks.get(str(params["inline_query_id"]))
    if ask is None or ask.answer is not None or fake.clock.now() - ask.made > limits.INLINE_LIFE:
        raise bad_request(TOO_OLD)
    results = list(params["results"])
    limits.demand(len(results) <= 50, "inline_results")
    limits.demand(len(str(params.get("next_offset", "")).encode()) <= 64, "inline_offset")
    for result in results:
        _check_result(result)
    if len({result["id"] for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    button = params.get("button") or {}
    start = button.get("start_parameter")
    limits.demand(start is None or limits.START_PARAMETER.fullmatch(start) is not None, "start_parameter")
    if button and len(set(button) & {"web_app", "start_parameter"}) != 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    ask.answer = params
    return True


def _check_result(result: Json) -> None:
    if result["type"] != "article":
        raise bad_request(f"fake knows only inline results of type article, not {result['type']}")
    limits.demand(1 <= len(str(result["id"]).encode()) <= 64, "inline_id")
    if not result["title"]:
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content: dict[str, Any] = result["input_message_content"]
    text, _ = read_text(str(content.get("message_text", "")), content.get("parse_mode"))
    if not text:
        raise bad_request("MESSAGE_EMPTY")
    limits.demand(utf16(text) <= 4096, "inline_text")
    limits.check_markup(result.get("reply_markup"))


@method("getUpdates")
async def get_updates(fake: FakeTelegram, params: Json) -> list[Json]:
    if fake.webhook.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    if "allowed_updates" in params:
        _allow(fake, params["allowed_updates"])
    limit = min(max(int(params.get("limit", 100)), 1), 100)
    timeout = min(max(int(params.get("timeout", 0)), 0), 50)
    return await fake.updates.take(int(params.get("offset", 0)), limit, timeout)


def _allow(fake: FakeTelegram, kinds: list[str]) -> None:
    fake.updates.allowed = tuple(kinds)


@method("setWebhook")
async def set_webhook(fake: FakeTelegram, params: Json) -> bool:
    url = str(params.get("url", ""))
    secret = params.get("secret_token")
    limits.demand(secret is None or limits.SECRET.fullmatch(secret) is not None, "secret")
    if url:
        _check_url(url)
    if not fake.webhook.may_set(fake.clock.now()):
        raise too_many(1)
    fake.updates.interrupt(conflict("terminated by setWebhook request"))
    await _change(fake, params)
    if url:
        connections = min(max(int(params.get("max_connections", 40)), 1), 100)
        fake.webhook.start(url, secret, connections)
    return True


def _check_url(url: str) -> None:
    """A loopback address may be plain HTTP, as with a local server; all others obey the public rules."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise bad_request("bad webhook: URL host is empty")
    if parts.hostname in LOOPBACK:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in (443, 80, 88, 8443):
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


async def _change(fake: FakeTelegram, params: Json) -> None:
    if "allowed_updates" in params:
        _allow(fake, params["allowed_updates"])
    await fake.webhook.stop()
    if params.get("drop_pending_updates"):
        fake.updates.drop_all()


@method("deleteWebhook")
async def delete_webhook(fake: FakeTelegram, params: Json) -> bool:
    await _change(fake, params)
    return True


@method("getWebhookInfo")
def get_webhook_info(fake: FakeTelegram, params: Json) -> Json:
    fake.updates.expire()
    return fake.webhook.info(len(fake.updates.waiting), list(fake.updates.allowed))
