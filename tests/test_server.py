"""The server as a process: it stops when asked, with streams open, and nothing that was acknowledged is lost."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.server import ServerError, run, url_of
from tests.browser.kit import Server
from tests.web_kit import Page, settings


@pytest.mark.parametrize(("host", "url"), [("::1", "http://[::1]:8000"), ("127.0.0.1", "http://127.0.0.1:8000")])
def test_the_address_can_be_opened(host: str, url: str) -> None:
    assert url_of(host, 8000) == url


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "x.db")
    yield started
    started.close()


def _say(client: httpx.Client, text: str) -> None:
    token = str(Page(client.get("/", follow_redirects=True).text).all("input", name="token")[0]["value"])
    assert client.post("/say", data={"text": text, "token": token}).status_code == 303


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_within_three_seconds_with_streams_open_and_loses_nothing(server: Server, number: int) -> None:
    with httpx.Client(base_url=server.url) as client:
        _say(client, "怎么登录")
        with client.stream("GET", "/events") as stream:
            lines = stream.iter_lines()
            assert any(line.startswith("event: turns") for line in lines)
            assert server.stop(number) == 0
        server.start(server.port)
        assert "怎么登录" in Page(client.get("/", follow_redirects=True).text).text


def test_when_the_database_has_been_deleted_it_does_not_say_that_all_is_kept(server: Server) -> None:
    server.database.unlink()
    assert httpx.get(f"{server.url}/healthz").json()["store"] is False
    server.process.send_signal(signal.SIGTERM)
    said = server.process.communicate(timeout=3)[0]
    assert str(server.database) in said
    assert "都已存好" not in said


def test_half_sent_requests_neither_hold_up_the_stop_nor_fill_the_log(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kind = b"Content-Type: application/x-www-form-urlencoded"
    half = b"POST /say HTTP/1.1\r\nHost: localhost\r\n" + kind + b"\r\nContent-Length: 50\r\n\r\ntext="
    with contextlib.closing(Server(tmp_path / "x.db")) as server, contextlib.ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port))).sendall(half)
        httpx.get(f"{server.url}/healthz")
        assert server.stop() == 0
    assert "Traceback" not in capfd.readouterr().err


def test_a_stream_tells_of_a_turn_said_elsewhere(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        _say(client, "你好")
        with client.stream("GET", "/events?after=1") as stream:
            assert stream.headers["x-accel-buffering"] == "no"
            lines = stream.iter_lines()
            next(lines)
            _say(client, "怎么登录")
            assert next(line for line in lines if re.match(r"data: \d+", line)) == "data: 2"


def test_streams_of_one_address_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOAN_STREAMS_PER_ADDRESS", "1")
    with (
        contextlib.closing(Server(tmp_path / "x.db")) as server,
        httpx.Client(base_url=server.url) as one,
        httpx.Client(base_url=server.url) as other,
    ):
        for client in (one, other):
            client.get("/")
        with one.stream("GET", "/events") as first:
            lines = first.iter_lines()  # kept: when the iterator goes, httpx hangs up, and there is room again
            assert next(lines).startswith("retry")
            with other.stream("GET", "/events") as second:  # not `get`, which waits for the end of a stream
                assert second.status_code == 204


def test_a_stranger_gets_no_stream(server: Server) -> None:
    assert httpx.get(f"{server.url}/events").status_code == 204


def test_a_port_in_use_is_said_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(ServerError, match=port):
            run(settings(port=port, database=str(tmp_path / "x.db")))


@pytest.mark.parametrize("host", ["不是地址", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_said_plainly(tmp_path: Path, host: str) -> None:
    with pytest.raises(ServerError, match=f"{host}.*检查 host"):
        run(settings(host=host, port="0", database=str(tmp_path / "x.db")))
