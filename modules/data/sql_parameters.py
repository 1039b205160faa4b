"""The names of a query's parameters, and the query as PostgreSQL takes it."""

from __future__ import annotations

import re

#: What is no parameter, whatever stands in it; then `:name`, which two colons (a cast) and a letter or digit before it
#: (an array's slice) do not begin.
_PART = re.compile(
    r"""
      '(?:[^']|'')*' | [eE]'(?:[^'\\]|\\.|'')*'        # a text, with backslashes where it says so
    | "(?:[^"]|"")*" | `[^`]*`                         # a quoted name
    | --[^\n]* | /\*.*?\*/                              # a comment
    | (\$(?:[A-Za-z_]\w*)?\$).*?\1                      # a dollar-quoted text
    | ::
    | (?<![\w:]):([A-Za-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)


def names_in(query: str) -> list[str]:
    """Each once, in the order in which they come first."""
    return list(dict.fromkeys(found[2] for found in _PART.finditer(query) if found[2]))


def numbered(query: str) -> str:
    """With `$1` in the place of the first name, and so on."""
    numbers = {name: number for number, name in enumerate(names_in(query), 1)}
    return _PART.sub(lambda found: f"${numbers[found[2]]}" if found[2] else found[0], query)


def may_give_rows(query: str) -> bool:
    """Whether a query for PostgreSQL may give many rows, and they have to be taken as they come."""
    words = re.findall(r"\w+", _PART.sub(" ", query).lower())
    return bool(words) and (words[0] in _READING or "returning" in words)


_READING = frozenset(("select", "values", "table", "with", "show", "explain"))
