"""An expression or a mapping that somebody tries out, as it is typed: on a message of theirs, without a flow."""

from __future__ import annotations

import json
from dataclasses import dataclass

import orjson

from weirflow.errors import JSON
from weirflow.expressions import MappingError, ParseError, compile_expression
from weirflow.mappings.evaluate import evaluate
from weirflow.mappings.preview import PATIENCE
from weirflow.schema.bounds import too_large

#: What is written in one line where it is no longer than this; characters.
ONE_LINE = 100


@dataclass(frozen=True, slots=True)
class Failed:
    """Why something could not be worked out. `field`: JSON pointer in the mapping, empty for the text itself;
    `position`: the character of `expression` that it is about, from 0, or None."""

    field: str
    expression: str | None
    position: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Tried:
    """`result` is JSON for people; None where all of it failed, or where it is too large to be looked at."""

    result: str | None
    failed: tuple[Failed, ...] = ()


def try_out(text: str, message: JSON) -> Tried:
    """Work out what was typed. A text without `{{` is one expression, with it a text of a mapping, or a whole one in
    JSON. Never raises for what either may hold."""
    if "{{" not in text:
        return _expression(text, message)
    done = evaluate(_mapping(text), message, PATIENCE)
    failed = tuple(Failed(at, one.expression, one.position, one.reason) for at, one in done.failed.items())
    return _shown(done.value, failed) if done.value is not None or not failed else Tried(None, failed)


def _mapping(text: str) -> JSON:
    try:
        # Takes neither infinity nor half a pair of characters: no answer could hold them.
        found: JSON = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return found


def _expression(text: str, message: JSON) -> Tried:
    try:
        return _shown(compile_expression(text.strip()).evaluate(message), ())
    except ParseError as error:
        return Tried(None, (Failed("", text.strip(), error.position, str(error)),))
    except MappingError as error:
        return Tried(None, (Failed("", text.strip(), error.position, error.reason),))


def _shown(value: JSON, failed: tuple[Failed, ...]) -> Tried:
    if reason := too_large(value):
        return Tried(None, (*failed, Failed("", None, None, f"the result {reason}, so it is not shown")))
    line = json.dumps(value, ensure_ascii=False)
    return Tried(line if len(line) <= ONE_LINE else json.dumps(value, ensure_ascii=False, indent=2), failed)
