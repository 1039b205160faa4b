"""What a message must be, and what is said when it is not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from weirflow import Model
from weirflow.validation import describe, validated


class Inner(Model):
    needed: int
    size: int = 3


class Outer(Model):
    name: str
    inner_one: Inner | None = None
    listed: list[Inner] = []
    table: dict[str, int] = {}
    count: int = 1


@pytest.mark.parametrize(
    ("raw", "count", "sizes"),
    [
        ({"name": "a"}, 1, []),
        ({"name": "a", "count": None}, 1, []),
        ({"name": "a", "count": None, "listed": [{"needed": 1, "size": None}, {"needed": 2, "size": 5}]}, 1, [3, 5]),
        ({"name": "a", "listed": None, "table": None}, 1, []),
        ({"name": "a", "count": 2, "table": {"x": None}}, 2, []),
        ({"name": "a", "innerOne": None}, 1, []),
        ({"name": "a", "inner_one": {"needed": 1}}, 1, []),
    ],
)
def test_a_null_counts_as_absent_where_nothing_is_required(raw: Any, count: int, sizes: list[int]) -> None:
    message = validated(Outer, raw)
    assert (message.count, [each.size for each in message.listed]) == (count, sizes)


@pytest.mark.parametrize(
    ("raw", "pointer", "words"),
    [
        ({}, "/name", "/name is required; fill it in"),
        ({"name": None}, "/name", "required"),
        ({"name": "a", "listed": [{"needed": None}]}, "/listed/0/needed", "required"),
        ({"name": "a", "listed": [None]}, "/listed/0", "valid dictionary"),
        ({"name": "a", "a/b~c": 1}, "/a~1b~0c", "not permitted"),
        ({"name": "a", "count": "secret-token"}, "/count", "valid integer"),
        (None, "", "the message"),
        ([], "", "the message"),
    ],
)
def test_what_does_not_fit_is_named_without_its_value(raw: Any, pointer: str, words: str) -> None:
    with pytest.raises(ValidationError) as error:
        validated(Outer, raw)
    field, text = describe(error.value)
    assert field == pointer
    assert words in text
    assert "secret" not in text


def test_several_faults_are_counted() -> None:
    with pytest.raises(ValidationError) as error:
        validated(Outer, {"count": "x", "more": 1})
    assert describe(error.value)[1].endswith("(and 2 more)")


def test_the_original_message_stays_as_it_is() -> None:
    raw = {"name": "a", "listed": [{"needed": 1, "size": None}]}
    validated(Outer, raw)
    assert raw == {"name": "a", "listed": [{"needed": 1, "size": None}]}
