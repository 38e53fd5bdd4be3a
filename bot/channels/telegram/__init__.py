"""小安 on Telegram."""

from __future__ import annotations

CHANNEL = "telegram"
