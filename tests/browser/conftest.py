"""The browser and the server for the tests; without Chromium they are skipped, or fail where it is required."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.kit import CHROMIUM, PHONE, Server, chromium


@pytest.fixture(scope="module")  # no longer: while it is open its event loop runs, and other tests have theirs
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        reason = f"needs Chromium: apt-get install chromium fonts-wqy-microhei (looked for {CHROMIUM})"
        if os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all: each test is another visitor."""
    server = Server(tmp_path_factory.mktemp("shared") / "x.db")
    yield server
    server.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor with a phone."""
    opened = browser.new_context(viewport=PHONE, has_touch=True, locale="zh-CN", reduced_motion="reduce")
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which no script fails and the policy refuses nothing."""
    troubles: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda line: troubles.append(line.text) if "Content Security Policy" in line.text else None)
    yield opened
    assert troubles == []
