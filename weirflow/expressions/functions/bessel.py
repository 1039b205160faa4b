"""Bessel functions of orders 0 and 1, which Python's standard library lacks; absolute error about 1e-14.

Up to 25 by recurrence downwards (Miller) and Neumann's series over the orders; beyond by Hankel's expansion. See the
Digital Library of Mathematical Functions, 10.74(iv), 10.23(iii) and 10.17(i).
"""

from __future__ import annotations

import math

_EULER = 0.57721566490153286
_FAR = 25.0


def j0(x: float) -> float:
    return _orders(abs(x))[0] if abs(x) <= _FAR else _far(0, abs(x))[0]


def j1(x: float) -> float:
    value = _orders(abs(x))[1] if abs(x) <= _FAR else _far(1, abs(x))[0]
    return math.copysign(1, x) * value


def y0(x: float) -> float:
    """Raises `ValueError` for x of 0 and below."""
    if x <= 0:
        raise ValueError
    if x > _FAR:
        return _far(0, x)[1]
    j = _orders(x)
    series: float = sum((-1.0) ** k * j[2 * k] / k for k in range(1, len(j) // 2))
    return 2 / math.pi * ((math.log(x / 2) + _EULER) * j[0] - 2 * series)


def y1(x: float) -> float:
    """Raises `ValueError` for x of 0 and below."""
    if x <= 0:
        raise ValueError
    if x > _FAR:
        return _far(1, x)[1]
    j = _orders(x)
    series: float = sum((-1.0) ** k * (2 * k + 1) * j[2 * k + 1] / (k * (k + 1)) for k in range(1, len(j) // 2 - 1))
    return 2 / math.pi * ((math.log(x / 2) + _EULER - 1) * j[1] - j[0] / x - series)


def _orders(x: float) -> list[float]:
    """J of orders 0 to about x + 40, x of 0 to 25."""
    if x < 1e-20:
        return [1.0, x / 2] + [0.0] * 40
    top = 2 * int(x / 2 + 20)
    values = [0.0] * (top + 2)
    values[top] = 1e-300
    for order in range(top, 0, -1):
        values[order - 1] = 2 * order / x * values[order] - values[order + 1]
        if abs(values[order - 1]) > 1e200:
            values = [value * 1e-200 for value in values]
    norm = values[0] + 2 * sum(values[2::2])
    return [value / norm for value in values]


def _far(order: int, x: float) -> tuple[float, float]:
    """J and Y for large x."""
    mu = 4.0 * order * order
    p, q, term = 1.0, 0.0, 1.0
    for k in range(1, 60):
        factor = (mu - (2 * k - 1) ** 2) / (k * 8 * x)
        if abs(factor) >= 1 or abs(term) < 1e-17:
            break
        term *= factor
        sign = -1 if k % 4 in (2, 3) else 1
        if k % 2:
            q += sign * term
        else:
            p += sign * term
    phase = x - (order / 2 + 0.25) * math.pi
    size = math.sqrt(2 / (math.pi * x))
    return size * (p * math.cos(phase) - q * math.sin(phase)), size * (p * math.sin(phase) + q * math.cos(phase))
