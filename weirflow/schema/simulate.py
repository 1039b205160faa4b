"""Data that a schema describes, made up: the same each time, and no more than a person would look at."""

from __future__ import annotations

import math
from typing import Any

from weirflow.errors import JSON
from weirflow.schema.document import Document
from weirflow.schema.formats import SAMPLES
from weirflow.schema.patterns import pattern_fits
from weirflow.schema.types import choices, limit_in, members_of, misfit, types_of
from weirflow.schema.walk import Schema, listed_in, named_in, reference, resolved

#: Values in all; what comes after is left out where it may be, and null where it may not.
VALUES_LIMIT = 2_000
#: How often a definition stands inside itself, where it need not.
ROUNDS = 1
_DEPTH = 24
_TEXTS = ("text", "a", "A", "1", "/", "a1", "a-b", "#000000", "a@b.c", "https://example.org", "2026-01-31", "")


def simulate(document: Document) -> JSON:
    """A message that fits the schema, as far as one can be made up; null where the schema leaves it open.

    Of each value the first that there is: its default, its first choice, a text of its format, its first example, a
    value of its type within its limits.
    """
    if document.problem:
        return None
    return _Simulation(document.schema).value(document.schema, "")


class _Simulation:
    def __init__(self, root: Schema) -> None:
        self._root = root
        self._left = VALUES_LIMIT
        self._inside: list[str] = []

    def value(self, schema: Any, name: str, variant: int = 0, needed: bool = True) -> JSON:
        """`variant` tells the items of a list apart, `name` is the field's."""
        self._left -= 1
        if not isinstance(schema, dict) or self._left < 0 or len(self._inside) > _DEPTH:
            return None
        key = reference(schema)
        if key is not None:
            self._inside.append(key)
        try:
            return self._of(_with_all(resolved(schema, self._root), self._root), name, variant)
        finally:
            if key is not None:
                self._inside.pop()

    def _of(self, schema: Schema, name: str, variant: int) -> JSON:
        told = self._told(schema, variant)
        if told is not None:
            return told
        member = self._member(schema)
        if member is not None:
            rest = {word: value for word, value in schema.items() if word not in ("anyOf", "oneOf")}
            return self.value({**rest, **member} if rest else member, name, variant)
        types = types_of(schema, self._root)
        kind = next((one for one in _stated(schema) if one != "null"), None) or min(types - {"null"}, default=None)
        match kind:
            case "string":
                return _text(schema, name, variant)
            case "integer" | "number":
                return _number(schema, kind == "integer", variant)
            case "boolean":
                return variant % 2 == 0
            case "array":
                return self._list(schema, name)
            case "object":
                return self._object(schema)
        return None

    def _told(self, schema: Schema, variant: int) -> JSON:
        """What the schema itself names: null if it names nothing."""
        candidates: list[JSON] = []
        if variant == 0:
            candidates.append(schema.get("default"))
        values = choices(schema, self._root) if "enum" in schema or "const" in schema else []
        if values:
            candidates.append(values[variant % len(values)])
        if schema.get("format") in SAMPLES and variant == 0:
            candidates.append(SAMPLES[schema["format"]])
        candidates += listed_in(schema, "examples")[variant : variant + 1]
        for candidate in candidates:
            if candidate is not None and not misfit(candidate, schema, self._root) and _matches(candidate, schema):
                return candidate
        return None

    def _member(self, schema: Schema) -> Schema | None:
        """The member of a union that is made up: the first that is no null and does not lead round again."""
        members = [one for one in members_of(schema) if isinstance(one, dict)]
        null, again = None, None
        for one in members:
            if types_of(one, self._root) == {"null"}:
                null = one if null is None else null
            elif self._may_enter(one):
                return one
            else:
                again = one if again is None else again
        return null if null is not None else again

    def _object(self, schema: Schema) -> JSON:
        fields, required = named_in(schema, "properties"), listed_in(schema, "required")
        made: dict[str, JSON] = {}
        for name, field in fields.items():
            if name in required or (self._left > 0 and field is not False and self._may_enter(field)):
                made[name] = self.value(field, name)
        others = schema.get("additionalProperties", not fields)
        for name in required:
            if name not in made:
                made[name] = self.value(others, name)
        if others is not False and (isinstance(others, dict) and not fields and self._may_enter(others)):
            made.setdefault("key", self.value(others, "key"))
        least, most = limit_in(schema, "minProperties") or 0, limit_in(schema, "maxProperties")
        for index in range(1, int(min(least, VALUES_LIMIT)) + 1):
            if len(made) < least and others is not False:
                made.setdefault(f"key{index}", self.value(others, "key", index))
        if most is not None and len(made) > most:
            spare = [name for name in made if name not in required]
            for name in spare[::-1][: int(len(made) - most)]:
                del made[name]
        return made

    def _list(self, schema: Schema, name: str) -> JSON:
        first, items = listed_in(schema, "prefixItems"), schema.get("items", True)
        made = [self.value(item, name) for item in first]
        wanted = limit_in(schema, "minItems") or 0
        if isinstance(items, dict) and self._may_enter(items):
            wanted = max(wanted, 1)
        most = limit_in(schema, "maxItems")
        wanted = min(wanted, VALUES_LIMIT if most is None else most, VALUES_LIMIT)
        while len(made) < wanted and self._left > 0:
            variant = len(made) if schema.get("uniqueItems") is True else 0
            made.append(self.value(items, name, variant))
        return made

    def _may_enter(self, schema: Any) -> bool:
        """Whether a part that need not be there would not lead round and round."""
        if not isinstance(schema, dict):
            return True
        keys = [reference(part) for part in (schema, *members_of(schema)) if isinstance(part, dict)]
        return all(key is None or self._inside.count(key) < ROUNDS for key in keys)


