"""What holds for every expression and every message."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.expressions import reference
from tests.expressions.trees import MESSAGES, TREES
from weirflow.expressions import EvaluationError, MappingError, ParseError, compile_expression, compile_mapping
from weirflow.expressions.limits import DEEPEST_NESTING, LONGEST_EXPRESSION, Refusal
from weirflow.expressions.parser import parse
from weirflow.expressions.printer import to_text
from weirflow.expressions.syntax import Expression, tree_depth

_SYMBOLS = [*"$@.[]()?:*,'\"\\+-/%<>&^|=~!{} \n", "..", "&&", "**", "abs(", "key(", "$.a", "1", "0.5e3", "null", "é"]
_PIECES = st.lists(st.sampled_from(_SYMBOLS) | st.text(max_size=3), max_size=20).map("".join)


@settings(deadline=None)
@given(st.text() | _PIECES)
def test_a_text_is_an_expression_or_a_parse_error(text: str) -> None:
    with contextlib.suppress(ParseError):
        compile_expression(text)


@settings(deadline=None)
@given(_PIECES)
def test_a_mapping_compiles_or_says_what_is_wrong(text: str) -> None:
    with contextlib.suppress(MappingError):
        compile_mapping({"a": "{{" + text + "}}", "b": [text + "{{ $ }}" + text]})


@settings(deadline=None)
@given(TREES)
def test_what_is_printed_is_parsed_to_the_same_tree(tree: Expression) -> None:
    text = to_text(tree)
    assume(len(text) <= LONGEST_EXPRESSION and tree_depth(tree) <= DEEPEST_NESTING / 3)
    assert _without_places(parse(text)) == _without_places(tree)


@settings(deadline=None)
@given(TREES, MESSAGES)
@example(parse("$.a[0] + 1"), {"a": [1]})
def test_generated_code_does_what_the_tree_says(tree: Expression, message: Any) -> None:
    before = json.dumps(message)
    try:
        compiled = compile_expression(to_text(tree))
    except ParseError:
        return
    try:
        expected = reference.evaluate(tree, message)
    except Refusal:
        with pytest.raises(EvaluationError):
            compiled.evaluate(message)
    else:
        got = compiled.evaluate(message)
        assert _exact(got) == _exact(expected)
        assert json.dumps(got, allow_nan=False)
    assert json.dumps(message) == before


@settings(deadline=None)
@given(TREES, MESSAGES)
def test_a_mapping_gives_what_its_expressions_give(tree: Expression, message: Any) -> None:
    text = to_text(tree)
    assume("}}" not in text)
    try:
        mapping = compile_mapping({"a": {"b": ["{{" + text + "}}", "{{ $ }}"]}, "c": "{{ $ }}"})
        value = compile_expression(text).evaluate(message)
    except MappingError:
        with pytest.raises(EvaluationError):
            compile_expression(text).evaluate(message)
    except ParseError:
        pass
    else:
        assert _exact(mapping.evaluate(message)) == _exact({"a": {"b": [value, message]}, "c": message})


def _exact(value: Any) -> str:
    """Telling 1 from 1.0 and true."""
    return json.dumps(value)


def _without_places(tree: Expression) -> str:
    """Telling literals apart that Python holds for equal."""
    return re.sub(r"(, )?\bat=\d+", "", repr(tree))
