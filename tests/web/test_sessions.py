"""Who a browser is: a cookie that nobody can make up, and that tells nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.mind import MindKeeper
from bot.store import Store
from tests.web_kit import Visitor, visitor


def test_the_database_never_holds_the_cookie(someone: Visitor, store: Store, tmp_path: Path) -> None:
    someone.say("你好")
    cookie = someone.client.cookies["xiaoan"].encode()
    assert not any(cookie in path.read_bytes() for path in tmp_path.iterdir())


def test_the_cookie_is_closed_to_scripts_and_other_sites(someone: Visitor) -> None:
    cookie = someone.get().headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_behind_https_the_cookie_is_secure(keeper: MindKeeper, store: Store, loop: asyncio.Runner) -> None:
    cookie = visitor(keeper, store, loop, public_url="https://example.org").get().headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie


def test_two_visitors_do_not_see_each_other(
    someone: Visitor, keeper: MindKeeper, store: Store, loop: asyncio.Runner
) -> None:
    someone.say("我在中石化")
    assert "中石化" not in visitor(keeper, store, loop).page().text


def test_forgetting_leaves_nothing(someone: Visitor, store: Store) -> None:
    someone.say("怎么登录")
    someone.post("/forget", {})
    tables = ("conversations", "turns", "feedback", "unanswered")
    assert not any(store.read(f"select 1 from {table}") for table in tables)


def test_a_strange_cookie_is_replaced(someone: Visitor) -> None:
    someone.client.cookies.set("xiaoan", "../../etc")
    assert "set-cookie" in someone.get().headers


@pytest.mark.parametrize("planted", ["a" * 43, f"{'a' * 43}.{'0' * 64}", ""])
def test_a_cookie_made_up_elsewhere_is_replaced(someone: Visitor, planted: str) -> None:
    answer = someone.get(headers={"Cookie": f"xiaoan={planted}"})
    assert answer.headers["set-cookie"].startswith("xiaoan=")
    assert answer.cookies["xiaoan"] != planted


def test_a_cookie_of_another_database_is_replaced(
    someone: Visitor, keeper: MindKeeper, tmp_path: Path, loop: asyncio.Runner
) -> None:
    cookie = someone.get().cookies["xiaoan"]
    elsewhere = Store(tmp_path / "y.db")
    other = visitor(keeper, elsewhere, loop)
    other.client.cookies.set("xiaoan", cookie, domain="localhost.local", path="/")
    assert other.get().headers["set-cookie"].split(";")[0] != f"xiaoan={cookie}"
    elsewhere.close()


def test_a_cookie_lasts_before_a_word_is_said_and_over_a_restart(
    someone: Visitor, keeper: MindKeeper, store: Store, loop: asyncio.Runner
) -> None:
    cookie = someone.get().headers["set-cookie"].split(";")[0]
    again = visitor(keeper, store, loop).get(headers={"Cookie": cookie})
    assert again.headers["set-cookie"].split(";")[0] == cookie
