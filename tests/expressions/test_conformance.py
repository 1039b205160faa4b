"""The mapping language as public modules know it, case by case. Departures from it are in test_quirks.py and ADR 32."""

from __future__ import annotations

import json
from typing import Any

import pytest

from weirflow.expressions import EvaluationError, MappingError, compile_expression, compile_mapping

_STORE = {
    "store": {
        "book": [
            {"category": "reference", "title": "Sayings of the Century", "price": 8.95},
            {"category": "fiction", "title": "Sword of Honour", "price": 12.99},
            {"category": "fiction", "title": "Moby Dick", "isbn": "0-553-21311-3", "price": 8.99},
            {"category": "fiction", "title": "The Lord of the Rings", "isbn": "0-395-19395-8", "price": 22.99},
        ],
        "bicycle": {"color": "red", "price": 19.95},
    }
}
_FIVE = ["first", "second", "third", "fourth", "fifth"]
_MIXED = [{"key": 0}, {"key": 42}, {"key": "42"}, {"key": [42]}, {"key": None}, {"key": True}, {"some": 42}, 42]
_CALLS = ["upper", "lower", "trim", "reverse"]


def _field(text: Any, message: Any, expected: Any, number: str) -> Any:
    return pytest.param({"v": text}, message, {"v": expected}, id=number)


@pytest.mark.parametrize(
    ("config", "message", "expected"),
    [
        pytest.param({"name": "test", "value": 123}, None, {"name": "test", "value": 123}, id="1"),
        pytest.param({"price": "$18.99"}, None, {"price": "$18.99"}, id="2"),
        _field("{{$.data.value}}", {"data": {"value": "r"}}, "r", "3"),
        _field("{{$.c}}", {"c": 42}, 42, "4"),
        _field("{{$.a}}", {"a": True}, True, "5"),
        _field("Hello {{$.name}}!", {"name": "World"}, "Hello World!", "6"),
        _field(
            "{{$.g}}, {{$.n}}! You have {{$.c}} messages.",
            {"g": "Hello", "n": "Alice", "c": 5},
            "Hello, Alice! You have 5 messages.",
            "7",
        ),
        _field("{{$.o}}", {"o": {"nested": "v"}}, {"nested": "v"}, "8"),
        _field(["{{$.a}}", "{{$.b}}", 3], {"a": 10, "b": 20}, [10, 20, 3], "9"),
        pytest.param(
            {"deep": {"list": [{"x": "{{$.a}}"}, {"y": {"z": "{{$.b[0]}}"}}], "n": None}},
            {"a": 1, "b": [2]},
            {"deep": {"list": [{"x": 1}, {"y": {"z": 2}}], "n": None}},
            id="10",
        ),
        _field("{{$.unavailable}}", {}, None, "12"),
        _field(
            "{{$.sourceData.items[0].value}}",
            {"sourceData": {"items": [{"value": "first-item"}]}},
            "first-item",
            "14",
        ),
        _field("{{$}}", {"whole": [1]}, {"whole": [1]}, "15"),
        _field("{{$.role == 'admin'}}", {"role": "admin"}, True, "16"),
        _field('{{"Hello " + $.name}}', {"name": "World"}, "Hello World", "17"),
        _field("{{$.price * $.quantity}}", {"price": 33.33, "quantity": 3}, 33.33 * 3, "18"),
    ],
)
def test_mappings(config: dict[str, Any], message: Any, expected: dict[str, Any]) -> None:
    got = compile_mapping(config).evaluate(message)
    assert got == expected
    assert json.dumps(got) == json.dumps(expected)


@pytest.mark.parametrize("config", [[1, 2, 3], "s", 123, None, True, 1.5])
def test_case_11a_a_mapping_is_an_object(config: Any) -> None:
    with pytest.raises(MappingError, match="JSON object"):
        compile_mapping(config)


