"""Which definition is which: an identity that does not depend on a class's bare name (docs/adr/0035).

A type is identified by its module and qualified name, a field's own definition by its model's identity and the field,
and either by an id of the author's instead, which counts within the package. It stands in the definition as `x-id`;
the keys of `$defs` are for people, and for modules that know no identities.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any, get_args

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from weirflow.schema.walk import with_references

ID = "x-id"

_NUMBER = re.compile(r":\d+(?=$|[\[\],])")
_NO_KEY = re.compile(r"[^A-Za-z0-9._-]+")
_PLAIN = (str, bool, int, float, type(None))


def named(module: str, id: str) -> str:
    """The identity that an author's `id` in a Python module stands for: all of one package share their ids."""
    package = module.rpartition(".")[0] or module
    return f"{package}#{id}"


def identity_of(cls: Any) -> str:
    """The identity of a class, or of a generic one with its arguments: `shapes.Page[shapes.Item]`."""
    id = getattr(cls, "__dict__", {}).get("__definition_id__", "")
    if id:
        return named(cls.__module__, id)
    generic = getattr(cls, "__pydantic_generic_metadata__", None) or {}
    if generic.get("origin") is not None:
        return f"{identity_of(generic['origin'])}[{', '.join(map(identity_of, generic['args']))}]"
    return f"{cls.__module__}.{cls.__qualname__}" if isinstance(cls, type) and not get_args(cls) else repr(cls)


class IdentifiedSchema(GenerateJsonSchema):
    """Pydantic's generator, each definition with its identity."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._types: dict[str, str] = {}

    def generate(self, schema: CoreSchema, mode: JsonSchemaMode = "validation") -> JsonSchemaValue:
        return with_readable_keys(super().generate(schema, mode))

    def generate_inner(self, schema: Any) -> JsonSchemaValue:
        made = super().generate_inner(schema)
        reference = schema.get("ref")
        if reference is not None:
            key, _ = self.get_cache_defs_ref_schema(reference)
            definition = self.definitions.get(key)
            if definition is not None and ID not in definition:
                definition[ID] = self._distinct(_NUMBER.sub("", reference), reference)
        return made

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        cls = schema["cls"]
        made[ID] = identity_of(cls)
        if "ref" in schema:
            self._distinct(made[ID], schema["ref"])
        for field in made.get("properties", {}).values():
            if ID in field:
                field[ID] = named(cls.__module__, field[ID])
        return made

    def encode_default(self, dft: Any) -> Any:
        # For the others a serializer is built, each time.
        return dft if type(dft) in _PLAIN else super().encode_default(dft)

    def _distinct(self, identity: str, reference: str) -> str:
        """`identity`, unless another type in this schema has it as well."""
        if self._types.setdefault(identity, reference) != reference:
            raise TypeError(
                f"two different types are both {identity}; rename one, or tell them apart: class ...(Model, id='...')"
            )
        return identity


def with_readable_keys(document: JsonSchemaValue) -> JsonSchemaValue:
    """The same document; the key of each definition with an identity is the shortest end of it that no other has."""
    definitions: dict[str, Any] = document.get("$defs", {})
    names = {key: _parts(definition[ID]) for key, definition in definitions.items() if ID in definition}
    keys: dict[str, str] = {}
    taken = set(definitions) - set(names)
    for key, parts in sorted(names.items(), key=lambda item: item[1]):
        others = [other for other in names.values() if other != parts]
        length = 1
        while length < len(parts) and any(other[-length:] == parts[-length:] for other in others):
            length += 1
        keys[key] = free_key(".".join(parts[-length:]), taken)
        taken.add(keys[key])
    if all(old == new for old, new in keys.items()):
        return document
    renamed = with_references(document, keys)
    renamed["$defs"] = dict(sorted((keys.get(key, key), value) for key, value in renamed["$defs"].items()))
    return renamed


def free_key(key: str, taken: Container[str]) -> str:
    """`key`, numbered if it is taken."""
    number = 2
    free = key
    while free in taken:
        free = f"{key}{number}"
        number += 1
    return free


def _parts(identity: str) -> list[str]:
    """`modules.http.messages.RequestOutput` in its parts, each fit for a key; of an author's id only that."""
    words = [identity.rpartition("#")[2]] if "#" in identity else _split(identity)
    return [_NO_KEY.sub("_", word).strip("_") for word in words if word != "<locals>"]


def _split(identity: str) -> list[str]:
    """At the dots outside brackets, in which the bare names will do: `a.Page[a.Item]` is `a` and `Page[Item]`."""
    head, bracket, arguments = identity.partition("[")
    words = head.split(".")
    return [*words[:-1], words[-1] + bracket + re.sub(r"[\w.<>]+\.", "", arguments)]
