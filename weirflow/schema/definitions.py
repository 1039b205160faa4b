"""What is known of the definitions at one place: the best of each, and how two are brought together."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import cached_property
from typing import Any

from weirflow.schema.document import Definition
from weirflow.schema.identity import free_key
from weirflow.schema.walk import Schema, listed_in, named_in, with_references

#: What a definition says about where it stands, which another one does not take over.
PLACE = ("path", "port", "configurable", "shared", "readonly", "x-id", "propertyOrder", "configure")


class Definitions:
    """Definitions by identity, immutable. Equal when they say the same."""

    def __init__(self, found: Mapping[str, Definition]) -> None:
        self._found = dict(found)

    @staticmethod
    def best(found: Iterable[Definition]) -> Definitions:
        """Of each identity the first that says something, else the first."""
        best: dict[str, Definition] = {}
        for definition in found:
            known = best.get(definition.identity)
            if known is None or (known.bare and not definition.bare):
                best[definition.identity] = definition
        return Definitions(best) if best else NONE

    def __iter__(self) -> Any:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Definitions):
            return NotImplemented
        return self is other or self._found == other._found

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def bare(self) -> bool:
        """Whether none of them says anything."""
        return all(definition.bare for definition in self._found.values())

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(sorted(self._found)))

    @cached_property
    def _by_key(self) -> Mapping[str, list[Definition]]:
        keys: dict[str, list[Definition]] = {}
        for definition in self._found.values():
            keys.setdefault(definition.key, []).append(definition)
        return keys

    def like(self, key: str, id: str) -> Definition | None:
        """The one that is the same as the definition `key` with the identity `id`: of the same identity; where one of
        the two has none, of the same key. None where several could be meant.
        """
        known = self._found.get(id or f"key {key}")
        if known is not None:
            return known
        alike = [one for one in self._by_key.get(key, ()) if not (one.id and id)]
        return alike[0] if len(alike) == 1 else None

    def filled(self, other: Definitions) -> Definitions:
        """These, and where one is missing or says nothing, what `other` says."""
        if not other:
            return self
        return Definitions.best((*self, *other)) if self else other


NONE = Definitions({})


def union(first: Definition, second: Definition) -> Definition:
    """Both in one: the fields of both; where they contradict each other, the first is right."""
    if second.bare or first.digest == second.digest:
        return first
    if first.bare:
        return second
    parts: dict[str, Schema] = dict(first.parts)
    keys = adopt(second, parts, first.key)
    schema = _joined(first.schema, with_references(second.schema, keys))
    return Definition.of(first.key, schema, parts, first.path, edited=first.edited or second.edited)


def adopt(definition: Definition, into: dict[str, Schema], key: str, changing: Container[str] = ()) -> dict[str, str]:
    """Bring the parts of `definition` into the definitions `into`, where it is itself known as `key`.

    Returns the keys under which they stand there (old -> new). What stands there under the same key, and is the same,
    is not brought again, unless it is one of those `changing`.
    """
    keys = {definition.key: key}
    taken = {*into, key}
    fresh: list[str] = []
    for name, part in definition.parts.items():
        if name != key and name not in changing and into.get(name) == part:
            keys[name] = name
            continue
        keys[name] = free_key(name, taken)
        taken.add(keys[name])
        fresh.append(name)
    into.update({keys[name]: with_references(definition.parts[name], keys) for name in fresh})
    return keys


def _joined(first: Schema, second: Schema) -> Schema:
    ours, theirs = named_in(first, "properties"), named_in(second, "properties")
    if not ours or not theirs:
        return first
    joined = dict(ours)
    for name, field in theirs.items():
        known = joined.get(name)
        joined[name] = _joined(known, field) if isinstance(known, dict) and isinstance(field, dict) else known or field
    required = [name for name in listed_in(first, "required") if name in listed_in(second, "required")]
    return {**{word: value for word, value in first.items() if word != "required"}, "properties": joined} | (
        {"required": required} if required else {}
    )
