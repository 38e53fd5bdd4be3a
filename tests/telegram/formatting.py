"""The HTML parse mode as the server reads it: supported tags, exact complaints, entities counted in UTF-16."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from .errors import bad_request

Entity = dict[str, object]

# "Only the tags mentioned above are currently supported." (Formatting options, HTML style)
TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "span": "spoiler",
    "tg-spoiler": "spoiler", "a": "text_link", "tg-emoji": "custom_emoji", "code": "code", "pre": "pre",
    "blockquote": "blockquote",
}  # fmt: skip
# "The API currently supports only the following named HTML entities: &lt;, &gt;, &amp; and &quot;."
_NAMED = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot);?|&#(?:\d+|x[0-9a-fA-F]+);?")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[A-Za-z0-9.\-]+(?=[\s>])))?""")
_DETECT = re.compile(
    r"(?P<url>https?://[^\s<>，。；：、（）《》]+)"
    r"|(?<![\w@/])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z]\w{3,31})"
)


def utf16(text: str) -> int:
    """Length as Telegram counts it, of half a character too."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problem(what: str) -> Exception:
    return bad_request(f"can't parse entities: {what}")


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    chars: int


@dataclass(slots=True)
class _Reader:
    """Walks the source once; `at` is an index into the source, complaints count bytes as the server does."""

    source: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            self._step()
        if self.stack:
            raise problem(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        self.entities.sort(key=_position)
        return "".join(self.out), self.entities

    def _step(self) -> None:
        if self.source[self.at] == "<":
            self._close() if self.source.startswith("</", self.at) else self._open()
            return
        reference = _REFERENCE.match(self.source, self.at)
        said = _decode(reference.group()) if reference else self.source[self.at]
        self.at = reference.end() if reference else self.at + 1
        self.out.append(said)
        self.length += utf16(said)

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _open(self) -> None:
        begin = self.at
        where = f"at byte offset {self._byte(begin)}"
        name = re.compile(r"[^\s>]*").match(self.source, begin + 1)
        if name is None or name.end() >= len(self.source):
            raise problem(f"Unclosed start tag {where}")
        tag = name.group().lower()
        if tag not in TAGS:
            raise problem(f'Unsupported start tag "{tag}" {where}')
        attributes = self._attributes(tag, name.end(), where)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise problem(f'Tag "span" must have class "tg-spoiler" {where}')
        self.stack.append(_Open(tag, attributes, self.length, len(self.out)))

    def _attributes(self, tag: str, at: int, where: str) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            at = re.compile(r"\s*").match(self.source, at).end()  # type: ignore[union-attr]
            if at >= len(self.source):
                raise problem(f'Unclosed start tag "{tag}" {where}')
            if self.source[at] == ">":
                self.at = at + 1
                return found
            attribute = _ATTRIBUTE.match(self.source, at)
            if attribute is None:
                raise problem(f'Empty attribute name in the tag "{tag}" {where}')
            rest = self.source[attribute.end() :].lstrip()
            if attribute.group(2) is None and rest.startswith("="):
                closed = ">" in rest
                raise problem(f"Unexpected end of name token {where}" if closed else f"Unclosed start tag {where}")
            found[attribute.group(1).lower()] = html.unescape((attribute.group(2) or "").strip("\"'"))
            at = attribute.end()

    def _close(self) -> None:
        begin = self.at
        where = f"at byte offset {self._byte(begin)}"
        if not self.stack:
            raise problem(f"Unexpected end tag {where}")
        name = re.compile(r"</([^\s>]*)\s*").match(self.source, begin)
        if name is None or not self.source.startswith(">", name.end()):
            raise problem(f"Unclosed end tag {where}")
        opened = self.stack.pop()
        if name.group(1) and name.group(1).lower() != opened.tag:
            raise problem(f'Unmatched end tag {where}, expected "</{opened.tag}>", found "</{name.group(1)}>"')
        self.at = name.end() + 1
        if self.length > opened.offset:
            self._add(opened)

    def _add(self, opened: _Open) -> None:
        entity: Entity = {"type": TAGS[opened.tag], "offset": opened.offset, "length": self.length - opened.offset}
        if opened.tag == "a":
            entity["url"] = opened.attributes.get("href") or "".join(self.out[opened.chars :])
            if not re.match(r"(https?|tg|mailto|tel)[:][^\s]+|[\w-]+(\.[\w-]+)+", str(entity["url"])):
                return  # the server drops a link it can't read and keeps its words
        if opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
        if opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        language = opened.attributes.get("class", "")
        if opened.tag == "code" and self.stack and self.stack[-1].tag == "pre" and language.startswith("language-"):
            self.stack[-1].attributes["language"] = language.removeprefix("language-")
            return
        if opened.tag == "pre" and "language" in opened.attributes:
            entity["language"] = opened.attributes["language"]
        self.entities.append(entity)


def _position(entity: Entity) -> tuple[int, int]:
    return int(str(entity["offset"])), -int(str(entity["length"]))


def _decode(reference: str) -> str:
    named = _NAMED.get(reference.rstrip(";") + ";")
    return named if named is not None else html.unescape(reference.rstrip(";") + ";")


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Blank space at both ends goes, and the entities move with it."""
    cut = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    kept: list[Entity] = []
    for entity in entities:
        begin = max(int(str(entity["offset"])) - cut, 0)
        end = min(int(str(entity["offset"])) + int(str(entity["length"])) - cut, utf16(text))
        if end > begin:
            kept.append(entity | {"offset": begin, "length": end - begin})
    return text, kept


def detect(text: str) -> list[Entity]:
    """Links, commands and mentions, which Telegram marks by itself."""
    return [
        {"type": str(hit.lastgroup), "offset": utf16(text[: hit.start()]), "length": utf16(hit.group())}
        for hit in _DETECT.finditer(text)
    ]


def read_text(source: str, parse_mode: str | None) -> tuple[str, list[Entity]]:
    """Text and entities as the message will carry them."""
    mode = (parse_mode or "").lower()
    if mode not in ("", "html"):
        known = mode in ("markdown", "markdownv2")
        raise bad_request(f"fake reads only HTML, not {mode}" if known else "unsupported parse_mode")
    text, entities = _Reader(source).read() if mode == "html" else (source, [])
    text, entities = trimmed(text, entities)
    covered = [(_position(e)[0], _position(e)[0] - _position(e)[1]) for e in entities]
    for extra in detect(text):
        begin, _ = _position(extra)
        if not any(low <= begin < high for low, high in covered):
            entities.append(extra)
    return text, sorted(entities, key=_position)
