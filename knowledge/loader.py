"""Loads the knowledge from YAML, strictly: every mistake of every file in one error, each with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from knowledge.errors import KnowledgeError
from knowledge.model import (
    REGISTRATIONS,
    Citation,
    Deadline,
    Entry,
    Facets,
    Kind,
    Knowledge,
    Material,
    Part,
    Source,
    Standing,
)
from knowledge.reading import Fields, Mistakes, bad_placeholders, placeholders, read_yaml
from knowledge.vocabulary import load_vocabulary

HERE = Path(__file__).parent
_LONGEST_ID = 58
"""Characters: a button's id is «e.» and this, and a messenger gives it room for little more than 60."""
_ID = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{_LONGEST_ID - 1}}}\Z")
_EPOCH = date(1970, 1, 1)  # stands in for a day that was a mistake; the load fails anyway
MATTERS = (
    *("type", "deadline", "validity", "time", "eligibility", "category", "education", "hours", "certificate", "rename"),
    *("materials", "form", "seal", "contract", "photo", "holding-photo", "statement", "upload", "fee", "cheating"),
    *("review-body", "contact", "login", "password", "address", "page", "manual", "process"),
)
"""What an entry can be about. Code asks for some of these by name, so a misspelt one would not be found."""


_Located = tuple[tuple[str, str], ...]
"""Texts, each with its ``file:line``."""


class _Written(NamedTuple):
    """An entry, and where it names what only all entries together can show to be right."""

    entry: Entry
    questions: _Located
    related: _Located


def load(folder: Path = HERE) -> Knowledge:
    """Everything that is published, ready to be searched.

    Raises:
        KnowledgeError: with all mistakes, each with file and line.
    """
    mistakes = Mistakes()
    sources = _load_sources(folder / "sources.yaml", mistakes)
    materials = _load_materials(folder / "materials.yaml", mistakes)
    written: list[_Written] = []
    for path in sorted((folder / "registration").glob("[!.#]*.yaml")):
        written.extend(_load_topic(path, sources, materials, mistakes))
    entries: dict[str, Entry] = {}
    for entry, _, _ in written:
        if entry.id in entries:
            mistakes.add(entry.where, f"编号“{entry.id}”在{entries[entry.id].where}已经用过，请换一个")
        entries[entry.id] = entry
    if not entries:
        mistakes.add_absent(folder.name, "没有找到任何条目（registration/*.yaml）")
    _check_related(written, entries, mistakes)
    _check_questions(written, mistakes)
    vocabulary = load_vocabulary(folder / "vocabulary.yaml", mistakes)
    if mistakes.found:
        raise KnowledgeError(mistakes.found)
    return Knowledge(entries, vocabulary)


def _load_sources(path: Path, mistakes: Mistakes) -> dict[str, Source]:
    found: dict[str, Source] = {}
    root = read_yaml(path, mistakes)
    for item in root.maps("sources", required=True) if root else ():
        checked = item.day("checked_on", required=True)
        source = Source(
            id=item.text("id"),
            title=item.text("title"),
            publisher=item.text("publisher"),
            published=item.day("published"),
            checked_on=checked or _EPOCH,
            url=item.text("url", required=False) or None,
            official=item.flag("official"),
        )
        item.done()
        if source.id in found:
            mistakes.add(item.where, f"出处编号“{source.id}”用了两次")
        found[source.id] = source
    return found


def _load_materials(path: Path, mistakes: Mistakes) -> dict[str, Material]:
    found: dict[str, Material] = {}
    root = read_yaml(path, mistakes)
    for item in root.maps("materials", required=True) if root else ():
        material = Material(item.text("id"), item.text("name"), item.text("conditions"), item.flag("upload"))
        item.done()
        for key, text, places in (("name", material.name, {"registration"}), ("conditions", material.conditions, ())):
            if unknown := placeholders(text).difference(places):
                mistakes.add(item.line(key), bad_placeholders(unknown, places))
        if material.id in found:
            mistakes.add(item.where, f"材料编号“{material.id}”用了两次")
        found[material.id] = material
    return found


def _load_topic(
    path: Path, sources: Mapping[str, Source], materials: Mapping[str, Material], mistakes: Mistakes
) -> Iterable[_Written]:
    root = read_yaml(path, mistakes)
    if root is None:
        return
    topic = root.text("topic")
    for item in root.maps("entries", required=True):
        yield _entry(item, topic, sources, materials)
        item.done()
    root.done()


