"""What many tests share: the real knowledge and dialogues, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.config import limits_of, load_config
from bot.mind import Mind, MindKeeper, load_mind


@pytest.fixture(scope="session")
def mind() -> Mind:
    """All that is published, as it stands."""
    return load_mind(limits_of(load_config(Path("no such file"), {})))


@pytest.fixture(scope="session")
def assistant(mind: Mind) -> Assistant:
    """The assistant over it."""
    return Assistant(mind)


@pytest.fixture(scope="session")
def keeper(mind: Mind) -> MindKeeper:
    """The keeper of the files as they stand. Tests that edit make one of their own over a copy."""
    return MindKeeper(mind.limits)
