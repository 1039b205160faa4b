"""Conditions on a sibling, `required_when` and `optional_when`: whether one holds, and what settings lack by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from weirflow.errors import JSON
from weirflow.fields import Model, to_json


def holds(condition: Any, beside: Mapping[str, JSON]) -> bool:
    """Whether a condition `[sibling, operator, value]` holds in the object `beside`; not if it is none."""
    if not isinstance(condition, list | tuple) or len(condition) != 3 or not isinstance(condition[0], str):
        return False
    other, operator, wanted = condition
    actual = beside.get(other)
    match operator:
        case "===" | "equal":
            return bool(actual == wanted) and isinstance(actual, bool) == isinstance(wanted, bool)
        case "in":
            return isinstance(wanted, list | tuple) and actual in wanted
        case "isUndefined":
            return (actual is None) == (wanted is not False)
    return False


def lacking(model: Model) -> tuple[str, str] | None:
    """JSON pointer of the first field, at any depth, that is empty though its `required_when` holds, and the name of
    the sibling that it depends on."""
    return next(_lacking(model, ""), None)


def _lacking(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Model):
        for name, field in type(value).model_fields.items():
            inner, below = getattr(value, name, None), f"{at}/{field.alias or name}"
            extra = field.json_schema_extra
            condition = extra.get("requiredWhen") if isinstance(extra, dict) else None
            if isinstance(condition, list | tuple) and inner in (None, ""):
                sibling = str(condition[0])
                if holds(condition, {sibling: to_json(getattr(value, sibling, None))}):
                    yield below, sibling
            yield from _lacking(inner, below)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _lacking(item, f"{at}/{index}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _lacking(item, f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}")
