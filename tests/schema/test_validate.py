"""Documents against schemas that come from elsewhere: checked, or given up in bounded time with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from weirflow.schema.document import Document
from weirflow.schema.validate import FAULTS_LIMIT, Undecided, check

Schema = dict[str, Any]


def wrong(schema: Schema, value: Any) -> list[tuple[str, str]]:
    """Where and by which keyword."""
    found = check(Document(schema), value).errors
    return [("/" + "/".join(map(str, error.absolute_path)), str(error.validator)) for error in found]


OBJECT: Schema = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "list": {"type": "array", "uniqueItems": True}},
    "patternProperties": {"^x-": {"type": "string"}},
    "additionalProperties": False,
    "required": ["a"],
}
CASES: list[tuple[Schema, Any, list[tuple[str, str]]]] = [
    (OBJECT, {"a": 1, "x-b": "c"}, []),
    (OBJECT, {}, [("/a", "required")]),
    (OBJECT, {"a": 1, "b": 1}, [("/b", "additionalProperties")]),
    (OBJECT, {"a": 1, "x-b": 1}, [("/x-b", "type")]),
    (OBJECT, {"a": 1, "list": [1, 1.0]}, [("/list", "uniqueItems")]),
    (OBJECT, {"a": 1, "list": [1, True, "1", [1], [True]]}, []),
    ({"additionalProperties": {"type": "integer"}}, {"a": "b"}, [("/a", "type")]),
    ({"pattern": "^(a+)+$"}, "a" * 10_000 + "!", [("/", "pattern")]),
    ({"format": "date-time"}, "tomorrow", [("/", "format")]),
    ({"format": "date-time"}, "2026-01-31T12:00:00Z", []),
    ({"format": "date-time"}, "1767225600", [("/", "format")]),
    ({"format": "duration"}, "PT1M30S", []),
    ({"format": "uri"}, "no address", [("/", "format")]),
    ({"format": "of-somebody"}, "anything", []),
    # Draft 7 reads a list of items by place; what it calls definitions may be referred to as well.
    ({"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}]}, [1], [("/0", "type")]),
    ({"$ref": "#/definitions/A", "definitions": {"A": {"type": "string"}}}, 1, [("/", "type")]),
]


@pytest.mark.parametrize(("schema", "value", "found"), CASES, ids=range(len(CASES)))
def test_what_does_not_fit_is_found_at_its_place(schema: Schema, value: Any, found: list[tuple[str, str]]) -> None:
    assert wrong(schema, value) == found


def doubling(last: Schema) -> Schema:
    """Forty levels of two references each: a million million ways to the last."""
    levels = {f"d{i}": {"anyOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(40)}
    return {"$defs": {**levels, "d40": last}, "$ref": "#/$defs/d0"}


def deep(levels: int) -> Schema:
    schema: Schema = {"type": "string"}
    for _ in range(levels):
        schema = {"properties": {"a": schema}}
    return schema


UNDECIDED: list[tuple[Schema, Any, str]] = [
    ({"$ref": "#"}, 1, "refers to itself without end"),
    ({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, 1, "refers to itself"),
    (doubling({"type": "string"}), 1, "takes more than 50,000 steps"),
    (
        {"allOf": [doubling({"type": "integer"})], "unevaluatedProperties": False},
        {"a": 1},
        "refers to what it does not",
    ),
    ({"anyOf": [{"maxLength": number} for number in range(5_000)]}, "x" * 500_000, "takes more than 50,000 steps"),
    ({"$ref": "https://example.com/schema"}, 1, "refers to what it does not define"),
    ({"$ref": "#/$defs/none"}, 1, "refers to what it does not define"),
    ({"type": 5}, 1, "is broken"),
    ({"type": "text"}, 1, "is broken: 'text' is no type"),
    ({"properties": 5}, {"a": 1}, "is broken"),
    ({"required": 5}, {"a": 1}, "is broken"),
    ({"minimum": "x"}, 1, "is broken"),
    ({"multipleOf": 0}, 1, "is broken"),
    ({"description": "x" * (10 * 1024 * 1024)}, 1, "has more than 512 KiB of text"),
    (deep(1_000), {"a": {}}, "is nested deeper than 100 levels"),
    ({"type": "array"}, list(range(30_000)), "cannot be compared: the value has more than 20,000 values"),
]


@pytest.mark.parametrize(("schema", "value", "reason"), UNDECIDED, ids=range(len(UNDECIDED)))
def test_what_cannot_be_decided_is_given_up_with_the_reason(schema: Schema, value: Any, reason: str) -> None:
    with pytest.raises(Undecided) as given_up:
        check(Document(schema), value)
    assert reason in str(given_up.value)


def test_a_part_cannot_have_itself_read_by_another_validator() -> None:
    version = "https://json-schema.org/draft/2019-09/schema"
    schema = {"properties": {"a": {"$schema": version, "$id": "https://example.com/a", "pattern": "^(a+)+$"}}}
    assert wrong(schema, {"a": "a" * 40 + "!"}) == [("/a", "pattern")]


def test_a_pattern_that_cannot_be_matched_in_linear_time_is_said_and_not_judged() -> None:
    found = check(Document({"pattern": "(?=a)b"}), "c")
    assert (found.errors, found.unsure) == ([], ["the pattern '(?=a)b' cannot be checked here"])


def test_only_so_many_faults_are_told_and_some_kinds_can_be_left_out() -> None:
    names = [f"p{index}" for index in range(500)]
    schema = {"required": names, "properties": {"a": {"type": "integer"}}}
    assert len(check(Document(schema), {}).errors) == FAULTS_LIMIT
    assert [error.validator for error in check(Document(schema), {"a": "b"}, without=["required"]).errors] == ["type"]
