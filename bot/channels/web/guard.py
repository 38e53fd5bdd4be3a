"""Stands before the page: hosts, posts from other sites, limits, headers, errors that tell nothing."""

from __future__ import annotations

import ipaddress
import logging
import re
import traceback
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.config import Config
from bot.limits import Allowance

log = logging.getLogger(__name__)
Refuse = Callable[[Request, int, int], Response]

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(?::\d+)?", re.ASCII)
_MOST_DRAINED = 4_000_000
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "Referrer-Policy": "same-origin",  # not no-referrer: that would make the Origin of our own posts null
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


class Refusal(Exception):
    """A request that is not carried out; the page says why and keeps what was written."""

    def __init__(self, status: int, retry_after: int = 0) -> None:
        super().__init__(status)
        self.status = status
        self.retry_after = retry_after


def hosts(config: Config) -> frozenset[str]:
    """The names a request may call the page by; empty: any.

    On this machine only its own, or a site whose name suddenly means this machine could read the page.
    """
    host, outside = config.text("host"), urlsplit(config.text("public_url")).hostname
    if not _is_loopback(host):
        return frozenset()
    return frozenset(name for name in (*_LOOPBACK, f"[{host}]" if ":" in host else host, outside) if name)


def host_of(headers: Headers) -> str:
    """The name a request calls the page by, without the port; empty where it is none."""
    found = _HOST.fullmatch(headers.get("host", ""))
    return found[1].lower() if found else ""


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address(scope: Scope) -> str:
    """Whose request it is for the limits; an IPv6 network counts as one."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else host


def from_elsewhere(headers: Headers, public_url: str) -> bool:
    """Whether a browser sent this on behalf of another site."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    host = headers.get("host", "")
    return origin not in (f"http://{host}", f"https://{host}", public_url.rstrip("/"))


class Guard:
    """Before all that is ours: counts, checks and limits each request, adds the headers, turns a crash into a page.

    Only Starlette's last resort stands outside; nothing gets that far.
    """

    def __init__(self, app: ASGIApp, *, config: Config, refuse: Refuse) -> None:
        self.app = app
        self._refuse = refuse
        self._public_url = config.text("public_url")
        self._hosts = hosts(config)
        self._most_bytes = config.whole("body_bytes")
        self._allowance = Allowance(config.whole("requests_per_minute"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(send, secure=self._public_url.startswith("https://"))
        try:
            self._check(scope)
            await self.app(scope, self._limited(receive), answer)
        except Refusal as refusal:
            if refusal.status == 413:
                await _drain(receive)
            await self._give_up(scope, receive, answer, refusal.status, refusal.retry_after)
        except Exception as error:  # the last one to see it: log where, never what was said
            log.error("网页请求出错：%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            await self._give_up(scope, receive, answer, 500, 0)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if wait := self._allowance.wait(address(scope)):
            raise Refusal(429, wait)
        if self._hosts and host_of(headers) not in self._hosts:
            raise Refusal(421)
        if scope["method"] in ("GET", "HEAD"):
            return
        if from_elsewhere(headers, self._public_url):
            raise Refusal(403)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._most_bytes:
            raise Refusal(413)

    def _limited(self, receive: Receive) -> Callable[[], Awaitable[Message]]:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most_bytes:
                raise Refusal(413)
            return message

        return counted

    async def _give_up(self, scope: Scope, receive: Receive, answer: _Answer, status: int, wait: int) -> None:
        if not answer.started:
            await self._refuse(Request(scope), status, wait)(scope, receive, answer)


async def _drain(receive: Receive) -> None:
    """Read what is still coming, within reason, for a browser hears an answer only when it has sent all."""
    seen, more = 0, True
    while more and seen < _MOST_DRAINED:
        message = await receive()
        seen += len(message.get("body", b""))
        more = message.get("more_body", False)


class _Answer:
    """`send`, with the security headers, and knowing whether anything has been sent."""

    def __init__(self, send: Send, *, secure: bool) -> None:
        self._send = send
        self._secure = secure
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
            if self._secure:
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        await self._send(message)
