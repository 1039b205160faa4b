"""What is said about one mapping: valid, invalid and why, or not to be verified and why."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from weirflow import Field, Model
from weirflow.mappings.findings import Verdict
from weirflow.mappings.judge import Sample, judge
from weirflow.schema import schema_of
from weirflow.schema.document import Document
from weirflow.schema.simulate import simulate


class Order(Model):
    count: int
    name: str = ""
    price: float
    free: Any = None
    spare: int | None = None


class Part(Model):
    kind: Literal["part"] = "part"
    size: int


class Whole(Model):
    kind: Literal["whole"] = "whole"
    parts: list[Part] = Field(default_factory=list)


class Booking(Model):
    amount: int = Field(ge=0)
    label: str = Field("", max_length=5)
    at: str = Field("", format="date-time")
    mode: Literal["once", "often"] = "once"
    times: int | None = Field(None, required_when=("mode", "equal", "often"))
    token: str = Field(secret=True, min_length=8)
    thing: Part | Whole | None = Field(None, discriminator="kind")
    by_name: dict[str, int] = Field(default_factory=dict)


SOURCE, TARGET = Document(schema_of(Order, output=True)), Document(schema_of(Booking))
COUNT = "{{ $.count }}"


def judged(mapping: Any, *real: Any, source: Document | None = SOURCE, target: Document | None = TARGET) -> Verdict:
    made_up = Sample(simulate(source) if source is not None else None)
    return judge(mapping, source, target, [made_up, *(Sample(one, "the last message") for one in real)])


DEPENDS = "depends_on_the_message"
CASES: list[tuple[str, Any, str, list[tuple[str, str]]]] = [
    ("an expression of the right type", {"amount": COUNT}, "valid", []),
    ("literals that fit", {"amount": 3, "label": "abc", "at": "2026-01-31T12:00:00Z", "byName": {"a": 1}}, "valid", []),
    ("a null where a field may be absent", {"amount": 3, "label": None, "times": None}, "valid", []),
    ("a secret by reference, however short", {"amount": 3, "token": "[[secret:a/b]]"}, "valid", []),
    ("a required field that nobody maps", {}, "invalid", [("required", "/amount")]),
    ("a literal null for a required field", {"amount": None}, "invalid", [("required", "/amount")]),
    ("a literal of another type", {"amount": "3"}, "invalid", [("does_not_fit", "/amount")]),
    ("a literal past its limit", {"amount": -1}, "invalid", [("does_not_fit", "/amount")]),
    ("a literal of another format", {"amount": 1, "at": "tomorrow"}, "invalid", [("does_not_fit", "/at")]),
    ("a field that the target does not know", {"amount": 1, "amuont": COUNT}, "invalid", [("does_not_fit", "/amuont")]),
    ("a literal that may be null or a number", {"amount": 1, "times": "x"}, "invalid", [("does_not_fit", "/times")]),
    ("a literal deep in a map", {"amount": 1, "byName": {"a/b": "x"}}, "invalid", [("does_not_fit", "/byName/a~1b")]),
    ("a mapping that is no object", [1], "invalid", [("does_not_fit", ""), ("does_not_fit", "")]),
    ("an expression of another type", {"amount": "{{ $.name }}"}, "invalid", [("wrong_target", "/amount")]),
    ("text around an expression is text", {"amount": f"{COUNT}!"}, "invalid", [("wrong_target", "/amount")]),
    ("a field that the source does not send", {"amount": "{{ $.conut }}"}, "invalid", [("unknown_path", "/amount")]),
    ("an expression that is none", {"amount": "{{ 1 + }}"}, "invalid", [("syntax", "/amount")]),
    (
        "an expression that always fails",
        {"amount": 1, "label": "{{ string(1 / 0) }}"},
        "invalid",
        [("fails_always", "/label")],
    ),
    ("a condition that literals fulfil", {"amount": 1, "mode": "often"}, "invalid", [("required", "/times")]),
    ("a field whose condition holds", {"amount": 1, "mode": "often", "times": COUNT}, "valid", []),
    (
        "a condition on what a message brings",
        {"amount": 1, "mode": "{{ $.count == 1 ? 'often' : 'once' }}"},
        "unverifiable",
        [(DEPENDS, "/times")],
    ),
    ("a place the schema leaves open", {"amount": "{{ $.free.x }}"}, "unverifiable", [("not_described", "/amount")]),
    ("a field that may be missing", {"amount": "{{ $.spare }}"}, "unverifiable", [("may_be_missing", "/amount")]),
    (
        "a number that may have decimals",
        {"amount": "{{ $.price }}"},
        "unverifiable",
        [("may_be_wrong_kind", "/amount")],
    ),
    (
        "a text that may be too long",
        {"amount": 1, "label": "{{ $.name }} and so on"},
        "unverifiable",
        [(DEPENDS, "/label")],
    ),
    ("a choice that the message makes", {"amount": 1, "mode": "{{ $.name }}"}, "unverifiable", [(DEPENDS, "/mode")]),
    (
        "a failure that the data decides",
        {"amount": "{{ round(1 / ($.count - 1)) }}"},
        "unverifiable",
        [("fails_on_sample", "/amount")],
    ),
    (
        "a shape that literals rule out",
        {"amount": 1, "thing": {"kind": "hole", "size": COUNT}},
        "invalid",
        [("does_not_fit", "/thing")],
    ),
    (
        "a shape that an expression decides",
        {"amount": 1, "thing": {"kind": "{{ $.name }}", "size": 1}},
        "unverifiable",
        [(DEPENDS, "/thing")],
    ),
    (
        "a shape that fits",
        {"amount": 1, "thing": {"kind": "whole", "parts": [{"kind": "part", "size": COUNT}]}},
        "valid",
        [],
    ),
]


@pytest.mark.parametrize(("mapping", "outcome", "found"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_judged(mapping: Any, outcome: str, found: list[tuple[str, str]]) -> None:
    verdict = judged(mapping)
    assert verdict.outcome == outcome, verdict.findings
    assert [(one.code, one.field) for one in verdict.findings if one.level != "warning"] == found


def test_a_finding_says_what_and_what_to_do() -> None:
    (finding,) = judged({}).findings
    assert finding.message == "amount is required: map it, or write a value"
    (finding,) = judged({"amount": 1, "label": "too long"}).findings
    assert finding.message == "label must have at most 5 characters"
    (finding,) = judged({"amount": 1, "mode": "{{ $.name }}"}).findings
    assert finding.message == "mode must be one of once or often; whether it does depends on the message"


def test_what_really_came_decides_what_made_up_data_could_not() -> None:
    mapping = {"amount": COUNT, "label": "{{ $.name }}"}
    assert judged(mapping).outcome == "valid"
    came = {"count": 3, "name": "longer than that", "price": 1.5}
    verdict = judged(mapping, came)
    assert verdict.outcome == "invalid"
    (finding,) = verdict.findings
    assert finding.code == "does_not_fit_sample"
    assert finding.message == "with the last message, label must have at most 5 characters"
    assert judged(mapping, {**came, "name": "ok"}).outcome == "valid"


def test_an_expression_that_failed_on_a_message_is_invalid() -> None:
    verdict = judged({"amount": "{{ round(10 / $.count) }}"}, {"count": 0, "price": 1})
    assert [(one.code, one.message) for one in verdict.findings] == [
        ("fails_on_sample", "fails on the last message: division by zero (at character 10)")
    ]


def test_one_failing_expression_does_not_hide_another() -> None:
    zero = "{{ round(1 / ($.count - 1)) }}"
    verdict = judged({"amount": zero, "byName": {"a": zero, "b": "x"}})
    assert {(one.code, one.field) for one in verdict.findings} == {
        ("does_not_fit", "/byName/b"),
        ("fails_on_sample", "/amount"),
        ("fails_on_sample", "/byName/a"),
    }


def test_a_target_that_takes_anything_is_asked_nothing() -> None:
    assert judged({"a": COUNT, "b": {"c": [1, "{{ $ }}"]}}, target=None).outcome == "valid"
    assert judged({"a": "{{ $.conut }}"}, target=None).outcome == "invalid"


def test_mappings_of_literals_are_decided_whatever_the_source() -> None:
    assert judged({"amount": 1}, source=None).outcome == "valid"
    assert judged({"amount": "x"}, source=None).outcome == "invalid"
    assert judged({"amount": COUNT}, source=None).outcome == "unverifiable"


def doubling() -> dict[str, Any]:
    levels = {f"d{i}": {"anyOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(40)}
    return {"$defs": {**levels, "d40": {"type": "string"}}, "$ref": "#/$defs/d0"}


HOSTILE: list[tuple[dict[str, Any], str]] = [
    ({"$ref": "#"}, "the schema of the target refers to itself without end"),
    ({"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}, ""),
    (doubling(), "the schema of the target takes more than 50,000 steps"),
    ({"type": 5}, "the schema of the target is broken"),
    ({"description": "x" * (10 * 1024 * 1024)}, "the schema of the target has more than 512 KiB of text"),
    ({"properties": {"a": {"pattern": "(?<=x)y"}}}, "in the schema of the target the pattern"),
    ({"properties": {"a": {"pattern": "^(a+)+$"}}}, ""),
    ({"properties": {"a": {"requiredWhen": 5, "optionalWhen": ["a"], "secret": {}}}, "required": ["a", 5]}, ""),
]


@pytest.mark.parametrize(("schema", "reason"), HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("side", ["source", "target"])
def test_a_hostile_schema_is_not_verified_and_holds_nothing_up(schema: dict[str, Any], reason: str, side: str) -> None:
    mapping = {"a": "a" * 5_000 + "!" + "{{ $.a }}" * (side == "source"), "b": "{{ $.a.a.a }}"}
    if side == "source":
        judged(mapping, source=Document(schema), target=None)
        return
    verdict = judged(mapping, target=Document(schema))
    if reason:
        assert reason in "".join(one.message for one in verdict.findings if one.level == "unverifiable")


def test_a_mapping_too_large_to_look_at_is_refused() -> None:
    verdict = judged({"a": list(range(30_000))}, target=None)
    assert [one.code for one in verdict.findings] == ["mapping_too_large"]


def test_findings_are_bounded_and_the_worst_come_first() -> None:
    mapping = {"amount": "{{ $.free }}"} | {f"unknown{index}": 1 for index in range(500)}
    verdict = judged(mapping)
    assert len(verdict.findings) == 50
    assert {one.level for one in verdict.findings} == {"invalid"}
