"""Whether knowledge, dialogues and code fit together: each may load by itself and still name what another lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from bot import ids
from bot import wording as w
from bot.hearing import tables
from flows.engine import nodes_of
from flows.model import Flow, Node
from flows.phrases import Phrases
from flows.words import Words
from knowledge.analysis import DENIED, OTHER_ACCOUNT
from knowledge.field import HEADED
from knowledge.model import REGISTRATION_CONCEPTS, Knowledge
from knowledge.reading import Mistakes
from knowledge.search import OUR_SYSTEM

ALWAYS = frozenset(
    (
        *(
            tables.ALL_PLACES,
            tables.EXPIRED,
            tables.EXPIRING,
            tables.ASK_REORGANISED,
            tables.ASK_CHANGE,
            tables.EDUCATION,
            tables.NO_CERTIFICATE,
            tables.CONDITIONS,
        ),
        *(*tables.PLACE_OF.values(), *tables.OVERVIEWS, *tables.ASK_IN_FORCE.values(), *tables.DATED_BY),
        *(name for entry, (_, general) in tables.INSTEAD.items() for name in (entry, general)),
    )
)
"""The entries that the hearing puts in the place of another, on any day."""
ENTRIES = ALWAYS.union((ids.HUMAN, ids.STEPS, ids.ADDRESS, *ids.AFTER, *ids.OPENERS, *ids.POPULAR))
"""The entries that code names; where one beyond those above is not in force, it is left out."""
FLOWS = frozenset((ids.LOGIN, *w.FLOWS))
"""The dialogues that code names; those it opens by itself are among those it offers."""
CONCEPTS = frozenset(
    (tables.OTHERS, tables.RUMOUR, tables.REORGANISED, tables.RENAMED, tables.WHEN, OTHER_ACCOUNT, OUR_SYSTEM)
).union(
    *(
        tables.TOPICS,
        tables.CASES,
        tables.IMPLIED,
        tables.PASSED,
        tables.CHANGES,
        HEADED,
        REGISTRATION_CONCEPTS,
        DENIED,
        *DENIED.values(),
    )
)
"""The concepts that code names."""
_RENAMED = "请改回原来的编号；真要改名，程序里要一起改"


def misfits(knowledge: Knowledge, flows: Mapping[str, Flow], phrases: Phrases, words: Words) -> list[str]:
    """What does not fit, one line each, with the file and, where it is known, the line."""
    mistakes = Mistakes()
    _check_entries(knowledge, flows, words, mistakes)
    _check_phrases(phrases, flows, mistakes)
    for name in sorted(ENTRIES - knowledge.entries.keys()):
        mistakes.add("knowledge/registration/*.yaml", f"程序用到的条目“{name}”不存在，{_RENAMED}")
    for name in sorted(FLOWS - flows.keys()):
        mistakes.add("flows/definitions/flows.yaml", f"程序用到的对话“{name}”不存在，{_RENAMED}")
    for name in _absent_concepts(knowledge.vocabulary.concepts):
        mistakes.add("knowledge/vocabulary.yaml", f"程序用到的概念“{name}”不存在，{_RENAMED}")
    return mistakes.found


def left_out(knowledge: Knowledge, flows: Mapping[str, Flow], words: Words, day: date) -> Iterator[str]:
    """What code or a dialogue names and is not in force on that day: a line for each that goes without it."""
    outcomes = [outcome for flow in flows.values() for part in flow.parts for outcome in part.outcomes.values()]
    named = [("程序", name) for name in sorted(ENTRIES)]
    named += [(f"结果“{o.id}”（{o.where}）", name) for o in outcomes for name in (*o.entries, *o.cautions)]
    named += [(f"words.yaml 的 cautions 里“{situation}”", name) for situation, name in words.cautions.items()]
    for by, name in dict.fromkeys(named):
        if not (entry := knowledge.entries[name]).in_force(day):
            yield f"{entry.where}: 提示：{by}要用到“{name}”，它今天不在有效期内，会被略过；请改有效期，或换用别的条目"


def _check_entries(knowledge: Knowledge, flows: Mapping[str, Flow], words: Words, mistakes: Mistakes) -> None:
    for entry in knowledge.entries.values():
        if entry.flow and entry.flow not in flows:
            text = f"“{entry.id}”要打开的对话（flow）“{entry.flow}”不存在，可选：{'、'.join(flows)}"
            mistakes.add(entry.where, text)
        if entry.id in ALWAYS and (entry.valid_from or entry.valid_until):
            text = f"程序随时要用到条目“{entry.id}”，请删去它的 valid_from 和 valid_until，内容变了就改写这一条"
            mistakes.add(entry.where, text)
    for situation, name in words.cautions.items():
        if name not in knowledge.entries:
            mistakes.add(
                "flows/definitions/words.yaml", f"cautions 里“{situation}”写的条目“{name}”不存在，请改成已有条目的编号"
            )


def _check_phrases(phrases: Phrases, flows: Mapping[str, Flow], mistakes: Mistakes) -> None:
    asked = _asked(flows)
    for where, name, value in dict.fromkeys(phrases.named()):
        if name not in asked:
            if not value:
                mistakes.add(where, f"没有一个对话问“{name}”，可选：{'、'.join(asked)}")
        elif value and (known := _options(asked[name])) and value not in known:
            mistakes.add(where, f"问题“{name}”没有“{value}”这个选项，可选：{'、'.join(known)}")


def _asked(flows: Mapping[str, Flow]) -> dict[str, list[Node]]:
    """Every question that some dialogue asks, by id; a fork asks nothing."""
    found: dict[str, list[Node]] = {}
    for flow in flows.values():
        for node in nodes_of(flow).values():
            if not node.silent:
                found.setdefault(node.id, []).append(node)
    return found


def _options(nodes: Iterable[Node]) -> tuple[str, ...]:
    """What a question can be answered by; nothing where the person writes the answer."""
    if any(node.input.typed for node in nodes):
        return ()
    return tuple(dict.fromkeys(option.id for node in nodes for option in node.options))


def _absent_concepts(known: Iterable[str]) -> Iterator[str]:
    """The concepts that code names and nothing defines; those of the professions are always there."""
    defined = {*known, "ours"}
    yield from sorted(CONCEPTS - defined)
    yield from (f"{start}…" for start in tables.QUIET if not any(name.startswith(start) for name in defined))
