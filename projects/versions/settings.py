"""From one settings document to another, field by field: what did not change is not written."""

from collections.abc import Iterator
from typing import Any

from projects.operations.documents import ABSENT, same
from projects.operations.limits import MAX_PATH_DEPTH

Step = tuple[tuple[str | int, ...], Any]


def setting_steps(now: dict[str, Any], then: dict[str, Any], path: tuple[str | int, ...] = ()) -> Iterator[Step]:
    """`(path, value)` of the fields to set, in an order that stays; a value of ABSENT removes the field. Lists are set
    as a whole."""
    for key in sorted(now.keys() | then.keys()):
        was, wanted = now.get(key, ABSENT), then.get(key, ABSENT)
        if same(was, wanted):
            continue
        place = (*path, key)
        if isinstance(was, dict) and isinstance(wanted, dict) and len(place) < MAX_PATH_DEPTH:
            yield from setting_steps(was, wanted, place)
        else:
            yield place, wanted
