"""Keeps what was prepared from the phrasings in a file, so that starting again takes a moment instead of seconds."""

from __future__ import annotations

import hashlib
import logging
import lzma
import os
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Table
from knowledge.model import Knowledge
from knowledge.search import Searcher, Trained, Tuning
from knowledge.sounds import Sounds

log = logging.getLogger(__name__)
_PROGRAM = ("text.py", "sounds.py", "analysis.py", "index.py", "learner.py", "search.py")
"""A change here makes a file stale."""
_READERS = ("numpy", "opencc", "pypinyin")  # another version may read the same phrasing otherwise
_KEPT = 2


def searcher(
    knowledge: Knowledge, folder: Path, tuning: Tuning | None = None, before: Searcher | None = None
) -> Searcher:
    """The searcher of this knowledge, from the cache where it has been prepared; `before` is the one before an edit."""
    path = folder / f"index-{_digest(knowledge, tuning or Tuning())}.npz"
    trained = _read(path)
    made = Searcher(knowledge, tuning, trained, before)
    if trained is None:
        _write(path, made.trained)
    return made


def _digest(knowledge: Knowledge, tuning: Tuning) -> str:
    digest = hashlib.sha256(repr((tuning, knowledge.vocabulary)).encode())
    for entry in knowledge.entries.values():
        digest.update(repr((entry.id, entry.title, entry.questions)).encode())
    digest.update(repr([version(name) for name in _READERS]).encode())
    for name in _PROGRAM:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()[:16]


def _read(path: Path) -> Trained | None:
    """What the file holds; a damaged one counts as absent."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            table = Table(_lines(data["names"]), data["rows"], data["features"], data["owners"])
            return Trained(table, data["learned"], _sounds(data))
    except OSError:
        return None
    except (EOFError, ValueError, KeyError, IndexError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError):
        log.warning("索引缓存 %s 已损坏，重新准备", path)
        return None


def _sounds(data: Mapping[str, NDArray[np.str_]]) -> Sounds:
    characters = zip(_lines(data["characters"]), _lines(data["character_sounds"]), strict=True)
    words = zip(_lines(data["words"]), (tuple(s.split(" ")) for s in _lines(data["word_sounds"])), strict=True)
    return Sounds(dict(characters), dict(words), frozenset(_lines(data["syllables"])))


def _text(lines: Iterable[str]) -> NDArray[np.str_]:
    return np.array("\n".join(lines))


def _lines(text: NDArray[np.str_]) -> tuple[str, ...]:
    return tuple(str(text).split("\n"))


def _write(path: Path, trained: Trained) -> None:
    """Written beside and moved into place; where that can't be done, the next start prepares again."""
    table = trained.table
    beside = path.with_name(f"{path.stem}.{os.getpid()}.tmp.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            beside,
            names=_text(table.names),
            rows=table.rows,
            features=table.features,
            owners=table.owners,
            learned=trained.learned,
            characters=_text(trained.sounds.characters),
            character_sounds=_text(trained.sounds.characters.values()),
            words=_text(trained.sounds.words),
            word_sounds=_text(map(" ".join, trained.sounds.words.values())),
            syllables=_text(sorted(trained.sounds.syllables)),
        )
        beside.replace(path)
        for old in sorted(path.parent.glob("index-*.npz"), key=lambda p: p.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.warning("索引缓存写不进 %s（%s），下次启动会重新准备", path.parent, error.strerror)
