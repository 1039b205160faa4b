"""Settings against a component's JSON Schema, and literals where secrets belong."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jsonschema.exceptions import ValidationError

from weirflow.schema.document import Document
from weirflow.schema.validate import Undecided, check

SECRET_REFERENCE = re.compile(r"^\[\[secret:[^\[\]/]+/[^\[\]/]+\]\]$")
_EXPRESSION = re.compile(r"^\s*\{\{\s*\$[^{}]*\}\}\s*$")
_FOR_OTHERS = ("required", "format")


class Fault(NamedTuple):
    """What is wrong in a document; `field` is a JSON pointer."""

    field: str
    message: str
    rule: str


class BrokenSchema(Exception):
    """The component's own schema cannot be used."""


def faults(schema: Mapping[str, Any], document: Any) -> list[Fault]:
    """The first faults of the document. A missing required field is not one: a node may be drawn before it is filled
    in, and the node itself says what it lacks; nor is a text of another format than the form asks for. Raises
    BrokenSchema, also for a schema so large or winding that it cannot be checked."""
    known = Document.of(dict(schema) if not isinstance(schema, dict) else schema)
    if known is None:
        return []
    try:
        errors = check(known, document, without=_FOR_OTHERS).errors
    except Undecided as error:
        raise BrokenSchema(str(error)) from None
    return [Fault(_pointer(error), _message(error), str(error.validator)) for error in errors]


def _pointer(error: ValidationError) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in error.absolute_path)


def _message(error: ValidationError) -> str:
    """jsonschema's own words without the value where they would repeat a long one."""
    return error.message if len(error.message) <= 300 else f"does not fit the rule {error.validator!r}"


def literal_secrets(schema: Mapping[str, Any], document: Any, *, expressions: bool = False) -> set[str]:
    """JSON pointers of fields marked secret that hold a literal instead of `[[secret:name/key]]`.

    With `expressions` (mappings) a value that is one `{{ $... }}` expression is allowed too.
    """
    return set(_secrets(schema, schema, document, "", expressions, 0))


def _secrets(
    root: Mapping[str, Any], schema: Any, value: Any, pointer: str, expressions: bool, depth: int
) -> Iterator[str]:
    if not isinstance(schema, Mapping) or depth > 64 or value is None:
        return
    if schema.get("secret") is True or schema.get("writeOnly") is True or schema.get("format") == "password":
        if not _is_reference(value, expressions):
            yield pointer
        return
    target = _local_ref(root, schema.get("$ref"))
    if target is not None:
        yield from _secrets(root, target, value, pointer, expressions, depth + 1)
    for word in ("anyOf", "oneOf", "allOf"):
        for branch in schema.get(word) or ():
            yield from _secrets(root, branch, value, pointer, expressions, depth + 1)
    if isinstance(value, dict):
        properties = schema.get("properties") or {}
        for key, item in value.items():
            inner = properties.get(key, schema.get("additionalProperties"))
            yield from _secrets(root, inner, item, f"{pointer}/{key}", expressions, depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secrets(root, schema.get("items"), item, f"{pointer}/{index}", expressions, depth + 1)


def _is_reference(value: Any, expressions: bool) -> bool:
    if not isinstance(value, str):
        return False
    return not value or bool(SECRET_REFERENCE.match(value)) or (expressions and bool(_EXPRESSION.match(value)))


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
