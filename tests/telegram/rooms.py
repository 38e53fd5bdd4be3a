"""Groups and channels: membership of the bot, migration to a supergroup, posts that reach the discussion group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .methods_bot import membership
from .person import NotPossible, Person, words
from .state import ANONYMOUS_ADMIN, CHANNEL_FORWARDER, Chat, Json, Stored

if TYPE_CHECKING:
    from .fake import FakeTelegram


class Group:
    """A small group or a supergroup. Messages are said by persons: person.say(text, group.chat)."""

    def __init__(self, fake: FakeTelegram, chat: Chat) -> None:
        self._fake = fake
        self.chat = chat
        fake.world.chats[chat.id] = chat

    def set_bot(self, status: str, by: Person) -> None:
        """Add the bot ("member"), make it "administrator", remove it ("left") or ban it ("kicked")."""
        bot = self._fake.world.bot
        before = self.chat.members.get(bot["id"], "left")
        if status == "kicked" and self.chat.type == "group":
            raise NotPossible("a small group only removes: left")
        self.chat.members[bot["id"]] = status
        self.chat.seen = True
        change = {"chat": self.chat.brief(), "from": by.user, "date": self._fake.now()}
        change |= {"old_chat_member": membership(bot, before), "new_chat_member": membership(bot, status)}
        self._fake.emit("my_chat_member", change, f"chat{self.chat.id}")
        if before in ("left", "kicked") and status in ("member", "administrator"):
            self._service({"new_chat_members": [dict(bot)]}, by.user)

    def _service(self, content: Json, user: Json) -> Stored:
        message = self._fake.world.store(self.chat, {"from": user, "date": self._fake.now()} | content)
        self._fake.hear(message)
        return message

    def topic(self, name: str, by: Person) -> Stored:
        """Begin a topic; what is said in it shows as a reply to this notice."""
        return self._service({"forum_topic_created": {"name": name, "icon_color": 7322096}}, by.user)

    def say_as_group(self, text: str) -> Stored:
        """An anonymous admin speaks: the group is the sender, a bot called GroupAnonymousBot stands in `from`."""
        if self.chat.type != "supergroup":
            raise NotPossible("only a supergroup has anonymous admins")
        return self._service({"sender_chat": self.chat.brief()} | words(text), self._fake.world.users[ANONYMOUS_ADMIN])

    def say_as_channel(self, channel: Channel, text: str) -> Stored:
        """A person writes in the name of a channel: from 136817688 (Channel Bot), sender_chat the channel."""
        user = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
        return self._service({"sender_chat": channel.chat.brief()} | words(text), user)

    def migrate(self, by: Person) -> Group:
        """Turn a small group into a supergroup: a new chat id, and a service message on either side."""
        if self.chat.type != "group" or self.chat.moved_to is not None:
            raise NotPossible("only a small group becomes a supergroup, and once")
        new = new_chat(self._fake, "supergroup", self.chat.title)
        new.members, new.privacy = dict(self.chat.members), self.chat.privacy
        upgraded = Group(self._fake, new)
        self._service({"migrate_to_chat_id": new.id}, by.user)
        self.chat.moved_to = new.id
        upgraded._service({"migrate_from_chat_id": self.chat.id}, by.user)
        return upgraded


@dataclass(frozen=True, slots=True)
class Post:
    """A channel post and its automatic copy in the discussion group, under which people comment."""

    message: Stored
    forwarded: Stored
    group: Group


class Channel:
    """A channel with its discussion group."""

    def __init__(self, fake: FakeTelegram, chat: Chat, discussion: Group) -> None:
        self._fake = fake
        self.chat = chat
        self.discussion = discussion
        chat.linked, discussion.chat.linked = discussion.chat.id, chat.id
        fake.world.chats[chat.id] = chat

    def post(self, text: str) -> Post:
        """Publish; Telegram forwards it into the group by itself."""
        head: Json = {"date": self._fake.now()}
        told = words(text)
        brief = self.chat.brief()
        original = self._fake.world.store(self.chat, head | {"sender_chat": brief} | told)
        self._fake.hear(original, "channel_post")
        origin = {"type": "channel", "chat": brief, "message_id": original.id, "date": self._fake.now()}
        copied: Json = {
            "from": self._fake.world.users[CHANNEL_FORWARDER],
            "sender_chat": brief,
            "forward_origin": origin,
        }
        copied |= {"is_automatic_forward": True}
        forwarded = self._fake.world.store(self.discussion.chat, head | copied | told)
        self._fake.hear(forwarded)
        return Post(original, forwarded, self.discussion)

    def edit(self, post: Post, text: str) -> None:
        """Correct a post; the copy follows."""
        for message, kind in ((post.message, "edited_channel_post"), (post.forwarded, "edited_message")):
            message.body.pop("entities", None)
            message.body |= words(text) | {"edit_date": self._fake.now()}
            self._fake.hear(message, kind)


def new_chat(fake: FakeTelegram, kind: str, title: str, username: str | None = None) -> Chat:
    """A chat under an id of the right form: small groups -n, supergroups and channels -100n."""
    number = fake.world.next_id()
    chat_id = -(400_000_000 + number) if kind == "group" else -(1_002_000_000_000 + number)
    return Chat(chat_id, kind, title, username)
