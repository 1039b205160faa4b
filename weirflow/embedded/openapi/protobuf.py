"""An OpenAPI document of version 2 as protobuf, by the public schema `openapi.v2` (gnostic).

Only the fields that our documents have are written; their numbers are the schema's.
"""

from __future__ import annotations

import struct
from typing import Any

import orjson

VARINT, BYTES = 0, 2

STATEMENTS = {"get": 2, "put": 3, "post": 4, "delete": 5, "patch": 8}
SCHEMA_TEXTS = {"$ref": 1, "format": 2, "title": 3, "description": 4, "pattern": 13}
SCHEMA_NUMBERS = {"maxLength": 11, "minLength": 12, "maxItems": 14, "minItems": 15}
DOUBLES = {"maximum": 7, "minimum": 9}
QUERY_TEXTS = {"in": 2, "description": 3, "name": 4, "type": 6}


def varint(value: int) -> bytes:
    """An unsigned number, seven bits a byte, the lowest first."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def field(number: int, content: bytes | str) -> bytes:
    """A text, bytes or message."""
    raw = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | BYTES) + varint(len(raw)) + raw


def whole(number: int, value: int) -> bytes:
    """A number or a flag."""
    return varint(number << 3 | VARINT) + varint(value)


def _double(number: int, value: float) -> bytes:
    return varint(number << 3 | 1) + struct.pack("<d", value)


def _named(name: str, value: bytes) -> bytes:
    return field(1, name) + field(2, value)


def _extensions(number: int, source: dict[str, Any]) -> bytes:
    """What begins with `x-`, as YAML, of which JSON is a part."""
    return b"".join(
        field(number, _named(name, field(2, orjson.dumps(value).decode() + "\n")))
        for name, value in source.items()
        if name.startswith("x-")
    )


def document_bytes(document: dict[str, Any]) -> bytes:
    """The message `Document`."""
    info = field(1, document["info"]["title"]) + field(2, document["info"]["version"])
    paths = b"".join(field(2, _named(name, _path(item))) for name, item in document["paths"].items())
    schemas = b"".join(field(1, _named(name, _schema(item))) for name, item in document["definitions"].items())
    return field(1, document["swagger"]) + field(2, info) + field(8, paths) + field(9, schemas)


def _path(operations: dict[str, Any]) -> bytes:
    return b"".join(field(STATEMENTS[method], _operation(one)) for method, one in operations.items())


def _operation(operation: dict[str, Any]) -> bytes:
    parameters = b"".join(field(8, field(1, _parameter(one))) for one in operation["parameters"])
    answers = b"".join(
        field(1, _named(code, field(1, field(1, one["description"])))) for code, one in operation["responses"].items()
    )
    return field(3, operation["description"]) + parameters + field(9, answers) + _extensions(13, operation)


def _parameter(parameter: dict[str, Any]) -> bytes:
    """A query parameter, in the nests of alternatives that the schema has for it."""
    texts = b"".join(field(number, parameter[name]) for name, number in QUERY_TEXTS.items())
    unique = whole(20, 1) if parameter.get("uniqueItems") else b""
    return field(2, field(3, texts + unique))


def _schema(schema: dict[str, Any]) -> bytes:
    parts = [field(number, schema[name]) for name, number in SCHEMA_TEXTS.items() if name in schema]
    parts += [whole(number, schema[name]) for name, number in SCHEMA_NUMBERS.items() if name in schema]
    parts += [_double(number, schema[name]) for name, number in DOUBLES.items() if name in schema]
    parts += [field(19, name) for name in schema.get("required", ())]
    parts += [field(20, field(2, orjson.dumps(value).decode() + "\n")) for value in schema.get("enum", ())]
    additional = schema.get("additionalProperties")
    if isinstance(additional, dict):
        parts.append(field(21, field(1, _schema(additional))))
    elif additional is not None:
        parts.append(field(21, whole(2, int(additional))))
    if "type" in schema:
        parts.append(field(22, field(1, schema["type"])))
    if isinstance(schema.get("items"), dict):
        parts.append(field(23, field(1, _schema(schema["items"]))))
    if "properties" in schema:
        named = (field(1, _named(name, _schema(item))) for name, item in schema["properties"].items())
        parts.append(field(25, b"".join(named)))
    return b"".join(parts) + _extensions(31, schema)
