"""Documents against schemas of other people's modules, in bounded time whatever the two hold.

jsonschema does the work. It is given no way out of the schema, its patterns match in linear time (as Pydantic's do),
and its steps are counted. Import this only where documents are validated: it costs memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker
from jsonschema.exceptions import UnknownType, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable

from weirflow.errors import JSON
from weirflow.schema.bounds import too_large
from weirflow.schema.document import Document
from weirflow.schema.formats import FORMATS
from weirflow.schema.patterns import pattern_fits
from weirflow.schema.walk import Schema

#: Keywords that one validation may look at, and members of what they list; a tenth of a second or two.
STEPS = 50_000
#: Faults that are told; nobody reads more.
FAULTS_LIMIT = 50
_CHARACTERS_PER_STEP = 32


class Undecided(Exception):
    """Whether the document fits cannot be said; the reason is the end of a sentence about the schema."""


@dataclass(slots=True)
class Checked:
    """`errors` in the order of the schema, at most `FAULTS_LIMIT`; `unsure`: what could not be looked at, and why."""

    errors: list[ValidationError]
    unsure: list[str]


@dataclass(slots=True)
class _Budget:
    left: int = STEPS
    unsure: dict[str, None] = field(default_factory=dict)

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise Undecided(f"takes more than {STEPS:,} steps to check")


_budget: ContextVar[_Budget] = ContextVar("budget")
_Keyword = Callable[[Any, Any, Any, Any], Any]


def check(document: Document, value: JSON, *, without: Collection[str] = ()) -> Checked:
    """What in `value` does not fit, but for the keywords `without`. Raises `Undecided` for a schema that is broken, or
    costs too much.
    """
    if document.problem:
        raise Undecided(document.problem)
    reason = too_large(value)
    if reason:
        raise Undecided(f"cannot be compared: the value {reason}")
    budget = _Budget()
    token = _budget.set(budget)
    errors: list[ValidationError] = []
    try:
        for error in _validator(document).iter_errors(value):
            if error.validator not in without:
                errors.append(error)
            if len(errors) == FAULTS_LIMIT:
                break
    except Undecided:
        raise
    except RecursionError:
        raise Undecided("refers to itself without end, or goes too deep") from None
    except Unresolvable as error:
        raise Undecided(f"refers to what it does not define: {_short(error)}") from None
    except UnknownType as error:
        raise Undecided(f"is broken: {error.type!r} is no type") from None
    except (TypeError, ValueError, AttributeError, KeyError, ArithmeticError) as error:
        # Keywords of the wrong form, in whatever way they trip the library up.
        raise Undecided(f"is broken: {_short(error)}") from None
    finally:
        _budget.reset(token)
    return Checked(errors, list(budget.unsure))


@lru_cache(maxsize=512)
def _validator(document: Document) -> Any:
    version = document.schema.get("$schema")
    kind = _Draft7 if isinstance(version, str) and ("draft-07" in version or "draft-06" in version) else _Draft202012
    schema = _without_versions(document.schema)
    return kind(schema, registry=Registry(), format_checker=_FORMAT_CHECKER)


def _without_versions(value: Any) -> Any:
    """Without the words by which a part of the schema would be given to another validator, or move its references."""
    if isinstance(value, dict):
        return {
            word: _without_versions(part)
            for word, part in value.items()
            if not (word in ("$schema", "$id") and isinstance(part, str))
        }
    return [_without_versions(part) for part in value] if isinstance(value, list) else value


def _counted(keyword: _Keyword) -> _Keyword:
    def run(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        budget = _budget.get()
        budget.spend(1 + (len(value) if isinstance(value, list | dict) else 0))
        for error in keyword(validator, value, instance, schema) or ():
            budget.spend(1 + len(error.message) // _CHARACTERS_PER_STEP)
            yield error

    return run


def _pattern(validator: Any, pattern: Any, instance: Any, schema: Schema) -> Iterator[ValidationError]:
    if isinstance(instance, str) and _found(pattern, instance) is False:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(validator: Any, patterns: Any, instance: Any, schema: Schema) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for pattern, part in patterns.items():
            for name, value in instance.items():
                if _found(pattern, name):
                    yield from validator.descend(value, part, path=name, schema_path=pattern)


def _additional_properties(validator: Any, allowed: Any, instance: Any, schema: Schema) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    declared, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name, value in instance.items():
        if name in declared or any(_found(pattern, name) is not False for pattern in patterns):
            continue
        if isinstance(allowed, dict):
            yield from validator.descend(value, allowed, path=name)
        elif allowed is False:
            error = ValidationError(f"{name!r} is not allowed here")
            error.path.appendleft(name)
            yield error


def _required(validator: Any, required: Any, instance: Any, schema: Schema) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for name in required:
            if name not in instance:
                error = ValidationError(f"{name!r} is required")
                error.path.appendleft(name)
                yield error


def _unique_items(validator: Any, unique: Any, instance: Any, schema: Schema) -> Iterator[ValidationError]:
    if unique and isinstance(instance, list):
        texts = {json.dumps(_one_form(item), sort_keys=True) for item in instance}
        _budget.get().spend(len(instance))
        if len(texts) < len(instance):
            yield ValidationError("an item stands in it twice")


def _one_form(value: JSON) -> JSON:
    """Equal numbers in one form: 1.0 is 1."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _one_form(item) for name, item in value.items()}
    return [_one_form(item) for item in value] if isinstance(value, list) else value


def _found(pattern: Any, text: str) -> bool | None:
    """As `pattern_fits`; what cannot be looked for is noted."""
    budget = _budget.get()
    budget.spend(1 + len(text) // _CHARACTERS_PER_STEP)
    fits = pattern_fits(pattern, text) if isinstance(pattern, str) else None
    if fits is None:
        budget.unsure[f"the pattern {str(pattern)[:100]!r} cannot be checked here"] = None
    return fits


_OURS: dict[str, _Keyword] = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "required": _required,
    "uniqueItems": _unique_items,
}
_FORMAT_CHECKER = FormatChecker(formats=())
for _name, _fits in FORMATS.items():
    _FORMAT_CHECKER.checks(_name)(_fits)


def _bounded(base: Any) -> Any:
    keywords = {name: _counted(_OURS.get(name, keyword)) for name, keyword in base.VALIDATORS.items()}
    return extend(base, validators=keywords)  # type: ignore[no-untyped-call]


_Draft7, _Draft202012 = _bounded(Draft7Validator), _bounded(Draft202012Validator)


def _short(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__
