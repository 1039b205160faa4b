"""Telling expressions that take a value from the message from literals in braces."""

from __future__ import annotations

import pytest

from weirflow.expressions.origin import comes_from_message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ $.token }}", True),
        (" {{$.token}} ", True),
        ("{{ upper($.token) }}", True),
        ("{{ 'Bearer ' + $.token }}", True),
        ("{{ $.a ? $.b : $.c }}", True),
        ("{{ first($.keys[?(@.name == 'x')]) }}", True),
        ("{{ $.tok", False),
        ("{{ $. }}", True),
        ("{{ 'hunter2' }}", False),
        ("{{ 'hunter' + '2' }}", False),
        ("{{ $.a ? 'hunter2' : $.b }}", False),
        ("{{ $.a ? $.b : ($.c ? $.d : 'hunter2') }}", False),
        ("{{ hunter2 }}", False),
        ("hunter2 {{ $.a }}", False),
        ("{{ $.a }}{{ $.b }}", False),
        ("hunter2", False),
        ("", False),
    ],
)
def test_what_comes_from_the_message(text: str, expected: bool) -> None:
    assert comes_from_message(text) is expected
