"""The web page refuses what it should, keeps what was written, and lets nothing out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.assistant import LONGEST
from bot.channels.web import wording as ww
from bot.channels.web.guard import Guard, from_elsewhere, hosts
from bot.mind import MindKeeper
from bot.store import Store
from tests.web_kit import Page, Visitor, settings, visitor

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}'


# what it refuses


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200), ("localhost", 200), ("[::1]:8000", 200),
        ("evil.example:8000", 421), ("testserver", 421), ("localhost.evil.example", 421), ("", 421),
        ("LOCALHOST:8000", 200), ("localhost:evil", 421), ("[::1].evil.example", 421), ("[::1]", 200),
    ],
)  # fmt: skip
def test_on_this_machine_only_its_own_names_are_answered(someone: Visitor, host: str, status: int) -> None:
    answer = someone.get(headers={"Host": host})
    assert answer.status_code == status
    assert status == 200 or ww.REFUSALS[421][0] in answer.text


@pytest.mark.parametrize(
    ("changed", "allowed"),
    [
        ({"public_url": "https://Example.org:8443/"}, {"127.0.0.1", "localhost", "[::1]", "example.org"}),
        ({"host": "::1"}, {"127.0.0.1", "localhost", "[::1]"}),
        ({"host": "127.0.0.2"}, {"127.0.0.1", "127.0.0.2", "localhost", "[::1]"}),
        ({"host": "0.0.0.0"}, set()),
    ],
)
def test_the_names_the_page_answers_to(changed: dict[str, str], allowed: set[str]) -> None:
    assert set(hosts(settings(**changed))) == allowed


def test_too_many_words_are_said_to_be_too_many_and_kept(someone: Visitor) -> None:
    answer = someone.post("/say", {"text": "长" * 10_000})
    assert answer.status_code == 413
    assert f"超过{LONGEST}字" in Page(answer.text).text
    assert "长" * 10_000 in Page(answer.text).text


def test_the_most_words_with_many_lines_are_heard(someone: Visitor) -> None:
    assert someone.post("/say", {"text": "长\r\n" * (LONGEST // 2)}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_posts_from_other_sites_are_refused(someone: Visitor, store: Store, headers: dict[str, str]) -> None:
    assert someone.post("/say", {"text": "你好"}, headers).status_code == 403
    assert not store.read("select 1 from turns")


def test_a_post_without_our_token_is_refused_and_the_text_kept(someone: Visitor) -> None:
    answer = someone.post("/say", {"text": "换了单位要交什么", "token": "wrong"})
    assert answer.status_code == 403
    assert "换了单位要交什么" in Page(answer.text).text


def test_the_page_shown_for_a_refusal_can_send_again(keeper: MindKeeper, store: Store, loop: asyncio.Runner) -> None:
    newcomer = visitor(keeper, store, loop)
    refused = loop.run(newcomer.client.post("/say", data={"text": "怎么登录"}))
    token = str(Page(refused.text).all("input", name="token")[0]["value"])
    again = loop.run(newcomer.client.post("/say", data={"text": "怎么登录", "token": token}))
    assert "怎么登录" in Page(again.text).text


def test_the_odd_cookies_of_another_program_do_not_hide_ours(someone: Visitor) -> None:
    someone.page()
    ours = "; ".join(f"{cookie.name}={cookie.value}" for cookie in someone.client.cookies.jar)
    odd = {"Cookie": f'theme={{"dark":true}}; flag; {ours}'}
    assert someone.post("/say", {"text": "怎么登录"}, headers=odd).status_code == 200


def test_a_large_body_is_refused(someone: Visitor) -> None:
    assert someone.post("/say", {"text": "长" * 40_000}).status_code == 413


def test_a_large_body_of_unknown_length_is_refused(someone: Visitor, loop: asyncio.Runner) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(300):
            yield b"text=" + b"a" * 1024

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert loop.run(someone.client.post("/say", content=endless(), headers=kind)).status_code == 413


def test_too_many_messages_are_refused_politely(keeper: MindKeeper, store: Store, loop: asyncio.Runner) -> None:
    hasty = visitor(keeper, store, loop, messages_per_minute="1")
    hasty.say("你好")
    answer = hasty.post("/say", {"text": "再问一句"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "再问一句" in Page(answer.text).text


def test_too_many_requests_are_refused(keeper: MindKeeper, store: Store, loop: asyncio.Runner) -> None:
    hasty = visitor(keeper, store, loop, requests_per_minute="2")
    assert [hasty.get("/healthz").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/no", 404), ("GET", "/say", 405), ("PUT", "/", 405)])
def test_wrong_addresses_have_a_page_with_the_way_on(
    someone: Visitor, loop: asyncio.Runner, method: str, path: str, status: int
) -> None:
    answer = loop.run(someone.client.request(method, path))
    assert answer.status_code == status
    assert ww.REFUSALS[status][0] in answer.text
    assert "set-cookie" not in answer.headers


def test_when_nothing_can_be_saved_the_text_is_kept(someone: Visitor, store: Store) -> None:
    token = someone.token()
    store.close()
    answer = someone._loop.run(someone.client.post("/say", data={"text": "怎么登录", "token": token}))
    assert answer.status_code == 503
    assert "怎么登录" in Page(answer.text).text


def test_health_tells_of_the_store(someone: Visitor, store: Store) -> None:
    assert someone.get("/healthz").status_code == 200
    store.close()
    assert someone.get("/healthz").status_code == 503


# nothing gets out


def test_what_is_said_is_shown_as_said(someone: Visitor) -> None:
    page = someone.say(HOSTILE)
    assert not [a for t, a in page.elements if t == "img" and a.get("src") == "x"]
    assert all(a.get("src") for a in page.all("script"))


def test_pages_hold_nothing_inline(someone: Visitor) -> None:
    pages = [someone.page(), someone.plan(), someone.page("/plan"), someone.page("/no")]
    attributes = [name for page in pages for _, found in page.elements for name in found]
    assert not [name for name in attributes if name == "style" or name.startswith("on")]
    assert not [tag for page in pages for tag, _ in page.elements if tag == "style"]


def test_every_answer_has_the_headers(someone: Visitor) -> None:
    for path in ("/", "/no", "/healthz", someone.page().all("link", rel="stylesheet")[0]["href"] or ""):
        assert someone.get(path).headers["content-security-policy"].startswith("default-src 'none'")


def test_own_files_may_be_kept_for_ever(someone: Visitor) -> None:
    style = someone.page().all("link", rel="stylesheet")[0]["href"]
    assert "immutable" in someone.get(str(style)).headers["cache-control"]


def test_every_field_has_a_label(someone: Visitor) -> None:
    page = someone.press("f.type")
    for word in ("有", "注册过"):
        page = someone.press(page.buttons()[word])
    labelled = {a["for"] for a in page.all("label")}
    fields = [
        a for t, a in page.elements if t in ("select", "textarea") or (t == "input" and a.get("type") != "hidden")
    ]
    assert all(field.get("id") in labelled or field.get("aria-label") for field in fields)


def test_a_crash_is_a_page_and_its_log_tells_nothing_said(
    caplog: pytest.LogCaptureFixture, loop: asyncio.Runner
) -> None:
    async def crash(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError(scope["query_string"].decode())

    guard = Guard(crash, config=settings(), refuse=lambda request, status, wait: PlainTextResponse("", status))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=guard), base_url="http://localhost")
    with caplog.at_level(logging.DEBUG):
        assert loop.run(client.get("/?said=110101")).status_code == 500
    assert "ValueError" in caplog.text
    assert not [
        record for record in caplog.records if record.name.startswith("bot") and "110101" in record.getMessage()
    ]


# the parts


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://here"}, True),
        ({"host": "here", "origin": "http://here"}, False),
        ({"host": "inner", "origin": "https://example.org"}, False),
        ({"host": "here", "origin": "https://there"}, True),
        ({}, False),
    ],
)
def test_where_a_post_comes_from(headers: dict[str, str], elsewhere: bool) -> None:
    assert from_elsewhere(Headers(headers), "https://example.org/") is elsewhere
