"""Everything the assistant knows, as one frozen snapshot; and the keeper that renews it when a file changes."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.clock import Clock, now
from bot.fit import misfits
from flows.extract import Lexicon
from flows.loader import load_flows
from flows.model import Flow
from flows.phrases import load_phrases
from flows.words import Words, load_words
from knowledge.cache import searcher
from knowledge.decide import Limits
from knowledge.errors import FilesError
from knowledge.files import ROOT, fingerprint, unread
from knowledge.loader import load
from knowledge.model import Entry, Knowledge
from knowledge.name_readings import NameReadings, load_readings
from knowledge.regions import Regions, load_regions
from knowledge.search import Searcher

log = logging.getLogger(__name__)
CACHE = Path("data/cache")


@dataclass(frozen=True, slots=True)
class Mind:
    """Knowledge and dialogues that fit together, and the settings of the decision."""

    knowledge: Knowledge  # what is in force
    every: Mapping[str, Entry]  # also what is not, for the buttons of old messages
    searcher: Searcher
    flows: Mapping[str, Flow]
    words: Words
    lexicon: Lexicon
    limits: Limits

    @property
    def readings(self) -> NameReadings:
        """How names are read."""
        return self.lexicon.readings

    @property
    def regions(self) -> Regions:
        """Provinces and their cities."""
        return self.lexicon.regions


@contextmanager
def _uncollected() -> Iterator[None]:
    """Loading makes many objects that stay; the garbage collector would only go through them again and again."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


@_uncollected()
def load_mind(
    limits: Limits,
    root: Path = ROOT,
    cache: Path = CACHE,
    today: date | None = None,
    before: Mind | None = None,
) -> Mind:
    """Load and check everything. What is not in force today is not said; a button of an old message still opens it.

    `before`, as it was before an edit, saves preparing anew what has not changed.

    Raises:
        KnowledgeError, FlowError: with every mistake, each with file and line.
        FilesError: with everything that does not fit together.
    """
    written = load(root / "knowledge")
    definitions = root / "flows" / "definitions"
    flows, words = load_flows(definitions, written.entries), load_words(definitions / "words.yaml")
    phrases = load_phrases(definitions / "phrases.yaml")
    if mistakes := misfits(written, flows, phrases, words):
        raise FilesError(mistakes)
    day = today or now().date()
    every = _leading_on(written.entries, day)
    knowledge = replace(written, entries={name: entry for name, entry in every.items() if entry.in_force(day)})
    regions = load_regions(root / "knowledge" / "regions.yaml")
    return Mind(
        knowledge=knowledge,
        every=every,
        searcher=searcher(knowledge, cache, before=before.searcher if before else None),
        flows=flows,
        words=words,
        lexicon=Lexicon(phrases, load_readings(root / "knowledge" / "surnames.yaml", regions), regions),
        limits=limits,
    )


def _leading_on(entries: Mapping[str, Entry], day: date) -> dict[str, Entry]:
    """The entries, each related only to those in force."""
    current = {name for name, entry in entries.items() if entry.in_force(day)}
    return {
        name: replace(entry, related=tuple(other for other in entry.related if other in current))
        for name, entry in entries.items()
    }


class MindKeeper:
    """Holds the mind in service. A broken edit is reported and the old mind stays."""

    def __init__(self, limits: Limits, root: Path = ROOT, cache: Path = CACHE, clock: Clock = now) -> None:
        """Load what is there.

        Raises:
            FilesError: it can't be used.
        """
        self._limits = limits
        self._cache = cache
        self._clock = clock
        self._root = root
        self._unread: tuple[str, ...] = ()
        self._tell_unread()
        self.version = self._seen = self._fingerprint()  # of what is in service, and of what was last looked at
        self.mind = load_mind(limits, root, cache, clock().date())
        self.problems: tuple[str, ...] = ()

    def _fingerprint(self) -> str:
        """Of the files and the day: an entry may come into force, or out of it, at midnight."""
        files = (fingerprint(self._root / name) for name in ("knowledge", "flows"))
        return "-".join((*files, self._clock().date().isoformat()))

    def renew(self) -> bool:
        """Take up what has changed on disk since the last look; True where the mind is a new one."""
        try:
            version = self._fingerprint()
            if version == self._seen:
                return False
            self._tell_unread()
            new = None if version == self.version else self._loaded()
        except FilesError as error:
            self._seen, self.problems = version, tuple(error.mistakes)
            log.error("知识或对话文件有误，继续使用改动前的内容：\n%s", error)
            return False
        except Exception as error:  # a slip of ours: told, and tried again at the next look
            self._seen = ""
            self._unexpected(error)
            return False
        self._seen, self.problems = version, ()
        if new is None:
            log.info("知识和对话文件又和正在使用的一样了")
            return False
        self.version, self.mind = version, new
        log.info("知识和对话已更新：%d 个条目", len(self.mind.knowledge.entries))
        return True

    def _loaded(self) -> Mind:
        return load_mind(self._limits, self._root, self._cache, self._clock().date(), self.mind)

    def _tell_unread(self) -> None:
        """Log what is not read, when it is new."""
        before, self._unread = self._unread, tuple(unread(self._root))
        if new := [line for line in self._unread if line not in before]:
            log.warning("\n".join(new))

    def _unexpected(self, error: Exception) -> None:
        """Log it once, not at every look."""
        told = (f"{type(error).__name__}: {error}",)
        if self.problems != told:
            log.exception("更新知识时出错，继续使用改动前的内容，过一会儿再试")
        self.problems = told
