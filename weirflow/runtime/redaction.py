"""Taking secrets out of what leaves the process: by the schema's word, and by names that give them away."""

import math
import re
from functools import lru_cache
from typing import Any, Protocol

from weirflow.errors import JSON
from weirflow.json_bytes import json_bytes

REDACTED = "<redacted>"

_TELLING = re.compile(
    r"pass(word|wd|phrase)?$|secret|token$|api[-_]?key|private[-_]?key|authorization|cookie|credential|signature$",
    re.IGNORECASE,
)
#: A value behind a telling name in running text: `password=...`, `"api_key": "..."`, `Authorization: Bearer ...`. A
#: quotation may have been cut before its end.
_TOLD = re.compile(
    r"""((?:pass(?:word|wd|phrase)?|[\w-]*secret|[\w-]*token|api[-_]?key|private[-_]?key|authorization|cookie"""
    r"""|credentials?|signature)["']?\s*[:=]\s*)(?:(?:bearer|basic)\s+)?("[^"\n]*"?|'[^'\n]*'?|[^\s,;}\])]+)""",
    re.IGNORECASE,
)
_MAX_DEPTH = 12
_MAX_FORMS = 64


class Hiding(Protocol):
    """Takes secrets out by their value; see ``concealing``."""

    def text(self, text: str) -> str: ...

    def beginning(self, text: str, characters: int) -> str: ...


class _Copying:
    """One value's copying: with the definitions of its schema, until ``left`` characters of it have been taken."""

    __slots__ = ("defs", "hiding", "left")

    def __init__(self, schema: dict[str, Any] | None, left: float = math.inf, hiding: Hiding | None = None) -> None:
        self.defs: dict[str, Any] = (schema or {}).get("$defs") or {}
        self.left = left
        self.hiding = hiding

    def text(self, text: str) -> str:
        """``text`` as it may be shown; counted."""
        left, self.left = self.left, self.left - len(text)
        if self.hiding is None:
            return text
        return self.hiding.text(text) if left == math.inf else self.hiding.beginning(text, int(max(left, 0)))


def redact(value: JSON, schema: dict[str, Any] | None = None) -> JSON:
    """A copy of ``value`` without its secrets: fields the schema marks ``secret`` or ``writeOnly`` (or of format
    ``password``), and any text under a name like ``password`` or ``authorization``, also one in a list or an object
    there. What holds no secret is shared, not copied."""
    return _redact(value, schema or {}, _Copying(schema), 0)


def redact_text(text: str) -> str:
    """Running text, such as a stack, without the values that stand behind a telling name."""
    return _TOLD.sub(lambda found: found[1] + REDACTED, text)


def redact_message(value: JSON, limit: int, schema: dict[str, Any] | None = None, hiding: Hiding | None = None) -> JSON:
    """A redacted message for people to look at; of one over ``limit`` bytes of JSON only the beginning, and no more of
    it is looked through: that of a large one would hold up all messages of the host for seconds. What ``hiding`` knows
    is taken out by its value, before anything is cut."""
    copying = _Copying(schema, limit, hiding or None)
    clean = _redact(value, schema or {}, copying, 0)
    try:
        raw = json_bytes(clean)
        if copying.left >= 0 and len(raw) <= limit:
            return clean
        size = len(json_bytes(value)) if copying.left < 0 else len(raw)
    except ValueError as error:
        return {"truncated": True, "beginning": str(error)}
    return {"truncated": True, "bytes": size, "beginning": raw[: limit - 128].decode("utf-8", "ignore")}


def _redact(value: JSON, schema: dict[str, Any], copying: _Copying, depth: int, told: bool = False) -> JSON:
    """``told``: a name above it has said that texts in it are secrets."""
    if isinstance(value, str):
        return copying.text(value)
    if depth > _MAX_DEPTH:
        return "…"
    if not isinstance(value, dict | list):
        copying.left -= 1
        return value
    forms = _forms(schema, copying.defs)
    if isinstance(value, dict):
        fields: dict[str, JSON] = {}
        for key, item in value.items():
            if copying.left < 0:
                break
            fields[copying.text(str(key))] = _entry(key, item, _of_key(key, forms, copying.defs), copying, depth, told)
        return fields
    items = [form["items"] for form in forms if isinstance(form.get("items"), dict)]
    first = [form["prefixItems"] for form in forms if isinstance(form.get("prefixItems"), list)]
    if not items and not first:
        # A list where the schema has an object does not fit, and its entries hold the object's secrets all the same.
        items = [form for form in forms if form.get("properties")]
    copied: list[JSON] = []
    for place, item in enumerate(value):
        if copying.left < 0:
            break
        copying.left -= 1
        schemas = [*items, *(each[place] for each in first if place < len(each))]
        copied.append(_entry("", item, schemas, copying, depth, told))
    return copied


def _entry(name: str, value: JSON, schemas: list[dict[str, Any]], copying: _Copying, depth: int, told: bool) -> JSON:
    told = told or _TELLING.search(str(name)) is not None
    if value not in (None, "") and (
        (told and isinstance(value, str)) or any(_is_secret(one, copying.defs) for one in schemas)
    ):
        return REDACTED
    return _redact(value, {"allOf": schemas} if len(schemas) != 1 else schemas[0], copying, depth + 1, told)


def _of_key(key: str, forms: list[dict[str, Any]], defs: dict[str, Any]) -> list[dict[str, Any]]:
    """What the forms say about one field, which may come under its name in Python. What a form does not know
    and does not take is a field with an alias of its own, or misspelt: it is a secret where the form has one."""
    found = []
    for form in forms:
        properties, others = form.get("properties") or {}, form.get("additionalProperties")
        schema = properties[key] if key in properties else properties.get(_in_json(str(key)), others)
        if isinstance(schema, dict):
            found.append(schema)
        elif others is False and any(_is_secret(each, defs) for each in properties.values()):
            found.append({"secret": True})
    return found


@lru_cache(maxsize=1024)
def _in_json(name: str) -> str:
    """What a field with this name in Python is called in messages."""
    # Imported here: who logs and audits without schemas does without all that it imports.
    from pydantic.alias_generators import to_camel

    return to_camel(name)


def _forms(schema: dict[str, Any], defs: dict[str, Any]) -> list[dict[str, Any]]:
    """The schema itself and all it refers to or is made of. Which of several alternatives a value is does not matter: a
    secret of any of them is one."""
    found: list[dict[str, Any]] = []
    waiting = [schema]
    while waiting and len(found) < _MAX_FORMS:
        one = waiting.pop()
        if not one or any(one is other for other in found):
            continue
        found.append(one)
        if isinstance(reference := one.get("$ref"), str):
            waiting.append(defs.get(reference.rsplit("/", 1)[-1]) or {})
        for keyword in ("allOf", "anyOf", "oneOf"):
            waiting += [part for part in one.get(keyword) or () if isinstance(part, dict)]
    return found


def _is_secret(schema: dict[str, Any], defs: dict[str, Any]) -> bool:
    return any(
        form.get("secret") or form.get("writeOnly") or form.get("format") == "password" for form in _forms(schema, defs)
    )
