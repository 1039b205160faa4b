"""One expression, ready to be evaluated any number of times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from weirflow.errors import JSON
from weirflow.expressions.codegen import Body
from weirflow.expressions.errors import ParseError
from weirflow.expressions.functions import FUNCTIONS
from weirflow.expressions.generated import load
from weirflow.expressions.limits import Refusal
from weirflow.expressions.parser import parse
from weirflow.expressions.patterns import compiled
from weirflow.expressions.syntax import Binary, Call, Current, Expression, Literal, Message, walk
from weirflow.expressions.writer import Program

_SHORT = 300
"""Characters up to which a text's reading is kept: most edges of a large flow say the same few things."""


@dataclass(frozen=True, slots=True)
class CompiledExpression:
    """`evaluate(message)` gives the value, parts of the message uncopied, or raises `EvaluationError`."""

    text: str
    tree: Expression
    evaluate: Callable[[JSON], JSON]


def compile_expression(text: str) -> CompiledExpression:
    """Compile what stands between `{{` and `}}`. Raises `ParseError`."""
    tree = read(text).tree
    program = Program(expression=text)
    body = Body(program, inner=False)
    result = body.write(tree)
    program.functions.append(body.finish("def evaluate(m):", result.name))
    return CompiledExpression(text, tree, load(program.functions, program.constants))


@dataclass(frozen=True, slots=True)
class Reading:
    """A tree, and whether its value is the same for every message, now and later."""

    tree: Expression
    constant: bool


def read(text: str) -> Reading:
    """What `text` says, its patterns looked at too. Raises `ParseError`. Recent short texts are read once."""
    return _read_short(text) if len(text) <= _SHORT else _read(text)


def _read(text: str) -> Reading:
    tree = parse(text)
    constant = True
    for node in walk(tree):
        match node:
            case Message() | Current():
                constant = False
            case Call(name):
                constant = constant and FUNCTIONS[name].pure
            case Binary("=~", _, Literal(str() as pattern, at)):
                try:
                    compiled(pattern)
                except Refusal as refusal:
                    raise ParseError(at, "a regular expression", f"'{pattern[:40]}'", str(refusal)) from None
    return Reading(tree, constant)


_read_short = lru_cache(maxsize=1024)(_read)
