"""The values that a form starts from."""

from __future__ import annotations

from pydantic import BaseModel

from weirflow.errors import JSON


def defaults_of(model: type[BaseModel] | BaseModel) -> dict[str, JSON]:
    """The defaults of a model class, without the fields that have none; of an instance, its values."""
    if isinstance(model, BaseModel):
        values: dict[str, JSON] = model.model_dump(mode="json", by_alias=True)
        return values
    missing = {name for name, field in model.model_fields.items() if field.is_required()}
    # Unvalidated on purpose: a class with required fields has no valid instance yet, but its form still has defaults.
    blank = model.model_construct()
    return blank.model_dump(mode="json", by_alias=True, exclude=missing)
