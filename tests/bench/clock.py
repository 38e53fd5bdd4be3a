"""Taking times and memory."""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

T = TypeVar("T")
ENOUGH_FOR_P99 = 100
_LEAST = 15
_WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Times:
    """How long an answer takes, in milliseconds: by the clock, and of the processor.

    The processor's time is what remains on a machine with nothing else to do, so aims are held against it.
    """

    median: float
    p99: float | None  # None: too few were measured
    busy: float
    busy_p99: float | None
    answers: list[Any]  # to as many of the questions as there was time for


def per_answer(
    answer: Callable[[str], object], questions: Sequence[str], most_seconds: float = 8.0, rest: float = 0.0
) -> Times:
    """One question after the other, each measured alone; fewer of them where that takes too long.

    Args:
        rest: seconds slept before each, as a service does that is not asked all the time.
    """
    for question in questions[:_WARM_UP]:
        answer(question)
    taken, busy, answers = list[float](), list[float](), list[Any]()
    end = time.perf_counter() + most_seconds
    for question in questions:
        time.sleep(rest)
        start, start_busy = time.perf_counter(), time.process_time()
        answers.append(answer(question))
        busy.append(1000 * (time.process_time() - start_busy))
        taken.append(1000 * (time.perf_counter() - start))
        if time.perf_counter() > end and len(taken) >= _LEAST:
            break
    return Times(median(taken), _p99(taken), median(busy), _p99(busy), answers)


def _p99(taken: Sequence[float]) -> float | None:
    return sorted(taken)[int(0.99 * len(taken))] if len(taken) >= ENOUGH_FOR_P99 else None


def timed(make: Callable[[], T]) -> tuple[T, float]:
    """What is made, and the seconds it took."""
    start = time.perf_counter()
    made = make()
    return made, time.perf_counter() - start


def memory() -> float:
    """Megabytes this process holds now; where the system does not tell, the most it has held."""
    gc.collect()
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return most_memory(resource.getrusage(resource.RUSAGE_SELF))


def most_memory(usage: resource.struct_rusage) -> float:
    """Megabytes a process has held at most."""
    return usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


@contextmanager
def progress(what: str) -> Iterator[None]:
    """A line before and the time after, on standard error."""
    sys.stderr.write(f"… {what}")
    sys.stderr.flush()
    start = time.perf_counter()
    yield
    sys.stderr.write(f"  {time.perf_counter() - start:.1f} 秒\n")
    sys.stderr.flush()
