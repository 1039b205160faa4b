"""What the selectors of a path find, in document order. A place is a container and the key or index in it.

Every function pays for what it looks at before it grows a list, so that no path costs more than the steps it has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from weirflow.errors import JSON
from weirflow.expressions.limits import Refusal, Work, spend
from weirflow.expressions.numbers import whole

Place = tuple[Any, Any]
#: Of a filter or a computed key: (current value, its key, its container, message, steps left) to a value.
Inner = Callable[[JSON, JSON, JSON, JSON, Work], JSON]

MISSING = (KeyError, IndexError, TypeError)
"""What subscripts raise when a value is not there, or is no container."""


def length_of(value: JSON) -> JSON:
    """`.length`: of a list its length, of an object the field of that name."""
    if type(value) is list:
        return len(value)
    return value.get("length") if type(value) is dict else None


def names(values: list[JSON], name: str, work: Work) -> list[JSON]:
    spend(work, len(values))
    found = [value[name] for value in values if type(value) is dict and name in value]
    if name == "length":
        found = [length_of(value) for value in values if type(value) is list or (type(value) is dict and name in value)]
    return found


def indexes(values: list[JSON], index: int, work: Work) -> list[JSON]:
    spend(work, len(values))
    return [value[index] for value in values if type(value) is list and -len(value) <= index < len(value)]


def children(values: list[JSON], work: Work) -> list[JSON]:
    found: list[JSON] = []
    for value in values:
        if type(value) is list or type(value) is dict:
            spend(work, 1 + len(value))
            found.extend(_items(value))
    return found


def descend(values: list[JSON], work: Work) -> list[JSON]:
    """Each value and everything below it, parents first."""
    found: list[JSON] = []
    for value in values:
        waiting = [value]
        while waiting:
            item = waiting.pop()
            found.append(item)
            if type(item) is list or type(item) is dict:
                spend(work, 1 + len(item))
                waiting.extend(reversed(_items(item)))
    spend(work, len(values))
    return found


def at_places(places: list[Place]) -> list[JSON]:
    return [container[key] for container, key in places]


def name_places(values: list[JSON], name: str, work: Work) -> list[Place]:
    spend(work, len(values))
    return [(value, name) for value in values if type(value) is dict and name in value]


def index_places(values: list[JSON], index: int, work: Work) -> list[Place]:
    spend(work, len(values))
    return [
        (value, index + len(value) if index < 0 else index)
        for value in values
        if type(value) is list and -len(value) <= index < len(value)
    ]


def child_places(values: list[JSON], work: Work) -> list[Place]:
    places: list[Place] = []
    for value in values:
        spend(work, 1 + len(value) if type(value) is list or type(value) is dict else 1)
        places.extend((value, key) for key in _keys(value))
    return places


def filter_places(values: list[JSON], fits: Inner, cost: int, message: JSON, work: Work) -> list[Place]:
    """Places whose value fits; `cost` is what asking once may take besides what `fits` pays itself."""
    places: list[Place] = []
    for value in values:
        keys = _keys(value)
        spend(work, 1 + cost * len(keys))
        places.extend((value, key) for key in keys if fits(value[key], key, value, message, work))
    return places


def slice_places(values: list[JSON], start: int | None, end: int | None, step: int | None, work: Work) -> list[Place]:
    places: list[Place] = []
    for value in values:
        spend(work, 1)
        if type(value) is list:
            places.extend(_sliced(value, start, end, step, work))
    return places


def slice_places_by(values: list[JSON], bounds: Inner, message: JSON, work: Work) -> list[Place]:
    """Like `slice_places`, with bounds that are worked out for each list."""
    places: list[Place] = []
    for value in values:
        spend(work, 1)
        if type(value) is list:
            start, end, step = (_bound(bound) for bound in bounds(value, None, None, message, work))
            places.extend(_sliced(value, start, end, step, work))
    return places


def computed_places(values: list[JSON], key_of: Inner, message: JSON, work: Work) -> list[Place]:
    """Places whose name or index is worked out for each container."""
    places: list[Place] = []
    for value in values:
        spend(work, 1)
        if type(value) is not list and type(value) is not dict:
            continue
        key = key_of(value, None, None, message, work)
        if type(value) is dict:
            if isinstance(key, str) and key in value:
                places.append((value, key))
        elif key is not None and not isinstance(key, str):
            places += index_places([value], whole("a computed index", key), work)
    return places


def _items(container: JSON) -> Any:
    """A list, or a view that can be gone through from both ends."""
    return container if type(container) is list else container.values()


def _keys(value: JSON) -> Collection[Any]:
    if type(value) is list:
        return range(len(value))
    return value if type(value) is dict else ()


def _sliced(value: list[JSON], start: int | None, end: int | None, step: int | None, work: Work) -> list[Place]:
    if step == 0:
        raise Refusal("a slice with step 0 selects nothing; leave the step out or give another")
    chosen = range(len(value))[start:end:step]
    spend(work, len(chosen))
    return [(value, index) for index in chosen]


def _bound(bound: JSON) -> int | None:
    return None if bound is None else whole("a slice", bound)
