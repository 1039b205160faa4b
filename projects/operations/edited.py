"""Which definitions of a port people may edit, and what they may say of them."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

from projects.operations.schemas import Fault, pointer_of
from weirflow.schema.document import Document
from weirflow.schema.edited import edited_schema
from weirflow.schema.identity import ID
from weirflow.schema.walk import inner

_ELSEWHERE = ("$ref", "$dynamicRef", "$defs", "$id", "$schema", ID)


def open_definitions(schema: Mapping[str, Any] | None) -> set[str]:
    """Identities of the definitions in a port's schema that its component leaves to people."""
    document = Document.of(dict(schema) if schema else None)
    if document is None:
        return set()
    return {part.identity for part in document.travelling if part.schema.get("configurable") is True}


def schema_fault(schema: dict[str, Any]) -> Fault | None:
    """What is wrong with what somebody says of a definition; None if nothing is. It stands alone: references, which
    could lead round in circles, are not for it."""
    problem = Document(edited_schema({"": schema})).problem
    if problem:
        return Fault("", f"it {problem}", "size")
    error = next(Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(schema), None)
    if error is not None:
        return Fault(pointer_of(error), error.message[:300], str(error.validator))
    parts = [schema]
    while parts:
        part = parts.pop()
        word = next((word for word in _ELSEWHERE if word in part), None)
        if word is not None:
            return Fault("", f"{word} leads elsewhere; write the whole schema in its place", word)
        parts.extend(inner(part))
    return None
