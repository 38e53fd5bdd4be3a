"""The tables, as small named steps; a database of any earlier version is brought up to date when it is opened."""

from __future__ import annotations

from functools import cache

from sqlite_utils import Database, Migrations

migrations = Migrations("xiaoan")


@migrations()
def conversations(db: Database) -> None:
    """One row a conversation: who (a digest, never an identity), and its whole state."""
    db.table("conversations").create(
        {"id": str, "channel": str, "state": str, "created": str, "updated": str},
        pk="id",
        not_null={"channel", "state", "created", "updated"},
    )


@migrations()
def turns(db: Database) -> None:
    """What was said, scrubbed, and what was answered, so that a page can be shown again."""
    db.table("turns").create(
        {"id": int, "conversation": str, "at": str, "said": str, "reply": str},
        pk="id",
        foreign_keys=[("conversation", "conversations", "id")],
        not_null={"conversation", "at", "said", "reply"},
    )
    db.table("turns").create_index(["conversation", "id"])


@migrations()
def feedback(db: Database) -> None:
    """有用 / 没用, the last word of a conversation about an entry counts."""
    db.table("feedback").create(
        {"conversation": str, "entry": str, "useful": int, "question": str, "at": str},
        pk=("conversation", "entry"),
        not_null={"useful", "at"},
    )


@migrations()
def unanswered(db: Database) -> None:
    """Questions that want a person, scrubbed, for the support team."""
    db.table("unanswered").create(
        {"id": int, "conversation": str, "question": str, "nearest": str, "wants_person": int, "at": str},
        pk="id",
        not_null={"conversation", "question", "at"},
    )
    db.table("unanswered").create_index(["conversation"])


@migrations()
def updates(db: Database) -> None:
    """What a messenger has brought and is not answered yet; of what is done only the number stays, for some days."""
    db.table("updates").create(
        {
            "channel": str,
            "id": int,
            "conversation": str,
            "payload": str,
            "outgoing": str,
            "sent": int,
            "received": str,
            "done": str,
        },
        pk=("channel", "id"),
        not_null={"conversation", "payload", "sent", "received"},
        defaults={"conversation": "", "sent": 0},
    )
    db.table("updates").create_index(["done"])


@migrations()
def telegram(db: Database) -> None:
    """What must be known to answer in Telegram: where a person is reached, what answers what, how a group wants it."""
    db.table("salts").create({"name": str, "value": str}, pk="name", not_null={"value"})
    db.table("telegram_people").create(
        {"conversation": str, "chat": int, "live": str}, pk="conversation", not_null={"chat", "live"}
    )
    db.table("telegram_answers").create(
        {"chat": int, "question": int, "answer": int, "conversation": str, "at": str},
        pk=("chat", "question"),
        not_null={"answer", "conversation", "at"},
    )
    db.table("telegram_answers").create_index(["conversation"])
    db.table("telegram_links").create({"token": str, "link": str, "at": str}, pk="token", not_null={"link", "at"})
    db.table("telegram_groups").create({"chat": int, "mode": str, "at": str}, pk="chat", not_null={"mode", "at"})


@migrations()
def telegram_whose(db: Database) -> None:
    """Whose a link out of a group is, so that nobody else's case is filled in and /forget finds it; and which question
    of a dialogue a message answered, so that an edit of it changes that answer. Links of nobody are of no use."""
    db.table("telegram_links").drop()
    db.table("telegram_links").create(
        {"token": str, "link": str, "conversation": str, "at": str},
        pk="token",
        not_null={"link", "conversation", "at"},
    )
    db.table("telegram_links").create_index(["conversation"])
    db.table("telegram_answers").add_column("node", str, not_null_default="")


@migrations()
def telegram_unchanged(db: Database) -> None:
    """What shows that a message answered is the same after an «edit»: too short to tell what was said in it."""
    db.table("telegram_answers").add_column("digest", str, not_null_default="")


def newer(db: Database) -> list[str]:
    """The steps of a later version that a database has been through: what they changed, nobody here knows."""
    with Database(memory=True) as empty:
        known = {step.name for step in migrations.pending(empty)}
    return sorted({step.name for step in migrations.applied(db)} - known)


def missing(db: Database) -> list[str]:
    """The columns (``table.column``) that a database of this version has and this one has not."""
    return sorted(_wanted() - _columns(db))


@cache
def _wanted() -> frozenset[str]:
    with Database(memory=True) as db:
        migrations.apply(db)
        return _columns(db)


def _columns(db: Database) -> frozenset[str]:
    sql = (
        "select tables.name || '.' || columns.name from sqlite_schema tables, pragma_table_info(tables.name) columns"
        " where tables.type = 'table'"
    )
    return frozenset(row[0] for row in db.execute(sql).fetchall())
