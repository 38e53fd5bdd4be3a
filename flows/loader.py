"""Loads the dialogues from YAML, strictly: every mistake of every file in one error, each with file and line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from flows.checks import check_parts
from flows.model import Flow, FlowError, Input, Next, Node, Option, Outcome, Part, Reminder
from flows.timing import TYPES
from knowledge.files import shown
from knowledge.model import Entry
from knowledge.reading import Fields, Mistakes, read_yaml

HERE = Path(__file__).parent / "definitions"
FIELDS = ("type", "review_body", "login_id", "password", "password_when")
"""What an outcome can tell programs."""
PARTS = ("type", "review_body", "login", "materials")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_LONGEST_PAIR = 48
"""Characters of a question's and an option's id together: «a.», the version and two dots leave so many of 60."""


def load_flows(folder: Path = HERE, entries: Mapping[str, Entry] | None = None) -> Mapping[str, Flow]:
    """Every dialogue, by id. With `entries`, the entries and materials that the definitions name are checked too.

    Raises:
        FlowError: with all mistakes, each with file and line.
    """
    mistakes = Mistakes()
    raw = {name: _part(folder / f"{name}.yaml", mistakes) for name in PARTS}
    parts = {part.id: part for part, _, _ in raw.values()}
    for part, include, where in raw.values():
        if include:
            parts[part.id] = _with(part, include, where, parts, mistakes)
    if not mistakes.unread:  # what is named may stand in the file that could not be read
        check_parts(parts.values(), entries, mistakes)
    files = {part.id: {part.id, include or part.id} for part, include, _ in raw.values()}
    versions = {name: "".join(_digest(folder / f"{file}.yaml") for file in sorted(of)) for name, of in files.items()}
    flows = {flow.id: flow for flow in _flows(folder / "flows.yaml", parts, versions, mistakes)}
    if mistakes.found:
        raise FlowError(list(dict.fromkeys(mistakes.found)))
    return flows


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:  # it has been told
        return ""


def _flows(path: Path, parts: Mapping[str, Part], versions: Mapping[str, str], mistakes: Mistakes) -> list[Flow]:
    found: list[Flow] = []
    root = read_yaml(path, mistakes)
    for item in root.maps("flows", required=True) if root else ():
        names = item.located_texts("parts", required=True)
        for where, name in names:
            if name not in parts:
                mistakes.add(where, f"没有“{name}”这一部分，可选：{'、'.join(parts)}")
        wanted = tuple(parts[name] for _, name in names if name in parts)
        version = hashlib.sha256("".join(versions[part.id] for part in wanted).encode()).hexdigest()[:8]
        flow = Flow(_id(item, {f.id for f in found}), item.text("title"), item.text("intro"), wanted, version)
        item.done()
        found.append(flow)
    if root:
        root.done()
    return found


def _part(path: Path, mistakes: Mistakes) -> tuple[Part, str, str]:
    """A part as far as it stands in its own file; what it includes, and where that is written."""
    nodes: dict[str, Node] = {}
    outcomes: dict[str, Outcome] = {}
    root = read_yaml(path, mistakes)
    if root is None:
        return Part(path.stem, "", nodes, outcomes, shown(path)), "", ""
    name, start, include = root.text("part"), root.text("start"), root.text("include", required=False)
    for item in root.maps("nodes", required=True):
        node = _node(item, nodes)
        nodes[node.id] = node
        item.done()
    for item in root.maps("outcomes"):
        outcome = _outcome(item, name, nodes.keys() | outcomes.keys())
        outcomes[outcome.id] = outcome
        item.done()
    root.done()
    if name != path.stem:
        mistakes.add(root.line("part"), f"part 应当和文件名一致：{path.stem}")
    return Part(path.stem, start, nodes, outcomes, root.line("start")), include, root.line("include")


def _with(part: Part, include: str, where: str, parts: Mapping[str, Part], mistakes: Mistakes) -> Part:
    other = parts.get(include)
    if other is None or other.id == part.id:
        mistakes.add(where, f"include 写的“{include}”不存在，可选：{'、'.join(parts)}")
        return part
    for twice in sorted(part.nodes.keys() & other.nodes.keys() | part.outcomes.keys() & other.outcomes.keys()):
        mistakes.add(where, f"“{twice}”在 {include}.yaml 里已有，请换一个编号")
    return replace(part, nodes={**other.nodes, **part.nodes}, outcomes={**other.outcomes, **part.outcomes})


def _id(item: Fields, taken: Collection[str]) -> str:
    name = item.text("id")
    if name and not _ID.match(name):
        item.mistakes.add(item.line("id"), f"编号“{name}”只能用小写字母、数字、- 和 _，最多40个")
    if name in taken:
        item.mistakes.add(item.line("id"), f"编号“{name}”用了两次，请换一个")
    return name


def _node(item: Fields, taken: Collection[str]) -> Node:
    ask = item.text("ask", required=False)
    node = Node(
        id=_id(item, taken),
        ask=ask,
        why=item.text("why", required=bool(ask)),
        input=item.one_of("input", Input, Input.CHOICE),
        options=_options(item),
        example=item.text("example", required=False),
        next=_next(item),
        where=item.where,
        label=item.text("label", required=bool(ask)),
        past=item.flag("past", default=False),
        within=item.text("within", required=False),
    )
    for option in node.options:
        if len(node.id) + len(option.id) > _LONGEST_PAIR:
            text = f"“{node.id}”和选项“{option.id}”的编号合起来最多{_LONGEST_PAIR}个字符，放不进按钮"
            item.mistakes.add(item.where, text)
    if ask and node.input is Input.CHOICE and not node.options:
        item.mistakes.add(item.where, f"“{node.id}”没有 options，也没有写 input")
    if node.input.typed and not node.example:
        item.mistakes.add(item.where, f"“{node.id}”要人填写，请给一个 example")
    if node.silent and not node.next.rule:
        item.mistakes.add(item.where, f"“{node.id}”既不提问（ask），也没有规则（rule）")
    return node


def _options(item: Fields) -> tuple[Option, ...]:
    found: list[Option] = []
    spoken: dict[str, str] = {}
    for inner in item.maps("options"):
        option = Option(_id(inner, {o.id for o in found}), inner.text("label"), inner.texts("synonyms"))
        inner.done()
        found.append(option)
        for word in (option.label, *option.synonyms):
            if spoken.setdefault(word, option.id) != option.id:
                item.mistakes.add(inner.where, f"“{word}”在这个问题里指了两个选项")
    return tuple(found)


def _next(item: Fields) -> Next:
    rule, cases = item.text("rule", required=False), item.map("to")
    to = {target: cases.text(target) for target in cases.values} if cases else {}
    value = item.values.get("next")
    if (value is not None) == bool(rule):
        item.mistakes.add(item.where, "next 和 rule 要写一个，也只写一个")
    if bool(rule) != bool(to):
        item.mistakes.add(item.line("rule"), "rule 和 to 要一起写")
    if value is None:
        return Next(rule=rule or None, to=to)
    if isinstance(value, yaml.ScalarNode):
        return Next(by_option={"": item.text("next")})
    inner = item.map("next")
    return Next(by_option={key: inner.text(key) for key in inner.values} if inner else {})


def _outcome(item: Fields, part: str, taken: Collection[str]) -> Outcome:
    return Outcome(
        id=_id(item, taken),
        part=part,
        title=item.text("title"),
        fields=_fields(item, part),
        entries=item.texts("entries", required=True),
        final=item.flag("final", default=False),
        where=item.where,
        why=item.text("why"),
        lines=item.texts("lines"),
        general=item.texts("general"),
        materials=item.texts("materials") if "materials" in item.values else None,
        cautions=item.texts("cautions"),
        cases=item.texts("cases"),
        reminders=tuple(_reminder(inner) for inner in item.maps("reminders")),
    )


def _fields(item: Fields, part: str) -> dict[str, str]:
    """What programs are told of an outcome; one of the part that asks for the registration needs its type."""
    inner, needed = item.map("fields"), part == "type"
    if inner is None:
        if needed:
            item.mistakes.add(item.where, "缺少“fields”，请写上 type")
        return {}
    found = {key: inner.text(key, required=needed and key == "type") for key in FIELDS}
    inner.done()
    if found["type"] and found["type"] not in TYPES:
        item.mistakes.add(inner.line("type"), f"“type”不能是“{found['type']}”，可选：{'、'.join(TYPES)}")
    return {key: text for key, text in found.items() if text}


def _reminder(inner: Fields) -> Reminder:
    reminder = Reminder(inner.text("day"), inner.text("title"), inner.text("detail"))
    inner.done()
    return reminder
