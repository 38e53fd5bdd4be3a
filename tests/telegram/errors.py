"""What the fake answers instead of a result: the codes and texts of the real server, and connections that break."""

from __future__ import annotations

from collections.abc import Mapping


class ApiError(Exception):
    """An answer with ok=false. `description` comes with the prefix the real server puts before it."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    def body(self) -> dict[str, object]:
        """The JSON the bot reads."""
        found: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        return found | ({"parameters": self.parameters} if self.parameters else {})


class ConnectionCut(Exception):
    """The connection ends without an answer; over HTTP the socket is closed, in process this is raised."""


class GarbledAnswer(Exception):
    """A proxy in between answers with a page instead of JSON (502 and its kin)."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status} without JSON")
        self.status = status


def bad_request(what: str, parameters: Mapping[str, int] | None = None) -> ApiError:
    return ApiError(400, f"Bad Request: {what}", parameters)


def forbidden(what: str) -> ApiError:
    return ApiError(403, f"Forbidden: {what}")


def conflict(what: str) -> ApiError:
    return ApiError(409, f"Conflict: {what}")


def too_many(retry_after: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})
