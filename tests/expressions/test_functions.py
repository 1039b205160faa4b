"""Functions of numbers and texts beyond the conformance cases."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weirflow.expressions import EvaluationError, compile_expression


def _value(text: str, message: Any = None) -> Any:
    return compile_expression(text).evaluate(message)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("j0(1)", 0.7651976865579666),
        ("j1(1)", 0.44005058574493355),
        ("y0(1)", 0.08825696421567697),
        ("y1(1)", -0.7812128213002887),
        ("j0(0)", 1.0),
        ("j1(-1)", -0.44005058574493355),
        ("j0(50)", 0.05581232766925181),
        ("y0(50)", -0.09806499547007708),
        ("gamma(5)", 24.0),
        ("cbrt(-8)", -2.0),
        ("round(0.49999999999999994)", 0),
        ("round(-2.5)", -3),
        ("roundtoeven(3.5)", 4),
        ("trunc(-2.7)", -2),
        ("logb(0.3)", -2),
        ("log10e * ln10", 1.0),
        ("log2e * ln2", 1.0),
        ("phi * phi - phi", 1.0),
        ("sqrtphi * sqrtphi - phi", 0.0),
        ("sqrtpi ** 2 / pi", 1.0),
        ("pow10(-400)", 0.0),
        ("abs(-5)", 5),
        ("factorial(0)", 1),
    ],
)
def test_numbers(text: str, expected: float) -> None:
    assert _value(text) == pytest.approx(expected, abs=1e-13)


@settings(deadline=None)
@given(st.floats(0.001, 1e5))
def test_bessel_functions_of_both_kinds_belong_together(x: float) -> None:
    message = {"x": x}
    wronskian = _value("j1($.x) * y0($.x) - j0($.x) * y1($.x)", message)
    assert wronskian == pytest.approx(2 / (math.pi * x), rel=1e-9)


@settings(deadline=None)
@given(st.floats(1e-300, 2, exclude_max=True))
def test_the_inverses_of_the_error_functions(y: float) -> None:
    assert math.erfc(_value("erfcinv($)", y)) == pytest.approx(y, rel=1e-9)
    if abs(1 - y) < 1:
        assert math.erf(_value("erfinv(1 - $)", y)) == pytest.approx(1 - y, abs=1e-12)


@pytest.mark.parametrize(
    "text",
    ["log(-1)", "sqrt(-1)", "acos(2)", "atanh(1)", "erfinv(1)", "erfcinv(2)", "y0(0)", "y1(-1)", "logb(0)", "gamma(0)"],
)
def test_where_there_is_no_value_it_fails(text: str) -> None:
    with pytest.raises(EvaluationError, match="no value there"):
        _value(text)


@pytest.mark.parametrize(
    ("text", "message", "expected"),
    [
        ("b64encode('héllo')", None, "aMOpbGxv"),
        ("b64encode('hi')", None, "aGk="),
        ("b64encoden('hi')", None, "aGk"),
        ("b64decode('aGk=')", None, "hi"),
        ("b64decode('aGk')", None, "hi"),
        ("b64decode($)", None, None),
        ("string({'a': [1]})", None, '{"a":[1]}'),
        ("string(1e6)", None, "1000000"),
        ("size({'a': 1, 'b': 2})", None, 2),
        ("size($.gone)", {}, 0),
        ("length($.gone)", {}, 0),
        ("length($.a[*])", {"a": []}, 0),
        ("first([])", None, None),
        ("last([1, 2])", None, 2),
        ("first($.gone)", {}, None),
        ("sum({'a': 1, 'b': 2})", None, 3),
        ("sum(5)", None, 5),
        ("sum([])", None, 0),
        ("avg($.gone)", {}, None),
        ("join($[?(@.n)].n, '-')", [{"n": "a"}, {}, {"n": "b"}], "a-b"),
        ("join($[*].n, '-')", [{"n": "a"}], "a"),
        ("not('')", None, True),
        ("not([0])", None, False),
        ("substr('héllo', 1, 1)", None, "é"),
        ("substr('abc', 1.0)", None, "bc"),
        ("rand(0)", None, 0.0),
        ("randint(1)", None, 0),
        ("now() > 1700000000", None, True),
        ("now('whatever') > 1700000000", None, True),
        ("RFC3339() > '2024'", None, True),
    ],
)
def test_texts_and_lists(text: str, message: Any, expected: Any) -> None:
    assert _value(text, message) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("substr('abc', 0, -1)", "length of 0 or more"),
        ("substr('abc', 0.5)", "whole numbers"),
        ("randint(0)", "above 0"),
        ("sum([1, 'a'])", "one item is a text"),
        ("sum('a')", "sum needs a list or a number or an object"),
        ("size('abc')", "size needs"),
        ("first('abc')", "first needs a list"),
        (r"b64encode('\ud83d\ude00') + b64decode('/w==')", "base64 of a UTF-8 text"),
        ("RFC3339(1e15)", "years 1 to 9999"),
        ("'9999-12-31T23:59:59Z' + '1h'", "years 1 to 9999"),
    ],
)
def test_what_a_function_cannot_do(text: str, reason: str) -> None:
    with pytest.raises(EvaluationError, match=reason):
        _value(text)


@pytest.mark.parametrize(
    "text",
    ["1", "", "h", "1 h", "1h 30m", "1x", "5m3", "--1s", "1e3s", "300000000h", "2024-13-01T00:00:00Z",
     "2024-01-01 00:00:00Z", "2024-01-01T00:00:00", "2024-01-01T25:00:00Z", "2024-01-01T00:00:00+25:00",
     "0000-01-01T00:00:00Z"],
)  # fmt: skip
def test_what_is_no_duration_and_no_time_is_joined_as_text(text: str) -> None:
    assert _value("$ + '1h'", text) == text + "1h"


@settings(deadline=None)
@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_durations_are_exact(left: int, right: int) -> None:
    message = {"a": f"{left}ns", "b": f"{right}ns"}
    total = _value("$.a + $.b", message)
    assert _value("$.a + $.b - $.b - $.a", message) == "0s"
    assert total.endswith("s")
    assert round(float(total[:-1]) * 1e9) == pytest.approx(left + right, abs=1)


@settings(deadline=None)
@given(st.datetimes(), st.integers(-(10**9), 10**9))
def test_a_time_moved_and_moved_back_is_itself(moment: Any, seconds: int) -> None:
    start = moment.strftime(f"{moment.year:04}-%m-%dT%H:%M:%SZ")
    try:
        moved = _value("$.t + $.d", {"t": start, "d": f"{seconds}s"})
    except EvaluationError:
        return
    assert _value("$.t - $.d", {"t": moved, "d": f"{seconds}s"}) == start
    assert _value("$.a - $.b", {"a": moved, "b": start}) == f"{seconds}s"
