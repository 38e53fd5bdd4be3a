"""The way to Telegram: what it carries, and what it never says."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from telegram.error import BadRequest, NetworkError

from bot.channels.telegram.api import AiohttpRequest, Discretion, make_api
from bot.mind import MindKeeper

from .fake import TOKEN, FakeTelegram
from .kit import at_work
from .server import Address
from .town import Town
from .transport import InProcess

pytestmark = pytest.mark.anyio


async def test_the_token_is_in_no_log(
    fake: FakeTelegram,
    town: Town,
    telegram: Address,
    keeper: MindKeeper,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    api = make_api(fake.token, telegram.root)
    async with at_work(fake, keeper, tmp_path, api=api) as xiaoan:
        fake.faults.cut("sendMessage")
        fake.faults.gateway("getUpdates")
        town.person("王芳").say("你好")
        await xiaoan.settled()
        logging.getLogger("x").error("GET https://api.telegram.org/bot%s/getMe", TOKEN)
        try:
            raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
        except ValueError:
            logging.getLogger("x").exception("failed")
    assert "GET https://api.telegram.org/bot…/getMe" in caplog.text
    assert TOKEN not in caplog.text
    assert TOKEN.partition(":")[2] not in caplog.text


async def test_aiohttp_carries_files_and_errors(
    fake: FakeTelegram, town: Town, telegram: Address, keeper: MindKeeper, tmp_path: Path
) -> None:
    wang = town.person("王芳")
    async with at_work(fake, keeper, tmp_path, api=make_api(fake.token, telegram.root)) as xiaoan:
        await xiaoan.say(wang, "给我办理方案")
        for text in ("有", "注册过", "2027年2月23日", "都没变", "其他", "其他单位", "广东", "能登录，用自己的密码"):
            await xiaoan.say(wang, text)
        fake.faults.gateway("sendDocument")
        await xiaoan.tap(wang, "存成文件")
        assert [upload.name for upload in fake.world.files.values()] == ["办理方案.md"]
    assert fake.violations == []


async def test_in_process_requests_close(fake: FakeTelegram) -> None:
    async with make_api(fake.token, "https://telegram.invalid", lambda: InProcess(fake)) as api:
        assert api.username == "xiaoan_test_bot"


def test_a_library_that_logs_wrongly_gets_no_exception(caplog: pytest.LogCaptureFixture) -> None:
    with Discretion(TOKEN):
        logging.getLogger("x").error("%d things at %s", f"bot{TOKEN}")
        logging.getLogger("x").error(f"bot{TOKEN} %s")
    assert len(caplog.records) == 2
    assert TOKEN not in caplog.text


def test_the_factory_in_force_at_the_start_is_put_back() -> None:
    made_early = Discretion(TOKEN)
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(logging.LogRecord)
    try:
        with made_early:
            assert logging.getLogRecordFactory() != logging.LogRecord
        assert logging.getLogRecordFactory() is logging.LogRecord
    finally:
        logging.setLogRecordFactory(before)


@pytest.mark.parametrize("status", [200, 403, 404, 502])
async def test_a_page_instead_of_an_answer_is_trouble_of_the_network_and_not_logged(
    fake: FakeTelegram, telegram: Address, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    async with make_api(fake.token, telegram.root) as api:
        fake.faults.gateway("sendMessage", status)
        with pytest.raises(NetworkError) as refused:
            await api.call("sendMessage", {"chat_id": 1, "text": "你好"})
    assert not isinstance(refused.value, BadRequest)
    assert "Bad Gateway" not in caplog.text + str(refused.value)


def test_an_answer_that_was_cut_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NetworkError):
        AiohttpRequest.parse_json_payload('{"ok": true, "result": [{"text": "我叫'.encode())
    assert "我叫" not in caplog.text


async def test_the_proxy_of_the_environment_is_used(
    fake: FakeTelegram, telegram: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", telegram.root)
    async with make_api(fake.token, "http://telegram.invalid") as api:  # found by nobody but a proxy
        assert api.username == "xiaoan_test_bot"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with make_api(fake.token, telegram.root) as api:
        assert api.username == "xiaoan_test_bot"
