"""Secrets that stand somewhere as such: an export has references in their places."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from projects.operations.documents import set_at, value_at
from projects.operations.schemas import BrokenSchema, literal_secrets
from weirflow.flowfile.names import slug
from weirflow.flowfile.needs import REFERENCE
from weirflow.runtime.redaction import redact

Settings = dict[str, Any]


def without_literals(owner: str, values: Settings, schema: Mapping[str, Any] | None) -> Settings:
    """`values` with `[[secret:<owner>/<field>]]` in the place of each literal that its schema marks as secret, or that
    stands under a name such as `password` of which no schema says what it is. What holds none is answered itself."""
    places = set(_told_by_schema(values, schema) if schema else ())
    declared = schema.get("properties", {}).keys() if schema else ()
    if _has_telling_name(values):
        places.update(_told_by_name(values, (), False, declared))
    if not places:
        return values
    for place in sorted(places, key=str):
        steps = _steps(values, place)
        field = next((slug(str(step)) for step in reversed(steps) if isinstance(step, str)), "") or "value"
        values = set_at(values, steps, f"[[secret:{owner}/{field}]]").document
    return values


def _told_by_schema(values: Settings, schema: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    try:
        pointers = literal_secrets(schema, values, expressions=True)
    except BrokenSchema:
        return
    for pointer in pointers:
        if pointer:
            yield tuple(pointer[1:].split("/"))


def _has_telling_name(values: Settings) -> bool:
    """Most have none, and are looked through once, quickly."""
    waiting: list[Any] = [values]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if any(map(tells, one)):
                return True
            one = one.values()
        waiting += [item for item in one if isinstance(item, dict | list)]
    return False


def _told_by_name(value: Any, place: tuple[str, ...], told: bool, declared: Any) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str):
                if (told or tells(key)) and key not in declared and item and not _is_written(item):
                    yield (*place, key)
            elif isinstance(item, dict | list):
                yield from _told_by_name(item, (*place, key), told or (tells(key) and key not in declared), ())
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, str):
                if told and item and not _is_written(item):
                    yield (*place, str(index))
            else:
                yield from _told_by_name(item, (*place, str(index)), told, ())


def _is_written(text: str) -> bool:
    """Whether it is a reference or an expression already."""
    return REFERENCE.search(text) is not None or "{{" in text


@lru_cache(maxsize=4_096)
def tells(key: str) -> bool:
    """Whether a name such as `password` says that what stands under it is a secret."""
    return bool(redact({key: "x"}) != {key: "x"})


def _steps(values: Any, place: tuple[str, ...]) -> list[str | int]:
    """Places in lists are numbers."""
    steps: list[str | int] = []
    for step in place:
        inside = value_at(values, steps)
        steps.append(int(step) if isinstance(inside, list) else step)
    return steps
