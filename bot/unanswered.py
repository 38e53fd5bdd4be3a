"""What 小安 could not answer, for whoever looks after the knowledge: each question once, the most asked first.

After them the entries marked 没用, which people are told will be revised."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot import wording as w
from bot.store import StoreError, read_only

_QUESTIONS = """
    select question, count(*) as asked, sum(wants_person) as person, max(at) as last, max(nearest) as nearest
    from unanswered group by question order by person desc, asked desc, last desc
"""
_MARKS = """
    select entry, sum(not useful) as useless, sum(useful) as useful, max(case when not useful then at end) as last
    from feedback group by entry having useless > 0 order by last desc
"""


def report(path: Path) -> Iterator[str]:
    """A line a question: how often, whether a person was asked for, when last, the nearest entry;
    then a line an entry that was marked 没用, the newest mark first. Nothing is changed.

    Raises:
        StoreError: there is no database yet, or it can't be read.
    """
    if not path.exists():
        raise StoreError(w.NO_DATABASE.format(path=path))
    try:
        with read_only(path) as connection:
            rows = connection.execute(_QUESTIONS).fetchall()
            marks = connection.execute(_MARKS).fetchall()
    except sqlite3.Error as error:
        raise StoreError(w.NO_QUESTIONS_READ.format(path=path, error=error)) from error
    yield w.QUESTIONS_COUNTED.format(count=len(rows))
    for question, asked, person, last, nearest in rows:
        wants = w.WANTS_PERSON.format(count=person) if person else ""
        near = w.NEAREST.format(entry=nearest) if nearest else ""
        yield w.QUESTION_LINE.format(
            asked=asked, day=last[:10], question=" ".join(question.split()), wants=wants, near=near
        )
    yield w.MARKS_COUNTED.format(count=len(marks))
    for entry, useless, useful, last in marks:
        yield w.MARK_LINE.format(useless=useless, useful=useful, day=last[:10], entry=entry)
