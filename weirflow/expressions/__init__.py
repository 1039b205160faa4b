"""Mappings on edges: what a message becomes on its way to the next node.

A mapping is a JSON object; `{{ expression }}` inside its texts is worked out against the message. This package is the
only place that knows the language: `compile_mapping` once when an edge changes, `Mapping.evaluate` per message.
"""

from weirflow.expressions.errors import MappingError
from weirflow.expressions.mapping import Mapping, compile_mapping

__all__ = ["Mapping", "MappingError", "compile_mapping"]
