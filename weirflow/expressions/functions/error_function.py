"""Inverses of the error functions, by iteration on the standard library's erf and erfc."""

from __future__ import annotations

import math

_SLOPE = 2 / math.sqrt(math.pi)


def erfinv(y: float) -> float:
    """Raises `ValueError` outside -1 < y < 1."""
    if not -1 < y < 1:
        raise ValueError
    if abs(y) > 0.5:
        return math.copysign(erfcinv(1 - abs(y)), y)
    x = y / _SLOPE
    for _ in range(8):
        x = _step(x, math.erf(x) - y)
    return x


def erfcinv(y: float) -> float:
    """Raises `ValueError` outside 0 < y < 2."""
    if not 0 < y < 2:
        raise ValueError
    if y > 1:
        return -erfcinv(2 - y)
    # The tail falls like exp(-x*x), so the iteration is on the logarithm: nearly a parabola, without overshooting.
    x = math.sqrt(max(-math.log(y * (2 - y)), 0.0)) * 0.9
    for _ in range(12):
        tail = math.erfc(x)
        if not tail:
            break
        x += (math.log(tail) - math.log(y)) * tail / (_SLOPE * math.exp(-x * x))
    return x


def _step(x: float, miss: float) -> float:
    newton = miss / (_SLOPE * math.exp(-x * x))
    return x - newton / (1 + x * newton)
