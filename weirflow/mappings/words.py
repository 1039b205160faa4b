"""What a schema asks for, in the words of a form, for findings."""

from __future__ import annotations

from typing import Any

from jsonschema.exceptions import ValidationError

_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "yes or no",
    "array": "a list",
    "object": "an object",
    "null": "empty",
}


def asked_for(error: ValidationError) -> str:
    """What the keyword that does not hold asks for: `must be a whole number`. Values are not repeated: they may be
    long, or nobody's business.
    """
    wanted: Any = error.validator_value
    match error.validator:
        case "type":
            types = wanted if isinstance(wanted, list) else [wanted]
            return f"must be {_either(_TYPES.get(str(one), str(one)) for one in types)}"
        case "required":
            return "is required: map it, or write a value"
        case "additionalProperties" | "unevaluatedProperties" | None:
            return "is not known to the target: take it out, or correct its name"
        case "enum":
            return f"must be one of {_either(_shown(value) for value in wanted[:20])}"
        case "const":
            return f"must be {_shown(wanted)}"
        case "minimum" | "exclusiveMinimum":
            return f"must be {'at least' if error.validator == 'minimum' else 'more than'} {wanted}"
        case "maximum" | "exclusiveMaximum":
            return f"must be {'at most' if error.validator == 'maximum' else 'less than'} {wanted}"
        case "multipleOf":
            return f"must be a multiple of {wanted}"
        case "minLength" | "minItems" | "minProperties":
            return f"must have at least {wanted} {_things(str(error.validator))}"
        case "maxLength" | "maxItems" | "maxProperties":
            return f"must have at most {wanted} {_things(str(error.validator))}"
        case "pattern":
            return f"must match the pattern {str(wanted)[:200]}"
        case "format":
            return f"must be of the format {wanted}"
        case "uniqueItems":
            return "must have each item once"
        case "anyOf" | "oneOf":
            return "fits none of the shapes that the target takes, or several of them"
    return f"does not keep to the rule {error.validator}"


def _things(keyword: str) -> str:
    return {"Length": "characters", "Items": "items"}.get(keyword[3:], "fields")


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else repr(value)
    return "null" if value is None else text[:60]


def _either(words: Any) -> str:
    *most, last = list(words) or ["of another type"]
    return f"{', '.join(most)} or {last}" if most else last
