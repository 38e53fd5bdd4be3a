"""The web page."""

from bot.channels.web.app import create_app

__all__ = ["create_app"]
