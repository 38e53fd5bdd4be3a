"""Over HTTP: every body form, the webhook's retries, the control side, and the stand-alone server."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from .clock import ManualClock
from .fake import FakeTelegram
from .server import Address
from .state import Json
from .town import Town
from .webhook import SECRET_HEADER

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.anyio
Reply = Callable[[Json], web.Response]


async def post(url: str, **body: object) -> Json:
    async with aiohttp.ClientSession() as session, session.post(url, **body) as answer:  # type: ignore[arg-type]
        found: Json = await answer.json()
        return found | {"status": answer.status}


@asynccontextmanager
async def bot_end(reply: Reply) -> AsyncIterator[tuple[str, list[Json]]]:
    """A bot's webhook that keeps what it gets, in order, under the secret it came with."""
    got: list[Json] = []

    async def receive(request: web.Request) -> web.Response:
        got.append(await request.json() | {"secret": request.headers.get(SECRET_HEADER)})
        return reply(got[-1])

    site = web.Application()
    site.router.add_post("/", receive)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/", got
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("form", ["query", "form", "json", "multipart"])
async def test_every_body_form_is_read(form: str, fake: FakeTelegram, town: Town, telegram: Address) -> None:
    wang = town.person("王芳")
    wang.start()
    fields = {"chat_id": str(wang.id), "text": "好", "reply_parameters": '{"message_id": 1}'}
    multipart = aiohttp.FormData(default_to_multipart=True)
    for key, value in fields.items():
        multipart.add_field(key, value)
    body: dict[str, Json] = {
        "query": {"params": fields},
        "form": {"data": fields},
        "json": {"json": {"chat_id": wang.id, "text": "好", "reply_parameters": {"message_id": 1}}},
        "multipart": {"data": multipart},
    }
    answer = await post(f"{telegram.base_url}{fake.token}/sendmessage", **body[form])
    assert (answer["ok"], answer["result"]["reply_to_message"]["text"]) == (True, "/start")


async def test_a_wrong_token_is_unauthorized(telegram: Address) -> None:
    answer = await post(f"{telegram.base_url}1:x/getMe")
    assert (answer["status"], answer["description"]) == (401, "Unauthorized")


async def test_the_status_line_repeats_the_error_code(fake: FakeTelegram, telegram: Address) -> None:
    fake.faults.too_many("getMe", retry_after=9)
    answer = await post(f"{telegram.base_url}{fake.token}/getMe")
    assert (answer["status"], answer["parameters"]) == (429, {"retry_after": 9})


async def test_a_refused_update_comes_again_at_once_and_then_ever_later(
    fake: FakeTelegram, town: Town, clock: ManualClock
) -> None:
    async with bot_end(lambda _: web.Response(status=500)) as (url, got):
        await fake.call("setWebhook", {"url": url, "secret_token": "s-1"})
        town.person("王芳").say("你好")
        for attempts, pause in ((2, 2.0), (3, 4.0), (4, 8.0)):
            assert await asyncio.wait_for(clock.awaited(), 10) == [pause]
            assert len(got) == attempts
            clock.advance(pause)
        await fake.close()
        assert {update["secret"] for update in got} == {"s-1"}
        assert len({update["update_id"] for update in got}) == 1


async def test_another_chat_overtakes_a_stuck_one(fake: FakeTelegram, town: Town) -> None:
    stuck, quick = town.person("王芳"), town.person("李强")

    def reply(update: Json) -> web.Response:
        return web.Response(status=500 if update["message"]["from"]["id"] == stuck.id else 200)

    async with bot_end(reply) as (url, got):
        await fake.call("setWebhook", {"url": url})
        first, second = stuck.say("甲"), stuck.say("乙")
        quick.say("丙")
        await fake.until(lambda: [item.update["message"]["text"] for item in fake.updates.waiting] == ["甲", "乙"])
        await fake.close()
        assert second.text not in [update["message"]["text"] for update in got], first.text


async def test_the_same_update_twice_and_updates_out_of_order(fake: FakeTelegram, town: Town) -> None:
    wang = town.person("王芳")
    async with bot_end(lambda _: web.Response()) as (url, got):
        await fake.call("setWebhook", {"url": url, "max_connections": 1})
        with fake.updates.shuffled():
            wang.say("一")
            wang.say("二")
        fake.updates.again(fake.updates.history[0]["update_id"])
        await fake.until(lambda: len(got) == 3)
        await fake.close()
    assert [update["message"]["text"] for update in got] == ["二", "一", "一"]


async def test_the_answer_to_a_webhook_may_be_a_call(fake: FakeTelegram, town: Town) -> None:
    wang = town.person("王芳")
    call = {"method": "sendMessage", "chat_id": wang.id, "text": "收到"}
    async with bot_end(lambda _: web.json_response(call)) as (url, _):
        await fake.call("setWebhook", {"url": url})
        wang.say("你好")
        assert (await fake.heard(wang.chat))[0].text == "收到"
        await fake.close()


async def test_two_set_webhooks_within_a_second_are_too_many(fake: FakeTelegram, clock: ManualClock) -> None:
    codes = [(await fake.call("setWebhook", {"url": ""})).get("error_code") for _ in range(2)]
    clock.advance(1)
    codes.append((await fake.call("setWebhook", {"url": ""})).get("error_code"))
    assert codes == [None, 429, None]


async def test_the_control_side_moves_the_world(fake: FakeTelegram, telegram: Address) -> None:
    async def sim(action: str, **told: object) -> Json:
        return await post(f"{telegram.root}/sim/{action}", json=told)

    said = (await sim("say", person="王芳", text="你好"))["result"]
    await sim("channel", title="注安通知")
    under = (await sim("post", channel="注安通知", text="开始受理"))["result"]["forwarded"]
    await sim("comment", person="李强", post=under["message_id"], text="交给谁")
    await sim("fault", kind="refuse", method="getMe", code=500, description="Internal Server Error")
    me = await post(f"{telegram.base_url}{fake.token}/getMe")
    keyboard = {"inline_keyboard": [[{"text": "有用", "callback_data": "y"}]]}
    shown = {"chat_id": said["chat"]["id"], "text": "好", "reply_markup": keyboard}
    sent = (await post(f"{telegram.base_url}{fake.token}/sendMessage", json=shown))["result"]
    tap = (await sim("tap", person="王芳", chat=sent["chat"]["id"], message=sent["message_id"], label="有用"))["result"]
    await post(f"{telegram.base_url}{fake.token}/answerCallbackQuery", json={"callback_query_id": tap, "text": "谢谢"})
    assert (me["status"], (await sim("pending"))["result"]) == (500, 4)
    assert (await sim("answer", query=tap))["result"] == {"text": "谢谢"}
    assert [m["text"] for m in (await sim("sent"))["result"]] == ["好"]
    assert (await sim("dance"))["error"].startswith("ValueError('no action dance")


async def test_the_server_runs_alone() -> None:
    command = [sys.executable, "-m", "tests.telegram.server", "--port", "0"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        place = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
        answer = await post(f"{place['base_url']}{place['token']}/getMe")
    finally:
        process.terminate()
        await process.wait()
    assert answer["result"]["is_bot"]
