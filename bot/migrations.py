"""The tables, as small named steps; a database of any earlier version is brought up to date when it is opened."""

from __future__ import annotations

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
