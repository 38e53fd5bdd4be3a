"""Takes the README's screenshots anew: python -m tests.shots"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.kit import PHONE, Server, chromium, open_plan, press, say

IMAGES = Path(__file__).parent.parent / "docs" / "images"
DESK = {"width": 1200, "height": 820}


def main() -> None:
    """Both sizes, light and dark."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = Server(Path(folder) / "x.db")
        for device, size in (("phone", PHONE), ("desktop", DESK)):
            for scheme in ("light", "dark"):
                _take(browser, server.url, device, size, scheme)
        server.close()


def _take(browser: Browser, url: str, device: str, size: dict[str, int], scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        device_scale_factor=2 if device == "phone" else 1,
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    _save(page, f"{device}-{scheme}-start")
    say(page, "快到期了，延续注册要交哪些材料？")
    _save(page, f"{device}-{scheme}-answer")
    page.locator("#menu > summary").click()
    page.locator(".menu .flow-type").click()
    for label in ("有", "注册过"):
        press(page, label)
    _save(page, f"{device}-{scheme}-question")
    open_plan(page, url)
    page.locator(".newest .tick").first.click()
    page.locator(".newest .tick[aria-pressed=true]").wait_for()
    page.locator(".newest .card").evaluate("card => card.scrollIntoView()")
    _save(page, f"{device}-{scheme}-plan")
    context.close()


def _save(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=IMAGES / f"{name}.png")
    sys.stdout.write(f"docs/images/{name}.png\n")


if __name__ == "__main__":
    main()
