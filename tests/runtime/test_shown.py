"""Values that are too large to be shown whole."""

from weirflow.json_bytes import json_bytes
from weirflow.runtime.shown import SHOWN_BYTES, fitting, presentable


def test_what_fits_is_shown_as_it_is() -> None:
    values = {"count": 1, "messages": ["a", "b"]}
    assert fitting(values, 1000) is values


def test_a_list_keeps_its_beginning_and_a_long_text_is_left_out() -> None:
    values = {"text": "x" * 900, "messages": ["m" * 90] * 20, "count": 3}
    cut = fitting(values, 600)
    assert cut == {"messages": ["m" * 90] * 6, "count": 3}
    assert list(cut) == ["messages", "count"]
    assert len(json_bytes(cut)) <= 600


def test_what_is_no_object_and_too_large_is_not_shown() -> None:
    assert fitting("x" * 100, 50) == {}


def test_secrets_are_taken_out_first() -> None:
    values = {"password": "p" * 2 * SHOWN_BYTES, "n": 1}
    assert presentable(values, {}) == {"password": "<redacted>", "n": 1}
