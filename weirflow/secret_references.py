"""`[[secret:name/key]]`: how settings and mappings name one key of a Secret, for a module host to resolve.

Only a text that is a reference and nothing else counts; inside a longer text, or an expression, it stays what it is.
docs/secrets.md has the rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from weirflow.errors import JSON

#: Objects and lists nested deeper hold no references.
DEPTH_LIMIT = 100

#: What the web and the hosts say of a reference in settings that are a program (docs/adr/0118).
REFERENCE_IN_CODE = "secret_in_code"
REFERENCE_IN_CODE_WORDS = (
    "Code is written where it can be read: type it there, and give it a secret with the message, by a wire's mapping."
)

_REFERENCE = re.compile(r"\[\[secret:([^\[\]/]+)/([^\[\]/]+)\]\]")
_BEGINNING = "[[secret:"


class Reference(NamedTuple):
    """A key of one of the project's secrets, by name."""

    name: str
    key: str

    def __str__(self) -> str:
        return f"{_BEGINNING}{self.name}/{self.key}]]"


def reference_in(text: JSON) -> Reference | None:
    """The reference that `text` is; None for everything else."""
    if not isinstance(text, str) or not text.startswith(_BEGINNING):
        return None
    found = _REFERENCE.fullmatch(text)
    return Reference(found[1], found[2]) if found is not None else None


def references_in(value: JSON) -> set[Reference]:
    """All references at any depth of a value; names of fields are none."""
    return {reference for _, reference in places_of(value)}


def places_of(value: JSON, at: str = "", depth: int = 0) -> Iterator[tuple[str, Reference]]:
    """Every place of a reference as a JSON pointer, and what it names."""
    if depth > DEPTH_LIMIT:
        return
    if isinstance(value, str):
        if (reference := reference_in(value)) is not None:
            yield at, reference
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from places_of(item, f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}", depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places_of(item, f"{at}/{index}", depth + 1)


def replaced(value: JSON, by: Callable[[Reference], JSON], depth: int = 0) -> JSON:
    """`value` with what `by` gives in the place of each reference; parts without any are shared, not copied."""
    if depth > DEPTH_LIMIT:
        return value
    if isinstance(value, str):
        reference = reference_in(value)
        return value if reference is None else by(reference)
    if isinstance(value, dict):
        fields = {key: replaced(item, by, depth + 1) for key, item in value.items()}
        return fields if any(fields[key] is not item for key, item in value.items()) else value
    if isinstance(value, list):
        items = [replaced(item, by, depth + 1) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value
