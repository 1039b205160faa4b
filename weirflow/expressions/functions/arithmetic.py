"""Functions of numbers. Where one has no value, or one that no number can hold, the expression fails."""

from __future__ import annotations

import math
from collections.abc import Callable

from weirflow.errors import JSON
from weirflow.expressions.functions import bessel, error_function
from weirflow.expressions.functions.signature import NUMBER, Function, Parameter
from weirflow.expressions.limits import Refusal
from weirflow.expressions.numbers import Number, checked, whole

_X = (Parameter("x", NUMBER),)
_WHOLE = (Parameter("n", NUMBER),)


def _of_x(name: str, doc: str, function: Callable[[Number], Number]) -> Function:
    def call(x: Number) -> Number:
        try:
            return checked(function(x))
        except OverflowError:
            raise Refusal(f"{name}: the result is too large for a number") from None
        except ValueError:
            raise Refusal(f"{name} has no value there") from None

    return Function(name, _X, NUMBER, doc, call)


def round_half_away(x: Number) -> int:
    kept = math.trunc(x)
    return kept + int(math.copysign(1, x)) if abs(x - kept) >= 0.5 else kept


def logb(x: Number) -> int:
    if x == 0:
        raise ValueError
    return math.frexp(x)[1] - 1


def pow10(n: JSON) -> Number:
    exponent = whole("pow10", n)
    if exponent > 308:
        raise Refusal("pow10 goes to 308 at most")
    if exponent >= 0:
        return checked(10**exponent) if exponent < 20 else float(f"1e{exponent}")
    return float(f"1e{max(exponent, -400)}")


def factorial(n: JSON) -> Number:
    number = whole("factorial", n)
    if not 0 <= number <= 170:
        raise Refusal("factorial goes from 0 to 170")
    return checked(math.factorial(number))


def rand(x: Number) -> float:
    from random import random

    return float(checked(random() * x))  # noqa: S311 - no secret is made of it


def randint(n: JSON) -> int:
    from random import randrange

    number = whole("randint", n)
    if number <= 0:
        raise Refusal("randint needs a number above 0")
    return randrange(number)  # noqa: S311


ARITHMETIC = (
    _of_x("abs", "Without its sign", abs),
    _of_x("ceil", "The next whole number above", math.ceil),
    _of_x("floor", "The next whole number below", math.floor),
    _of_x("round", "The nearest whole number, halves away from zero", round_half_away),
    _of_x("roundtoeven", "The nearest whole number, halves to the even one", round),
    _of_x("trunc", "Without its decimals", math.trunc),
    _of_x("sqrt", "Square root", math.sqrt),
    _of_x("cbrt", "Cube root", math.cbrt),
    _of_x("exp", "e to the power of x", math.exp),
    _of_x("exp2", "2 to the power of x", math.exp2),
    _of_x("expm1", "exp(x) - 1, exact near 0", math.expm1),
    _of_x("log", "Natural logarithm", math.log),
    _of_x("log10", "Logarithm to base 10", math.log10),
    _of_x("log1p", "log(1 + x), exact near 0", math.log1p),
    _of_x("log2", "Logarithm to base 2", math.log2),
    _of_x("logb", "The binary exponent", logb),
    _of_x("sin", "Sine of radians", math.sin),
    _of_x("cos", "Cosine of radians", math.cos),
    _of_x("tan", "Tangent of radians", math.tan),
    _of_x("asin", "Arc sine", math.asin),
    _of_x("acos", "Arc cosine", math.acos),
    _of_x("atan", "Arc tangent", math.atan),
    _of_x("sinh", "Hyperbolic sine", math.sinh),
    _of_x("cosh", "Hyperbolic cosine", math.cosh),
    _of_x("tanh", "Hyperbolic tangent", math.tanh),
    _of_x("asinh", "Inverse hyperbolic sine", math.asinh),
    _of_x("acosh", "Inverse hyperbolic cosine", math.acosh),
    _of_x("atanh", "Inverse hyperbolic tangent", math.atanh),
    _of_x("erf", "Error function", math.erf),
    _of_x("erfc", "1 - erf(x), exact for large x", math.erfc),
    _of_x("erfinv", "Inverse of erf", error_function.erfinv),
    _of_x("erfcinv", "Inverse of erfc", error_function.erfcinv),
    _of_x("gamma", "Gamma function", math.gamma),
    _of_x("j0", "Bessel function of the first kind, order 0", bessel.j0),
    _of_x("j1", "Bessel function of the first kind, order 1", bessel.j1),
    _of_x("y0", "Bessel function of the second kind, order 0", bessel.y0),
    _of_x("y1", "Bessel function of the second kind, order 1", bessel.y1),
    Function("pow10", _WHOLE, NUMBER, "10 to the power of a whole number", pow10, "pow10(3)"),
    Function("factorial", _WHOLE, NUMBER, "1 * 2 * ... * n", factorial, "factorial(5)"),
    Function("rand", _X, NUMBER, "A random number from 0 up to x", rand, "rand(10)", pure=False),
    Function("randint", _WHOLE, NUMBER, "A random whole number from 0 below n", randint, "randint(6)", pure=False),
)
