"""Selectors: any combination of requirements means what its parts mean."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirflow.embedded.errors import ApiError
from weirflow.embedded.selectors import parse_labels

KEYS = st.sampled_from(["a", "b", "in", "x.io/name"])
VALUES = st.sampled_from(["", "1", "2", "10", "up", "in"])
Meaning = Callable[[dict[str, str]], bool]
LABELS = st.dictionaries(KEYS, VALUES, max_size=4)


@st.composite
def requirements(draw: st.DrawFn) -> tuple[str, Meaning]:
    """A requirement's text, and what it means."""
    key, value, values = draw(KEYS), draw(VALUES), draw(st.sets(VALUES, min_size=1, max_size=3))
    listed, space = ",".join(sorted(values)), draw(st.sampled_from(["", " "]))
    bound = draw(st.integers(0, 12))

    def number(labels: dict[str, str]) -> int | None:
        return int(labels[key]) if labels.get(key, "").isdigit() else None

    return draw(
        st.sampled_from(
            [
                (f"{key}{space}={space}{value}", lambda labels: labels.get(key) == value),
                (f"{key}=={value}", lambda labels: labels.get(key) == value),
                (f"{key}{space}!={space}{value}", lambda labels: labels.get(key) != value),
                (f"{key} in ({listed})", lambda labels: labels.get(key) in values),
                (f"{key} notin {space}({listed})", lambda labels: labels.get(key) not in values),
                (key, lambda labels: key in labels),
                (f"!{space}{key}", lambda labels: key not in labels),
                (f"{key}>{bound}", lambda labels: (n := number(labels)) is not None and n > bound),
                (f"{key}<{bound}", lambda labels: (n := number(labels)) is not None and n < bound),
            ]
        )
    )


@given(st.lists(requirements(), max_size=4), LABELS)
def test_a_selector_is_the_conjunction_of_its_requirements(
    parts: list[tuple[str, Meaning]], labels: dict[str, str]
) -> None:
    tests = parse_labels(",".join(text for text, _ in parts))
    assert all(test(labels) for test in tests) == all(meaning(labels) for _, meaning in parts)


@given(st.text("a=!(),<> in.-/", max_size=12))
def test_any_text_is_a_selector_or_a_bad_request(text: str) -> None:
    with suppress(ApiError):  # anything else that is raised fails the test
        assert all(isinstance(test({"a": "1"}), bool) for test in parse_labels(text))


@pytest.mark.parametrize(
    "text", ["a in b", "a in (b", "a b", "=b", "a=,", "a,,b", "a>b", "a/b/c", "a=" + "x" * 64, "-a"]
)
def test_broken_selectors_are_refused(text: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_labels(text)
    assert caught.value.status == 400
