"""Values without their secrets, for status, telemetry and logs."""

from __future__ import annotations

from typing import Any

from weirflow.errors import JSON

REDACTED = "<redacted>"


def redact(schema: dict[str, JSON], value: JSON) -> JSON:
    """`value` with every field that `schema` marks `secret` (or `writeOnly`, or `format: password`) replaced.

    Empty secrets stay, so that a form can tell "not set" from "set".
    """
    return _redact(schema, value, schema.get("$defs", {}))


def _redact(schema: dict[str, Any], value: JSON, definitions: dict[str, Any]) -> JSON:
    if schema.get("secret") or schema.get("writeOnly") or schema.get("format") == "password":
        return REDACTED if value not in (None, "") else value
    name = schema.get("$ref", "").removeprefix("#/$defs/")
    if name:
        return _redact(definitions.get(name, {}), value, definitions)
    for branch in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        value = _redact(branch, value, definitions)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        rest = schema.get("additionalProperties")
        other = rest if isinstance(rest, dict) else {}
        return {key: _redact(properties.get(key, other), item, definitions) for key, item in value.items()}
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return [_redact(schema["items"], item, definitions) for item in value]
    return value
