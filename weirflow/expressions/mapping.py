"""A mapping, compiled to one function: no parsing and no copying of what is constant when a message passes."""

from __future__ import annotations

from collections.abc import Callable

from weirflow.errors import JSON
from weirflow.expressions.codegen import Body
from weirflow.expressions.errors import EvaluationError, MappingError, ParseError
from weirflow.expressions.expression import compile_expression, read
from weirflow.expressions.generated import load
from weirflow.expressions.limits import STEPS
from weirflow.expressions.template import Hole, split
from weirflow.expressions.values import described, shown
from weirflow.expressions.writer import Program, Value

#: Objects and lists nested deeper are refused.
DEPTH_LIMIT = 100


class Mapping:
    """What an edge does to a message. Parts of results are shared with messages and each other: never change one.

    `evaluate(message)` gives the message for the target. A path that finds nothing gives null; an expression that
    cannot be worked out raises `EvaluationError`.
    """

    __slots__ = ("config", "constant", "evaluate")

    def __init__(self, config: dict[str, JSON], evaluate: Callable[[JSON], dict[str, JSON]], constant: bool) -> None:
        self.config = config
        #: Whether it gives the same for every message.
        self.constant = constant
        self.evaluate = evaluate


class Verbatim:
    """A text in a mapping that is taken as it is, whatever it looks like: a secret, which may hold braces."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class _Constant:
    """A part of a mapping that is the same for every message."""

    __slots__ = ("value",)

    def __init__(self, value: JSON) -> None:
        self.value = value


def compile_mapping(config: JSON) -> Mapping:
    """Compile an edge's mapping. Raises `MappingError` with the field and the expression that is at fault."""
    if not isinstance(config, dict):
        raise MappingError("", None, f"a mapping is a JSON object of the target's shape, this is {described(config)}")
    body = Body(Program(), inner=False)
    part = _write(body, config, "", 0)
    if isinstance(part, _Constant):
        value = part.value
        return Mapping(config, lambda message: value, constant=True)
    body.program.functions.append(body.finish("def evaluate(m):", part.name))
    return Mapping(config, load(body.program.functions, body.program.constants), constant=False)


def _write(body: Body, config: JSON, path: str, depth: int) -> Value | _Constant:
    if depth > DEPTH_LIMIT:
        raise MappingError(path, None, f"nested deeper than {DEPTH_LIMIT} levels")
    if isinstance(config, str):
        return _write_text(body, config, path)
    if isinstance(config, Verbatim):
        return _Constant(config.text)
    if isinstance(config, dict):
        parts = {key: _write(body, value, f"{path}/{_escaped(key)}", depth + 1) for key, value in config.items()}
        if all(isinstance(part, _Constant) for part in parts.values()):
            return _Constant({key: part.value for key, part in parts.items() if isinstance(part, _Constant)})
        pairs = (f"{body.program.bind(key)}: {_name(body, part)}" for key, part in parts.items())
        return body.let("{" + ", ".join(pairs) + "}")
    if isinstance(config, list):
        items = [_write(body, value, f"{path}/{index}", depth + 1) for index, value in enumerate(config)]
        if all(isinstance(item, _Constant) for item in items):
            return _Constant([item.value for item in items if isinstance(item, _Constant)])
        return body.let(f"[{', '.join([_name(body, item) for item in items])}]")
    return _Constant(config)


def _name(body: Body, part: Value | _Constant) -> str:
    return body.program.bind(part.value) if isinstance(part, _Constant) else part.name


def _write_text(body: Body, text: str, path: str) -> Value | _Constant:
    """A text that is one expression gives its value; expressions inside a text become part of it."""
    parts = split(text)
    if not any(isinstance(part, Hole) for part in parts):
        return _Constant(text)
    if len(parts) == 1 and isinstance(parts[0], Hole):
        return _write_expression(body, parts[0].expression, path)
    names = [_write_piece(body, part, path) for part in parts]
    return body.let("f'" + "".join(f"{{{name}}}" for name in names) + "'", "text")


def _write_piece(body: Body, part: str | Hole, path: str) -> str:
    """The name of a text."""
    if isinstance(part, str):
        return body.program.bind(part)
    value = _write_expression(body, part.expression, path)
    if isinstance(value, _Constant):
        return body.program.bind(shown(value.value, [STEPS]))
    text = body.name()
    with body.block(f"if type({value.name}) is str and len({value.name}) < SMALL:"):
        body.line(f"{text} = {value.name}")
    with body.block("else:"):
        body.may_refuse(0)
        body.line(f"{text} = shown({value.name}, {body.work})")
    return text


def _write_expression(body: Body, expression: str, path: str) -> Value | _Constant:
    try:
        reading = read(expression)
        if reading.constant:
            return _Constant(compile_expression(expression).evaluate(None))
    except ParseError as error:
        raise MappingError(path, expression, str(error), error.position) from error
    except EvaluationError as error:
        raise EvaluationError(path, expression, error.reason, error.position) from error
    body.program.path, body.program.expression = path, expression
    return body.write(reading.tree)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
