"""Where the public implementation surprises, and what happens here instead. ADR 32 has the decisions, one by one."""

from __future__ import annotations

from typing import Any

import pytest

from weirflow.expressions import EvaluationError, MappingError, compile_expression, compile_mapping


@pytest.mark.parametrize(
    ("text", "message", "expected"),
    [
        ("{{$.a}} {{$.b}}", {"a": 1, "b": 2}, "1 2"),
        ("{{$.a}}{{$.b}}", {"a": "x", "b": "y"}, "xy"),
        ("{{$['}}']}}", {"}}": 1}, 1),
        ("{{ '{{' }}", {}, "{{"),
        ("{{{}}}", {}, {}),
        ("{{ {'a': {'b': $.x}} }}", {"x": 1}, {"a": {"b": 1}}),
        ("{{{'a': $.x}}} and {{$.x}}", {"x": 1}, '{"a":1} and 1'),
        ("n={{$.n}}", {"n": 1e6}, "n=1000000"),
        ("n={{$.n}}", {"n": 2.5}, "n=2.5"),
        ("n={{$.n}}", {"n": 1e300}, "n=1e+300"),
        ("b={{$.b}}", {"b": True}, "b=true"),
        ("o={{$.o}}", {"o": {"a": [1, "ü"]}}, 'o={"a":[1,"ü"]}'),
        ("Hello {{$.missing}}!", {}, "Hello !"),
        ("{{ not closed", {}, "{{ not closed"),
        ("a }} b", {}, "a }} b"),
        ("it's {{$.a}}", {"a": "it"}, "it's it"),
        ("{{\n $.a\n}}", {"a": 1}, 1),
    ],
)
def test_texts_around_expressions(text: str, message: Any, expected: Any) -> None:
    assert compile_mapping({"v": text}).evaluate(message) == {"v": expected}


@pytest.mark.parametrize(
    ("text", "message", "expected"),
    [
        ("3 == 1 + 2", None, True),
        ("1 + 2 == 3", None, True),
        ("1 + 2 | 4", None, 7),
        ("10 - 4 ^ 1", None, 7),
        ("2 ** 3 ** 2", None, 512),
        ("-2 ** 2", None, 4),
        ("2 + 3 * 4", None, 14),
        ("true || false && false", None, True),
        ("$.gone == 1", {}, False),
        ("$.gone != 1", {}, True),
        ("$.gone == null", {}, True),
        ("$.gone && true", {}, False),
        ("$.gone || 'x'", {}, True),
        ("false && 1 / 0", None, False),
        ("$.gone > 1", {}, False),
        ("1 == '1'", None, False),
        ("1 == true", None, False),
        ("$.a == $.b", {"a": [1, {"x": True}], "b": [1.0, {"x": True}]}, True),
        ("$.a == $.b", {"a": [True], "b": [1]}, False),
        ("length('héllo')", None, 5),
        ("index('héllo', 'l')", None, 2),
        ("length($.a)", {"a": {"x": 1, "y": 2}}, 2),
        ("avg($.a)", {"a": []}, None),
        ("key($.a[1])", {"a": [5, 6]}, 1),
        ("RFC3339(0)", None, "1970-01-01T00:00:00Z"),
        ("'2024-01-01T12:00:00.5+02:00' + '1h'", None, "2024-01-01T13:00:00.5+02:00"),
        ("'2024-01-02T00:00:00Z' - '2024-01-01T23:00:00Z'", None, "3600s"),
        ("'1000h' + '1000h'", None, "7200000s"),
        ("'0' + '0'", None, "00"),
        ("'5' + '3s'", None, "53s"),
        ("-7 % 3", None, -1),
        ("6 / 3", None, 2),
        ("7 / 2", None, 3.5),
        ("list($.a[*])", {"a": [1]}, [1]),
        ("length($.a[*])", {"a": ["long text"]}, 1),
        ("first($.a[*].x)", {"a": [{"x": 5}]}, 5),
        ("$.user-id", {"user-id": 1, "user": 5}, 1),
        ("$.a-1", {"a": 3}, 2),
        ("$.a - $.b", {"a": 3, "b": 1}, 2),
        ("split('a/b', '/')[1]", None, "b"),
        ("@.a", {"a": 1}, 1),
        ("NOT(TRUE)", None, False),
        ("Pi == PI", None, True),
        ("{'a': [1, $.x]}", {"x": 2}, {"a": [1, 2]}),
    ],
)
def test_values(text: str, message: Any, expected: Any) -> None:
    got = compile_expression(text).evaluate(message)
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("text", "message", "reason", "position"),
    [
        ("$.a / 0", {"a": 1}, "division by zero", 4),
        ("$.a % $.b", {"a": 1, "b": 0}, "division by zero", 4),
        ("$.gone + 1", {}, "cannot add null and a number", 7),
        ("1 + 'a'", None, "cannot add a number and a text", 2),
        ("'b' - 'a'", None, "durations", 4),
        ("'1h' - '2024-01-01T12:00:00Z'", None, "durations", 5),
        ("1 < 'a'", None, "cannot tell a number < a text", 2),
        ("length(5)", None, "length needs", 0),
        ("factorial(-1)", None, "from 0 to 170", 0),
        ("log(0)", None, "log has no value there", 0),
        ("exp(1000)", None, "too large", 0),
        ("1.5 & 1", None, "whole numbers", 4),
        ("1 << 64", None, "0 to 63", 2),
        ("RFC3339('x')", None, "RFC3339 needs a number", 0),
        ("b64decode('*')", None, "base64", 0),
        ("-$.a", {"a": "x"}, "sign", 0),
    ],
)
def test_an_error_is_an_error_and_never_null(text: str, message: Any, reason: str, position: int) -> None:
    with pytest.raises(EvaluationError, match=reason) as failure:
        compile_expression(text).evaluate(message)
    assert failure.value.position == position
    assert failure.value.expression == text
    for field in ("{{" + text + "}}", "text {{" + text + "}} text"):
        with pytest.raises(EvaluationError, match=reason) as failure:
            compile_mapping({"a": ["", field]}).evaluate(message)
        assert (failure.value.path, failure.value.expression) == ("/a/1", text)


def test_an_error_that_no_message_can_avoid_is_found_when_the_edge_is_compiled() -> None:
    with pytest.raises(MappingError, match="division by zero") as failure:
        compile_mapping({"a": "{{ 1 / 0 }}"})
    assert failure.value.path == "/a"
