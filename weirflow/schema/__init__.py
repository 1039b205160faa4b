"""Typed Python to JSON Schema with the form keywords, and what forms start from."""

from weirflow.schema.defaults import defaults_of
from weirflow.schema.generate import schema_of
from weirflow.schema.named import named_schema
from weirflow.schema.redact import REDACTED, redact

__all__ = ["REDACTED", "defaults_of", "named_schema", "redact", "schema_of"]
