"""JSON Schema 2020-12 of a model, with the keywords of `docs/schemas.md`."""

from __future__ import annotations

from functools import lru_cache

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from weirflow.errors import JSON
from weirflow.schema.identity import IdentifiedSchema
from weirflow.schema.keywords import check_keywords, with_form_keywords
from weirflow.schema.lift import with_own_definitions


@lru_cache(maxsize=1024)
def schema_of(model: type[BaseModel], *, output: bool = False) -> dict[str, JSON]:
    """The schema of what `model` takes, or (`output`) of what it gives. The answer is shared: do not change it.

    Raises `TypeError` for a keyword that contradicts its field's type, and for two types of one identity.
    """
    mode: JsonSchemaMode = "serialization" if output else "validation"
    document = model.model_json_schema(by_alias=True, mode=mode, schema_generator=IdentifiedSchema)
    check_keywords(document)
    return with_own_definitions(with_form_keywords(document))
