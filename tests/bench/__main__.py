"""Figures of speed and memory: `python -m tests.bench` (make bench). Tables on standard output, progress beside."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence

from bot import wording as w
from tests.bench.answering import Row, run
from tests.bench.starting import Start, starts
from tests.eval.columns import columns

ABOUT = "量一量速度和内存，并与别的做法并排比较（空闲的机器上约四五分钟）"
SIZES = (1_000, 10_000, 100_000)
AIMS = {("正式", "查找并决定"): (2.0, 10.0), (f"合成 {SIZES[-1]:,}", "查找并决定（不带学习）"): (20.0, None)}
"""Milliseconds of the processor: median, p99."""
START_AIM = 1.5
"""Seconds with the cache, on a machine with nothing else to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 1 where a part could not be measured."""
    options = _parser().parse_args(arguments)
    if options.only:
        run(options.only)
        return 0
    print(_machine(), flush=True)
    for size in ["real", *options.sizes]:
        rows = _measure(size)
        if not rows:
            return 1
        print("\n".join(["", *_table(rows)]), flush=True)
    if options.start:
        print("\n".join(["", *_start_table(list(starts()))]), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=ABOUT, add_help=False)
    parser._optionals.title = w.CLI_OPTIONS
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES, metavar="条数", help="合成知识的条数")
    parser.add_argument("--no-start", dest="start", action="store_false", help="不量启动时间")
    parser.add_argument("--only", default="", metavar="real|条数", help="只量一种，一行一个 JSON（内部用）")
    parser.add_argument("-h", "--help", action="help", help=w.CLI_HELP)
    return parser


def _machine() -> str:
    load = f"，此刻负载 {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}，{os.cpu_count()} 个处理器{load}"


def _measure(size: object) -> list[Row]:
    """In a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "tests.bench", "--only", str(size)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    return [Row(**json.loads(line)) for line in done.stdout.splitlines()] if done.returncode == 0 else []


def _table(rows: Sequence[Row]) -> Iterator[str]:
    ours = rows[0].busy
    heads = ["知识", "做法", "问法", "准备(秒)", "中位(毫秒)", "p99", "处理器中位", "处理器p99"]
    heads += ["内存(MB)", "首位命中", "处理器几倍", "目标"]
    yield from columns([heads, *(_cells(row, ours) for row in rows)])


def _cells(row: Row, ours: float) -> list[str]:
    return [
        row.knowledge,
        row.way,
        f"{row.phrasings:,}",
        f"{row.prepare:.1f}",
        *("" if time is None else f"{time:.2f}" for time in (row.median, row.p99, row.busy, row.busy_p99)),
        f"{max(row.memory, 0.0):.0f}",
        "" if row.first is None else f"{row.first:.0%}",
        f"{row.busy / ours:.1f}",
        _aim(row),
    ]


def _aim(row: Row) -> str:
    """Whether the aim is met, where there is one."""
    if (row.knowledge, row.way) not in AIMS:
        return ""
    most, most_p99 = AIMS[row.knowledge, row.way]
    met = row.busy < most and (most_p99 is None or (row.busy_p99 or 0.0) < most_p99)
    return ("达到" if met else "没达到") + f"（<{most:g}" + (f"，p99<{most_p99:g}）" if most_p99 else "）")


def _start_table(found: Sequence[Start]) -> Iterator[str]:
    rows = [["启动到第一句回答", "秒", "其中处理器(秒)", "内存最多(MB)", "目标"]]
    for one in found:
        met = min(one.seconds, one.busy) < START_AIM
        aim = (("达到" if met else "没达到") + f"（<{START_AIM:g}）") if one is found[-1] else ""
        rows.append([one.way, f"{one.seconds:.2f}", f"{one.busy:.2f}", f"{one.memory:.0f}", aim])
    yield from columns(rows)


if __name__ == "__main__":
    sys.exit(main())
