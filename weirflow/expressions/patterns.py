"""Regular expressions of `=~`: RE2, whose time grows with the text and with the pattern's size, and no faster."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from weirflow.expressions.limits import CHARACTERS_PER_STEP, Refusal, Work, spend

LONGEST_PATTERN = 1_000
_MEMORY = 1 << 20
"""Bytes that one compiled pattern may take."""
_PARTS_PER_STEP = 4
"""Where RE2 has to, it tries all parts of a pattern at each character: of `a{1,900}` 1,800."""


@lru_cache(maxsize=128)
def compiled(pattern: str) -> Any:
    """Raises `Refusal` for what is no pattern. RE2 is loaded with the first."""
    import re2

    if len(pattern) > LONGEST_PATTERN:
        raise Refusal(f"a pattern has {LONGEST_PATTERN:,} characters at most")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern, options)
    except UnicodeEncodeError:
        raise Refusal("the pattern has half of a pair of characters") from None
    except re2.error as error:
        reason = error.args[0]
        said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise Refusal(f"not a pattern: {said}") from None


def matches(pattern: str, text: str, work: Work) -> bool:
    """Whether `pattern` is found anywhere in `text`; paid for by the size of both."""
    found = compiled(pattern)
    spend(work, (1 + len(text) // CHARACTERS_PER_STEP) * max(1, found.programsize // _PARTS_PER_STEP))
    try:
        return found.search(text) is not None
    except UnicodeEncodeError:
        raise Refusal("the text has half of a pair of characters, which no pattern can look at") from None
