"""How mappings behave around the values themselves."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from weirflow.expressions import compile_mapping

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def _has_braces(value: Any) -> bool:
    return "{{" in str(value)


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=5), _JSON, max_size=4).filter(lambda config: not _has_braces(config)), _JSON)
def test_literals_come_out_as_they_went_in(config: dict[str, Any], message: Any) -> None:
    mapping = compile_mapping(config)
    assert mapping.constant
    assert mapping.evaluate(message) == config


@settings(deadline=None)
@given(_JSON)
def test_the_whole_message_is_passed_without_a_copy(message: Any) -> None:
    assert compile_mapping({"v": "{{$}}"}).evaluate(message)["v"] is message


@settings(deadline=None)
@given(_JSON, st.lists(st.one_of(st.sampled_from(["a", "length", "ü"]), st.integers(-2, 2)), max_size=4))
def test_a_path_never_fails_whatever_the_message(message: Any, steps: list[str | int]) -> None:
    path = "$" + "".join(f"[{step}]" if isinstance(step, int) else f"['{step}']" for step in steps)
    expected = message
    for step in steps:
        if isinstance(expected, dict) and isinstance(step, str):
            expected = expected.get(step)
        elif isinstance(expected, list) and step == "length":
            expected = len(expected)
        elif isinstance(expected, list) and isinstance(step, int) and -len(expected) <= step < len(expected):
            expected = expected[step]
        else:
            expected = None
    assert compile_mapping({"v": "{{" + path + "}}"}).evaluate(message)["v"] == expected


def test_one_result_does_not_leak_into_the_next() -> None:
    mapping = compile_mapping({"a": "{{$.a}}", "b": 1})
    first = mapping.evaluate({"a": 1})
    first["b"] = 2
    assert mapping.evaluate({"a": 3}) == {"a": 3, "b": 1}


@settings(deadline=None)
@given(_JSON)
def test_queries_never_fail_on_a_message_they_do_not_fit(message: Any) -> None:
    mapping = compile_mapping({"all": "{{$..a}}", "some": "{{$[?(@.a > 1)]}}", "part": "{{$[1:]}}"})
    assert set(mapping.evaluate(message)) == {"all", "some", "part"}
