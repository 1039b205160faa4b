"""From an expression's text to its syntax tree, once; what is wrong is said with its place and what belongs there.

Conditions bind least, then the operators by `PRECEDENCE`, then signs, then paths and calls.
"""

from __future__ import annotations

import difflib

from weirflow.expressions.constants import CONSTANTS
from weirflow.expressions.errors import ParseError
from weirflow.expressions.functions import FUNCTIONS, Function
from weirflow.expressions.limits import DEEPEST_TREE, LONGEST_EXPRESSION
from weirflow.expressions.paths import read_segments
from weirflow.expressions.reader import Reader
from weirflow.expressions.syntax import (
    PRECEDENCE,
    Binary,
    Call,
    Conditional,
    Constant,
    Current,
    Expression,
    ListOf,
    Literal,
    Message,
    ObjectOf,
    Path,
    Unary,
    tree_depth,
)

_OPERATORS = sorted(PRECEDENCE, key=len, reverse=True)
_WORDS = {"true": True, "false": False, "null": None}
_OPERAND = "a path, a value or a function"
_MISPLACED = {
    "=": "write == to compare",
    "(": "a dash with a letter after it belongs to the name; write blanks around a minus",
    "'": "texts are joined with +",
    '"': "texts are joined with +",
}


def parse(text: str) -> Expression:
    """The tree of `text`. Raises `ParseError`."""
    reader = Reader(text)
    if len(text) > LONGEST_EXPRESSION:
        raise ParseError(LONGEST_EXPRESSION, "the end", "more", f"{LONGEST_EXPRESSION:,} characters are the most")
    reader.skip_blanks()
    if not reader.next:
        reader.fail("an expression", hint="the expression is empty; write a path such as $.value")
    tree = read_expression(reader)
    reader.skip_blanks()
    if reader.next:
        reader.fail("an operator or the end", hint=_MISPLACED.get(reader.next, ""))
    if tree_depth(tree) > DEEPEST_TREE:
        raise ParseError(0, "fewer operators in a row", "more", f"{DEEPEST_TREE} levels are the most")
    return tree


def read_expression(reader: Reader) -> Expression:
    """An expression up to what cannot belong to it."""
    reader.enter()
    condition = _read_operation(reader, 1)
    if reader.take("?"):
        at = reader.at - 1
        then = read_expression(reader)
        reader.need(":", "a condition is written: condition ? value : other value")
        condition = Conditional(condition, then, read_expression(reader), at)
    reader.leave()
    return condition


def _read_operation(reader: Reader, lowest: int) -> Expression:
    """Operands joined by operators of precedence `lowest` and above."""
    left = _read_signed(reader)
    while (operator := _operator(reader)) and PRECEDENCE[operator] >= lowest:
        reader.skip_blanks()
        at = reader.at
        reader.at += len(operator)
        if operator == "**":
            reader.enter()
            right = _read_operation(reader, PRECEDENCE[operator])
            reader.leave()
        else:
            right = _read_operation(reader, PRECEDENCE[operator] + 1)
        left = Binary(operator, left, right, at)
    return left


def _operator(reader: Reader) -> str:
    before = reader.at
    reader.skip_blanks()
    found = next((operator for operator in _OPERATORS if reader.sees(operator)), "")
    reader.at = before
    return found


def _read_signed(reader: Reader) -> Expression:
    reader.skip_blanks()
    at = reader.at
    sign = reader.next
    if sign not in ("-", "+", "!") or reader.sees("!="):
        return _read_operand(reader)
    reader.at += 1
    number = reader.number() if sign in "-+" else None
    if number is not None:
        return Literal(-number if sign == "-" else number, at)
    reader.enter()
    operand = _read_signed(reader)
    reader.leave()
    return Unary(sign, operand, at)


def _read_operand(reader: Reader) -> Expression:
    at = reader.at
    base = _read_base(reader)
    if isinstance(base, Message | Current | Call) or reader.text[reader.at - 1] == ")":
        segments = read_segments(reader, read_expression)
        return Path(base, segments, at) if segments else base
    return base


def _read_base(reader: Reader) -> Expression:
    at = reader.at
    letter = reader.next
    match letter:
        case "$" | "@":
            reader.at += 1
            return Message(at) if letter == "$" else Current(at)
        case "'" | '"':
            return Literal(reader.quoted(), at)
        case "(":
            reader.at += 1
            inner = read_expression(reader)
            reader.need(")")
            return inner
        case "[":
            return _read_list(reader)
        case "{":
            return _read_object(reader)
    number = reader.number()
    if number is not None:
        return Literal(number, at)
    word = reader.word()
    if not word:
        reader.fail(_OPERAND)
    return _read_call(reader, word, at) if reader.take("(") else _named(reader, word, at)


def _named(reader: Reader, word: str, at: int) -> Expression:
    lower = word.lower()
    if lower in _WORDS:
        return Literal(_WORDS[lower], at)
    if lower in CONSTANTS:
        return Constant(lower, at)
    reader.at = at
    if lower in FUNCTIONS:
        reader.fail(f"arguments in brackets after {word}", hint=f"write {FUNCTIONS[lower].signature}")
    hint = f"a path starts with $ (the message), for example $.{word}; a text stands in quotes: '{word}'"
    return reader.fail(_OPERAND, hint=hint)


def _read_call(reader: Reader, word: str, at: int) -> Expression:
    function = FUNCTIONS.get(word.lower())
    if function is None:
        close = difflib.get_close_matches(word.lower(), FUNCTIONS, 1)
        raise ParseError(at, "a function", word, f"did you mean {FUNCTIONS[close[0]].shown}?" if close else "")
    arguments: list[Expression] = []
    if not reader.take(")"):
        arguments.append(read_expression(reader))
        while reader.take(","):
            arguments.append(read_expression(reader))
        reader.need(")")
    _check_arguments(function, arguments, at)
    return Call(function.name, tuple(arguments), at)


def _check_arguments(function: Function, arguments: list[Expression], at: int) -> None:
    needed = sum(not parameter.optional for parameter in function.parameters)
    if not needed <= len(arguments) <= len(function.parameters):
        count = f"{len(arguments)} argument{'' if len(arguments) == 1 else 's'}"
        raise ParseError(at, function.signature, count)
    if function.takes_path and not isinstance(arguments[0], Path | Message | Current):
        raise ParseError(at, f"a path in {function.shown}( )", "another value", f"for example {function.shown}($.a.b)")


def _read_list(reader: Reader) -> Expression:
    at = reader.at
    reader.at += 1
    items: list[Expression] = []
    if not reader.take("]"):
        items.append(read_expression(reader))
        while reader.take(","):
            items.append(read_expression(reader))
        reader.need("]")
    return ListOf(tuple(items), at)


def _read_object(reader: Reader) -> Expression:
    at = reader.at
    reader.at += 1
    members: dict[str, Expression] = {}
    while not reader.take("}"):
        if members:
            reader.need(",")
        reader.skip_blanks()
        if reader.next not in ("'", '"'):
            reader.fail("a name in quotes", hint='an object is written like {"name": $.value}')
        name = reader.quoted()
        reader.need(":")
        members[name] = read_expression(reader)
    return ObjectOf(tuple(members.items()), at)
