"""Checking a message against a model, and saying in words what does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pydantic import ValidationError

from weirflow.errors import JSON
from weirflow.fields import Model

M = TypeVar("M", bound=Model)


def validated(model: type[M], raw: JSON) -> M:
    """`raw` as a `model`. Raises `ValidationError`.

    A null for a field that has a default counts as absent: a mapping whose path finds nothing gives null, and only
    what is required may fail for that.
    """
    try:
        message: M = model.__pydantic_validator__.validate_python(raw)
        return message
    except ValidationError as error:
        nulls = [
            item["loc"] for item in error.errors(include_url=False, include_context=False) if item["input"] is None
        ]
        if not nulls:
            raise
        return model.model_validate(without(raw, nulls))


def describe(error: ValidationError) -> tuple[str, str]:
    """The JSON pointer of the first field that is wrong, and what is wrong; never the value, which may be a secret."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    first = problems[0]
    pointer = "".join(f"/{_escaped(part)}" for part in first["loc"])
    missing = first["type"] == "missing"
    text = f"{pointer or 'the message'}{' is required; fill it in' if missing else ': ' + first['msg']}"
    if len(problems) > 1:
        text += f" (and {len(problems) - 1} more)"
    return pointer, text


def without(value: JSON, paths: Iterable[tuple[int | str, ...]]) -> JSON:
    """`value` without the fields at `paths`; items of lists stay. What stays is shared with the original."""
    below: dict[int | str, list[tuple[int | str, ...]]] = {}
    for path in paths:
        if path:
            below.setdefault(path[0], []).append(path[1:])
    if isinstance(value, dict):
        return {
            key: without(item, below[key]) if key in below else item
            for key, item in value.items()
            if () not in below.get(key, ())
        }
    if isinstance(value, list):
        return [without(item, below[index]) if index in below else item for index, item in enumerate(value)]
    return value


def _escaped(part: int | str) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
