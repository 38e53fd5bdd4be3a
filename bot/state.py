"""What a conversation has established so far; everything the assistant remembers, and nothing personal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class State:
    """A conversation's memory. Frozen: a turn makes a new one."""

    answers: Mapping[str, str] = field(default_factory=dict)  # node id -> value, in the order given
    taken: tuple[str, ...] = ()  # the nodes whose answers were taken from free text
    flow: str = ""  # the dialogue that is open
    editing: str = ""  # the node whose answer is being changed
    registration: tuple[str, ...] = ()  # what the talk is about, for «材料呢»
    matter: str = ""
    entry: str = ""  # the entry said last
    unsure: str = ""  # the last question that got no answer, scrubbed, for the support team
    others: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # what is known of others, by the word for them
    other_word: str = ""  # the word for the one last spoken of («同事»), or a mark; never a name
    on_other: bool = False  # whether the talk is about them now
    dropped: Mapping[str, str] = field(default_factory=dict)  # the answers before 重来, in case it was a slip
    ticks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # plan key -> materials ticked

    @property
    def other(self) -> Mapping[str, str]:
        """What is known of the one last spoken of."""
        return self.others.get(self.other_word, {})


def dump(state: State) -> str:
    """The state as JSON."""
    values = {name: getattr(state, name) for name in State.__dataclass_fields__}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> State:
    """The state back from JSON; fields of another version are left out, so an old conversation still opens."""
    raw = json.loads(text)
    known = {name: raw[name] for name in State.__dataclass_fields__ if name in raw}
    for name in ("taken", "registration"):
        known[name] = tuple(known.get(name, ()))
    known["ticks"] = {key: tuple(names) for key, names in known.get("ticks", {}).items()}
    return State(**known)
