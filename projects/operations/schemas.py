"""Settings against a component's JSON Schema, and literals where secrets belong."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable

SECRET_REFERENCE = re.compile(r"^\[\[secret:[^\[\]/]+/[^\[\]/]+\]\]$")
_EXPRESSION = re.compile(r"^\s*\{\{\s*\$[^{}]*\}\}\s*$")
_MAX_ERRORS = 20


class Fault(NamedTuple):
    """What is wrong in a document; `field` is a JSON pointer."""

    field: str
    message: str
    rule: str


class BrokenSchema(Exception):
    """The component's own schema cannot be used."""


@lru_cache(maxsize=256)
def _validator(schema_text: str) -> Draft202012Validator:
    """Compiled once for each schema. Its empty registry fetches nothing: schemas arrive from the cluster."""
    schema = json.loads(schema_text)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise BrokenSchema(error.message) from None
    return Draft202012Validator(schema, registry=Registry())


def faults(schema: Mapping[str, Any], document: Any) -> list[Fault]:
    """The first 20 faults of the document. A missing required field is not one: a node may be drawn before it
    is filled in, and the node itself says what it lacks. Raises BrokenSchema."""
    found: list[Fault] = []
    try:
        for error in _validator(json.dumps(schema, sort_keys=True)).iter_errors(document):
            if error.validator == "required":
                continue
            found.append(Fault(_pointer(error), _message(error), str(error.validator)))
            if len(found) == _MAX_ERRORS:
                break
    except (Unresolvable, RecursionError, re.error) as error:
        raise BrokenSchema(str(error)) from None
    return found


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
