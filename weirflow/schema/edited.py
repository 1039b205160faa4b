"""What people say is in the open definitions of a port, as the schema that stands in its node's resource."""

from __future__ import annotations

from collections.abc import Mapping

from weirflow.schema.identity import ID, with_readable_keys
from weirflow.schema.walk import Schema

#: An identity of this form is nothing but a key: the module that made the schema knows no identities.
_BY_KEY = "key "


def edited_schema(said: Mapping[str, Schema]) -> Schema:
    """`said` (what is in a definition, by its identity) as a schema without a root: only its definitions count."""
    definitions: dict[str, Schema] = {}
    for identity, schema in said.items():
        part = {**schema, "configurable": True}
        if identity.startswith(_BY_KEY):
            definitions[identity.removeprefix(_BY_KEY)] = part
        else:
            definitions[identity] = {**part, ID: identity}
    return with_readable_keys({"$defs": definitions})
