"""One size of knowledge, measured in a process of its own so that its memory is its own; prints a JSON line a row."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from bot.assistant import LONGEST, Assistant
from bot.config import limits_of, load_config
from bot.mind import load_mind
from bot.reply import Message
from bot.state import State
from knowledge.decide import Limits, decide, decide_parts
from knowledge.index import Floats, Index, Known, Table
from knowledge.learner import Learner, Weighting
from knowledge.loader import load
from knowledge.model import Knowledge
from knowledge.search import Searcher, Trained
from tests.bench.clock import memory, per_answer, progress, timed
from tests.bench.rivals import RIVALS
from tests.bench.synthetic import Synthetic, synthetic
from tests.eval.judge import load_cases
from tests.eval.measure import REGRESSION, TODAY

LEARNED_UP_TO = 1000
"""Entries up to which the learned part is measured: its weights are features × entries, over 80 GB at 100,000."""
RIVALS_SECONDS = 3.0
REST = 0.006
"""Seconds between two questions, at a hundred a second: meanwhile others use the processor's caches."""
HARDEST = (
    *("1 ", "1-", "1x", "1", "123 ", "a.", "a@", "wx:", "(0"),
    *("我叫", "他叫", "同事叫王芳。", "王李张刘", "阿·", "2018年3月", "换单位？"),
)
"""What a message is filled with that is hard to read: a name or a number may begin everywhere."""
Phrasing = tuple[str, str]  # an entry's id, and a text


@dataclass(frozen=True, slots=True)
class Row:
    """A way of answering, measured."""

    knowledge: str
    way: str
    phrasings: int
    prepare: float  # seconds
    median: float  # milliseconds
    p99: float | None
    busy: float  # the same, of the processor
    busy_p99: float | None
    memory: float  # megabytes added
    first: float | None = None  # how often the entry asked for came first


class _Even(Learner):
    """Holds every entry as likely as any other."""

    def __init__(self, index: Index, weights: Weighting, entries: int) -> None:
        super().__init__(index, weights)
        self._even = np.full(entries, -np.log(entries))

    def log_probabilities(self, known: Known) -> Floats:
        """The same for all."""
        return self._even


class _Plain(Searcher):
    """The searcher without its learned part."""

    def __init__(self, knowledge: Knowledge) -> None:
        super().__init__(knowledge)
        self.learner = _Even(self.index, self.trained.learned, len(knowledge.entries))

    def _train(self, before: Searcher | None) -> Trained:
        features = (self.analyst.read(text).features() for _, text in self.phrasings)
        table = Table.of(features, [number for number, _ in self.phrasings])
        return Trained(table, np.zeros((len(table.names), 1), dtype=np.float32), self.analyst.sounds)


def real() -> Iterator[Row]:
    """The knowledge as published, loaded as in service: the search alone, and the whole reply."""
    before = memory()
    mind, prepare = timed(lambda: load_mind(limits_of(load_config(Path("config.yaml")))))
    held = memory() - before
    questions = [turn.says for talk in load_cases(REGRESSION[0]) for turn in talk]
    assistant, searcher = Assistant(mind), mind.searcher
    phrasings = phrasings_of(mind.knowledge)

    def reply(text: str) -> object:
        return assistant.reply(State(), Message(text=text), TODAY)

    ways: dict[str, tuple[Callable[[str], object], Sequence[str], float]] = {
        "查找并决定": (lambda text: decide_parts(searcher, searcher.analyst.read(text), mind.limits), questions, 0),
        "整个回答": (reply, questions, 0),
        "整个回答，两问之间歇一歇": (reply, questions, REST),
        "整个回答，最长最难的消息": (reply, [piece * (LONGEST // len(piece)) for piece in HARDEST], 0),
    }
    for way, (answer, asked, rest) in ways.items():
        with progress(f"正式知识：{way}"):
            times = per_answer(answer, asked, rest=rest)
        yield Row("正式", way, len(phrasings), prepare, times.median, times.p99, times.busy, times.busy_p99, held)
    yield from _rivals("正式", phrasings, questions)


def made(size: int) -> Iterator[Row]:
    """A synthetic knowledge of this many entries."""
    name = f"合成 {size:,}"
    with progress(f"{name} 条：编写"):
        data = synthetic(load(), size)
    phrasings = phrasings_of(data.knowledge)
    asked = [text for text, _ in data.questions]
    searchers: dict[str, type[Searcher]] = {"查找并决定（不带学习）": _Plain}
    if size <= LEARNED_UP_TO:
        searchers["查找并决定"] = Searcher
    for way, kind in searchers.items():
        with progress(f"{name} 条：{way}"):
            yield _searching(name, way, kind, data, asked)
    yield from _rivals(name, phrasings, asked, [wanted for _, wanted in data.questions])


def _searching(name: str, way: str, kind: type[Searcher], data: Synthetic, asked: Sequence[str]) -> Row:
    before = memory()
    searcher, prepare = timed(lambda: kind(data.knowledge))
    held, limits = memory() - before, Limits(0.6, 0.35)
    times = per_answer(lambda text: _found(searcher, text, limits), asked)
    first = _share(times.answers, [wanted for _, wanted in data.questions])
    return Row(
        name,
        way,
        3 * len(data.knowledge.entries),
        prepare,
        times.median,
        times.p99,
        times.busy,
        times.busy_p99,
        held,
        first,
    )


def _found(searcher: Searcher, text: str, limits: Limits) -> str:
    """The entry that came first, the decision taken as well."""
    ranking = searcher.rank(text)
    decide(ranking, limits)
    best = ranking.best()
    return best.entry.id if best else ""


def _share(found: Sequence[str], wanted: Sequence[str]) -> float | None:
    """How often what was wanted was found."""
    return sum(map(operator.eq, found, wanted)) / len(found) if wanted else None


def _rivals(
    name: str, phrasings: Sequence[Phrasing], asked: Sequence[str], wanted: Sequence[str] = ()
) -> Iterator[Row]:
    texts = [text for _, text in phrasings]
    for way, set_up in RIVALS.items():
        with progress(f"{name}：{way}"):
            before = memory()
            find, prepare = timed(partial(set_up, texts))
            held = memory() - before
            times = per_answer(find, asked, RIVALS_SECONDS)
        first = _share([phrasings[number][0] for number in times.answers], wanted)
        yield Row(name, way, len(texts), prepare, times.median, times.p99, times.busy, times.busy_p99, held, first)


def phrasings_of(knowledge: Knowledge) -> list[Phrasing]:
    """Every phrasing with its entry."""
    return [(e.id, text) for e in knowledge.entries.values() for text in (*e.questions, e.title)]


def run(what: str) -> None:
    """Measure one size ("real", or a number) and print the rows."""
    for row in real() if what == "real" else made(int(what)):
        print(json.dumps(asdict(row), ensure_ascii=False), flush=True)
