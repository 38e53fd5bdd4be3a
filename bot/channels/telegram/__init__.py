"""小安 on Telegram. Nothing heavy is loaded here: whoever only asks for the token does not need the library."""

from __future__ import annotations

CHANNEL = "telegram"
TOKEN_VARIABLE = "TELEGRAM_TOKEN"  # noqa: S105
