"""Reading YAML strictly: every value keeps its file and line, and every mistake is collected, not only the first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import TypeVar

import yaml

from knowledge.errors import FilesError
from knowledge.files import shown
from knowledge.yaml_errors import control_character, explained

E = TypeVar("E", bound=StrEnum)

_TRAPS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "~"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Mistakes:
    """What is wrong, one line each: ``file:line: what, and what to do``."""

    found: list[str] = field(default_factory=list)
    unread: bool = False  # some file could not be read
    _absent: dict[str, tuple[str, int, int]] = field(
        default_factory=dict
    )  # where first, its line in `found`, how many more

    def add(self, where: str, text: str) -> None:
        """Note a mistake at `where` (``file:line``)."""
        self.found.append(f"{where}: {text}")

    def add_absent(self, where: str, text: str) -> None:
        """Note that something named at `where` is nowhere; with a file unread that is not known, so nothing is said.
        The same of other places is one mistake, and only counted."""
        if self.unread:
            return
        first, index, more = self._absent.get(text, (where, len(self.found), -1))
        self._absent[text] = first, index, more + 1
        if more < 0:
            self.add(where, text)
        else:
            self.found[index] = f"{first}: {text}（另有{more + 1}处）"

    def add_unread(self, where: str, text: str) -> None:
        """Note why a file can't be read."""
        self.unread = True
        self.add(where, text)


@dataclass(slots=True)
class Fields:
    """A YAML mapping whose keys are asked for one by one; `done` reports the keys nobody asked for."""

    where: str
    file: str
    values: dict[str, yaml.Node]
    mistakes: Mistakes
    asked: set[str] = field(default_factory=set)

    def _take(self, key: str, required: bool) -> yaml.Node | None:
        self.asked.add(key)
        node = self.values.get(key)
        if node is not None and isinstance(node, yaml.ScalarNode) and node.value == "" and not node.style:
            node = None
        if node is None and required:
            self.mistakes.add(self.where, f"缺少“{key}”，请补上")
        return node

    def _at(self, node: yaml.Node) -> str:
        return f"{self.file}:{node.start_mark.line + 1}"

    def _scalar(self, key: str, node: yaml.Node) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self.mistakes.add(self._at(node), f"“{key}”应当是一段文字")
        elif not node.style and node.value.lower() in _TRAPS:
            self.mistakes.add(self._at(node), f"“{key}”里的 {node.value} 会被YAML当成真假或空值，请加引号")
        elif not node.value.strip():
            self.mistakes.add(self._at(node), f"“{key}”是空的，请填写或删去")
        else:
            return str(node.value).strip()
        return None

    def line(self, key: str) -> str:
        """``file:line`` of a key's value, or of the mapping where the key is absent."""
        node = self.values.get(key)
        return self._at(node) if node is not None else self.where

    def text(self, key: str, *, required: bool = True, default: str = "", may_be_empty: bool = False) -> str:
        """A text."""
        node = self._take(key, required)
        if node is None or (may_be_empty and isinstance(node, yaml.ScalarNode) and not node.value):
            return default
        return self._scalar(key, node) or default

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """true or false; required unless a default is given."""
        node = self._take(key, default is None)
        if node is None:
            return bool(default)
        if isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("true", "false"):
            return bool(node.value == "true")
        self.mistakes.add(self._at(node), f"“{key}”只能写 true 或 false")
        return bool(default)

    def day(self, key: str, *, required: bool = False) -> date | None:
        """A day written 2024-03-01."""
        node = self._take(key, required)
        if node is None:
            return None
        value = node.value if isinstance(node, yaml.ScalarNode) else ""
        if value == "null" and not required:
            return None
        if not _DAY.match(value):
            self.mistakes.add(self._at(node), f"“{key}”应当用半角数字写成 2024-03-01 这样的日期")
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.mistakes.add(self._at(node), f"“{key}”写的 {value} 不存在，请查日历")
            return None

    def one_of(self, key: str, kinds: type[E], default: E) -> E:
        """A member of an enumeration, by its value."""
        node = self._take(key, False)
        if node is None:
            return default
        value = self._scalar(key, node)
        try:
            return kinds(value) if value is not None else default
        except ValueError:
            self.mistakes.add(self._at(node), f"“{key}”不能是“{value}”，可选：{'、'.join(k.value for k in kinds)}")
            return default

    def _items(self, key: str, required: bool) -> list[yaml.Node]:
        node = self._take(key, required)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.mistakes.add(self._at(node), f"“{key}”应当是一个列表（每项一行，以 - 开头）")
            return []
        return list(node.value)

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(text for _, text in self.located_texts(key, required=required))

    def located_texts(self, key: str, *, required: bool = False) -> tuple[tuple[str, str], ...]:
        """A list of texts, each with its ``file:line``."""
        found = ((self._at(node), self._scalar(key, node)) for node in self._items(key, required))
        return tuple((where, text) for where, text in found if text is not None)

    def maps(self, key: str, *, required: bool = False) -> Iterator[Fields]:
        """A list of mappings."""
        for node in self._items(key, required):
            if (inner := fields_of(node, self.file, self.mistakes)) is not None:
                yield inner

    def map(self, key: str) -> Fields | None:
        """A mapping, or None where it is absent."""
        node = self._take(key, False)
        return None if node is None else fields_of(node, self.file, self.mistakes)

    def pieces(self, key: str) -> Iterator[str | Fields]:
        """A list whose items are texts or mappings."""
        for node in self._items(key, False):
            if isinstance(node, yaml.MappingNode):
                if (inner := fields_of(node, self.file, self.mistakes)) is not None:
                    yield inner
            elif (text := self._scalar(key, node)) is not None:
                yield text

    def done(self) -> None:
        """Report the keys that mean nothing here."""
        for key in self.values.keys() - self.asked:
            near = "".join(f"是不是“{name}”？" for name in get_close_matches(key, self.asked, 1))
            self.mistakes.add(self.line(key), f"不认识“{key}”，{near}可用的有：{'、'.join(sorted(self.asked))}")


