"""Which keyword fits which type: what an author wrote on a field is checked against what the field is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic.alias_generators import to_camel

from weirflow.keywords import LIMITS
from weirflow.schema.identity import ID
from weirflow.schema.types import choices, misfit, types_of
from weirflow.schema.walk import Schema, inner, rebuilt, resolved

_TEXT = frozenset({"string"})
_NUMBER = frozenset({"integer", "number"})
_LIST = frozenset({"array"})
_SIZED = frozenset({"string", "array", "object"})

#: The types that each format of an author is for. What Pydantic writes for a type of its own is not looked at.
FORMATS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("base64", "color", "date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "markdown",
         "password", "textarea", "time", "uri", "uuid"),
        _TEXT,
    ),
    **dict.fromkeys(("code", "json"), _SIZED),
    **dict.fromkeys(("radiobox", "select"), _TEXT | _NUMBER | {"boolean"}),
    "range": _NUMBER,
    **dict.fromkeys(("button", "checkbox"), frozenset({"boolean"})),
}  # fmt: skip

#: The types that a keyword is for. Where the type is open it may be one of them.
FOR: dict[str, frozenset[str]] = {
    "step": _NUMBER,
    "chart": _NUMBER,
    "language": _SIZED,
    "uniqueItems": _LIST,
    "tableMode": _LIST,
    "secret": _TEXT,
    "writeOnly": _TEXT,
}

#: The types that a limit is for. It says nothing about an open type: Pydantic would fail at the first message.
LIMITED: dict[str, frozenset[str]] = {
    **dict.fromkeys(("ge", "gt", "le", "lt", "multiple_of"), _NUMBER),
    **dict.fromkeys(("min_length", "max_length"), _SIZED),
    "pattern": _TEXT,
}

#: On a sibling, which is named as on the wire.
CONDITIONS = ("requiredWhen", "optionalWhen", "shownWhen")

#: What Pydantic leaves under its own name where the type is a union.
_LEFT_OVER = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum",
              "multiple_of": "multipleOf"}  # fmt: skip


def check_keywords(document: Schema) -> None:
    """Raises `TypeError` for the first keyword of a field that does not fit the field's type or its siblings."""
    for problem in _problems(document, document):
        raise TypeError(problem)


def with_form_keywords(document: Schema) -> Schema:
    """`document` as forms read it: the fields of every object numbered, 1-based, because JSON objects have no order
    that all readers keep; conditions with the wire's names; without what only `check_keywords` needed.
    """
    return rebuilt(document, _finished)


def _finished(part: Schema) -> Schema:
    fields = part.get("properties")
    if not isinstance(fields, dict):
        return part
    part["properties"] = {}
    for index, (name, field) in enumerate(fields.items(), start=1):
        finished = {_LEFT_OVER.get(word, word): value for word, value in field.items() if word != LIMITS}
        finished.setdefault("propertyOrder", index)
        for keyword in CONDITIONS:
            if keyword in field:
                other, *rest = field[keyword]
                finished[keyword] = [_wire_name(other, fields), *rest]
        part["properties"][name] = finished
    return part


def _wire_name(name: str, fields: dict[str, Any]) -> str:
    return name if name in fields else to_camel(name)


def _problems(schema: Schema, root: Schema) -> Iterator[str]:
    fields = schema.get("properties", {})
    for name, field in fields.items():
        where = f"{schema.get(ID) or schema.get('title') or 'the model'}.{name}"
        flat = resolved(field, root)
        for problem in (*_of_the_type(flat, root), *_of_the_siblings(name, flat, fields), *_of_the_values(flat, root)):
            yield f"{where}: {problem}"
    for part in inner(schema):
        yield from _problems(part, root)


def _of_the_type(field: Schema, root: Schema) -> Iterator[str]:
    types = types_of(field, root) - {"null"}
    is_a = f"the field is {_listed(types)}" if types else "the field may be anything"
    fit = FORMATS.get(field.get("format", ""))
    if fit is not None and not types <= fit:
        yield f"format {field['format']!r} is for {_listed(fit)}, {is_a}"
    for keyword, fit in FOR.items():
        if keyword in field and not types <= fit:
            yield f"{keyword} is for {_listed(fit)}, {is_a}"
    for limit in field.get(LIMITS, ()):
        if not types or not types <= LIMITED[limit]:
            yield f"{limit} is for {_listed(LIMITED[limit])}, {is_a}"


def _of_the_siblings(name: str, field: Schema, fields: dict[str, Any]) -> Iterator[str]:
    for keyword in CONDITIONS:
        if keyword in field:
            other = _wire_name(field[keyword][0], fields)
            if other == name or other not in fields:
                yield f"{keyword} asks for {field[keyword][0]!r}; name another field of the same model"


def _of_the_values(field: Schema, root: Schema) -> Iterator[str]:
    titles = field.get("enumTitles")
    if titles is not None and len(titles) != len(choices(field, root)):
        count = len(choices(field, root))
        yield f"it has {count} values to choose from and {len(titles)} enum_titles; give one title for each"
    if field.get("default") is not None:
        reason = misfit(field["default"], field, root)
        if reason:
            yield f"its default {field['default']!r} {reason}"


def _listed(types: frozenset[str] | set[str]) -> str:
    return " or ".join(sorted(types))
