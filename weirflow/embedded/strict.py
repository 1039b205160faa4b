"""Unknown and repeated fields of a body: refused, warned of or ignored, as `fieldValidation` says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson

from weirflow.embedded.errors import Cause, bad_request, invalid_options
from weirflow.embedded.kinds import Kind
from weirflow.embedded.openapi.kinds import BUILTIN, OBJECT_META, SHARED
from weirflow.embedded.options import Query
from weirflow.embedded.patches import rejected
from weirflow.embedded.schema import Schema

IGNORE, WARN, STRICT = "Ignore", "Warn", "Strict"
MOST = 50
"""Fields that are told of."""


def validation_of(query: Query, options: str, *, by_person: bool) -> str:
    """What the request wants; where it does not say, people are warned and our own processes are spared the look."""
    said = query.get("fieldValidation", "")
    if said not in ("", IGNORE, WARN, STRICT):
        text = f'Unsupported value: "{said}": supported values: "", "{IGNORE}", "{STRICT}", "{WARN}"'
        raise invalid_options(options, Cause("fieldValidation", "FieldValueNotSupported", text))
    return said or (WARN if by_person else IGNORE)


def check_fields(kind: Kind, body: Any, raw: bytes, validation: str, *, patch: bool = False) -> tuple[str, ...]:
    """Warnings about the body. Raises 400 for what `Strict` does not let pass, for a patch 422."""
    if validation == IGNORE or not isinstance(body, dict):
        return ()
    said = [f'unknown field "{path}"' for path in _unknown(kind, body)]
    # What is as long when it is written again lacks nothing: no field stood there twice.
    twice = () if len(orjson.dumps(body)) == len(raw.strip()) else _repeated(raw)
    said = [*(f'duplicate field "{path}"' for path in twice), *said][:MOST]
    if said and validation == STRICT and patch:
        raise rejected(f"strict decoding error: {', '.join(said)}")
    if said and validation == STRICT:
        where = f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}'
        raise bad_request(f"{where}: strict decoding error: {', '.join(said)}")
    return tuple(said)


def _unknown(kind: Kind, body: dict[str, Any]) -> Iterator[str]:
    own = kind.schema if kind.schema is not None else _builtin(kind.kind)
    for name, value in body.items():
        if name == "metadata":
            yield from _below(_metadata(), value, name)
        elif name not in ("apiVersion", "kind"):
            child = own.properties.get(name, own.additional)
            if child is not None:
                yield from _below(child, value, name)
            elif not own.keep_unknown:
                yield name


def _below(schema: Schema, value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        if not schema.properties and schema.additional is None:
            return  # an object of whatever fields, or no object at all, which is told of elsewhere
        for name, item in value.items():
            child = schema.properties.get(name, schema.additional)
            if child is not None:
                yield from _below(child, item, f"{path}.{name}")
            elif not schema.keep_unknown:
                yield f"{path}.{name}"
    elif isinstance(value, list) and schema.items is not None:
        for place, item in enumerate(value):
            yield from _below(schema.items, item, f"{path}[{place}]")


@cache
def _metadata() -> Schema:
    return Schema(_inlined(SHARED[OBJECT_META]))


@cache
def _builtin(kind: str) -> Schema:
    return Schema(_inlined({"type": "object", "properties": BUILTIN[kind][1]}))


def _inlined(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_inlined(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        return _inlined(SHARED[schema["$ref"]])
    return {name: _inlined(item) for name, item in schema.items()}


class _Twice(dict[str, Any]):
    """An object of which some fields stood there more than once."""

    again: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = dict(pairs)
    if len(made) == len(pairs):
        return made
    twice = _Twice(made)
    names = Counter(name for name, _ in pairs)
    twice.again = tuple(sorted(name for name, count in names.items() if count > 1))
    return twice


def _repeated(raw: bytes) -> Iterator[str]:
    try:
        body = json.loads(raw, object_pairs_hook=_object)
    except ValueError:
        return  # YAML, whose parser takes the last
    waiting: list[tuple[str, Any]] = [("", body)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, _Twice):
            yield from (f"{path}{name}" for name in value.again)
        if isinstance(value, dict):
            waiting.extend((f"{path}{name}.", item) for name, item in value.items())
        elif isinstance(value, list):
            head = path.removesuffix(".")
            waiting.extend((f"{head}[{place}].", item) for place, item in enumerate(value))