def fields_of(node: yaml.Node, file: str, mistakes: Mistakes) -> Fields | None:
    """The mapping at a node; a duplicate key or another kind of node is a mistake."""
    where = f"{file}:{node.start_mark.line + 1}"
    if not isinstance(node, yaml.MappingNode):
        mistakes.add(where, "这里应当是“名称: 值”的形式")
        return None
    values: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in values:
            mistakes.add(f"{file}:{key.start_mark.line + 1}", f"“{name}”写了两次，请合并成一处")
        values[name] = value
    return Fields(where, file, values, mistakes)


@contextmanager
def strictly(path: Path, error: type[FilesError]) -> Iterator[Fields]:
    """The mapping a YAML file holds; whatever is wrong with it, or left over in it, is raised when all has been read.

    Raises:
        FilesError: of the type given, with every mistake, each with file and line.
    """
    mistakes = Mistakes()
    if (root := read_yaml(path, mistakes)) is None:
        raise error(mistakes.found)
    yield root
    root.done()
    if mistakes.found:
        raise error(mistakes.found)


def read_yaml(path: Path, mistakes: Mistakes, *, may_be_empty: bool = False) -> Fields | None:
    """The mapping a YAML file holds; what can't be read is a mistake."""
    file = shown(path)
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=_LOADER)
    except OSError as error:
        mistakes.add_unread(file, f"读不到文件（{error.strerror}）")
        return None
    except UnicodeDecodeError:
        mistakes.add_unread(file, "文件不是UTF-8编码，请另存为UTF-8")
        return None
    except yaml.MarkedYAMLError as error:
        line, words = explained(error, text)
        mistakes.add_unread(f"{file}:{line}", f"YAML写法有误：{words}")
        return None
    except yaml.reader.ReaderError as error:
        line, words = control_character(error, text)
        mistakes.add_unread(f"{file}:{line}", words)
        return None
    if node is None and may_be_empty:
        return None
    if node is None:
        mistakes.add_unread(f"{file}:1", "文件是空的")
        return None
    return fields_of(node, file, mistakes)


def placeholders(text: str) -> set[str]:
    """What is to be filled into a text, with how it is to be written («days:q»), where it says so; a brace that stands
    alone counts as «?», which nobody fills in."""
    try:
        parts = [(name, kind, how) for _, name, how, kind in Formatter().parse(text) if name is not None]
    except ValueError:
        return {"?"}
    return {name + (f"!{kind}" if kind else "") + (f":{how}" if how else "") for name, kind, how in parts}


def bad_placeholders(unknown: Collection[str], allowed: Collection[str]) -> str:
    """What to say about placeholders that nobody fills in."""
    usable = "、".join(f"{{{name}}}" for name in sorted(allowed))
    if "?" in unknown:
        return "花括号不成对；要写花括号本身请写两遍（{{ 或 }}）"
    named = "、".join(f"{{{name}}}" for name in sorted(unknown))
    return f"不认识占位{named}，" + (f"可选：{usable}" if usable else "这里不能用占位")
