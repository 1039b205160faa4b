"""A mapping worked out on one message, place by place, so that one failing expression does not hide the others."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from weirflow.errors import JSON
from weirflow.expressions import Mapping, MappingError, compile_mapping
from weirflow.expressions.template import Hole, split

#: Levels of objects and lists, as in `compile_mapping`.
DEPTH_LIMIT = 100


@dataclass(slots=True)
class Evaluated:
    """`value`: the message for the target, null at places that failed. `places`: JSON pointers of all texts with
    expressions; `failed`: those of them that could not be worked out, and why.
    """

    value: JSON
    places: set[str] = field(default_factory=set)
    failed: dict[str, MappingError] = field(default_factory=dict)
    until: float = math.inf


def evaluate(config: JSON, message: JSON, patience: float = math.inf) -> Evaluated:
    """Work out a mapping. Never raises for what a mapping or a message may hold.

    After `patience` seconds no further place is begun; those left count as failed. One place ends by itself, as each
    expression has a limited number of steps.
    """
    done = Evaluated(None, until=time.monotonic() + patience)
    done.value = _value(config, message, "", done, 0)
    return done


def pointer(parent: str, step: str | int) -> str:
    """The JSON pointer of what stands under a name or an index."""
    return f"{parent}/{str(step).replace('~', '~0').replace('/', '~1')}"


def value_at(value: JSON, at: str) -> JSON:
    """What stands at a JSON pointer; None where nothing does."""
    for step in at.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def has_expressions(text: str) -> bool:
    """Whether a text of a mapping is more than a literal."""
    return "{{" in text and any(isinstance(part, Hole) for part in split(text))


def _value(config: Any, message: JSON, at: str, done: Evaluated, depth: int) -> JSON:
    if depth > DEPTH_LIMIT:
        return None
    if isinstance(config, dict):
        return {name: _value(part, message, pointer(at, name), done, depth + 1) for name, part in config.items()}
    if isinstance(config, list):
        return [_value(part, message, pointer(at, index), done, depth + 1) for index, part in enumerate(config)]
    if not isinstance(config, str) or not has_expressions(config):
        return config
    done.places.add(at)
    if time.monotonic() > done.until:
        done.failed[at] = MappingError(at, None, "was not worked out: what stands before it takes too long")
        return None
    try:
        return _compiled(config).evaluate(message)["text"]
    except MappingError as error:
        done.failed[at] = error
        return None


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Mapping:
    return compile_mapping({"text": text})
