"""What is said of expressions before a message has passed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weirflow.expressions.analysis import analyse

_ORDER: dict[str, Any] = {
    "$defs": {
        "Item": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "price": {"type": "number"}, "count": {"type": "integer"}},
            "required": ["name", "price"],
        },
        "Tree": {
            "type": "object",
            "properties": {
                "value": {"type": "integer"},
                "left": {"$ref": "#/$defs/Tree"},
                "right": {"anyOf": [{"$ref": "#/$defs/Tree"}, {"type": "null"}]},
            },
            "required": ["value"],
            "additionalProperties": False,
        },
    },
    "type": "object",
    "properties": {
        "user": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "age": {"type": "integer"},
                "mail": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                "level": {"type": "integer", "default": 1},
            },
            "required": ["name", "mail"],
        },
        "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}, "minItems": 1},
        "tree": {"$ref": "#/$defs/Tree"},
        "id": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "minItems": 2},
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        "color": {"enum": ["red", "green"]},
        "both": {"allOf": [{"$ref": "#/$defs/Item"}, {"properties": {"extra": {"type": "boolean"}}}]},
        "body": {},
        "on": {"type": "boolean"},
    },
    "required": ["user", "items", "tree", "id", "pair", "headers", "color", "both", "on"],
    "additionalProperties": False,
}


def _said(text: str) -> list[tuple[str, str, int | None]]:
    return [(finding.level, finding.code, finding.position) for finding in analyse(text, _ORDER).findings]


@pytest.mark.parametrize(
    ("text", "schema"),
    [
        ("$.user.name", {"type": "string"}),
        ("$.user.level", {"type": "integer", "default": 1}),
        ("$.user.age", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        ("$.items[0].price", {"type": "number"}),
        ("$.items[1].price", {"anyOf": [{"type": "number"}, {"type": "null"}]}),
        ("$.items.length", {"type": "integer"}),
        ("$.items.length + 1", {"type": "integer"}),
        ("$.items[0].price * 2", {"type": "number"}),
        ("$.pair[1]", {"type": "integer"}),
        ("$.headers.accept", {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ("$.color", {"enum": ["red", "green"], "type": "string"}),
        ("$.both.extra", {"anyOf": [{"type": "boolean"}, {"type": "null"}]}),
        ("$.both.name", {"type": "string"}),
        ("$.tree.left.left.value", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        ("$.tree.right.value", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        ("sum($.items[*].price)", {"type": "number"}),
        ("sum($.items[*].count)", {"type": "number"}),
        ("list($.items[*].name)", {"type": "array", "items": {"type": "string"}}),
        ("first($.items[?(@.price > 3)]).name", {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ("split($.user.name, ' ')", {"type": "array", "items": {"type": "string"}}),
        ("upper($.user.mail)", {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ("'Hello ' + $.user.name", {"type": "string"}),
        ("$.on && $.user.age > 3", {"type": "boolean"}),
        ("$.user.age ? $.user.age + 1 : 0", {"anyOf": [{"type": "integer"}, {"type": "integer", "const": 0}]}),
        ("!$.user.mail ? 0 : length($.user.mail)", None),
        ("$.user.age != null && $.user.age + 1 > 5", {"type": "boolean"}),
        ("$.user.age > 3 ? $.user.age - 3 : 0", None),
        ("$.id == 5 ? 'five' : 'other'", None),
        ("key($.items[?(@.name == 'x')])", None),
        ("now() + 5", {"type": "integer"}),
    ],
)
def test_what_is_right_gives_its_schema(text: str, schema: dict[str, Any] | None) -> None:
    analysis = analyse(text, _ORDER)
    assert analysis.findings == ()
    assert analysis.outcome == "valid"
    if schema is not None:
        assert analysis.expressions[0].schema == schema


def test_a_schema_that_refers_brings_its_definitions() -> None:
    schema = analyse("$.tree", _ORDER).expressions[0].schema
    assert schema["properties"]["value"] == {"type": "integer"}
    assert schema["$defs"] == _ORDER["$defs"]


@pytest.mark.parametrize(
    ("text", "level", "code", "position", "words"),
    [
        ("$.user.nmae", "error", "unknown_path", 6, "no field 'nmae' at $.user; did you mean $.user.name?"),
        ("$.usr.name", "error", "unknown_path", 1, "did you mean $.user?"),
        ("$.nothing_like_it", "error", "unknown_path", 1, "no field 'nothing_like_it' at $"),
        ("$.user.name.first", "error", "unknown_path", 11, "$.user.name is a text, which has no fields"),
        ("$.user[0]", "error", "unknown_path", 6, "$.user is an object, which has no items"),
        ("$.user[1:2]", "error", "unknown_path", 6, "which has no items"),
        ("$.items.name", "error", "unknown_path", 7, "$.items is a list, which has no fields"),
        ("$.tree..nope", "error", "unknown_path", 6, "no field 'nope' below $.tree"),
        ("$.user['name', 'nope']", "error", "unknown_path", 6, "no field 'nope'"),
        ("$.items[?(@.prise > 3)].name", "error", "unknown_path", 11, "did you mean @.price?"),
        ("key($.user.nmae)", "error", "unknown_path", 10, "no field 'nmae'"),
        ("$.body.anything", "unverifiable", "not_described", 6, "what is in $.body"),
        ("$..anything", "unverifiable", "not_described", 1, "below $"),
        ("$.user.name + 1", "error", "wrong_kind", 12, "a text + a number"),
        ("$.user + 'x'", "error", "wrong_kind", 7, "two numbers or two texts"),
        ("$.user.name - $.items", "error", "wrong_kind", 12, "a text - a list"),
        ("$.on * 2", "error", "wrong_kind", 5, "* needs a number, this is a boolean"),
        ("$.user.name > 3", "error", "wrong_kind", 12, "a text > a number"),
        ("-$.user.name", "error", "wrong_kind", 0, "a number"),
        ("upper($.items[0].price)", "error", "wrong_kind", 6, "upper needs null or a text, this is a number"),
        ("upper($.user.age)", "error", "wrong_kind", 6, "this is null or a number"),
        ("sum($.items[*].name)", "error", "wrong_kind", 4, "needs a number"),
        ("join($.items[*].price, ',')", "error", "wrong_kind", 5, "needs a text"),
        ("avg($.pair)", "unverifiable", "may_be_wrong_kind", 4, "needs a number"),
        ("$.on =~ 'x'", "error", "wrong_kind", 5, "=~ needs a text"),
        ("$.items[0].price / 0", "error", "fails_always", 17, "division by zero"),
        ("1 / 0", "error", "fails_always", 2, "division by zero"),
        ("log(0)", "error", "fails_always", 0, "no value"),
        ("$.a +", "error", "syntax", 5, "expected a path"),
        ("$.user.age + 1", "unverifiable", "may_be_missing", 11, "missing or null"),
        ("$.items[2].price + 1", "unverifiable", "may_be_missing", 17, "missing or null"),
        ("$.id + 1", "unverifiable", "may_be_wrong_kind", 5, "may be a text"),
        ("length($.id)", "unverifiable", "may_be_wrong_kind", 7, "may be a number"),
        ("$.on == 'x'", "warning", "useless_comparison", 5, "always false"),
        ("string($.items)", "warning", "useless_text", 0, "'unknown'"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(text: str, level: str, code: str, position: int, words: str) -> None:
    findings = analyse(text, _ORDER).findings
    assert [(each.level, each.code, each.position) for each in findings] == [(level, code, position)]
    assert words in findings[0].message
    assert findings[0].expression == text


_TARGET: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "count": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "note": {"type": "string"},
        "user": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "age": {"type": "integer"}, "on": {"type": "string"}},
            "required": ["name", "age"],
            "additionalProperties": False,
        },
        "any": {},
    },
    "required": ["name", "count", "tags"],
}


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"name": "{{$.user.name}}", "count": "{{$.items.length}}", "tags": ["{{$.user.name}}"]}, []),
        ({"note": "{{$.user.mail}}"}, []),
        ({"note": "n: {{$.user.age}}"}, []),
        ({"any": "{{$.items}}", "unknown": "{{$.on}}"}, []),
        ({"tags": "{{list($.items[*].name)}}"}, []),
        ({"name": "{{$.user.mail}}"}, [("unverifiable", "may_be_missing", "/name")]),
        ({"name": "{{$.user.age}}"}, [("error", "wrong_target", "/name")]),
        ({"count": "{{$.items[0].price}}"}, [("unverifiable", "may_be_wrong_kind", "/count")]),
        ({"count": "n: {{$.on}}"}, [("error", "wrong_target", "/count")]),
        ({"count": "{{null}}"}, [("error", "always_null", "/count")]),
        ({"note": "{{null}}"}, []),
        ({"name": "{{$.user.nmae}}"}, [("error", "unknown_path", "/name")]),
        ({"name": "{{$.body}}"}, [("unverifiable", "not_described", "/name")]),
        ({"name": "{{$.id}}"}, [("unverifiable", "may_be_wrong_kind", "/name")]),
        ({"tags": "{{$.items[*].name}}"}, [("unverifiable", "count_decides", "/tags")]),
        ({"note": "{{$.items[*].name}}"}, [("unverifiable", "count_decides", "/note")]),
        ({"tags": "{{$.items}}"}, [("error", "wrong_target", "/tags")]),
        ({"tags": ["{{$.user.name}}", "{{$.on}}"]}, [("error", "wrong_target", "/tags/1")]),
        (
            {"user": "{{$.user}}"},
            [
                ("unverifiable", "may_be_missing", "/user"),
                ("error", "wrong_target", "/user"),
                ("error", "wrong_target", "/user"),
            ],
        ),
        ({"user": {"name": "{{$.on}}", "age": "{{$.user.age}}"}}, [
            ("error", "wrong_target", "/user/name"),
            ("unverifiable", "may_be_missing", "/user/age"),
        ]),
        ({"a/b": "{{$.x"}, []),
        ({"a/b": "{{$.}}"}, [("error", "syntax", "/a~1b")]),
    ],
)  # fmt: skip
def test_a_mapping_is_held_against_its_target(mapping: Any, said: list[tuple[str, str, str]]) -> None:
    findings = analyse(mapping, _ORDER, _TARGET).findings
    assert [(each.level, each.code, each.path) for each in findings] == said


def test_the_outcome_is_the_worst_of_the_findings() -> None:
    mapping = {"name": "{{$.user.name}}", "note": "{{$.body}}", "count": "{{$.nope}}"}
    assert analyse(mapping, _ORDER, _TARGET).outcome == "invalid"
    assert analyse({"name": "{{$.body}}"}, _ORDER, _TARGET).outcome == "unverifiable"
    assert analyse({"name": "{{$.user.name}}"}, _ORDER, _TARGET).outcome == "valid"


def test_a_suggestion_can_be_taken_as_it_is() -> None:
    (finding,) = analyse({"tags": "{{ $.items[*].name }}"}, _ORDER, _TARGET).findings
    assert finding.suggestion == "list($.items[*].name)"
    assert analyse({"tags": "{{" + finding.suggestion + "}}"}, _ORDER, _TARGET).findings == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}},
        {"$ref": "#/$defs/gone"},
        {"$ref": "https://example.com/other.json"},
        {"$defs": {"A": {"anyOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/A"}]}}, "$ref": "#/$defs/A"},
        {"allOf": [{"$ref": "#"}]},
        {"anyOf": "no list", "properties": [1], "items": 5, "required": 3, "type": 7},
        {"oneOf": [{"type": "object", "properties": {f"p{n}": {"type": "string"}}} for n in range(500)]},
    ],
)
def test_schemas_that_make_no_sense_leave_things_open(schema: dict[str, Any]) -> None:
    for text in ("$.a.b", "$..a", "$[*].x", "$.a + 1", "$[?(@.a > 1)]"):
        assert analyse(text, schema, schema).outcome in ("valid", "unverifiable", "invalid")


_WORDS = ["type", "properties", "items", "$ref", "anyOf", "allOf", "required", "a"]
_SCHEMAS = st.recursive(
    st.none() | st.text(max_size=8),
    lambda inner: st.dictionaries(st.sampled_from(_WORDS), inner | st.lists(inner, max_size=2), max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.text(max_size=40), _SCHEMAS)
def test_no_text_and_no_schema_breaks_it(text: str, schema: Any) -> None:
    schema = schema if isinstance(schema, dict) else {}
    for subject in (text, "$.a" + text, "$..a[0]", {"a": "{{" + text + "}}", "b": ["{{$.a}}"]}):
        analyse(subject, schema, schema)
