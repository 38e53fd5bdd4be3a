"""A case told message by message: what is known of it, and the last reply."""

from __future__ import annotations

from datetime import date

from bot.assistant import Assistant
from bot.reply import Message, Reply
from bot.state import State

TODAY = date(2026, 11, 26)
BEFORE = ("给我办理方案", "有", "注册过")
NEVER = ("给我办理方案", "有", "没注册过", "2024年5月20日")
REST = ("其他", "其他单位", "浙江", "能登录，用自己的密码")


def talk(assistant: Assistant, *said: str) -> tuple[State, Reply]:
    """The state and the reply after these messages."""
    state = State()
    for text in said:
        turn = assistant.reply(state, Message(text=text), TODAY)
        state = turn.state
    return state, turn.reply
