"""Checking a message against a model, and saying in words what does not fit."""

from __future__ import annotations

from typing import Any, TypeVar

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
        absent = _absent_fields(model, raw, error)
        if not absent:
            raise
        return model.model_validate({name: value for name, value in raw.items() if name not in absent})


def describe(error: ValidationError) -> tuple[str, str]:
    """The JSON pointer of the first field that is wrong, and what is wrong; never the value, which may be a secret."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    first = problems[0]
    pointer = "".join(f"/{_escaped(part)}" for part in first["loc"])
    text = f"{pointer or 'the message'}: {first['msg']}"
    if len(problems) > 1:
        text += f" (and {len(problems) - 1} more)"
    return pointer, text


def _absent_fields(model: type[Model], raw: JSON, error: ValidationError) -> set[str]:
    """Names of null fields of `raw` with a default, if they are among what is wrong."""
    if not isinstance(raw, dict):
        return set()
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    wrong = {item["loc"][0] for item in problems if item["loc"]}
    optional: set[Any] = set()
    for name, field in model.model_fields.items():
        if not field.is_required():
            optional |= {name, field.alias}
    return {name for name, value in raw.items() if value is None and name in wrong and name in optional}


def _escaped(part: int | str) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
