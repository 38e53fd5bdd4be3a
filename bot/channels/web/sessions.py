"""Who a browser is: a signed random cookie, and the token that its forms carry."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from starlette.requests import Request, cookie_parser
from starlette.responses import Response

from bot.config import Config

_COOKIE = re.compile(r"([A-Za-z0-9_-]{43})\.([0-9a-f]{64})\Z")
_DAYS_180 = 180 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """A browser, known by a random cookie. The database and the log never see the cookie itself."""

    secret: str
    fresh: bool

    @property
    def conversation(self) -> str:
        """The id of its conversation."""
        return "web-" + hashlib.sha256(self.secret.encode()).hexdigest()

    @property
    def token(self) -> str:
        """What its forms carry: proof that the page was ours, which no other site can read."""
        return hmac.new(self.secret.encode(), b"form", "sha256").hexdigest()

    def sent(self, token: str) -> bool:
        """Whether a form came from a page of this session."""
        return not self.fresh and hmac.compare_digest(self.token.encode(), token.encode())


class Sessions:
    """Reads and sets the cookie. It is signed, so that nobody can make one up and plant it in another's browser."""

    def __init__(self, config: Config, key: str) -> None:
        self._key = key.encode()
        self.secure = config.text("public_url").startswith("https://")
        self.name = "__Host-xiaoan" if self.secure else "xiaoan"

    def of(self, request: Request) -> Session:
        """The session of a request, a new one where there is none."""
        value = cookie_parser("; ".join(request.headers.getlist("cookie"))).get(self.name, "")
        found = _COOKIE.match(value)
        if found and hmac.compare_digest(self._signature(found[1]), found[2]):
            return Session(value, fresh=False)
        made = secrets.token_urlsafe(32)
        return Session(f"{made}.{self._signature(made)}", fresh=True)

    def keep(self, response: Response, session: Session) -> Response:
        """Have the browser remember the session."""
        response.set_cookie(
            self.name, session.secret, max_age=_DAYS_180, path="/", secure=self.secure, httponly=True, samesite="lax"
        )
        return response

    def drop(self, response: Response) -> Response:
        """Have the browser forget it."""
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")
        return response

    def _signature(self, made: str) -> str:
        return hmac.new(self._key, made.encode(), "sha256").hexdigest()
