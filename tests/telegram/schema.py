"""Schema B: aiogram's types say what a request, an update and a result may look like; unknown fields are refused."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, get_args

import aiogram.methods
import aiogram.types
from aiogram.methods.base import TelegramMethod
from pydantic import BaseModel, TypeAdapter, ValidationError

from . import spec


@functools.cache
def _methods() -> dict[str, type[TelegramMethod[Any]]]:
    found = (getattr(aiogram.methods, name) for name in aiogram.methods.__all__)
    return {kind.__api_method__: kind for kind in found if isinstance(getattr(kind, "__api_method__", None), str)}


def method_name(called: str) -> str | None:
    """The method's right spelling; the server does not mind the case."""
    return _spellings().get(called.lower())


@functools.cache
def _spellings() -> dict[str, str]:
    return {name.lower(): name for name in _methods()}


def _is_text(annotation: object) -> bool:
    kinds = get_args(annotation) or (annotation,)
    return str in kinds and int not in kinds


def decode_form(method: str, raw: Mapping[str, str]) -> dict[str, object]:
    """Form fields are all text: numbers, flags and objects come as JSON inside, words as they are."""
    fields = _methods()[method].model_fields
    decoded: dict[str, object] = {}
    for name, value in raw.items():
        known = fields.get(name)
        if known is None or _is_text(known.annotation):
            decoded[name] = value
            continue
        try:
            decoded[name] = json.loads(value)
        except ValueError:
            decoded[name] = value
    return decoded


def _walk(model: object, raw: object, path: str) -> Iterator[str]:
    if isinstance(model, BaseModel) and isinstance(raw, Mapping):
        yield from _walk_model(model, raw, path)
    elif isinstance(model, list) and isinstance(raw, list):
        for index, (one, source) in enumerate(zip(model, raw, strict=True)):
            yield from _walk(one, source, f"{path}[{index}]")
    elif _changed(model, raw):
        yield f"{path}: {type(raw).__name__} given where {type(model).__name__} is meant"


def _walk_model(model: BaseModel, raw: Mapping[str, object], path: str) -> Iterator[str]:
    for extra in model.model_extra or {}:
        yield f"{path}.{extra}: unknown field"
    for name, field in type(model).model_fields.items():
        key = field.alias or name
        if key not in raw:
            continue
        about = field.json_schema_extra
        if isinstance(about, dict) and about.get("deprecated"):
            yield f"{path}.{key}: removed from the Bot API"
        yield from _walk(getattr(model, name), raw[key], f"{path}.{key}")


def _changed(value: object, raw: object) -> bool:
    """pydantic bends "5" to 5 and 1 to True; the wire does not."""
    if isinstance(value, datetime):
        return type(raw) is not int
    return isinstance(value, bool | int | str) and type(value) is not type(raw) and not isinstance(value, type(raw))


def _errors(check: object, value: object, path: str) -> list[str]:
    try:
        model = TypeAdapter(check).validate_python(value) if not isinstance(check, type) else _load(check, value)
    except ValidationError as error:
        return [f"{path}.{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()[:5]]
    return list(_walk(model, value, path))


def _load(kind: type, value: object) -> object:
    return kind.model_validate(value) if issubclass(kind, BaseModel) else TypeAdapter(kind).validate_python(value)


def request_errors(method: str, params: Mapping[str, object]) -> list[str]:
    """Everything either schema has against a request."""
    return _errors(_methods()[method], dict(params), method) + spec.request_errors(method, params)


def update_errors(update: Mapping[str, object]) -> list[str]:
    """Everything either schema has against an update."""
    found = _errors(aiogram.types.Update, dict(update), "update") + spec.type_errors("Update", update)
    kinds = [key for key in update if key != "update_id"]
    return found if len(kinds) == 1 else [*found, f"update: exactly one kind expected, found {kinds}"]


def result_errors(method: str, result: object) -> list[str]:
    """Everything either schema has against what the bot is told."""
    return _errors(_methods()[method].__returning__, result, f"{method}()") + spec.result_errors(method, result)
