"""Takes the README's screenshots anew: python -m tests.shots"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.kit import EXPIRY, PHONE, Server, chromium, open_plan, press, say

IMAGES = Path(__file__).parent.parent / "docs" / "images"
DESK: ViewportSize = {"width": 1200, "height": 820}


SHOTS = {  # device, scheme -> which
    ("phone", "light"): ("start", "answer", "question", "plan"),
    ("phone", "dark"): ("answer", "plan"),
    ("desktop", "light"): ("plan",),
}


def main() -> None:
    """Those the README shows."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = Server(Path(folder) / "x.db")
        for (device, scheme), names in SHOTS.items():
            page = _page(browser, device, scheme)
            for name in names:
                _SCENES[name](page, server.url)
                _save(page, f"{device}-{scheme}-{name}")
            page.context.close()
        server.close()


def _page(browser: Browser, device: str, scheme: str) -> Page:
    phone = device == "phone"
    context = browser.new_context(
        viewport=PHONE if phone else DESK,
        device_scale_factor=2 if phone else 1,
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN",
        reduced_motion="reduce",
    )
    return context.new_page()


def _start(page: Page, url: str) -> None:
    page.goto(url)


def _answer(page: Page, url: str) -> None:
    page.goto(url)
    say(page, "初始注册最晚什么时候申请？")


def _question(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("#menu > summary").click()
    page.locator(".menu .flow-type").click()
    for label in ("有", "注册过"):
        press(page, label)
    say(page, f"{EXPIRY.year}年{EXPIRY.month}月{EXPIRY.day}日")


def _plan(page: Page, url: str) -> None:
    open_plan(page, url)
    page.locator(".newest .tick").first.click()
    page.locator(".newest .tick[aria-pressed=true]").wait_for()
    page.locator(".newest .card").evaluate("card => card.scrollIntoView()")


_SCENES = {"start": _start, "answer": _answer, "question": _question, "plan": _plan}


def _save(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=IMAGES / f"{name}.png")
    sys.stdout.write(f"docs/images/{name}.png\n")


if __name__ == "__main__":
    main()
