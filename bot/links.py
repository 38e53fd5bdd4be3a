"""Dialogues as links: which one, and what is already known, in a short token that holds nothing personal."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass

PRIVATE = frozenset({"name", "group"})  # never leaves the conversation
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Link:
    """A dialogue and the answers it starts with."""

    flow: str
    answers: Mapping[str, str]


def make(flow: str, answers: Mapping[str, str]) -> str:
    """The token of a link."""
    shared = {node: value for node, value in answers.items() if node not in PRIVATE}
    text = json.dumps([flow, shared], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(token: str) -> Link | None:
    """What a token says, or None where it is not one of ours. The answers are checked when they are replayed."""
    if len(token) > _LONGEST:
        return None
    try:
        flow, answers = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        texts = {str(node): str(value) for node, value in answers.items() if node not in PRIVATE}
        "".join((*texts, *texts.values())).encode()  # half a character could not be stored
    except (binascii.Error, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return Link(flow, texts) if isinstance(flow, str) else None
