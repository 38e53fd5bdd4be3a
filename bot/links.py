"""Dialogues as links: which one, and what is already known, in a short token that holds nothing personal."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flows.engine import fits, nodes_of
from flows.model import UNKNOWN, Flow, Input
from knowledge.regions import Regions

PRIVATE = frozenset({"name", "group"})  # never leaves the conversation; that it was not told may
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Link:
    """A dialogue and the answers it starts with."""

    flow: str
    answers: Mapping[str, str]


def make(flow: str, answers: Mapping[str, str]) -> str:
    """The token of a link."""
    shared = {node: value for node, value in answers.items() if _public(node, value)}
    text = json.dumps([flow, shared], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(token: str) -> Link | None:
    """What a token says, or None where it is not one of ours. See `known` for its answers."""
    if len(token) > _LONGEST:
        return None
    try:
        flow, answers = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        texts = {str(node): str(value) for node, value in answers.items() if _public(node, value)}
        "".join((*texts, *texts.values())).encode()  # half a character could not be stored
    except (binascii.Error, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return Link(flow, texts) if isinstance(flow, str) else None


def _public(node: str, value: object) -> bool:
    return node not in PRIVATE or value == UNKNOWN


def known(link: Link, flow: Flow, regions: Regions, today: date) -> dict[str, str]:
    """The answers of a link that its dialogue can use; anything else a link says is neither shown nor kept.

    Whoever makes a link up must not put words into 小安's mouth, or numbers into the store.
    """
    found: dict[str, str] = {}
    for name, node in nodes_of(flow).items():
        value = link.answers.get(name, "")
        place = node.input is not Input.PROVINCE or value in (*regions.names, *(o.id for o in node.options))
        if not node.silent and place and fits(node, value, link.answers, today):
            found[name] = value
    return found