@pytest.mark.parametrize(
    ("text", "message", "expected"),
    [
        pytest.param("1 + 2", None, 3, id="19a"),
        pytest.param("10+20+30", None, 60, id="19b"),
        pytest.param("1.5+2.5", None, 4, id="19c"),
        pytest.param("-5 + 10", None, 5, id="19d"),
        pytest.param('"hello" + " world"', None, "hello world", id="20a"),
        pytest.param('"test"+""', None, "test", id="20b"),
        pytest.param('"1h"+"30m"', None, "5400s", id="21a"),
        pytest.param('"30s"+"15s"', None, "45s", id="21b"),
        pytest.param('"1h"+"1m"+"1s"', None, "3661s", id="21c"),
        pytest.param('"2024-01-01T12:00:00Z"+"1h"', None, "2024-01-01T13:00:00Z", id="22a"),
        pytest.param('"1h"+"2024-01-01T12:00:00Z"', None, "2024-01-01T13:00:00Z", id="22a commuted"),
        pytest.param('"2024-01-01T12:00:00Z"+"30m"', None, "2024-01-01T12:30:00Z", id="22b"),
        pytest.param("10-3", None, 7, id="23a"),
        pytest.param("100-20-30", None, 50, id="23b"),
        pytest.param("5.5-2.5", None, 3, id="23c"),
        pytest.param("5 - 10", None, -5, id="23d"),
        pytest.param('"1h"-"30m"', None, "1800s", id="24a"),
        pytest.param('"60s"-"15s"', None, "45s", id="24b"),
        pytest.param('"2024-01-01T12:00:00Z"-"1h"', None, "2024-01-01T11:00:00Z", id="25"),
        pytest.param("string($.v)", {"v": 123}, "123", id="26a"),
        pytest.param("string($.v)", {"v": 45.67}, "45.67", id="26b"),
        pytest.param("string($.v)", {"v": True}, "true", id="26c true"),
        pytest.param("string($.v)", {"v": False}, "false", id="26c false"),
        pytest.param("string($.v)", {"v": "hello"}, "hello", id="26d"),
        pytest.param("string($.v)", {"v": [1]}, "unknown", id="26e list"),
        pytest.param("string($.v)", {"v": None}, "unknown", id="26e null"),
        pytest.param("upper('héllo')", None, "HÉLLO", id="27a"),
        pytest.param("lower('HÉLLO')", None, "héllo", id="27a lower"),
        pytest.param("trim($)", " \t\nhello \t\n", "hello", id="27b"),
        pytest.param("reverse('héllo')", None, "olléh", id="27c"),
        *(pytest.param(f"{call}($.v)", {"v": None}, None, id=f"27e {call}") for call in _CALLS),
        *(pytest.param(f"{call}($.v)", {}, None, id=f"27e {call} missing") for call in _CALLS),
        pytest.param("split('a,b,c', ',')", None, ["a", "b", "c"], id="28a"),
        pytest.param("split('abc', '')", None, ["a", "b", "c"], id="28b"),
        pytest.param("split('', ',')", None, [""], id="28c"),
        pytest.param("length(split($.data,','))", {"data": "x,y,z"}, 3, id="28e"),
        pytest.param("join($, ',')", ["a", "b", "c"], "a,b,c", id="29a"),
        pytest.param("join($, ',')", [], "", id="29b"),
        pytest.param("contains('hello', '')", None, True, id="30a"),
        pytest.param("contains('Hello', 'hello')", None, False, id="30b"),
        pytest.param("hasprefix('hello', '')", None, True, id="30c empty"),
        pytest.param("hasprefix('hello', 'he')", None, True, id="30c"),
        pytest.param("hasprefix('hello', 'He')", None, False, id="30c case"),
        pytest.param("hassuffix('hello', 'lo')", None, True, id="30c suffix"),
        pytest.param("hassuffix('hello', 'LO')", None, False, id="30c suffix case"),
        pytest.param("replace('foo foo foo', 'foo', 'bar')", None, "bar bar bar", id="31a"),
        pytest.param("replace('abc', '', 'X')", None, "XaXbXcX", id="31b"),
        pytest.param("substr('hello', 2)", None, "llo", id="32a"),
        pytest.param("substr('hello', -2)", None, "lo", id="32b"),
        pytest.param("substr('hello', -10)", None, "hello", id="32c"),
        pytest.param("substr('hello', 1, 3)", None, "ell", id="32d"),
        pytest.param("substr('hello', 3, 10)", None, "lo", id="32e"),
        pytest.param("substr('hello', 5)", None, "", id="32f"),
        pytest.param("index('hello', 'll')", None, 2, id="33a"),
        pytest.param("index('hello', 'x')", None, -1, id="33b"),
        pytest.param("index('hello', '')", None, 0, id="33c"),
        pytest.param(
            "contains($.text,'error') ? 'has error' : 'ok'", {"text": "an error occurred"}, "has error", id="34a"
        ),
        pytest.param("hasprefix($.cmd,'scale') ? 'scaling' : 'other'", {"cmd": "scale up"}, "scaling", id="34b"),
        pytest.param("hasprefix($.cmd,'scale') ? 'scaling' : 'other'", {"cmd": "up"}, "other", id="34b other"),
        pytest.param("first(split($.items[0].path,'/'))", {"items": [{"path": "a/b"}]}, "a", id="35"),
        pytest.param("avg($..price)", _STORE, 14.774000000000001, id="36a"),
        pytest.param("round(avg($..price)+pi)", _STORE, 18, id="36b"),
        pytest.param("$[::-2]", _FIVE, ["fifth", "third", "first"], id="37a"),
        pytest.param("$[-4:]", _FIVE, _FIVE[1:], id="37b"),
        pytest.param("$[?(@.key==42)]", _MIXED, {"key": 42}, id="37c"),
        pytest.param("$.length", [4, 5, 6], 3, id="37e"),
    ],
)
def test_expressions(text: str, message: Any, expected: Any) -> None:
    got = compile_expression(text).evaluate(message)
    assert got == expected
    assert type(got) is type(expected) or {type(got), type(expected)} == {int, float}
    assert compile_mapping({"v": "{{" + text + "}}"}).evaluate(message) == {"v": expected}


@pytest.mark.parametrize(
    ("text", "message", "reason"),
    [
        *(pytest.param(f"{call}($.v)", {"v": 123}, f"{call} needs a text", id=f"27d {call}") for call in _CALLS),
        pytest.param("split($.v, ',')", {"v": 123}, "split needs a text as its argument 1", id="28d"),
        pytest.param("join($.v, ',')", {"v": ["a", 1]}, "item 1 is a number", id="29c"),
        pytest.param("join($.v, ',')", {"v": "a"}, "join needs a list", id="29c text"),
        pytest.param("contains($.v, 'x')", {"v": 1}, "contains needs a text", id="30 number"),
        pytest.param("index('x', $.v)", {"v": None}, "index needs a text as its argument 2", id="33 null"),
    ],
)
def test_what_fails_says_why(text: str, message: Any, reason: str) -> None:
    with pytest.raises(EvaluationError, match=reason):
        compile_expression(text).evaluate(message)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("avg()", r"expected avg\(numbers\), found 0 arguments", id="36c"),
        pytest.param("$[0:3:0]", "step other than 0", id="37d"),
        pytest.param("", "empty", id="empty"),
    ],
)
def test_what_cannot_be_compiled_says_why(text: str, reason: str) -> None:
    with pytest.raises(MappingError, match=reason):
        compile_mapping({"v": "{{" + text + "}}"})
