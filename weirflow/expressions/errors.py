"""What can be wrong with an expression: its text, or what it is asked to do with a message."""

from __future__ import annotations

from weirflow.errors import Fail


class ParseError(Exception):
    """The text is no expression. `position` counts characters from 0; `expected` and `found` are words for people."""

    def __init__(self, position: int, expected: str, found: str, hint: str = "") -> None:
        super().__init__(position, expected, found, hint)
        self.position = position
        self.expected = expected
        self.found = found
        self.hint = hint

    def __str__(self) -> str:
        text = f"at character {self.position + 1} expected {self.expected}, found {self.found}"
        return f"{text}; {self.hint}" if self.hint else text


class MappingError(Fail):
    """A mapping, or one of its expressions, cannot be compiled.

    `path`: JSON pointer of the field; `expression`: the one at fault, or None; `reason`: why; `position`: the character
    of the expression, from 0, or None.
    """

    code = "mapping_error"

    def __init__(self, path: str, expression: str | None, reason: str, position: int | None = None) -> None:
        where = f"field {path}" if path else "the mapping"
        what = f", {{{{ {expression} }}}}" if expression is not None else ""
        super().__init__(f"{where}{what}: {reason}", permanent=True, field=path)
        self.path = path
        self.expression = expression
        self.reason = reason
        self.position = position

    def __reduce__(self) -> tuple[type[MappingError], tuple[str, str | None, str, int | None]]:
        return type(self), (self.path, self.expression, self.reason, self.position)


class EvaluationError(MappingError):
    """An expression cannot be worked out for this message. Never a null in its place."""

    code = "expression_failed"