def _with_all(schema: Schema, root: Schema) -> Schema:
    """`schema` with what all of its `allOf` say, put together."""
    for part in listed_in(schema, "allOf"):
        if isinstance(part, dict):
            other = resolved(part, root)
            fields = {**named_in(schema, "properties"), **named_in(other, "properties")}
            required = [*listed_in(schema, "required"), *listed_in(other, "required")]
            schema = {**schema, **{word: value for word, value in other.items() if word != "allOf"}}
            schema |= {"properties": fields, "required": required} if fields or required else {}
    return schema


def _stated(schema: Schema) -> list[str]:
    stated = schema.get("type")
    return [stated] if isinstance(stated, str) else [one for one in listed_in(schema, "type") if isinstance(one, str)]


def _text(schema: Schema, name: str, variant: int) -> str:
    title = schema.get("title")
    texts = [title.lower() if isinstance(title, str) and title else name or "text", *_TEXTS]
    least, most = limit_in(schema, "minLength") or 0, limit_in(schema, "maxLength")
    for text in texts:
        if variant:
            text = f"{variant}{text}"
        if len(text) < least <= VALUES_LIMIT:
            text += "x" * int(least - len(text))
        if most is not None:
            text = text[: int(max(most, 0))]
        if _matches(text, schema):
            return text
    return texts[0]


def _matches(value: JSON, schema: Schema) -> bool:
    """Whether a text is as its pattern asks; what cannot be told is taken for a yes."""
    pattern = schema.get("pattern")
    return not isinstance(value, str) or not isinstance(pattern, str) or pattern_fits(pattern, value) is not False


def _number(schema: Schema, whole: bool, variant: int) -> JSON:
    def limit(*keywords: str) -> list[float]:
        return [number for word in keywords if (number := limit_in(schema, word)) is not None]

    low = max(limit("minimum", "exclusiveMinimum"), default=-math.inf)
    high = min(limit("maximum", "exclusiveMaximum"), default=math.inf)
    step = next(iter(limit("multipleOf")), 1 if whole else 0.5)
    step = step if step > 0 else 1
    start = (1 if whole else 1.5) if step in (1, 0.5) else step
    if not low <= start <= high:
        start = low if low > -math.inf else high if high < math.inf else start
    first = math.ceil(start / step)
    for count in (*range(first + variant, first + variant + 3), *range(first - 1, first - 4, -1)):
        number = count * step
        number = int(number) if whole else number
        if not misfit(number, schema, schema):
            return number
    # Between two limits closer than the step.
    return (low + high) / 2 if not whole and math.isfinite(low + high) else int(first * step) if whole else first * step
