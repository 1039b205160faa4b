"""A schema with what is known about its definitions laid over them."""

from __future__ import annotations

from collections.abc import Mapping

from weirflow.schema.definitions import PLACE, Definitions, adopt
from weirflow.schema.document import Definition, Document
from weirflow.schema.identity import ID
from weirflow.schema.lift import is_open
from weirflow.schema.walk import Schema, with_references


def overlaid(
    document: Document,
    found: Definitions,
    at_path: Mapping[str, Definition] | None = None,
    *,
    promised: bool = False,
) -> Document:
    """`document` with each of its definitions replaced by what is known of it; itself where nothing is.

    What says something beats what says nothing; what somebody has edited beats what the component says. A definition
    keeps its place (path, flags, identity) and loses `required`, unless that is `promised` (of an output, which asks
    for nothing). `at_path`: edited definitions of the same port by their path, for an older version may have called
    them otherwise.
    """
    if not document.defined or (found.bare and not at_path):
        return document
    replaced: dict[str, Definition] = {}
    for key, real in document.defined.items():
        known = _known(document, key, real, found, at_path or {})
        if known is not None and not known.bare and (known.edited or is_open(real)):
            replaced[key] = known
    if not replaced:
        return document
    definitions: dict[str, Schema] = dict(document.defined)
    for key, known in replaced.items():
        keys = adopt(known, definitions, key, replaced)
        said = with_references(known.schema, keys)
        if not promised:
            said.pop("required", None)
        definitions[key] = _in_place(document.defined[key], said)
    return Document({**document.schema, "$defs": dict(sorted(definitions.items()))})


def _known(
    document: Document, key: str, real: Schema, found: Definitions, at_path: Mapping[str, Definition]
) -> Definition | None:
    id = str(real.get(ID) or "")
    known = found.like(key, id)
    if known is None and at_path:
        other = at_path.get(document.paths.get(key, ""))
        known = other if other is not None and not (other.id and id) else None
    return known


def _in_place(real: Schema, known: Schema) -> Schema:
    content = {word: value for word, value in known.items() if word not in PLACE}
    told: Schema = {word: real[word] for word in ("title", "description") if word in real and word not in content}
    return {**content, **told, **{word: real[word] for word in PLACE if word in real}}
