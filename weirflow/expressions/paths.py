"""The segments of a path: `.name`, `[0]`, `[*]`, `[1:3]`, `[?(...)]`, `[(...)]`, and all of them after `..`."""

from __future__ import annotations

from collections.abc import Callable

from weirflow.expressions.reader import Reader
from weirflow.expressions.syntax import (
    Computed,
    Expression,
    Filter,
    Index,
    Literal,
    Name,
    Segment,
    Selector,
    Slice,
    Wildcard,
)

ReadExpression = Callable[[Reader], Expression]

_SELECTOR = "a name in quotes, an index, *, a slice or a filter"


def read_segments(reader: Reader, read_expression: ReadExpression) -> tuple[Segment, ...]:
    """All segments from here on, possibly none. Raises `ParseError`."""
    segments: list[Segment] = []
    while True:
        before = reader.at
        reader.skip_blanks()
        at = reader.at
        if reader.take(".."):
            segments.append(_read_descendant(reader, read_expression, at))
        elif reader.take("."):
            segments.append(_read_dotted(reader, read_expression, at))
        elif reader.take("["):
            segments.append(Segment(_read_bracketed(reader, read_expression), False, at))
        else:
            reader.at = before
            return tuple(segments)


def _read_descendant(reader: Reader, read_expression: ReadExpression, at: int) -> Segment:
    if reader.sees("."):
        reader.fail("a name after ..", hint="three dots mean nothing")
    segment = _read_dotted(reader, read_expression, at)
    return Segment(segment.selectors, True, at)


def _read_dotted(reader: Reader, read_expression: ReadExpression, at: int) -> Segment:
    """What follows the dots: a name, `*`, or brackets."""
    if reader.sees("*"):
        reader.at += 1
        return Segment((Wildcard(),), False, at)
    if reader.sees("["):
        reader.at += 1
        return Segment(_read_bracketed(reader, read_expression), False, at)
    name = reader.field()
    if not name:
        hint = "a quoted name stands in brackets: ['name']" if reader.next in ("'", '"') and reader.next else ""
        reader.fail("a name after the dot", hint=hint)
    return Segment((Name(name),), False, at)


def _read_bracketed(reader: Reader, read_expression: ReadExpression) -> tuple[Selector, ...]:
    reader.enter()
    selectors = [_read_selector(reader, read_expression)]
    while reader.take(","):
        selectors.append(_read_selector(reader, read_expression))
    reader.need("]")
    reader.leave()
    return tuple(selectors)


def _read_selector(reader: Reader, read_expression: ReadExpression) -> Selector:
    reader.skip_blanks()
    match reader.next:
        case "'" | '"':
            return Name(reader.quoted())
        case "*":
            reader.at += 1
            return Wildcard()
        case "?":
            reader.at += 1
            return Filter(read_expression(reader))
    if word := reader.word():
        reader.at -= len(word)
        reader.fail(_SELECTOR, hint=f"write ['{word}'] for the field of that name")
    start = _read_bound(reader, read_expression)
    if not reader.take(":"):
        if start is None:
            reader.fail(_SELECTOR)
        if isinstance(start, Literal) and isinstance(start.value, int):
            return Index(start.value)
        return Computed(start)
    end = _read_bound(reader, read_expression)
    step = _read_bound(reader, read_expression) if reader.take(":") else None
    if isinstance(step, Literal) and step.value == 0:
        reader.at = step.at
        reader.fail("a step other than 0", hint="a slice with step 0 selects nothing; leave the step out")
    return Slice(start, end, step)


def _read_bound(reader: Reader, read_expression: ReadExpression) -> Expression | None:
    """An index, or an expression in brackets; None where neither stands."""
    reader.skip_blanks()
    at = reader.at
    if reader.take("("):
        bound = read_expression(reader)
        reader.need(")")
        return bound if not isinstance(bound, Literal) or isinstance(bound.value, str) else _index(reader, bound, at)
    negative = reader.next == "-"
    if negative:
        reader.at += 1
    number = reader.number()
    if number is None:
        if negative:
            reader.fail("a whole number")
        return None
    return _index(reader, Literal(-number if negative else number, at), at)


def _index(reader: Reader, bound: Literal, at: int) -> Literal:
    if type(bound.value) is not int or not -(2**53) < bound.value < 2**53:
        reader.at = at
        reader.fail("a whole number", hint="lists are counted 0, 1, 2; from the end -1, -2")
    return bound
