"""Numbers: whole ones are exact in 64 bits, past them and in fractions they are 64-bit floating point. Never NaN."""

from __future__ import annotations

import math

from weirflow.errors import JSON
from weirflow.expressions.limits import Refusal
from weirflow.expressions.values import described

Number = int | float

LOWEST, HIGHEST = -(2**63), 2**64 - 1
"""Whole numbers that stay whole."""


def is_number(value: JSON) -> bool:
    return type(value) is int or type(value) is float


def checked(value: Number) -> Number:
    """A result, brought into what JSON can carry."""
    if type(value) is int:
        if LOWEST <= value <= HIGHEST:
            return value
        try:
            return float(value)
        except OverflowError:
            raise Refusal("the result is too large for a number") from None
    if math.isfinite(value):
        return value
    raise Refusal("the result is too large for a number" if math.isinf(value) else "the result is not a number")


def add_numbers(left: Number, right: Number) -> Number:
    return checked(left + right)


def multiply(left: JSON, right: JSON) -> Number:
    _both("multiply", left, right)
    return checked(left * right)


def divide(left: JSON, right: JSON) -> Number:
    """The quotient, whole where it is."""
    _both("divide", left, right)
    if right == 0:
        raise Refusal("division by zero")
    if type(left) is int and type(right) is int and left % right == 0:
        return checked(left // right)
    try:
        return checked(left / right)
    except OverflowError:
        raise Refusal("the result is too large for a number") from None


def remainder(left: JSON, right: JSON) -> int:
    """With the sign of the left side, as in Go and JavaScript."""
    dividend, divisor = whole("%", left), whole("%", right)
    if divisor == 0:
        raise Refusal("division by zero")
    rest = abs(dividend) % abs(divisor)
    return -rest if dividend < 0 else rest


def power(left: JSON, right: JSON) -> Number:
    _both("raise", left, right)
    if type(left) is int and type(right) is int and right >= 0 and left.bit_length() * right <= 64:
        return checked(left**right)
    try:
        return checked(math.pow(left, right))
    except OverflowError:
        raise Refusal("the result is too large for a number") from None
    except ValueError:
        raise Refusal("division by zero" if left == 0 else "the result is not a number") from None


def shift_left(left: JSON, right: JSON) -> int:
    return _bits(whole("<<", left) << _places("<<", right))


def shift_right(left: JSON, right: JSON) -> int:
    return whole(">>", left) >> _places(">>", right)


def bit_and(left: JSON, right: JSON) -> int:
    return whole("&", left) & whole("&", right)


def bit_clear(left: JSON, right: JSON) -> int:
    return whole("&^", left) & ~whole("&^", right)


def bit_or(left: JSON, right: JSON) -> int:
    return whole("|", left) | whole("|", right)


def bit_xor(left: JSON, right: JSON) -> int:
    return whole("^", left) ^ whole("^", right)


def negative(value: JSON) -> Number:
    if not is_number(value):
        raise Refusal(f"a sign stands before a number, this is {described(value)}")
    return checked(-value)


def positive(value: JSON) -> Number:
    negative(value)
    number: Number = value
    return number


def whole(what: str, value: JSON) -> int:
    """`value` as a whole number of 64 bits; 2.0 is one."""
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise Refusal(f"{what} needs whole numbers, this is {described(value)}")
    return _bits(value)


def _bits(value: int) -> int:
    if LOWEST <= value <= HIGHEST:
        return value
    raise Refusal("the whole number leaves 64 bits")


def _places(what: str, value: JSON) -> int:
    places = whole(what, value)
    if not 0 <= places <= 63:
        raise Refusal(f"{what} shifts by 0 to 63 places")
    return places


def _both(verb: str, left: JSON, right: JSON) -> None:
    if not is_number(left) or not is_number(right):
        raise Refusal(f"cannot {verb} {described(left)} and {described(right)}: numbers are needed")
