"""Starts the real server and the real browser for the tests and the screenshots."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from bot import links
from bot.clock import ZONE

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--lang=zh-CN"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SERVE = """
from pathlib import Path
from bot.config import load_config
from bot.server import run
run(load_config(Path("no such file")))
"""
PHONE: ViewportSize = {"width": 390, "height": 844}
EXPIRY = datetime.now(ZONE).date() + timedelta(days=60)  # always a renewal, whenever this runs
ANSWERS = {
    **{"certificate": "have", "registered": "before", "valid_to": EXPIRY.isoformat(), "change": "unchanged"},
    **{"business": "other", "employer": "other", "province": "广东", "login": "works"},
}


class Server:
    """The server as a person runs it: a process of its own, its database in a file."""

    def __init__(self, database: Path, port: int = 0) -> None:
        self.database = database
        self.start(port)

    def start(self, port: int) -> None:
        """Start it, and wait until it says where it listens."""
        settings = {"XIAOAN_DATABASE": str(self.database), "XIAOAN_PORT": str(port), "XIAOAN_LOG_LEVEL": "warning"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE], env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://[\d.]+:(\d+)", line)
        assert found, f"the server did not start: {line}"
        self.url, self.port = found.group(), int(found.group(1))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop, as an operator would; its exit code, within three seconds."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=3)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def restart(self) -> None:
        """Stop it and start it again at the same address."""
        self.stop()
        self.start(self.port)

    def close(self) -> None:
        """Stop it if it still runs."""
        if self.process.poll() is None:
            self.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=list(ARGUMENTS),
            env={**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"},
        )
        yield browser
        browser.close()


def press(page: Page, label: str) -> None:
    """Press a button of the newest turn and wait for what follows."""
    with _new_turn(page):
        page.locator(".newest").get_by_role("button", name=label, exact=True).click()


def say(page: Page, text: str) -> None:
    """Write a message and press Enter."""
    with _new_turn(page):
        page.locator("#text").fill(text)
        page.locator("#text").press("Enter")


@contextmanager
def _new_turn(page: Page) -> Iterator[None]:
    before = page.locator(".turn").count()
    yield
    expect(page.locator(".turn")).not_to_have_count(before)
    expect(page.locator("body")).not_to_have_class(re.compile("busy"))


def plan(page: Page) -> None:
    """From the first screen to the plan."""
    with _new_turn(page):
        page.locator(".tiles .flow-plan").click()
    press(page, "有")
    press(page, "注册过")
    page.locator(".newest input[type=date]").fill(EXPIRY.isoformat())
    press(page, "下一步")
    for label in ("都没变", "其他行业", "其他单位"):
        press(page, label)
    page.locator(".newest select").select_option("广东")
    for label in ("下一步", "能登录，用自己的密码"):
        press(page, label)


def open_plan(page: Page, url: str) -> None:
    """The same plan, by a link that knows the answers."""
    page.goto(f"{url}/d/{links.make('plan', ANSWERS)}")
    page.locator(".primary").click()
    expect(page.locator(".newest .card")).to_be_visible()
