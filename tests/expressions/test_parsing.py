"""Reading expressions: what is wrong is said with its place, what belongs there, and what stands there."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from weirflow.expressions import MappingError, ParseError, compile_expression, compile_mapping
from weirflow.expressions.limits import DEEPEST_NESTING, DEEPEST_TREE, LONGEST_EXPRESSION
from weirflow.expressions.parser import parse
from weirflow.expressions.printer import to_text


@pytest.mark.parametrize(
    ("text", "position", "expected", "found", "hint"),
    [
        ("", 0, "an expression", "the end", "empty"),
        ("   ", 3, "an expression", "the end", "empty"),
        ("$.", 2, "a name after the dot", "the end", ""),
        ("$.a.", 4, "a name after the dot", "the end", ""),
        ("$.'a'", 2, "a name after the dot", "'", "brackets"),
        ("$..", 3, "a name after the dot", "the end", ""),
        ("$...a", 3, "a name after ..", ".", ""),
        ("$[", 2, "a name in quotes, an index, *, a slice or a filter", "the end", ""),
        ("$[]", 2, "a name in quotes, an index, *, a slice or a filter", "]", ""),
        ("$[name]", 2, "a name in quotes, an index, *, a slice or a filter", "name", "['name']"),
        ("$['a'", 5, "a ]", "the end", ""),
        ("$['a]", 2, "a closing '", "the end", "open"),
        ("$[1.5]", 2, "a whole number", "1.5", "0, 1, 2"),
        ("$[0:3:0]", 6, "a step other than 0", "0", "step 0"),
        ("$[?()]", 4, "a path, a value or a function", ")", ""),
        ("$a", 1, "an operator or the end", "a", ""),
        ("name", 0, "a path, a value or a function", "name", "$.name"),
        ("hello world", 0, "a path, a value or a function", "hello", "'hello'"),
        ("1 +", 3, "a path, a value or a function", "the end", ""),
        ("1 2", 2, "an operator or the end", "2", ""),
        ("$.a = 1", 4, "an operator or the end", "=", "=="),
        ("$.a === 1", 6, "a path, a value or a function", "=", ""),
        ("(1", 2, "a )", "the end", ""),
        ("1)", 1, "an operator or the end", ")", ""),
        ("$.a ? 1", 7, "a :", "the end", "condition ? value : other value"),
        ("uper('x')", 0, "a function", "uper", "did you mean upper?"),
        ("upper", 0, "arguments in brackets after upper", "upper", "upper(text)"),
        ("upper()", 0, "upper(text)", "0 arguments", ""),
        ("substr('a', 1, 2, 3)", 0, "substr(text, start, [length])", "4 arguments", ""),
        ("key('x')", 0, "a path in key( )", "another value", "key($.a.b)"),
        ("'abc", 0, "a closing '", "the end", "open"),
        (r"'\.'", 1, r"an escape such as \n, \' or \u00e9", "\\", "backslash"),
        (r"'\ud800'", 1, r"an escape such as \n, \' or \u00e9", "\\", ""),
        ("007", 0, "a number", "007", "12, 0.5 or 1e3"),
        ("1.", 0, "a number", "1.", ""),
        ("1e999", 0, "a number", "1e999", "too large"),
        ("{a: 1}", 1, "a name in quotes", "a", '{"name": $.value}'),
        ("[1", 2, "a ]", "the end", ""),
        ("$.n =~ '('", 7, "a regular expression", "'('", "missing )"),
        ("$.n =~ '(?<=a)b'", 7, "a regular expression", "'(?<=a)b'", "not a pattern"),
        ("$.a#", 3, "an operator or the end", "#", ""),
        ("$.count-length($.x)", 14, "an operator or the end", "(", "blanks around a minus"),
    ],
)
def test_what_is_wrong(text: str, position: int, expected: str, found: str, hint: str) -> None:
    with pytest.raises(ParseError) as failure:
        compile_expression(text)
    error = failure.value
    assert (error.position, error.expected, error.found) == (position, expected, found)
    assert hint in error.hint
    assert str(error).startswith(f"at character {position + 1} expected {expected}, found {found}")
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("config", "path", "expression", "position"),
    [
        ({"a": {"b": ["{{$.x[}}"]}}, "/a/b/0", "$.x[", 4),
        ({"a/b": "{{}}"}, "/a~1b", "", 0),
        ({"v": "{{name}}"}, "/v", "name", 0),
        ({"v": "text {{$.}} text"}, "/v", "$.", 2),
    ],
)
def test_an_edge_that_cannot_be_compiled_names_the_field(
    config: Any, path: str, expression: str, position: int
) -> None:
    with pytest.raises(MappingError, match="expected") as failure:
        compile_mapping(config)
    error = failure.value
    assert (error.path, error.expression, error.position) == (path, expression, position)
    assert error.problem.field == path
    assert "\n" not in error.problem.message
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_mapping_nested_too_deep_is_refused() -> None:
    config: dict[str, Any] = {}
    for _ in range(500):
        config = {"a": config}
    with pytest.raises(MappingError, match="deeper"):
        compile_mapping(config)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "1" + ")" * 4000,
        "(" * (DEEPEST_NESTING + 1) + "1" + ")" * (DEEPEST_NESTING + 1),
        "[" * 200 + "]" * 200,
        "!" * 5000 + "true",
        "$" + "[?@" * 1000,
        "abs(" * 500 + "1" + ")" * 500,
        "1 ? " * 500 + "1" + ": 2" * 500,
        "+".join(["1"] * (DEEPEST_TREE + 1)),
        "2" + "**2" * 500,
        "$.a" * LONGEST_EXPRESSION,
    ],
)
def test_what_is_nested_too_deep_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * (DEEPEST_NESTING - 1) + "1" + ")" * (DEEPEST_NESTING - 1),
        "+".join(["1"] * DEEPEST_TREE),
        " && ".join(["$.a == 1"] * (DEEPEST_TREE - 2)),
        "1 ? " * (DEEPEST_NESTING - 1) + "1" + ": 2" * (DEEPEST_NESTING - 1),
        "$" + "[?(@" * 9 + ".a" + ")]" * 9,
    ],
)
def test_what_is_just_within_the_limits_runs(text: str) -> None:
    compile_expression(text).evaluate({"a": 1})


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("$['a'][ 0 ]", "$.a[0]"),
        ("$ .a [0]", "$.a[0]"),
        ('$["a b"]', "$['a b']"),
        ("$.['a']", "$.a"),
        ("$..['a','b']", "$..['a', 'b']"),
        ("$[?@.a>1]", "$[?(@.a > 1)]"),
        ("$[1:]", "$[1:]"),
        ("$[(@.length-1)]", "$[(@.length - 1)]"),
        ("((1+2))*3", "(1 + 2) * 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("(1-2)-3", "1 - 2 - 3"),
        ("(2**3)**2", "(2 ** 3) ** 2"),
        ("2**(3**2)", "2 ** 3 ** 2"),
        ("-(2)", "-(2)"),
        ("- $.a", "-$.a"),
        ("a ? b : c".replace("a", "$.a").replace("b", "1").replace("c", "2"), "$.a ? 1 : 2"),
        ("(true ? 1 : 2) ? 3 : 4", "(true ? 1 : 2) ? 3 : 4"),
        ("rfc3339( 1 )", "RFC3339(1)"),
        ('"it\'s"', r"'it\'s'"),
        (r"'\u00e9\n'", r"'é\n'"),
        ("$.a.user-id", "$.a.user-id"),
    ],
)
def test_a_tree_is_printed_in_one_way(text: str, printed: str) -> None:
    assert to_text(parse(text)) == printed
    assert parse(printed) == parse(text)
