"""The fake's fixtures, for the tests in this folder."""

from __future__ import annotations

from .fixtures import anyio_backend, clock, fake, telegram, town, xiaoan

__all__ = ["anyio_backend", "clock", "fake", "telegram", "town", "xiaoan"]
