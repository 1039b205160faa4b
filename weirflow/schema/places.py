"""The plain paths at which definitions stand in a message: `$`, `$.context`, `$.items[0].name`, `$["a name"]`."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from weirflow.errors import JSON

_STEP = re.compile(r'\.(?P<name>[^\W\d]\w*)|\[(?P<index>\d{1,9})\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\]')


@lru_cache(maxsize=4096)
def steps_of(path: str) -> tuple[str | int, ...] | None:
    """The names and indexes of a plain path from `$`; None for any other."""
    if not path.startswith("$"):
        return None
    steps: list[str | int] = []
    at = 1
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            return None
        if step["index"] is not None:
            steps.append(int(step["index"]))
        else:
            steps.append(step["name"] if step["quoted"] is None else json.loads(step["quoted"]))
        at = step.end()
    return tuple(steps)


def value_at(value: JSON, path: str) -> JSON:
    """What stands at a plain path; None where nothing does."""
    for step in steps_of(path) or ():
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value if steps_of(path) is not None else None


def with_value_at(value: JSON, path: str, part: JSON) -> JSON:
    """A copy of `value` with `part` at a plain path, if the way there exists; else `value`."""
    steps = steps_of(path)
    return value if steps is None else _placed(value, steps, part)


def _placed(value: JSON, steps: tuple[str | int, ...], part: JSON) -> JSON:
    if not steps:
        return part
    step, *rest = steps
    if isinstance(value, dict) and isinstance(step, str):
        return {**value, step: _placed(value.get(step), tuple(rest), part)} if step in value or not rest else value
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return [_placed(item, tuple(rest), part) if index == step else item for index, item in enumerate(value)]
    return value
