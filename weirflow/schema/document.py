"""A port's schema, read once: what it defines, and a digest by which two of them compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any

import orjson

from weirflow.schema.bounds import too_large
from weirflow.schema.identity import ID
from weirflow.schema.lift import is_open
from weirflow.schema.walk import Schema, listed_in, named_in, reachable, reference, resolved, with_references

#: Schemas kept read at the same time; the flows of a server have a few hundred.
_KEPT = 1_024
#: Definitions of one schema that may be told to other ports, and what they may bring along in all.
TRAVELLING_LIMIT = 200
PARTS_LIMIT = 2_000


def digest_of(value: Any) -> bytes:
    """Equal for equal JSON, whatever the order of keys. Raises `TypeError` for what is none, or not in 64 bits."""
    return blake2b(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def digest_of_any(value: Any) -> bytes:
    """As `digest_of`; of what is no JSON, something that is as good to tell it from other values."""
    try:
        return digest_of(value)
    except TypeError:
        return blake2b(repr(value).encode("utf-8", "replace"), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Definition:
    """One of a schema's `$defs`, with those that it refers to (`parts`, by key). They are shared: nobody changes them.

    `id` is empty where the module knows no identities, `path` (JSONPath from the root of the message) where nothing in
    the schema leads to it. `edited`: somebody has said what is in it, the component did not.
    """

    key: str
    id: str
    path: str
    schema: Schema = field(compare=False, hash=False)
    parts: Mapping[str, Schema] = field(compare=False, hash=False)
    edited: bool
    digest: bytes

    @classmethod
    def of(cls, key: str, schema: Schema, parts: Mapping[str, Schema], path: str, *, edited: bool) -> Definition:
        """Raises `TypeError` for a schema that is no JSON."""
        return cls(key, str(schema.get(ID) or ""), path, schema, parts, edited, digest_of([schema, dict(parts)]))

    @property
    def identity(self) -> str:
        """By what it is known: its id, else its key."""
        return self.id or f"key {self.key}"

    @property
    def bare(self) -> bool:
        """Whether it says nothing about what is in it."""
        return is_open(self.schema)

    def without_promises(self) -> Definition:
        """As it may be told to those that send: they never said that all of it is there."""
        if "required" not in self.schema:
            return self
        schema = {word: value for word, value in self.schema.items() if word != "required"}
        return Definition.of(self.key, schema, self.parts, self.path, edited=self.edited)

    def told_to(self, other: Definition, *, edited: bool) -> Definition:
        """What this says, in the place of `other`."""
        if self.key == other.key:
            return replace(self, id=other.id, path=other.path, edited=edited)
        keys = {self.key: other.key}
        parts = {name: with_references(part, keys) for name, part in self.parts.items() if name != other.key}
        made = Definition.of(other.key, with_references(self.schema, keys), parts, other.path, edited=edited)
        return replace(made, id=other.id)


class Document:
    """A schema with its definitions. `problem` says why one cannot be read, as the end of a sentence; it then defines
    nothing, and is equal to itself alone.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.problem = too_large(schema)
        self.digest = b""
        if not self.problem:
            try:
                self.digest = digest_of(schema)
            except TypeError as error:
                self.problem = f"is no JSON: {error}"

    @staticmethod
    def of(schema: Schema | None) -> Document | None:
        """The document of a schema; the same one for the same object. None for a port without a schema."""
        if not schema:
            return None
        known = _documents.get(id(schema))
        if known is not None and known.schema is schema:
            return known
        if len(_documents) >= _KEPT:
            _documents.clear()
        # The schema is held by its document, so that its id stays its own.
        document = _documents[id(schema)] = Document(schema)
        return document

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        return self is other or (self.digest == other.digest and self.digest != b"")

    def __hash__(self) -> int:
        return hash(self.digest) if self.digest else id(self)

    @cached_property
    def defined(self) -> Mapping[str, Schema]:
        """Its `$defs`."""
        if self.problem:
            return {}
        return {key: part for key, part in named_in(self.schema, "$defs").items() if isinstance(part, dict)}

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """Where the message first has each definition. A public module says so itself, of ours it follows."""
        paths = dict(_paths(self.schema)) if self.defined else {}
        stated = {key: part["path"] for key, part in self.defined.items() if isinstance(part.get("path"), str)}
        return paths | stated

    @cached_property
    def travelling(self) -> tuple[Definition, ...]:
        """The definitions that may be told to other ports (`configurable`, `shared`), as many as are within limits."""
        found: list[Definition] = []
        parts = 0
        for key in [key for key, part in self.defined.items() if _travels(part)][:TRAVELLING_LIMIT]:
            definition = self.definition(key)
            parts += len(definition.parts)
            if parts <= PARTS_LIMIT:
                found.append(definition)
        return tuple(found)

    def definition(self, key: str, *, edited: bool = False) -> Definition:
        """The definition `key` with its parts."""
        parts = {name: self.defined[name] for name in sorted(reachable(self.schema, [key]) - {key})}
        return Definition.of(key, self.defined[key], parts, self.paths.get(key, ""), edited=edited)

    @cached_property
    def root(self) -> Schema:
        """What the whole message is, with its reference followed."""
        return {} if self.problem else resolved(self.schema, self.schema)


_documents: dict[int, Document] = {}


def _travels(definition: Schema) -> bool:
    return definition.get("shared") is True or definition.get("configurable") is True


def _paths(root: Schema) -> Iterator[tuple[str, str]]:
    """Each definition with the first JSONPath that leads to it, by names and first items."""
    definitions = named_in(root, "$defs")
    seen: set[str] = set()
    level: list[tuple[Schema, str]] = [(root, "$")]
    while level:
        below: list[tuple[Schema, str]] = []
        for schema, path in level:
            part: Any = schema
            while isinstance(part, dict) and (key := reference(part)) is not None and key not in seen:
                seen.add(key)
                yield key, path
                part = definitions.get(key)
            if isinstance(part, dict) and reference(part) is None:
                below.extend(_steps(part, path))
        level = below


def _steps(schema: Schema, path: str) -> Iterator[tuple[Schema, str]]:
    for name, part in named_in(schema, "properties").items():
        if isinstance(part, dict):
            yield part, f"{path}.{name}" if name.isidentifier() else f"{path}[{orjson.dumps(name).decode()}]"
    if isinstance(schema.get("items"), dict):
        yield schema["items"], f"{path}[0]"
    for word in ("anyOf", "oneOf", "allOf"):
        for member in listed_in(schema, word):
            if isinstance(member, dict):
                yield member, path