def _entry(item: Fields, topic: str, sources: Mapping[str, Source], materials: Mapping[str, Material]) -> _Written:
    questions, related = item.located_texts("questions", required=True), item.located_texts("related")
    kind = item.one_of("kind", Kind, Kind.ANSWER)
    facets = _facets(item)
    entry = Entry(
        id=item.text("id"),
        topic=topic,
        kind=kind,
        standing=item.one_of("standing", Standing, Standing.PUBLISHED),
        title=item.text("title"),
        questions=tuple(question for _, question in questions),
        short=item.text("short"),
        detail=tuple(_parts(item)),
        materials=tuple(_materials(item, facets, materials)),
        facets=facets,
        citations=tuple(_citations(item, sources, kind)),
        deadlines=tuple(_deadlines(item)),
        valid_from=item.day("valid_from"),
        valid_until=item.day("valid_until"),
        related=tuple(name for _, name in related),
        flow=item.text("flow", required=False) or None,
        where=item.where,
    )
    if entry.id and not _ID.match(entry.id):
        item.mistakes.add(item.line("id"), f"编号“{entry.id}”只能用小写字母、数字和 -，最多{_LONGEST_ID}个字符")
    _check_entry(entry, item)
    return _Written(entry, questions, related)


def _facets(item: Fields) -> Facets:
    inner = item.map("facets")
    if inner is None:
        return Facets()
    facets = Facets(inner.texts("registration"), inner.text("matter", required=False))
    inner.done()
    for name in facets.registration:
        if name not in REGISTRATIONS:
            inner.mistakes.add(
                inner.line("registration"), f"不认识注册种类“{name}”{_apart(name)}，可选：{'、'.join(REGISTRATIONS)}"
            )
    if facets.matter and facets.matter not in MATTERS:
        inner.mistakes.add(inner.line("matter"), f"不认识事项（matter）“{facets.matter}”，可选：{'、'.join(MATTERS)}")
    return facets


def _parts(item: Fields) -> Iterable[Part]:
    for piece in item.pieces("detail"):
        if isinstance(piece, str):
            yield Part(text=piece)
            continue
        items, steps = piece.texts("items"), piece.texts("steps")
        if bool(items) == bool(steps):
            item.mistakes.add(piece.where, "这一块要么写 items，要么写 steps")
        yield Part(items=items or steps, ordered=bool(steps))
        piece.done()


def _materials(item: Fields, facets: Facets, known: Mapping[str, Material]) -> Iterable[Material]:
    for where, name in item.located_texts("materials"):
        if name not in known:
            item.mistakes.add_absent(where, f"不认识材料“{name}”{_apart(name)}，可选：{'、'.join(known)}")
            continue
        registration = facets.registration[0] if facets.registration else ""
        form = {"逾期初始": "初始", "变更并同时延续": "变更"}.get(registration, registration)
        yield replace(known[name], name=known[name].name.replace("{registration}", form))


def _citations(item: Fields, sources: Mapping[str, Source], kind: Kind) -> Iterable[Citation]:
    places = list(item.maps("sources"))
    if kind is Kind.ANSWER and not places:
        item.mistakes.add(item.where, "没有写出处（sources）")
    for place in places:
        name, section = place.text("source"), place.text("section")
        place.done()
        if name in sources:
            yield Citation(sources[name], section)
        elif name:
            item.mistakes.add_absent(place.where, f"sources.yaml 里没有出处“{name}”")


def _deadlines(item: Fields) -> Iterable[Deadline]:
    for place in item.maps("when"):
        on = place.day("on", required=True)
        deadline = Deadline(on or _EPOCH, place.text("ahead"), place.text("passed"))
        place.done()
        for key, text in (("ahead", deadline.ahead), ("passed", deadline.passed)):
            if placeholders(text) - {"days"}:
                item.mistakes.add(place.line(key), "这里只能用 {days} 一个占位，花括号要成对")
        yield deadline


def _check_entry(entry: Entry, item: Fields) -> None:
    if entry.kind is Kind.FLOW and not entry.flow:
        item.mistakes.add(entry.where, f"“{entry.id}”没有写要打开哪个对话（flow）")
    if entry.kind is Kind.ASK and len(entry.related) < 2:
        item.mistakes.add(entry.where, f"“{entry.id}”要反问，related 至少写两项")
    if entry.valid_from and entry.valid_until and entry.valid_from > entry.valid_until:
        item.mistakes.add(item.line("valid_until"), "valid_until 早于 valid_from")


def _check_related(written: Iterable[_Written], entries: Mapping[str, Entry], mistakes: Mistakes) -> None:
    for entry, _, related in written:
        for where, name in related:
            if name not in entries:
                mistakes.add_absent(where, f"“{entry.id}”的 related 写的“{name}”没有这个条目{_apart(name)}")


def _check_questions(written: Iterable[_Written], mistakes: Mistakes) -> None:
    seen: dict[str, Entry] = {}
    for entry, questions, _ in written:
        own: set[str] = set()
        for where, question in questions:
            other = seen.setdefault(question, entry)
            if question in own:
                mistakes.add(where, f"“{entry.id}”的问法“{question}”写了不止一次")
            elif other is not entry:
                mistakes.add(where, f"问法“{question}”在“{other.id}”里已有，请只留在一处")
            own.add(question)


def _apart(name: str) -> str:
    """What to say of several names that were taken for one."""
    return "，几项之间要用半角逗号隔开" if "，" in name or "、" in name else ""
