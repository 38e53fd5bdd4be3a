"""A strict fake of the Telegram Bot API: in process, or over HTTP with `python -m tests.telegram.server --port N`."""
