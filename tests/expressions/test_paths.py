"""JSONPath: where the public comparison of implementations and RFC 9535 agree with each other and with this dialect.

The expected list is what the path finds; an expression gives null for none, the value for one and the list for several.
"""

from __future__ import annotations

from typing import Any

import pytest

from weirflow.expressions import EvaluationError, compile_expression

_LETTERS = ["a", "b", "c", "d", "e"]
_SHOP = {
    "shelves": [{"id": 1, "items": [{"n": "pen", "p": 2}, {"n": "ink", "p": 9}]}, {"id": 2, "items": []}],
    "desk": {"n": "clerk", "p": 5},
}
_ROWS = [{"k": 0}, {"k": 42}, {"k": "42"}, {"k": "x"}, {"k": None}, {"k": True}, {"k": False}, {"k": [1]}, {"o": 42}]


@pytest.mark.parametrize(
    ("path", "message", "found"),
    [
        # names
        ("$", 42, [42]),
        ("$.a", {"a": 1}, [1]),
        ("$.a", {"a": None}, [None]),
        ("$.a", [{"a": 1}], []),
        ("$.a", "text", []),
        ("$.a.b.c", {"a": {"b": 1}}, []),
        ("$['a']['b']", {"a": {"b": 1}}, [1]),
        ('$["a"].b', {"a": {"b": 1}}, [1]),
        ("$['']", {"": 1}, [1]),
        ("$['a.b']", {"a": {"b": 1}, "a.b": 2}, [2]),
        ("$[' a ']", {" a ": 1, "a": 2}, [1]),
        ("$[ 'a' ]", {"a": 1}, [1]),
        ("$['*']", {"*": 1, "x": 2}, [1]),
        ("$['$']", {"$": 1}, [1]),
        (r"$['\'']", {"'": 1}, [1]),
        (r"$['\\']", {"\\": 1}, [1]),
        (r"$['\u00fc']", {"ü": 1}, [1]),
        ("$['ü']", {"u\u0308": 1}, []),
        ("$.ünïcode", {"ünïcode": 1}, [1]),
        ("$.屬性", {"屬性": 1}, [1]),
        ("$.key-dash", {"key-dash": 1}, [1]),
        ("$.2", {"2": 1}, [1]),
        ("$['0']", {"0": 1}, [1]),
        ("$['0']", ["a"], []),
        ("$.true", {"true": 1}, [1]),
        ("$.null", {"null": 1}, [1]),
        ("$.length", {"length": "x"}, ["x"]),
        ("$.length", {}, []),
        ("$['length']", [4, 5], [2]),
        ("$[*].length", [[1, 2], {"length": 7}, {}, "abc"], [2, 7]),
        # indexes
        ("$[0]", _LETTERS, ["a"]),
        ("$[-1]", _LETTERS, ["e"]),
        ("$[-5]", _LETTERS, ["a"]),
        ("$[-6]", _LETTERS, []),
        ("$[5]", _LETTERS, []),
        ("$[0]", "abc", []),
        ("$[0]", {"0": 1}, []),
        ("$[0][0]", ["abc"], []),
        ("$.*[1]", [[1], [2, 3]], [3]),
        # wildcards
        ("$[*]", [40, None, 42], [40, None, 42]),
        ("$.*", {"a": 1, "b": [2]}, [1, [2]]),
        ("$.*", [], []),
        ("$.*", "abc", []),
        ("$.*.*", [[1, 2], [3]], [1, 2, 3]),
        ("$[*].a", [{"a": 1}, {"b": 1}, {"a": 3}], [1, 3]),
        # slices
        ("$[1:3]", _LETTERS, ["b", "c"]),
        ("$[1:10]", _LETTERS, ["b", "c", "d", "e"]),
        ("$[7:10]", _LETTERS, []),
        ("$[2:113667776004]", _LETTERS, ["c", "d", "e"]),
        ("$[-113667776004:2]", _LETTERS, ["a", "b"]),
        ("$[2:-113667776004:-1]", _LETTERS, ["c", "b", "a"]),
        ("$[113667776004:2:-1]", _LETTERS, ["e", "d"]),
        ("$[-4:-5]", _LETTERS, []),
        ("$[-4:-3]", _LETTERS, ["b"]),
        ("$[-4:3]", _LETTERS, ["b", "c"]),
        ("$[3:-2]", _LETTERS, []),
        ("$[0:0]", _LETTERS, []),
        ("$[:2]", _LETTERS, ["a", "b"]),
        ("$[-2:]", _LETTERS, ["d", "e"]),
        ("$[:]", _LETTERS, _LETTERS),
        ("$[::]", _LETTERS, _LETTERS),
        ("$[::2]", _LETTERS, ["a", "c", "e"]),
        ("$[0:4:2]", _LETTERS, ["a", "c"]),
        ("$[3:0:-2]", _LETTERS, ["d", "b"]),
        ("$[0:3:-2]", _LETTERS, []),
        ("$[3::-1]", _LETTERS, ["d", "c", "b", "a"]),
        ("$[:2:-1]", _LETTERS, ["e", "d"]),
        ("$[ 1 : 3 ]", _LETTERS, ["b", "c"]),
        ("$[1:3]", {"a": 1, ":": 2}, []),
        ("$[1:3]", "abcde", []),
        ("$[(@.length-2):]", _LETTERS, ["d", "e"]),
        ("$[:(1+1)]", _LETTERS, ["a", "b"]),
        # unions
        ("$[0,1]", _LETTERS, ["a", "b"]),
        ("$[4,1]", _LETTERS, ["e", "b"]),
        ("$[0,0]", _LETTERS, ["a", "a"]),
        ("$['a','a']", {"a": 1}, [1, 1]),
        ("$['b','missing','a']", {"a": 1, "b": 2}, [2, 1]),
        ("$[1:3,4]", _LETTERS, ["b", "c", "e"]),
        ("$[*,1]", ["a", "b"], ["a", "b", "b"]),
        ("$[:]['c','d']", [{"c": 1, "d": 2}, {"c": 3}, {"d": 4}], [1, 2, 3, 4]),
        ("$[?(@.k<1),?(@.k>40)]", _ROWS[:3], [{"k": 0}, {"k": 42}]),
        # descent
        ("$..p", _SHOP, [2, 9, 5]),
        ("$..items[0].n", _SHOP, ["pen"]),
        ("$.shelves..p", _SHOP, [2, 9]),
        ("$..*", [[0], [1]], [[0], [1], 0, 1]),
        ("$..*", 42, []),
        ("$..[0]", [["a", ["b"]], "c"], [["a", ["b"]], "a", "b"]),
        ("$..['n','p']", {"n": 1, "x": {"p": 2, "n": 3}}, [1, 3, 2]),
        ("$..key", {"key": {"key": 1}, "o": {"key": 2}}, [{"key": 1}, 1, 2]),
        # filters
        ("$[?(@.k==42)]", _ROWS, [{"k": 42}]),
        ("$[?(@['k']==42)]", _ROWS, [{"k": 42}]),
        ("$[?@.k==42]", _ROWS, [{"k": 42}]),
        ("$[?(@.k=='42')]", _ROWS, [{"k": "42"}]),
        ("$[?(@.k==true)]", _ROWS, [{"k": True}]),
        ("$[?(@.k==false)]", _ROWS, [{"k": False}]),
        ("$[?(@.k>0)]", _ROWS, [{"k": 42}]),
        ("$[?(@.k>='42')]", _ROWS, [{"k": "42"}, {"k": "x"}]),
        ("$[?(@.k!=42)]", _ROWS, [row for row in _ROWS if row != {"k": 42}]),
        ("$[?(@.k<1 || @.k=='x')]", _ROWS, [{"k": 0}, {"k": "x"}]),
        ("$[?(@.k>0 && @.k<43)]", _ROWS, [{"k": 42}]),
        ("$[?(!(@.k==42))]", _ROWS[:3], [{"k": 0}, {"k": "42"}]),
        ("$[?(@==42)]", [0, 42, "42", 42.0], [42, 42.0]),
        ("$[?(@)]", ["x", None, 0, 1, "", [], {}, False, True], ["x", 1, True]),
        ("$[?(@.a && (@.b || @.c))]", [{"a": 1}, {"a": 1, "c": 1}, {"b": 1}], [{"a": 1, "c": 1}]),
        ("$[?(1==1)]", [1, None], [1, None]),
        ("$[?(@.k*2==84)]", _ROWS[:2], [{"k": 42}]),
        ("$[?(@.id==2)]", {"id": 2}, []),
        ("$[?(@.n=='b')]", {"x": {"n": "a"}, "y": {"n": "b"}}, [{"n": "b"}]),
        ("$[?(@[-1]==2)]", [[2, 3], ["a"], [0, 2], [2]], [[0, 2], [2]]),
        ("$[?(@.a.b==3)]", [{"a": {"b": 3}}, {"a": {"b": 2}}, {"a": 3}], [{"a": {"b": 3}}]),
        ("$[?(@.d==['v1','v2'])]", [{"d": ["v1", "v2"]}, {"d": ["v1"]}], [{"d": ["v1", "v2"]}]),
        ("$[?(@.d=={'k':'v'})]", [{"d": {"k": "v"}}, {"d": {}}], [{"d": {"k": "v"}}]),
        ("$.items[?(@.k==$.value)]", {"value": 4, "items": [{"k": 4}, {"k": 5}]}, [{"k": 4}]),
        ("$[?(@.a[?(@.p>10)])]", [{"a": [{"p": 1}]}, {"a": [{"p": 11}]}], [{"a": [{"p": 11}]}]),
        ("$[?(@.n =~ '^h.*o$')]", [{"n": "hello"}, {"n": "help"}, {"n": 5}, {}], [{"n": "hello"}]),
        ("$[?(length(@) == 2)]", [[1], [1, 2]], [[1, 2]]),
        ("$..[?(@.p>4)].n", _SHOP, ["clerk", "ink"]),
        ("$[?(key(@)=='b')]", {"a": 1, "b": 2}, [2]),
        ("$[?(key(@)>0)]", _LETTERS[:3], ["b", "c"]),
        ("$[?(parent(@).length==5)]", _LETTERS, _LETTERS),
        # computed keys
        ("$[(@.length-1)]", _LETTERS, ["e"]),
        ("$.list[($.at)]", {"list": _LETTERS, "at": 1}, ["b"]),
        ("$.map[($.name)]", {"map": {"x": 7}, "name": "x"}, [7]),
        ("$.map[($.gone)]", {"map": {"x": 7}}, []),
        ("$[('x')]", {"x": 7}, [7]),
    ],
)
def test_what_a_path_finds(path: str, message: Any, found: list[Any]) -> None:
    assert compile_expression(f"list({path})").evaluate(message) == (found if found != [None] else [])
    expected = None if not found else found[0] if len(found) == 1 else found
    got = compile_expression(path).evaluate(message)
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("text", "message", "expected"),
    [
        ("key($.a.b)", {"a": {"b": 1}}, "b"),
        ("key($.a.c)", {"a": {"b": 1}}, None),
        ("key($)", {"a": 1}, None),
        ("key(@)", {"a": 1}, None),
        ("key($.a[-1])", {"a": [5, 6]}, 1),
        ("key($.*)", {"a": 1, "b": 2}, ["a", "b"]),
        ("key($[?(@ > 1)])", {"a": 1, "b": 2}, "b"),
        ("key($..p)", {"p": 1}, "p"),
        ("key($[1:])", [1, 2, 3], [1, 2]),
        ("key($['a', 'x'])", {"a": 1}, "a"),
        ("key($[(@.length - 1)])", [1, 2, 3], 2),
        ("parent($.a.b)", {"a": {"b": 1}}, {"b": 1}),
        ("parent($.a.b.c)", {"a": {"b": 1}}, None),
        ("parent($)", {"a": 1}, None),
        ("root(@)", {"a": 1}, {"a": 1}),
        ("root($.a.b)", {"a": 1}, {"a": 1}),
    ],
)
def test_where_a_value_stands(text: str, message: Any, expected: Any) -> None:
    assert compile_expression(text).evaluate(message) == expected


def test_values_are_not_copied() -> None:
    message = {"a": [{"b": {}}]}
    for path in ("$.a", "$.a[0].b", "$.a[*].b", "$..b", "$.a[?(@.b != 1)].b", "parent($.a[0].b)"):
        got = compile_expression(path).evaluate(message)
        assert any(got is each for each in (message["a"], message["a"][0], message["a"][0]["b"])), path


@pytest.mark.parametrize(
    ("text", "reason"),
    [("$[::($.zero)]", "step 0"), ("$[('a'):]", "whole numbers"), ("$[($.half)]", "whole numbers")],
)
def test_keys_that_cannot_be(text: str, reason: str) -> None:
    message = {"zero": 0, "half": 0.5}
    with pytest.raises(EvaluationError, match=reason):
        compile_expression(f"$.list{text[1:]}").evaluate({**message, "list": [1, 2]})
