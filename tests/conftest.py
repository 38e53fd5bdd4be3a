"""What many tests share: the real knowledge and dialogues, loaded once, and a cache that no running server uses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.config import limits_of, load_config
from bot.mind import Mind, MindKeeper, load_mind

CACHE = Path(__file__).parents[1] / "data" / "cache-tests"
"""Stays between runs. A cache keeps few files, so that of a server would lose its own to ours."""
os.environ["XIAOAN_CACHE"] = str(CACHE)  # for the processes that tests start


@pytest.fixture(scope="session")
def mind() -> Mind:
    """All that is published, as it stands."""
    return load_mind(limits_of(load_config(Path("no such file"), {})), cache=CACHE)


@pytest.fixture(scope="session")
def assistant(mind: Mind) -> Assistant:
    """The assistant over it."""
    return Assistant(mind)


@pytest.fixture(scope="session")
def keeper(mind: Mind) -> MindKeeper:
    """The keeper of the files as they stand. Tests that edit make one of their own over a copy."""
    return MindKeeper(mind.limits, cache=CACHE)
