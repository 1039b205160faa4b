"""One expression, ready to be evaluated any number of times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class CompiledExpression:
    """`evaluate(message)` gives the value, parts of the message uncopied, or raises `EvaluationError`."""

    text: str
    tree: Expression
    evaluate: Callable[[JSON], JSON]


def compile_expression(text: str) -> CompiledExpression:
    """Compile what stands between `{{` and `}}`. Raises `ParseError`."""
    tree = checked_tree(text)
    program = Program(expression=text)
    body = Body(program, inner=False)
    result = body.write(tree)
    program.functions.append(body.finish("def evaluate(m):", result.name))
    return CompiledExpression(text, tree, load(program.functions, program.constants))


def checked_tree(text: str) -> Expression:
    """The tree of `text`, its patterns looked at too. Raises `ParseError`."""
    tree = parse(text)
    for node in walk(tree):
        match node:
            case Binary("=~", _, Literal(str() as pattern, at)):
                try:
                    compiled(pattern)
                except Refusal as refusal:
                    raise ParseError(at, "a regular expression", f"'{pattern[:40]}'", str(refusal)) from None
    return tree


def is_constant(tree: Expression) -> bool:
    """Whether the value is the same for every message, now and later."""
    return not any(
        isinstance(node, Message | Current) or (isinstance(node, Call) and not FUNCTIONS[node.function].pure)
        for node in walk(tree)
    )
