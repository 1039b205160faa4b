"""The keywords that a field carries beside JSON Schema's own, as authors write them (`docs/schemas.md` has all)."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias

from pydantic_core import SchemaError, SchemaValidator, core_schema

Align: TypeAlias = Literal["left", "center", "right"]

#: How a form shows a field, or what its text holds. Which types each fits: `weirflow.schema.keywords`.
Format: TypeAlias = Literal[
    "base64",
    "button",
    "checkbox",
    "code",
    "color",
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "json",
    "markdown",
    "password",
    "radiobox",
    "range",
    "select",
    "textarea",
    "time",
    "uri",
    "uuid",
]

#: A sibling field, how it is compared, and with what: `("mode", "equal", "cron")`, `("mode", "in", ["cron", "at"])`,
#: `("mode", "isUndefined", True)`.
When: TypeAlias = tuple[str, Literal["===", "equal", "in", "isUndefined"], Any]

#: How the recent values of a live number are drawn: a small line beside it, or a diagram with scales.
Chart: TypeAlias = Literal["sparkline", "line"]

_OPERATORS = ("===", "equal", "in", "isUndefined")
_LANGUAGE_FORMATS = (None, "code", "json", "markdown", "textarea")
_SECRET_FORMATS = (None, "password", "textarea", "code", "json", "base64")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def form_keywords(required: bool, default: Any, **given: Any) -> dict[str, Any]:
    """The keywords that were given, under their names on the wire. Raises `TypeError` for those that contradict each
    other or cannot be what they say; what depends on the field's type is checked when its schema is made.
    """
    for check in (_check_values, _check_conditions, _check_secret):
        problem = check(given, required, default)
        if problem:
            raise TypeError(f"Field({problem})")
    limits = given.pop("limits")
    words = {_WIRE_NAMES[name]: value for name, value in given.items() if value is not None and value is not False}
    return words | ({LIMITS: limits} if limits else {})


#: Under this the limits that an author gave go along until the field's type is known: Pydantic drops, or keeps for the
#: first message, what does not fit the type.
LIMITS = "x-limits"

_WIRE_NAMES = {
    "readonly": "readonly",
    "configurable": "configurable",
    "shared": "shared",
    "secret": "secret",
    "write_only": "writeOnly",
    "tab": "tab",
    "align": "align",
    "col_span": "colSpan",
    "class_name": "className",
    "order": "propertyOrder",
    "language": "language",
    "format": "format",
    "enum_titles": "enumTitles",
    "required_when": "requiredWhen",
    "optional_when": "optionalWhen",
    "shown_when": "shownWhen",
    "table_mode": "tableMode",
    "unique_items": "uniqueItems",
    "step": "step",
    "chart": "chart",
    "card": "card",
    "confirm": "confirm",
    "id": "x-id",
}


def given_limits(
    ge: float | None,
    gt: float | None,
    le: float | None,
    lt: float | None,
    multiple_of: float | None,
    min_length: int | None,
    max_length: int | None,
    pattern: str | None,
) -> list[str]:
    """The names of those that are given. Raises `TypeError` for limits that no value can keep."""
    low = max((limit for limit in (ge, gt) if limit is not None), default=None)
    high = min((limit for limit in (le, lt) if limit is not None), default=None)
    if low is not None and high is not None and (low > high or (low == high and (low == gt or high == lt))):
        raise TypeError(f"Field: no number is both above {low} and below {high}; widen ge/gt or le/lt")
    if min_length is not None and max_length is not None and min_length > max_length:
        raise TypeError(f"Field(min_length={min_length}, max_length={max_length}): no length is both")
    if multiple_of is not None and multiple_of <= 0:
        raise TypeError(f"Field(multiple_of={multiple_of}): a multiple is of a number above 0")
    if pattern is not None:
        try:
            SchemaValidator(core_schema.str_schema(pattern=pattern))
        except SchemaError as error:
            reason = str(error).rstrip().splitlines()[-1].removeprefix("error: ")
            raise TypeError(f"Field(pattern={pattern!r}) is no pattern: {reason}") from None
    numbers = {"ge": ge, "gt": gt, "le": le, "lt": lt, "multiple_of": multiple_of}
    others = {"min_length": min_length, "max_length": max_length, "pattern": pattern}
    return [name for name, limit in (numbers | others).items() if limit is not None]


def unique(items: Any) -> Any:
    """The list, if no item stands in it twice (1 and 1.0 are one, 1 and true are two). Raises `ValueError`."""
    seen: list[Any] = []
    known: set[Any] = set()
    for item in items:
        mark = (isinstance(item, bool), item)
        try:
            twice = mark in known
            known.add(mark)
        except TypeError:
            twice = mark in seen
            seen.append(mark)
        if twice:
            raise ValueError("each item may stand once")
    return items


def _check_values(given: dict[str, Any], required: bool, default: Any) -> str | None:
    if given["format"] is not None and given["format"] not in Format.__args__:  # type: ignore[attr-defined]
        return f"format={given['format']!r}): no such format; one of {', '.join(Format.__args__)}"  # type: ignore[attr-defined]
    if given["align"] not in (None, "left", "center", "right"):
        return f"align={given['align']!r}): left, center or right"
    span = given["col_span"]
    if span is not None and not 1 <= span <= 12:
        return f"col_span={span}): a row has 12 columns; give 1 to 12"
    if given["step"] is not None and given["step"] <= 0:
        return f"step={given['step']}): a step is above 0"
    if given["language"] is not None and given["format"] not in _LANGUAGE_FORMATS:
        return f"language=..., format={given['format']!r}): only code has a language; leave one of them out"
    if given["readonly"] and given["write_only"]:
        return "readonly, write_only): nobody could read or write it; leave one of them out"
    if given["chart"] not in (None, "sparkline", "line"):
        return f"chart={given['chart']!r}): sparkline or line"
    if given["chart"] and not given["readonly"]:
        return "chart): only live values are drawn over time; make it readonly"
    if given["confirm"] is not None and not given["confirm"].strip():
        return "confirm): say what the person is asked to confirm"
    if given["format"] == "range" and not {"ge", "le"} <= set(given["limits"]):
        return "format='range'): a slider goes from a lowest to a highest value; give ge and le"
    name = given["id"]
    if name is not None and not _ID.fullmatch(name):
        return f"id={name!r}): letters, digits, dots, dashes and underscores"
    if name is not None and not (given["shared"] or given["configurable"]):
        return f"id={name!r}): an id names a definition that is shared or configurable; say which"
    return None


def _check_conditions(given: dict[str, Any], required: bool, default: Any) -> str | None:
    for keyword in ("required_when", "optional_when", "shown_when"):
        condition = given[keyword]
        if condition is None:
            continue
        if not (isinstance(condition, tuple) and len(condition) == 3 and condition[1] in _OPERATORS):
            return f"{keyword}={condition!r}): write (field, operator, value), the operator one of {_OPERATORS}"
        if condition[1] == "in" and not isinstance(condition[2], list | tuple):
            return f"{keyword}={condition!r}): `in` compares with a list"
    if given["required_when"] and given["optional_when"]:
        return "required_when, optional_when): one of them says it all; leave the other out"
    if given["required_when"] and required:
        return "required_when): a field without a default is always required; give it one"
    if given["shown_when"] and required:
        return "shown_when): a field without a default is asked for wherever it is; give it one"
    if given["required_when"] and given["readonly"]:
        return "required_when, readonly): nobody could fill it in; leave one of them out"
    return None


def _check_secret(given: dict[str, Any], required: bool, default: Any) -> str | None:
    if not (given["secret"] or given["write_only"] or given["format"] == "password"):
        return None
    if not required and default not in (None, ""):
        return "secret): its default would stand in the schema for all to read; use None or an empty text"
    if given["secret"] and given["format"] not in _SECRET_FORMATS:
        return f"secret, format={given['format']!r}): a secret is shown masked; leave the format out"
    return None
