"""JSON Schema 2020-12 of a model, with the keywords of `docs/protocols.md` section 6."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from weirflow.errors import JSON


@lru_cache(maxsize=1024)
def schema_of(model: type[BaseModel], *, output: bool = False) -> dict[str, JSON]:
    """The schema of what `model` takes, or (`output`) of what it gives. The answer is shared: do not change it."""
    schema = model.model_json_schema(by_alias=True, mode="serialization" if output else "validation")
    _order(schema)
    for definition in schema.get("$defs", {}).values():
        _order(definition)
    return schema


def _order(schema: dict[str, Any]) -> None:
    """Number the properties of one level, 1-based: JSON objects have no order that every reader keeps."""
    for index, field in enumerate(schema.get("properties", {}).values(), start=1):
        field.setdefault("propertyOrder", index)
