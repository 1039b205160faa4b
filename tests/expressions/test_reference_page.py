"""Every example of docs/expressions.md is run, and every function stands in it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from weirflow.expressions import MappingError, ParseError, compile_expression, compile_mapping
from weirflow.expressions.constants import CONSTANTS
from weirflow.expressions.functions import FUNCTIONS
from weirflow.expressions.limits import (
    CHARACTERS_PER_STEP,
    DEEPEST_NESTING,
    DEEPEST_TREE,
    LONGEST_EXPRESSION,
    STEPS,
)
from weirflow.expressions.patterns import LONGEST_PATTERN
from weirflow.expressions.syntax import PRECEDENCE

_PAGE = (Path(__file__).parents[2] / "docs/expressions.md").read_text()


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", _PAGE, re.MULTILINE | re.DOTALL)


_MESSAGE = json.loads(_blocks("json")[0])
_EXAMPLES = [line.rsplit(" -> ", 1) for block in _blocks("expressions") for line in block.splitlines()]
_MAPPINGS = [pair.strip().split("\n") for block in _blocks("mapping") for pair in block.split("\n\n")]
_ROWS = re.findall(r"^\| `(\w+\(.*?\))` \| (.*?) \| `(.*?)`(?: → `(.*)`)? \|$", _PAGE, re.MULTILINE)


@pytest.mark.parametrize(("text", "expected"), _EXAMPLES)
def test_an_example(text: str, expected: str) -> None:
    if expected.startswith("error: "):
        with pytest.raises((MappingError, ParseError), match=re.escape(expected.removeprefix("error: "))):
            compile_expression(text.strip()).evaluate(_MESSAGE)
    else:
        _same(compile_expression(text.strip()).evaluate(_MESSAGE), json.loads(expected))


@pytest.mark.parametrize(("mapping", "expected"), _MAPPINGS)
def test_a_mapping(mapping: str, expected: str) -> None:
    _same(compile_mapping(json.loads(mapping)).evaluate(_MESSAGE), json.loads(expected))


@pytest.mark.parametrize(("signature", "doc", "example", "expected"), _ROWS)
def test_a_function(signature: str, doc: str, example: str, expected: str) -> None:
    function = FUNCTIONS[signature.split("(")[0].lower()]
    assert (function.signature, function.doc) == (signature, doc)
    got = compile_expression(example).evaluate(_MESSAGE)
    if expected:
        _same(got, json.loads(expected))


def test_every_function_constant_and_operator_stands_in_it() -> None:
    assert [row[0].split("(")[0].lower() for row in _ROWS] == list(FUNCTIONS)
    for name in CONSTANTS:
        assert f"`{name}`" in _PAGE
    for operator in PRECEDENCE:
        assert f"`{operator}`".replace("|", "\\|") in _PAGE


def test_the_limits_are_those_of_the_code() -> None:
    for number in (LONGEST_EXPRESSION, DEEPEST_NESTING, DEEPEST_TREE - 1, STEPS, LONGEST_PATTERN):
        assert f"| {number:,} |" in _PAGE
    assert f"{CHARACTERS_PER_STEP} characters of text" in _PAGE


def test_the_code_in_it_runs() -> None:
    for block in _blocks("python"):
        exec(block, {})


def _same(got: Any, expected: Any) -> None:
    assert json.dumps(got, ensure_ascii=False) == json.dumps(expected, ensure_ascii=False)
