"""The `{{ }}` language: what a message becomes on its way to the next node.

A mapping is a JSON object; `{{ expression }}` inside its texts is worked out against the message. `compile_mapping` is
for when an edge changes, `Mapping.evaluate` per message; `compile_expression` for a single one. docs/expressions.md is
the reference of the language.
"""

from weirflow.expressions.errors import EvaluationError, MappingError, ParseError
from weirflow.expressions.expression import CompiledExpression, compile_expression
from weirflow.expressions.mapping import Mapping, compile_mapping

__all__ = [
    "CompiledExpression",
    "EvaluationError",
    "Mapping",
    "MappingError",
    "ParseError",
    "compile_expression",
    "compile_mapping",
]
