"""What the editor offers while somebody writes an expression. `|` is the cursor."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weirflow.expressions.analysis import Completion, analyse, complete

_SOURCE: dict[str, Any] = {
    "$defs": {
        "Item": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "price": {"type": "number", "description": "In euros"}},
        },
    },
    "type": "object",
    "properties": {
        "user": {
            "type": "object",
            "title": "Who asks",
            "properties": {
                "name": {"type": "string"},
                "surname": {"type": "string"},
                "mail": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                "x y": {"type": "boolean"},
            },
        },
        "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
        "body": {},
    },
}


def _offered(marked: str) -> list[Completion]:
    cursor = marked.index("|")
    return complete(marked.replace("|", "", 1), cursor, _SOURCE)


def _taken(marked: str, completion: Completion) -> str:
    text = marked.replace("|", "", 1)
    return text[: completion.start] + completion.insert + text[completion.end :]


@pytest.mark.parametrize(
    ("marked", "labels"),
    [
        ("{{ $.| }}", ["user", "items", "body"]),
        ("{{ $| }}", ["user", "items", "body"]),
        ("{{ $.us| }}", ["user"]),
        ("{{ $.user.| }}", ["name", "surname", "mail", "x y"]),
        ("{{ $.user.name| }}", ["name", "surname"]),
        ("{{ $.user.NA| }}", ["name", "surname"]),
        ("{{ $.user['na| }}", ["name", "surname"]),
        ("{{ $.user[| }}", ["name", "surname", "mail", "x y"]),
        ("{{ $.user.mail.| }}", []),
        ("{{ $.items[0].| }}", ["name", "price"]),
        ("{{ $.items[*].pr| }}", ["price"]),
        ("{{ $.items[?(@.price > 3)].| }}", ["name", "price"]),
        ("{{ $.items[?(@.| }}", ["name", "price"]),
        ("{{ $.items[?(@.name == 'x' && @.p| }}", ["price"]),
        ("{{ $.items[?@.p| }}", ["price"]),
        ("{{ $.items[?($.us| }}", ["user"]),
        ("{{ $..pri| }}", ["price"]),
        ("{{ $..na| }}", ["name", "surname"]),
        ("{{ upper($.user.na| }}", ["name", "surname"]),
        ("{{ 1 + $.us| }}", ["user"]),
        ("{{ $.user.name + ' ' + $.user.sur| }}", ["surname"]),
        ("Hello {{ $.us| }} and {{ $.items }}", ["user"]),
        ("{{ $.body.| }}", []),
        ("{{ upp| }}", ["upper"]),
        ("{{ 1 + up| }}", ["upper"]),
        ("{{ split($.user.name, ' ')[| }}", None),
        ("$.us|", ["user"]),
        ("{{ 'text| }}", []),
        ("{{ $.user.name }} |", []),
        ("Hello |{{ $.user }}", []),
        ("{{ $.user['name'| }}", []),
    ],
)
def test_what_is_offered(marked: str, labels: list[str] | None) -> None:
    offered = [each.label for each in _offered(marked)]
    if labels is not None:
        assert offered == labels


def test_a_list_offers_its_items() -> None:
    offered = {each.label: each for each in _offered("{{ $.items.| }}")}
    assert set(offered) == {"[0]", "[-1]", "[*]", "[?(@)]", ".length"}
    assert _taken("{{ $.items.| }}", offered["[0]"]) == "{{ $.items[0] }}"
    assert _taken("{{ $.items.| }}", offered[".length"]) == "{{ $.items.length }}"


def test_what_is_taken_replaces_what_was_half_written() -> None:
    marked = "{{ $.user.x| }}"
    (offer,) = _offered(marked)
    assert _taken(marked, offer) == "{{ $.user['x y'] }}"
    (offer,) = _offered("a {{ 1 + upp| }}")
    assert (offer.insert, offer.detail) == ("upper(", "upper(text)")
    assert "capital" in offer.doc
    assert _taken("a {{ 1 + upp| }}", offer) == "a {{ 1 + upper( }}"


def test_an_offer_says_what_it_is() -> None:
    price = next(each for each in _offered("{{ $.items[0].| }}") if each.label == "price")
    assert (price.kind, price.detail, price.doc) == ("field", "number", "In euros")
    user = next(each for each in _offered("{{ $.| }}") if each.label == "user")
    assert user.doc == "Who asks"
    mail = next(each for each in _offered("{{ $.user.| }}") if each.label == "mail")
    assert mail.detail == "null or a text"


def test_a_new_expression_starts_with_the_message() -> None:
    offered = _offered("{{ | }}")
    assert [each.label for each in offered[:4]] == ["$", "$.user", "$.items", "$.body"]
    assert {"upper", "pi", "null"} <= {each.label for each in offered}


def test_a_filter_starts_with_the_item() -> None:
    offered = [each.label for each in _offered("{{ $.items[?(| }}")]
    assert offered[:4] == ["@", "@.name", "@.price", "$"]


def test_after_a_value_operators_are_offered() -> None:
    for marked in ("{{ $.user.name | }}", "{{ (1) | }}", "{{ 'x' | }}", "{{ upper('x') | }}"):
        assert {"+", "==", "? :"} <= {each.label for each in _offered(marked)}


@pytest.mark.parametrize("path", ["$.", "$.user.", "$.items[0].", "$..", "$.user["])
def test_every_field_that_is_offered_exists(path: str) -> None:
    marked = "{{ " + path + "| }}"
    for offer in _offered(marked):
        codes = {finding.code for finding in analyse({"a": _taken(marked, offer)}, _SOURCE).findings}
        assert not codes & {"unknown_path", "syntax"}, offer


_PIECES = ["$", "@", ".", "[", "]", "(", ")", "?", "'", '"', "{{", "}}", "user", " ", "+", "..", "*", "items", ",", "1"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join), st.integers(-2, 40))
def test_nothing_that_can_be_written_breaks_it(text: str, cursor: int) -> None:
    for offer in complete(text, cursor, _SOURCE):
        assert 0 <= offer.start <= offer.end <= len(text)
