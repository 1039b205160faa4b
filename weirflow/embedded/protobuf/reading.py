"""Messages to JSON, by tables of their fields."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from weirflow.embedded.protobuf.wire import Malformed, fields, signed

DEPTH = 64

TEXT, BYTES, INT, FLAG, DOUBLE, TIME, MICRO_TIME, JSON = (
    "text", "bytes", "int", "flag", "double", "time", "micro time", "json",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message: its name in JSON and what it holds.

    Clients write every field, set or not, so that what is empty is left out unless `keep`.
    """

    name: str
    type: str | Message
    many: bool = False
    by_key: bool = False
    keep: bool = False


class Message:
    """Fields by number. A message may hold itself: its fields are set after it has been made.

    `bare`: JSON has the value of its one field that is set, without the name.
    """

    def __init__(self, fields: Mapping[int, Field] | None = None, *, bare: bool = False) -> None:
        self.fields: Mapping[int, Field] = fields or {}
        self.bare = bare


def read(message: Message, raw: bytes, depth: int = 0) -> dict[str, Any]:
    """A message as a JSON object. Raises Malformed."""
    if depth > DEPTH:
        raise Malformed("messages are nested too deeply")
    found: dict[str, Any] = {}
    for number, value in fields(raw):
        field = message.fields.get(number)
        if field is None:
            continue
        if field.by_key:
            key, item = _entry(field, value, depth)
            found.setdefault(field.name, {})[key] = item
        elif field.many:
            found.setdefault(field.name, []).append(_value(field.type, value, depth))
        else:
            item = _value(field.type, value, depth)
            if field.keep or not _is_empty(item):
                found[field.name] = item
    return found


def _is_empty(item: Any) -> bool:
    return item is None or item == "" or item == {} or item is False or (item == 0 and not isinstance(item, bool))


def _entry(field: Field, raw: Any, depth: int) -> tuple[str, Any]:
    """A map's entry is a message of key and value."""
    key, item = "", b""
    for number, value in fields(_bytes(raw)):
        if number == 1:
            key = _text(value)
        elif number == 2:
            item = _bytes(value)
    return key, _value(field.type, item, depth)


def _value(kind: str | Message, value: Any, depth: int) -> Any:
    if isinstance(kind, Message):
        found = read(kind, _bytes(value), depth + 1)
        return next(reversed(found.values()), None) if kind.bare else found
    match kind:
        case "text":
            return _text(value)
        case "bytes":
            return base64.b64encode(_bytes(value)).decode()
        case "int":
            return signed(_number(value))
        case "flag":
            return bool(_number(value))
        case "double":
            whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
            return int(value) if whole else value
        case "time" | "micro time":
            return _time(_bytes(value), micro=kind == "micro time")
        case "json":
            inner = dict(fields(_bytes(value))).get(1, b"null")
            return _json(_bytes(inner))
    return None


def _time(raw: bytes, *, micro: bool) -> str | None:
    parts = dict(fields(raw))
    if not parts:
        return None
    try:
        moment = datetime.fromtimestamp(signed(_number(parts.get(1, 0))), UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise Malformed("a time is out of reach") from error
    if micro:
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{_number(parts.get(2, 0)) // 1000:06}Z"
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Malformed("a value is no JSON") from error


def _bytes(value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise Malformed("a number stands where a text or a message should")
    return value


def _text(value: Any) -> str:
    try:
        return _bytes(value).decode()
    except UnicodeDecodeError as error:
        raise Malformed("a text is not UTF-8") from error


def _number(value: Any) -> int:
    if not isinstance(value, int):
        raise Malformed("a text or message stands where a number should")
    return value
