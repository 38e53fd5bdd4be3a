"""Schema A: the published Bot API as data, when it lies beside the project; without it schema B stands alone."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

PLACE = Path(__file__).resolve().parents[3] / "shared" / "telegram" / "api.min.json"
NEWER = frozenset({"can_send_welcome_messages"})  # came after the schema's 10.1; aiogram's types (10.3) demand it
_PLAIN: dict[str, tuple[type, ...]] = {"String": (str,), "Integer": (int,), "Float": (int, float), "Boolean": (bool,)}


def present() -> bool:
    """Is the published schema at hand?"""
    return PLACE.is_file()


@functools.cache
def _api() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(PLACE.read_text(encoding="utf-8"))
    return found


def request_errors(method: str, params: Mapping[str, object]) -> list[str]:
    """What the schema has against a request; nothing where it is absent."""
    if not present():
        return []
    known = _api()["methods"].get(method)
    return list(_fields(known, params, method)) if known else [f"{method}: unknown method"]


def type_errors(name: str, value: object) -> list[str]:
    """What the schema has against a value of a named type."""
    return list(_value((name,), value, name)) if present() else []


def result_errors(method: str, result: object) -> list[str]:
    """What the schema has against the answer to a method."""
    if not present():
        return []
    return list(_value(_api()["methods"][method]["returns"], result, f"{method}()"))


def _fields(kind: Mapping[str, Any], value: Mapping[str, object], path: str) -> Iterator[str]:
    fields = {field["name"]: field for field in kind.get("fields", ())}
    for name in value:
        if name not in fields and name not in NEWER:
            yield f"{path}.{name}: unknown field"
    for name, field in fields.items():
        if name in value:
            yield from _value(field["types"], value[name], f"{path}.{name}")
        elif field["required"]:
            yield f"{path}.{name}: required field missing"


def _value(types: Sequence[str], value: object, path: str) -> Iterator[str]:
    complaints: list[str] = []
    for name in types:
        found = list(_one(name, value, path))
        if not found:
            return
        complaints = complaints or found
        if isinstance(value, Mapping) and _fits_best(name, value):
            complaints = found
    yield from complaints


def _fits_best(name: str, value: Mapping[str, object]) -> bool:
    """Among several object types, the one that shares a field is the one meant."""
    fields = _api()["types"].get(name, {}).get("fields", ())
    return any(field["name"] in value for field in fields)


def _one(name: str, value: object, path: str) -> Iterator[str]:
    if name.startswith("Array of "):
        yield from _array(name.removeprefix("Array of "), value, path)
    elif name in _PLAIN:
        if not isinstance(value, _PLAIN[name]) or (name != "Boolean" and isinstance(value, bool)):
            yield f"{path}: {type(value).__name__} is not {name}"
    elif name == "InputFile":
        if not isinstance(value, str):
            yield f"{path}: a file is named by attach://"
    else:
        yield from _object(name, value, path)


def _array(item: str, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{path}: {type(value).__name__} is not an array"
        return
    for index, one in enumerate(value):
        yield from _value((item,), one, f"{path}[{index}]")


def _object(name: str, value: object, path: str) -> Iterator[str]:
    kind = _api()["types"].get(name)
    if kind is None:
        yield f"{path}: unknown type {name}"
    elif kind.get("subtypes"):
        yield from _value(kind["subtypes"], value, path)
    elif not isinstance(value, Mapping):
        yield f"{path}: {type(value).__name__} is not {name}"
    else:
        yield from _fields(kind, value, path)


def description(where: str) -> str:
    """What the schema says about `method`, `Type`, `method.field` or `Type.field`."""
    name, _, field = where.partition(".")
    kind = _api()["methods"].get(name) or _api()["types"][name]
    if not field:
        return "\n".join(kind["description"])
    return str(next(f["description"] for f in kind["fields"] if f["name"] == field))


def fields_of(name: str) -> Iterator[tuple[str, str]]:
    """The fields of a type, each with what is said of it."""
    for field in _api()["types"][name]["fields"]:
        yield field["name"], field["description"]
