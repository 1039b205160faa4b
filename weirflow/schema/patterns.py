"""Regular expressions of schemas, matched as Pydantic matches them: in time that grows with the text only."""

from __future__ import annotations

from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema


def pattern_fits(pattern: str, text: str) -> bool | None:
    """Whether a pattern is found in a text; None where it is no pattern that can be looked for in linear time."""
    finder = _finder(pattern)
    if finder is None:
        return None
    try:
        finder.validate_python(text)
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=512)
def _finder(pattern: str) -> SchemaValidator | None:
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern))
    except (SchemaError, UnicodeError):
        return None
