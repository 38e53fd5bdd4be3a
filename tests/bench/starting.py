"""From the start of the process to the first answer, in a copy of the project: without the cache, and with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.clock import most_memory, progress

ROOT = Path(__file__).parents[2]
NEEDED = ("bot", "flows", "knowledge")
QUESTION = "换了单位要交什么材料"
COLD, WARM = 1, 3


@dataclass(frozen=True, slots=True)
class Start:
    """A way of starting, measured."""

    way: str
    seconds: float  # by the clock, the median
    busy: float  # of the processor: what remains on a machine with nothing else to do
    memory: float  # megabytes at most


def starts() -> Iterator[Start]:
    """Cold and warm."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in NEEDED:
            shutil.copytree(ROOT / name, place / name)
        _ask(place)  # compiles the modules, so that cold means without the index only
        with progress("启动到第一句回答，没有缓存"):
            yield _median("没有缓存", [_ask_without_cache(place) for _ in range(COLD)])
        with progress("启动到第一句回答，有缓存"):
            yield _median("有缓存", [_ask(place) for _ in range(WARM)])


def _ask_without_cache(place: Path) -> Start:
    shutil.rmtree(place / "data", ignore_errors=True)
    return _ask(place)


def _ask(place: Path) -> Start:
    start = time.perf_counter()
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}  # not set where 小安 runs
    command = [sys.executable, "-m", "bot", "ask", QUESTION]
    process = subprocess.Popen(command, cwd=place, env=environment, stdout=subprocess.PIPE)
    assert process.stdout
    with process.stdout as answer:
        first = answer.readline()
        seconds = time.perf_counter() - start
        answer.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not first:
        raise SystemExit("小安没有回答，启动时间量不了；请先运行 make check")
    return Start("", seconds, usage.ru_utime + usage.ru_stime, most_memory(usage))


def _median(way: str, found: list[Start]) -> Start:
    return Start(
        way,
        median(one.seconds for one in found),
        median(one.busy for one in found),
        median(one.memory for one in found),
    )
