"""A mapping, compiled to closures: no parsing and no copying of what is constant when a message passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from weirflow.errors import JSON
from weirflow.expressions.errors import MappingError
from weirflow.expressions.language import Evaluate, ExpressionError, compile_expression
from weirflow.expressions.template import Hole, split

#: Objects and lists nested deeper are refused.
DEPTH_LIMIT = 100


class Mapping:
    """What an edge does to a message. Literal parts of results are shared between messages: never change a message."""

    __slots__ = ("_build", "config", "constant")

    def __init__(self, config: dict[str, JSON], build: Evaluate, constant: bool) -> None:
        self.config = config
        #: Whether it gives the same for every message.
        self.constant = constant
        self._build = build

    def evaluate(self, message: JSON) -> dict[str, JSON]:
        """The message for the target. A path that finds nothing gives null. Raises `MappingError`."""
        result: dict[str, JSON] = self._build(message)
        return result


class _Constant:
    """A part of a mapping without expressions."""

    __slots__ = ("value",)

    def __init__(self, value: JSON) -> None:
        self.value = value


_Part = _Constant | Callable[[JSON], JSON]


def compile_mapping(config: JSON) -> Mapping:
    """Compile an edge's mapping. Raises `MappingError` with the field and the expression that is at fault."""
    if not isinstance(config, dict):
        raise MappingError("", None, f"a mapping is a JSON object of the target's shape, this is a {_kind(config)}")
    part = _compile(config, "", 0)
    if isinstance(part, _Constant):
        value = part.value
        return Mapping(config, lambda message: value, constant=True)
    return Mapping(config, part, constant=False)


def _compile(config: JSON, path: str, depth: int) -> _Part:
    if depth > DEPTH_LIMIT:
        raise MappingError(path, None, f"nested deeper than {DEPTH_LIMIT} levels")
    if isinstance(config, str):
        return _compile_text(config, path)
    if isinstance(config, dict):
        return _object({key: _compile(value, f"{path}/{_escaped(key)}", depth + 1) for key, value in config.items()})
    if isinstance(config, list):
        return _array([_compile(value, f"{path}/{index}", depth + 1) for index, value in enumerate(config)])
    return _Constant(config)


def _object(parts: dict[str, _Part]) -> _Part:
    template = {key: part.value if isinstance(part, _Constant) else None for key, part in parts.items()}
    moving = [(key, part) for key, part in parts.items() if not isinstance(part, _Constant)]
    if not moving:
        return _Constant(template)

    def build(message: JSON) -> JSON:
        result = template.copy()
        for key, part in moving:
            result[key] = part(message)
        return result

    return build


def _array(parts: list[_Part]) -> _Part:
    if all(isinstance(part, _Constant) for part in parts):
        return _Constant([part.value for part in parts if isinstance(part, _Constant)])
    return lambda message: [part.value if isinstance(part, _Constant) else part(message) for part in parts]


def _compile_text(text: str, path: str) -> _Part:
    parts = split(text)
    if not any(isinstance(part, Hole) for part in parts):
        return _Constant(text)
    if len(parts) == 1 and isinstance(parts[0], Hole):
        return _expression(parts[0].expression, path)
    pieces = [_expression(part.expression, path) if isinstance(part, Hole) else part for part in parts]
    return lambda message: "".join([piece if isinstance(piece, str) else _shown(piece(message)) for piece in pieces])


def _expression(expression: str, path: str) -> Evaluate:
    try:
        evaluate = compile_expression(expression)
    except ExpressionError as error:
        raise MappingError(path, expression, str(error)) from error

    def run(message: JSON) -> JSON:
        try:
            return evaluate(message)
        except ExpressionError as error:
            raise MappingError(path, expression, str(error)) from error

    return run


def _shown(value: Any) -> str:
    """`value` inside a text: nothing for null, numbers without needless decimals, objects and lists as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _kind(value: JSON) -> str:
    if value is None:
        return "null"
    names = {bool: "boolean", int: "number", float: "number", str: "text", list: "list"}
    return names.get(type(value), type(value).__name__)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
