"""The fields that a schema declares for a value, there or not: those with conditions, and those that are secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weirflow.conditions import holds
from weirflow.errors import JSON
from weirflow.mappings.evaluate import pointer
from weirflow.schema.walk import Schema, listed_in, named_in, resolved

#: Fields that are looked at; unions count each member's.
FIELDS_LIMIT = 5_000
_DEPTH = 64


@dataclass(frozen=True, slots=True)
class DeclaredField:
    """A declared field of the object `beside` it stands in. `value` is None where it is absent."""

    pointer: str
    schema: Schema
    value: JSON
    beside: dict[str, JSON]

    @property
    def is_secret(self) -> bool:
        """Whether its value is a reference to a secret, which is not looked into."""
        marked = self.schema.get("secret") is True or self.schema.get("writeOnly") is True
        return marked or self.schema.get("format") == "password"

    def holds(self, keyword: str) -> bool:
        """Whether the condition under `requiredWhen` or `optionalWhen` holds; not if there is none."""
        return holds(self.schema.get(keyword), self.beside)

    @property
    def sibling(self) -> str:
        """The pointer of the field that its condition asks for."""
        condition = self.schema.get("requiredWhen") or self.schema.get("optionalWhen")
        return pointer(self.pointer.rpartition("/")[0], condition[0]) if condition else ""


def declared_fields(root: Schema, value: JSON) -> Iterator[DeclaredField]:
    """The fields that the schema `root` declares for the objects in `value`, of all members of unions."""
    left = FIELDS_LIMIT
    waiting: list[tuple[Any, JSON, str, int]] = [(root, value, "", 0)]
    while waiting:
        schema, part, at, depth = waiting.pop()
        if not isinstance(schema, dict) or depth > _DEPTH:
            continue
        schema = resolved(schema, root)
        left -= 1
        if left < 0:
            return
        for word in ("allOf", "anyOf", "oneOf"):
            waiting.extend((member, part, at, depth + 1) for member in listed_in(schema, word))
        if isinstance(part, dict):
            declared = named_in(schema, "properties")
            for name, field in declared.items():
                if not isinstance(field, dict):
                    continue
                left -= 1
                if left < 0:
                    return
                yield DeclaredField(pointer(at, name), resolved(field, root), part.get(name), part)
                if isinstance(part.get(name), dict | list):
                    waiting.append((field, part[name], pointer(at, name), depth + 1))
            others = schema.get("additionalProperties")
            if isinstance(others, dict):
                inside = [name for name in part if name not in declared and isinstance(part[name], dict | list)]
                waiting.extend((others, part[name], pointer(at, name), depth + 1) for name in inside)
        elif isinstance(part, list):
            items = schema.get("items")
            inside_list = [(index, item) for index, item in enumerate(part) if isinstance(item, dict | list)]
            waiting.extend((items, item, pointer(at, index), depth + 1) for index, item in inside_list)
