"""Settings against a component's JSON Schema, and literals where secrets belong."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jsonschema.exceptions import ValidationError

from projects.operations.documents import pointer
from weirflow.expressions.origin import comes_from_message
from weirflow.schema.document import Document
from weirflow.schema.validate import Undecided, check
from weirflow.schema.walk import listed_in, named_in
from weirflow.secret_references import reference_in

_FOR_OTHERS = ("required", "format")
_MOST_PLACES = 200_000


class Fault(NamedTuple):
    """What is wrong in a document; `field` is a JSON pointer."""

    field: str
    message: str
    rule: str


class BrokenSchema(Exception):
    """The component's own schema cannot be used."""


def faults(schema: Mapping[str, Any], document: Any) -> list[Fault]:
    """The first faults of the document. A missing required field is not one: a node may be drawn before it is filled
    in, and the node itself says what it lacks; nor is a text of another format than the form asks for, or a reference
    to a secret, whatever the field wants. Raises BrokenSchema, also for a schema so large or winding that it cannot be
    checked."""
    known = Document.of(dict(schema) if not isinstance(schema, dict) else schema)
    if known is None:
        return []
    try:
        errors = check(known, document, without=_FOR_OTHERS).errors
    except Undecided as error:
        raise BrokenSchema(str(error)) from None
    # What a reference stands for is for the node to check.
    wrong = (error for error in errors if reference_in(error.instance) is None)
    return [Fault(pointer_of(error), _message(error), str(error.validator)) for error in wrong]


def pointer_of(error: ValidationError) -> str:
    return pointer(error.absolute_path)


def _message(error: ValidationError) -> str:
    """jsonschema's own words without the value where they would repeat a long one."""
    return error.message if len(error.message) <= 300 else f"does not fit the rule {error.validator!r}"


def literal_secrets(schema: Mapping[str, Any], document: Any, *, expressions: bool = False) -> set[str]:
    """JSON pointers of fields marked secret that hold a literal instead of `[[secret:name/key]]`.

    With `expressions` (mappings) an expression that takes its value from the message is allowed too. Raises
    BrokenSchema for a schema with so many ways to a value that they cannot all be looked at.
    """
    found: set[str] = set()
    seen: set[tuple[int, str]] = set()
    waiting: list[tuple[Any, Any, str, int]] = [(schema, document, "", 0)]
    while waiting:
        part, value, pointer, depth = waiting.pop()
        # Unions may lead to one definition in a thousand ways: it says the same each time.
        if not isinstance(part, Mapping) or value is None or depth > 128 or (id(part), pointer) in seen:
            continue
        seen.add((id(part), pointer))
        if len(seen) > _MOST_PLACES:
            raise BrokenSchema(f"it has more than {_MOST_PLACES:,} ways to the values of this document")
        if part.get("secret") is True or part.get("writeOnly") is True or part.get("format") == "password":
            if not _is_reference(value, expressions):
                found.add(pointer)
            continue
        waiting.append((_local_ref(schema, part.get("$ref")), value, pointer, depth + 1))
        for word in ("anyOf", "oneOf", "allOf"):
            waiting.extend((branch, value, pointer, depth + 1) for branch in listed_in(part, word))
        waiting.extend((inner, item, f"{pointer}/{step}", depth + 1) for inner, item, step in _inside(part, value))
    return found


def _inside(schema: Mapping[str, Any], value: Any) -> Iterator[tuple[Any, Any, str | int]]:
    """The fields or items of a value with what the schema says of each."""
    if isinstance(value, dict):
        properties = named_in(schema, "properties")
        for key, item in value.items():
            yield properties.get(key, schema.get("additionalProperties")), item, key
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield schema.get("items"), item, index


def _is_reference(value: Any, expressions: bool) -> bool:
    if not isinstance(value, str):
        return False
    return not value or reference_in(value) is not None or (expressions and comes_from_message(value))


def _local_ref(root: Mapping[str, Any], ref: Any) -> Any:
    if not isinstance(ref, str) or not ref.startswith("#/"):
        return None
    found: Any = root
    for step in ref[2:].split("/"):
        key = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, Mapping) or key not in found:
            return None
        found = found[key]
    return found
