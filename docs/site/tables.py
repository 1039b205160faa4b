"""Tables of the fields that a JSON Schema of ours describes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
#: How far down the fields of fields are told; what lies deeper is seen in the editor's forms.
DEPTH = 3
#: A default longer than this is cut: the form shows it whole.
LONGEST_DEFAULT = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One field: `path` as a mapping writes it (`attachments[].name`)."""

    path: str
    kind: str
    default: str
    text: str


def table(schema: Schema) -> str:
    """The fields of an object's schema as a Markdown table; a sentence where there are none to tell."""
    rows = list(_rows(schema, schema.get("$defs") or {}, "", 1))
    if not rows:
        return "Any JSON.\n" if not _resolved(schema, schema.get("$defs") or {}).get("properties") else "Nothing.\n"
    lines = ["| field | type | default | what it is |", "|---|---|---|---|"]
    lines += [f"| `{row.path}` | {row.kind} | {row.default} | {row.text} |" for row in rows]
    return "\n".join(lines) + "\n"


def _rows(schema: Schema, defs: Schema, above: str, depth: int) -> Iterator[Row]:
    schema = _resolved(schema, defs)
    required = schema.get("required") or ()
    for name, field in (schema.get("properties") or {}).items():
        field = _resolved(field, defs)
        path = f"{above}{name}"
        default = "required" if name in required else _default(field)
        yield Row(path, _kind(field, defs), default, _text(field))
        items = _resolved(field.get("items") or {}, defs)
        if depth < DEPTH:
            yield from _rows(field, defs, f"{path}.", depth + 1)
            yield from _rows(items, defs, f"{path}[].", depth + 1)


def _resolved(schema: Schema, defs: Schema) -> Schema:
    """The schema with what it refers to; its own words win. Of an optional one, the form that is not null."""
    for _ in range(8):
        if isinstance(reference := schema.get("$ref"), str):
            own = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**(defs.get(reference.rsplit("/", 1)[-1]) or {}), **own}
        elif len(others := [one for one in schema.get("anyOf") or () if one.get("type") != "null"]) == 1:
            own = {key: value for key, value in schema.items() if key != "anyOf"}
            schema = {**others[0], **own}
        else:
            break
    return schema


def _kind(schema: Schema, defs: Schema) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(_code(value) for value in schema["enum"])
    if "const" in schema:
        return _code(schema["const"])
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(_kind(_resolved(one, defs), defs) for one in options))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_kind(_resolved(schema.get('items') or {}, defs), defs)}"
    if kind == "object" and isinstance(values := schema.get("additionalProperties"), Mapping):
        return f"object of {_kind(_resolved(values, defs), defs)}"
    return {"string": "text", "boolean": "true or false"}.get(str(kind), str(kind)) + _limits(schema)


def _limits(schema: Schema) -> str:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is None and high is None:
        return ", secret" if schema.get("secret") or schema.get("format") == "password" else ""
    if low is None or high is None:
        return f", at least {low:,}" if high is None else f", at most {high:,}"
    return f", {low:,} to {high:,}"


def _default(schema: Schema) -> str:
    default = schema.get("default")
    return "" if default is None or default in ("", [], {}) else _code(default)


def _text(schema: Schema) -> str:
    title, text = str(schema.get("title") or ""), str(schema.get("description") or "")
    return _cell(f"{title}. {text}" if title and text else title or text)


def _code(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return f"`{_cell(text if len(text) <= LONGEST_DEFAULT else text[: LONGEST_DEFAULT - 1] + '…')}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
