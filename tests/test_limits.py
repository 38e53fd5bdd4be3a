"""Limits: so many in a minute, for each key, however many keys there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import Allowance, Window


def test_an_allowance_comes_back_after_a_minute() -> None:
    now = [0.0]
    allowance = Allowance(2, lambda: now[0])
    assert [allowance.wait("a"), allowance.wait("a"), allowance.wait("b")] == [0, 0, 0]
    assert allowance.wait("a") == 61
    now[0] = 61
    assert allowance.wait("a") == 0


def test_a_flood_of_keys_leaves_those_in_use_and_no_more() -> None:
    allowance = Allowance(1, lambda: 0.0, keys=10)
    assert allowance.wait("mine") == 0
    for number in range(1000):
        allowance.wait(str(number))
        assert allowance.wait("mine") > 0
    assert len(allowance._windows) == 10


@pytest.mark.parametrize("most", [1, 3])
@given(times=st.lists(st.integers(0, 300), max_size=60))
def test_no_stretch_of_time_holds_more(most: int, times: list[int]) -> None:
    window, gone = Window(most, 60.0), list[int]()
    for now in sorted(times):
        if window.free_at(now) <= now:
            window.add(now)
            gone.append(now)
    assert all(sum(at - 60 < other <= at for other in gone) <= most for at in gone)
