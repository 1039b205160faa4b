"""The schema of a port whose whole message is a definition that other ports have too."""

from __future__ import annotations

from collections.abc import Iterable

from weirflow.schema.identity import ID, named
from weirflow.schema.lift import camel
from weirflow.schema.walk import Schema, reachable, reference_to


def named_schema(id: str, module: str, schemas: Iterable[Schema]) -> Schema:
    """A reference to the definition that an author named `id`: as one of the component's `schemas` has it, else open.

    `module` is the Python module of the component. Raises `TypeError` where the id could mean several definitions.
    """
    found: dict[str, tuple[str, Schema]] = {}
    for schema in schemas:
        for key, definition in schema.get("$defs", {}).items():
            identity = definition.get(ID, "")
            if identity.endswith(f"#{id}"):
                found.setdefault(identity, (key, schema))
    if len(found) > 1:
        raise TypeError(f"{id} may be any of {', '.join(sorted(found))}; give them different ids")
    for key, schema in found.values():
        definitions = {name: schema["$defs"][name] for name in sorted(reachable(schema, [key]))}
        return {"$defs": definitions, "$ref": reference_to(key)}
    key = camel(id)
    title = id.replace("-", " ").replace("_", " ").capitalize()
    return {
        "$defs": {key: {ID: named(module, id), "title": title, "configurable": True}},
        "$ref": reference_to(key),
    }
