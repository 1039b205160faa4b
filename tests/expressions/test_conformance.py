"""The mapping language as public modules know it, as far as literals and JSONPath go, with its known quirks mended."""

from __future__ import annotations

from typing import Any

import pytest

from weirflow.expressions import MappingError, compile_mapping

_STORE = {"store": {"book": [{"price": 8.95}, {"price": 12.99}], "bicycle": {"price": 19.95}}}
_FIVE = ["first", "second", "third", "fourth", "fifth"]


@pytest.mark.parametrize(
    ("config", "message", "expected"),
    [
        ({"name": "test", "value": 123}, None, {"name": "test", "value": 123}),
        ({"price": "$18.99"}, None, {"price": "$18.99"}),
        ({"v": "{{$.data.value}}"}, {"data": {"value": "r"}}, {"v": "r"}),
        ({"v": "{{$.c}}"}, {"c": 42}, {"v": 42}),
        ({"v": "{{$.a}}"}, {"a": True}, {"v": True}),
        ({"v": "Hello {{$.name}}!"}, {"name": "World"}, {"v": "Hello World!"}),
        (
            {"v": "{{$.g}}, {{$.n}}! You have {{$.c}} messages."},
            {"g": "Hello", "n": "Alice", "c": 5},
            {"v": "Hello, Alice! You have 5 messages."},
        ),
        ({"v": "{{$.o}}"}, {"o": {"nested": "v"}}, {"v": {"nested": "v"}}),
        ({"v": ["{{$.a}}", "{{$.b}}", 3]}, {"a": 10, "b": 20}, {"v": [10, 20, 3]}),
        (
            {"deep": {"list": [{"x": "{{$.a}}"}, {"y": {"z": "{{$.b[0]}}"}}]}},
            {"a": 1, "b": [2]},
            {"deep": {"list": [{"x": 1}, {"y": {"z": 2}}]}},
        ),
        ({"v": "{{$.unavailable}}"}, {}, {"v": None}),
        (
            {"v": "{{$.sourceData.items[0].value}}"},
            {"sourceData": {"items": [{"value": "first-item"}]}},
            {"v": "first-item"},
        ),
        ({"v": "{{$}}"}, {"whole": 1}, {"v": {"whole": 1}}),
        ({"v": "{{ $.spaced }}"}, {"spaced": 1}, {"v": 1}),
        ({"v": "{{$.a.b}} is {{$.missing}}"}, {"a": {"b": 1}}, {"v": "1 is "}),
        ({"v": "{{$[::-2]}}"}, _FIVE, {"v": ["fifth", "third", "first"]}),
        ({"v": "{{$[-4:]}}"}, _FIVE, {"v": _FIVE[1:]}),
        ({"v": "{{$[-1]}}"}, _FIVE, {"v": "fifth"}),
        ({"v": "{{$[9]}}"}, _FIVE, {"v": None}),
        ({"v": "{{$.length}}"}, [4, 5, 6], {"v": 3}),
        ({"v": "{{$.length}}"}, {"length": "long"}, {"v": "long"}),
        ({"v": "{{$[?(@.key==42)]}}"}, [{"key": 42}, {"key": "42"}, {"key": None}, {"other": 1}], {"v": {"key": 42}}),
        ({"v": "{{$..price}}"}, _STORE, {"v": [19.95, 8.95, 12.99]}),
        ({"v": "{{$.store.book[*].price}}"}, _STORE, {"v": [8.95, 12.99]}),
        ({"v": "{{$.store['book'][0][\"price\"]}}"}, _STORE, {"v": 8.95}),
        ({"v": "{{$['a b']}}"}, {"a b": 1}, {"v": 1}),
        (
            {"v": "{{'text'}}", "n": "{{-1.5}}", "t": "{{true}}", "z": "{{null}}"},
            {},
            {"v": "text", "n": -1.5, "t": True, "z": None},
        ),
        ({"v": "{{$.ünïcode}}"}, {"ünïcode": 1}, {"v": 1}),
        ({}, {"a": 1}, {}),
    ],
)
def test_values(config: dict[str, Any], message: Any, expected: dict[str, Any]) -> None:
    got = compile_mapping(config).evaluate(message)
    if config == {"v": "{{$..price}}"}:
        assert sorted(got["v"]) == sorted(expected["v"])
    else:
        assert got == expected


@pytest.mark.parametrize(
    ("text", "message", "expected"),
    [
        ("{{$.a}} {{$.b}}", {"a": 1, "b": 2}, "1 2"),
        ("{{$.a}}{{$.b}}", {"a": "x", "b": "y"}, "xy"),
        ("{{$['}}']}}", {"}}": 1}, 1),
        ("n={{$.n}}", {"n": 1e6}, "n=1000000"),
        ("n={{$.n}}", {"n": 2.5}, "n=2.5"),
        ("n={{$.n}}", {"n": 1e300}, "n=1e+300"),
        ("b={{$.b}}", {"b": True}, "b=true"),
        ("o={{$.o}}", {"o": {"a": [1, "ü"]}}, 'o={"a":[1,"ü"]}'),
        ("{{ not closed", {}, "{{ not closed"),
        ("a }} b", {}, "a }} b"),
        ("it's {{$.a}}", {"a": "it"}, "it's it"),
    ],
)
def test_quirks_that_are_mended(text: str, message: Any, expected: Any) -> None:
    assert compile_mapping({"v": text}).evaluate(message) == {"v": expected}


@pytest.mark.parametrize("config", [[1, 2, 3], "s", 123, None, True, 1.5])
def test_a_mapping_is_an_object(config: Any) -> None:
    with pytest.raises(MappingError, match="JSON object"):
        compile_mapping(config)


@pytest.mark.parametrize(
    ("config", "path", "expression", "reason"),
    [
        ({"a": {"b": ["{{$.x[}}"]}}, "/a/b/0", "$.x[", "JSONPath"),
        ({"a/b": "{{}}"}, "/a~1b", "", "empty"),
        ({"v": "{{name}}"}, "/v", "name", "starts with"),
        ({"v": "{{$[0:3:0]}}"}, "/v", "$[0:3:0]", "step 0"),
        ({"v": "text {{$.}} text"}, "/v", "$.", "JSONPath"),
    ],
)
def test_what_cannot_be_compiled_says_where_and_why(config: Any, path: str, expression: str, reason: str) -> None:
    with pytest.raises(MappingError, match=reason) as failure:
        compile_mapping(config)
    assert (failure.value.path, failure.value.expression) == (path, expression)
    assert failure.value.problem.field == path
    assert "\n" not in failure.value.problem.message


def test_a_mapping_nested_too_deep_is_refused() -> None:
    config: dict[str, Any] = {}
    for _ in range(500):
        config = {"a": config}
    with pytest.raises(MappingError, match="deeper"):
        compile_mapping(config)
