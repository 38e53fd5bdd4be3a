"""Makes the people and places a test needs."""

from __future__ import annotations

from .fake import FakeTelegram
from .person import Person
from .rooms import Channel, Group, new_chat
from .state import Json


class Town:
    """`town.person("王芳")`, `town.group("注安交流")`, `town.channel("注安通知")` over one fake."""

    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake

    def person(self, name: str, *, username: str | None = None, language: str | None = "zh-hans") -> Person:
        """Someone the bot has not met; the private chat opens with the first word or /start."""
        user: Json = {"id": 700_000_000 + self.fake.world.next_id(), "is_bot": False, "first_name": name}
        user |= {"username": username} if username else {}
        return Person(self.fake, user | ({"language_code": language} if language else {}))

    def group(self, title: str, *, small: bool = False, bot: str | None = "member", privacy: bool = False) -> Group:
        """A supergroup (or a small group). `bot` is its standing there from the start, None for not a member."""
        chat = new_chat(self.fake, "group" if small else "supergroup", title)
        chat.privacy, chat.seen = privacy, bot is not None
        if bot is not None:
            chat.members[self.fake.world.bot["id"]] = bot
        return Group(self.fake, chat)

    def channel(self, title: str, *, bot: str | None = None, group_bot: str | None = "administrator") -> Channel:
        """A channel with a discussion group; by default the bot sits only in the group."""
        discussion = self.group(f"{title}讨论组", bot=group_bot)
        chat = new_chat(self.fake, "channel", title, username=f"channel{self.fake.world.next_id()}")
        if bot is not None:
            chat.members[self.fake.world.bot["id"]] = bot
        return Channel(self.fake, chat, discussion)
