"""What the operators do where the generated code has no shorter way."""

from __future__ import annotations

from collections.abc import Callable

from weirflow.errors import JSON
from weirflow.expressions import numbers, times
from weirflow.expressions.limits import Refusal, Work, spend_text
from weirflow.expressions.numbers import is_number
from weirflow.expressions.patterns import matches
from weirflow.expressions.values import described


def add(left: JSON, right: JSON, work: Work) -> JSON:
    """Numbers are added, durations and times too; other texts are joined."""
    if is_number(left) and is_number(right):
        return numbers.checked(left + right)
    if isinstance(left, str) and isinstance(right, str):
        special = times.add_texts(left, right)
        if special is not None:
            return special
        spend_text(work, len(left) + len(right))
        return left + right
    raise Refusal(
        f"cannot add {described(left)} and {described(right)}: two numbers or two texts are needed; "
        "string( ) makes a text of a number"
    )


def subtract(left: JSON, right: JSON) -> JSON:
    """Numbers, durations and times."""
    if is_number(left) and is_number(right):
        return numbers.checked(left - right)
    if isinstance(left, str) and isinstance(right, str):
        return times.subtract_texts(left, right)
    raise Refusal(f"cannot subtract {described(right)} from {described(left)}: two numbers or two times are needed")


def compare(left: JSON, right: JSON, work: Work | None) -> int | None:
    """Below 0, 0 or above for numbers and for texts; None if one is null or the two cannot be ordered."""
    texts = isinstance(left, str) and isinstance(right, str)
    if texts and work is not None:
        spend_text(work, min(len(left), len(right)))
    if texts or (is_number(left) and is_number(right)):
        return int(left > right) - int(left < right)
    return None


def _ordered(left: JSON, right: JSON, work: Work | None, symbol: str) -> int | None:
    order = compare(left, right, work)
    if order is None and left is not None and right is not None:
        raise Refusal(f"cannot tell {described(left)} {symbol} {described(right)}: two numbers or two texts are needed")
    return order


def less(left: JSON, right: JSON, work: Work | None) -> bool:
    return (order := _ordered(left, right, work, "<")) is not None and order < 0


def less_or_equal(left: JSON, right: JSON, work: Work | None) -> bool:
    return (order := _ordered(left, right, work, "<=")) is not None and order <= 0


def greater(left: JSON, right: JSON, work: Work | None) -> bool:
    return (order := _ordered(left, right, work, ">")) is not None and order > 0


def greater_or_equal(left: JSON, right: JSON, work: Work | None) -> bool:
    return (order := _ordered(left, right, work, ">=")) is not None and order >= 0


def filter_less(left: JSON, right: JSON, work: Work | None) -> bool:
    """In a filter, what cannot be ordered does not fit: the other items are still looked at."""
    return (order := compare(left, right, work)) is not None and order < 0


def filter_less_or_equal(left: JSON, right: JSON, work: Work | None) -> bool:
    return (order := compare(left, right, work)) is not None and order <= 0


def filter_greater(left: JSON, right: JSON, work: Work | None) -> bool:
    return (order := compare(left, right, work)) is not None and order > 0


def filter_greater_or_equal(left: JSON, right: JSON, work: Work | None) -> bool:
    return (order := compare(left, right, work)) is not None and order >= 0


def match(left: JSON, right: JSON, work: Work) -> bool:
    """Whether a pattern is found in a text."""
    if not isinstance(right, str):
        raise Refusal(f"=~ needs a pattern, a text, on its right, this is {described(right)}")
    if not isinstance(left, str):
        raise Refusal(f"=~ needs a text on its left, this is {described(left)}")
    return matches(right, left, work)


def filter_match(left: JSON, right: JSON, work: Work) -> bool:
    return isinstance(left, str) and match(left, right, work)


#: Of two numbers or whole numbers; none of them can cost much.
ARITHMETIC: dict[str, Callable[[JSON, JSON], JSON]] = {
    "-": subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.remainder,
    "**": numbers.power,
    "<<": numbers.shift_left,
    ">>": numbers.shift_right,
    "&": numbers.bit_and,
    "&^": numbers.bit_clear,
    "|": numbers.bit_or,
    "^": numbers.bit_xor,
}
ORDER: dict[str, Callable[[JSON, JSON, Work | None], bool]] = {
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
}
FILTER_ORDER: dict[str, Callable[[JSON, JSON, Work | None], bool]] = {
    "<": filter_less,
    "<=": filter_less_or_equal,
    ">": filter_greater,
    ">=": filter_greater_or_equal,
}
