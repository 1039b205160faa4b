"""Where a mapping's text takes its value from: the message, or itself."""

from __future__ import annotations

from weirflow.expressions.errors import ParseError
from weirflow.expressions.expression import read
from weirflow.expressions.syntax import Conditional, Current, Expression, Message, walk
from weirflow.expressions.template import Hole, split


def comes_from_message(text: str) -> bool:
    """Whether `text` is one expression, all outcomes of which take something from the message.

    Then a secret may stand where it does: `{{ $.token }}` and `{{ 'Bearer ' + $.token }}` are no literals,
    `{{ 'hunter2' }}` and `{{ $.a ? 'hunter2' : $.b }}` are. Half-written paths are given the benefit of the doubt.
    """
    parts = split(text.strip())
    if len(parts) != 1 or not isinstance(parts[0], Hole):
        return False
    expression = parts[0].expression
    try:
        tree = read(expression).tree
    except ParseError:
        return expression.startswith("$")
    return all(map(_takes_from_message, _outcomes(tree)))


def _outcomes(tree: Expression) -> list[Expression]:
    if isinstance(tree, Conditional):
        return [*_outcomes(tree.then), *_outcomes(tree.otherwise)]
    return [tree]


def _takes_from_message(tree: Expression) -> bool:
    return any(isinstance(node, Message | Current) for node in walk(tree))
