"""Gives the fields whose shape is open, or shared, a definition of their own.

What a person may define (a router's message, whatever it is), and what another port takes over, has to be found by its
identity: it moves from the field into `$defs`, and the field refers to it.
"""

from __future__ import annotations

import re
from typing import Any

from weirflow.schema.identity import ID, free_key
from weirflow.schema.walk import Schema, listed_in, rebuilt, reference, reference_to

#: What says which values fit; all else is about the field and stays with it.
SHAPE = frozenset(
    (
        *("type", "enum", "const", "items", "prefixItems", "properties", "required", "additionalProperties"),
        *("patternProperties", "propertyNames", "minProperties", "maxProperties", "minItems", "maxItems"),
        *("uniqueItems", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum"),
        *("exclusiveMaximum", "multipleOf", "anyOf", "oneOf", "allOf", "discriminator", "$ref"),
    )
)
#: What a definition says of itself, because whoever meets it may not see the field.
FLAGS = ("configurable", "shared", "readonly")


def is_open(schema: Any) -> bool:
    """Whether its values may have any shape: no type, or an object or list that says nothing of what is in it."""
    if not isinstance(schema, dict):
        return schema is True
    said = {word for word in SHAPE if word in schema and schema[word] not in (True, {}, [])}
    if said == {"anyOf"}:
        return all(member == {"type": "null"} or is_open(member) for member in listed_in(schema, "anyOf"))
    return not said or (said == {"type"} and schema["type"] in ("object", "array"))


def with_own_definitions(document: Schema) -> Schema:
    """`document` with the open or shared fields of its models in definitions of their own."""
    return _Lifter(document).document


class _Lifter:
    def __init__(self, document: Schema) -> None:
        self._keys: dict[str, str] = {}
        self._lifted: dict[str, Schema] = {}
        self._flags: dict[str, Schema] = {}
        self._taken = set(document.get("$defs", ()))
        lifted = rebuilt(document, self._fields)
        definitions = lifted.pop("$defs", {}) | self._lifted
        for key, flags in self._flags.items():
            if key in definitions:
                definitions[key] |= flags
        self.document: Schema = {"$defs": dict(sorted(definitions.items())), **lifted} if definitions else lifted

    def _fields(self, part: Schema) -> Schema:
        if ID in part and "properties" in part:
            part["properties"] = {name: self._field(part, name, field) for name, field in part["properties"].items()}
        return part

    def _field(self, owner: Schema, name: str, field: Schema) -> Schema:
        flags = {word: True for word in FLAGS if field.get(word) is True}
        if not (flags.keys() & {"configurable", "shared"}):
            return field
        key = _model(field)
        if key is not None:
            if ID in field:
                raise TypeError(f"{owner[ID]}.{name}: its type has an identity already; leave id=... out")
            self._flags.setdefault(key, {}).update(flags)
            return field
        if not (is_open(field) or "shared" in flags or ID in field):
            return field
        made = {ID: field.get(ID, f"{owner[ID]}.{name}"), "title": field.get("title", name), **flags}
        made |= {word: value for word, value in field.items() if word in SHAPE}
        key = self._define(made, f"{owner[ID]}.{name}", name)
        beside = {word: value for word, value in field.items() if word not in SHAPE and word != ID}
        return {"$ref": reference_to(key), **beside}

    def _define(self, made: Schema, where: str, name: str) -> str:
        identity = made[ID]
        known = self._keys.get(identity)
        if known is not None:
            if _shape(self._lifted[known]) != _shape(made):
                raise TypeError(
                    f"{where} has another type than the other field with the id {identity}; give both the same, or one"
                    " of them another id"
                )
            self._lifted[known] |= {word: True for word in FLAGS if word in made}
            return known
        plain = camel(identity.rpartition("#")[2] if "#" in identity else name)
        key = plain if plain not in self._taken else free_key(camel(where.split(".")[-2]) + plain, self._taken)
        self._taken.add(key)
        self._keys[identity] = key
        self._lifted[key] = made
        return key


def _model(field: Schema) -> str | None:
    """The definition that a field refers to, perhaps beside null."""
    key = reference(field)
    if key is None and isinstance(field.get("anyOf"), list):
        found = [reference(member) for member in field["anyOf"] if member != {"type": "null"}]
        key = found[0] if len(found) == 1 else None
    return key


def _shape(definition: Schema) -> dict[str, Any]:
    return {word: value for word, value in definition.items() if word in SHAPE}


def camel(name: str) -> str:
    """`router-message` -> `RouterMessage`."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", name) if word)
