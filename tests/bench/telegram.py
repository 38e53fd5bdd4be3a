"""`make bench-telegram`: 小安 answering real questions beside echo bots, on the same fake Telegram, one after another.

Each bot is a process of its own; the fake runs here, without its schemas. CPU is what the bot's process used.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.telegram.clock import SystemClock
from tests.telegram.fake import FakeTelegram
from tests.telegram.server import Address, serving
from tests.telegram.state import Json
from tests.telegram.town import Town

ROOT = Path(__file__).resolve().parents[2]
BOTS = {
    "小安": "xiaoan",
    "echo: PTB, stock httpx, one at a time": "ptb-httpx",
    "echo: PTB, stock httpx, 8 side by side": "ptb-httpx-8",
    "echo: PTB on our aiohttp, 8 side by side": "ptb-aiohttp-8",
    "echo: aiogram": "aiogram",
}
WARM_UP = 50
SEED = 20210118
LIMITS = {
    "telegram_per_second": 100_000,
    "telegram_chat_per_second": 100_000,
    "telegram_group_per_minute": 1_000_000,
    "messages_per_minute": 10_000,
    "log_level": "error",
}


def questions() -> list[str]:
    """Real questions, the regression set's, mixed as they come: it has them by kind, the long stories side by side."""
    lines = (ROOT / "tests" / "eval" / "regression.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["q"] for line in lines if line.strip()]
    random.Random(SEED).shuffle(asked)
    return asked


class Bot:
    """One bot's process."""

    def __init__(self, kind: str, address: Address, token: str, folder: str) -> None:
        environment = os.environ | {f"XIAOAN_{k.upper()}": str(v) for k, v in LIMITS.items()}
        environment |= {
            "TELEGRAM_TOKEN": token,
            "XIAOAN_TELEGRAM_API": address.root,
            "XIAOAN_DATABASE": f"{folder}/{kind}.db",
        }
        command = [sys.executable, "-m", "tests.bench.telegram_bots", kind, address.root, token]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)

    def cpu(self) -> float:
        """Seconds used so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Megabytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


class Counting(FakeTelegram):
    """A fake that tells at once who has been answered; looking through all messages would cost more than the bot.

    Everyone asks once, so the first message to a chat is the answer, in however many messages it comes."""

    def __init__(self) -> None:
        super().__init__(clock=SystemClock(), checked=False)
        self.when: dict[int, asyncio.Future[float]] = {}

    def _record(self, method: str, params: Mapping[str, Any], ok: bool, answer: Json) -> Json:
        if method == "sendMessage" and ok:
            waiting = self.when.pop(int(params["chat_id"]), None)
            if waiting and not waiting.done():
                waiting.set_result(time.perf_counter())
        return answer


class Crowd:
    """People who have not written yet, each with a question."""

    def __init__(self, fake: Counting) -> None:
        self._fake = fake
        self._town = Town(fake)
        self._questions = itertools.cycle(questions())
        self._number = itertools.count(1)

    def ask(self) -> asyncio.Future[float]:
        """The next person asks; when the answer comes, the result says at what time."""
        person = self._town.person(f"甲{next(self._number)}")
        self._fake.when[person.id] = answered = asyncio.get_running_loop().create_future()
        person.say(next(self._questions))
        return answered


async def _burst(crowd: Crowd, count: int) -> float:
    """Seconds until all are answered."""
    began, waiting = time.perf_counter(), list[asyncio.Future[float]]()
    for number in range(count):
        waiting.append(crowd.ask())
        if number % 20 == 19:
            await asyncio.sleep(0)
    return max(await asyncio.wait_for(asyncio.gather(*waiting), 300)) - began


async def _steady(crowd: Crowd, rate: int, seconds: float) -> list[float]:
    """Milliseconds from each message to its answer, at a steady rate."""
    begin, asked = time.perf_counter(), list[tuple[float, asyncio.Future[float]]]()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begin + number / rate - time.perf_counter()))
        asked.append((time.perf_counter(), crowd.ask()))
    answered = await asyncio.wait_for(asyncio.gather(*(answer for _, answer in asked)), 30)
    return sorted((at - said) * 1000 for at, (said, _) in zip(answered, asked, strict=True))


async def measure(kind: str, count: int, seconds: float) -> dict[str, float]:
    """One bot, measured."""
    fake = Counting()
    crowd = Crowd(fake)
    with tempfile.TemporaryDirectory() as folder:
        async with serving(fake) as address:
            bot = Bot(kind, address, fake.token, folder)
            try:
                await _burst(crowd, WARM_UP)
                cpu = bot.cpu()
                took = await _burst(crowd, count)
                cpu = bot.cpu() - cpu
                late = await _steady(crowd, 100, seconds) if seconds else [0.0]
                return {
                    "updates/s": count / took,
                    "CPU ms": cpu / count * 1000,
                    "p50 ms": late[len(late) // 2],
                    "p99 ms": late[int(len(late) * 0.99)],
                    "MB": bot.memory(),
                }
            finally:
                bot.end()


def main() -> None:
    """Measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="updates in a burst")
    parser.add_argument("--seconds", type=float, default=10.0, help="of 100 a second")
    parser.add_argument("--only", nargs="*", choices=list(BOTS.values()), help="these bots alone")
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    names = ("updates/s", "CPU ms", "p50 ms", "p99 ms", "MB")
    print(f"{'':42}" + "".join(f"{name:>11}" for name in names))
    for label, kind in BOTS.items():
        if chosen.only and kind not in chosen.only:
            continue
        found = asyncio.run(measure(kind, chosen.count, chosen.seconds))
        wide = sum(ord(c) > 0x2E80 for c in label)
        print(f"{label:{42 - wide}}" + "".join(f"{found[name]:11.1f}" for name in names), flush=True)


if __name__ == "__main__":
    main()
