"""A mapping that cannot be compiled or evaluated."""

from __future__ import annotations

from weirflow.errors import Fail


class MappingError(Fail):
    """`path`: JSON pointer of the field; `expression`: the one at fault, or None; `reason`: why."""

    code = "mapping_error"

    def __init__(self, path: str, expression: str | None, reason: str) -> None:
        where = f"field {path}" if path else "the mapping"
        what = f", {{{{ {expression} }}}}" if expression is not None else ""
        super().__init__(f"{where}{what}: {reason}", permanent=True, field=path)
        self.path = path
        self.expression = expression
        self.reason = reason

    def __reduce__(self) -> tuple[type[MappingError], tuple[str, str | None, str]]:
        return MappingError, (self.path, self.expression, self.reason)
