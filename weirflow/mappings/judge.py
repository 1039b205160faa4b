"""Judges a mapping: valid, invalid, or not to be verified before messages come (docs/adr/0036).

Three witnesses: the analysis of its expressions against the two schemas; the target's schema on what the mapping gives
for made-up data; and, where there are some, on data that really came. Literals are decided by the schema alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jsonschema.exceptions import ValidationError

from weirflow.errors import JSON
from weirflow.expressions.analysis import analyse
from weirflow.mappings.evaluate import Evaluated, evaluate, pointer
from weirflow.mappings.fields import DeclaredField, declared_fields
from weirflow.mappings.findings import Finding, Verdict
from weirflow.mappings.words import asked_for
from weirflow.schema.bounds import too_large
from weirflow.schema.document import Document
from weirflow.schema.validate import Undecided, check
from weirflow.secret_references import reference_in
from weirflow.validation import without

#: Findings of one mapping that are told.
FINDINGS_LIMIT = 50
#: What an object or a list can be blamed for whatever its fields hold.
_OF_THE_FORM = {"type", "required", "additionalProperties", "minProperties", "maxProperties", "minItems", "maxItems"}
_LEVELS = {"error": "invalid", "unverifiable": "unverifiable", "warning": "warning"}
_ORDER = {"invalid": 0, "unverifiable": 1, "warning": 2}


@dataclass(frozen=True, slots=True)
class Sample:
    """A message of the source. `name`: in words where it really came from (`the scenario "Order"`); None: made up."""

    message: JSON
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """A verdict with what it was found from: what the mapping gives for each sample; nothing if it is too large."""

    verdict: Verdict
    results: tuple[Evaluated, ...] = ()


def judge(config: JSON, source: Document | None, target: Document | None, samples: Iterable[Sample]) -> Verdict:
    """What is to be said about the mapping `config` on a wire between two ports with these schemas (None: anything).

    Never raises for what a mapping, a schema or a message may hold, and takes bounded time.
    """
    return examine(config, source, target, samples).verdict


def examine(
    config: JSON,
    source: Document | None,
    target: Document | None,
    samples: Iterable[Sample],
    patience: float = math.inf,
) -> Examined:
    """As `judge`, with what was worked out; `patience` are seconds for each sample."""
    reason = too_large(config)
    if reason:
        message = f"the mapping {reason}: give its parts to several nodes"
        return Examined(Verdict((Finding("invalid", "mapping_too_large", message),)))
    findings: list[Finding] = []
    for place, document in (("source", source), ("target", target)):
        if document is not None and document.problem:
            message = f"the schema of the {place} {document.problem}, so that the mapping cannot be checked against it"
            findings.append(Finding("unverifiable", "schema_unusable", message))
    usable = target if target is not None and not target.problem else None
    findings += _analysed(config, source, usable)
    explained = {finding.field for finding in findings if finding.level != "warning"}
    results = []
    for sample in samples:
        done = evaluate(config, sample.message, patience)
        results.append(done)
        findings += _failures(done, sample, explained)
        if usable is not None:
            findings += _misfits(usable, done, sample, explained)
    told = sorted(dict.fromkeys(findings), key=lambda one: _ORDER[one.level])[:FINDINGS_LIMIT]
    return Examined(Verdict(tuple(told)), tuple(results))


def _analysed(config: JSON, source: Document | None, target: Document | None) -> Iterator[Finding]:
    if not isinstance(config, dict):
        yield Finding("invalid", "does_not_fit", "a mapping is an object of the target's fields")
        return
    described = source.schema if source is not None and not source.problem else {}
    for one in analyse(config, described, target.schema if target is not None else None).findings:
        level: Any = _LEVELS[one.level]
        yield Finding(level, one.code, one.message, one.path, one.expression, one.position, one.suggestion)


def _failures(done: Evaluated, sample: Sample, explained: set[str]) -> Iterator[Finding]:
    for at, error in done.failed.items():
        if sample.name is not None:
            message = f"fails on {sample.name}: {error.reason}"
            yield Finding("invalid", "fails_on_sample", message, at, error.expression, error.position)
        elif at not in explained:
            message = f"fails on made-up data: {error.reason}; whether it does on a message, only that can tell"
            yield Finding("unverifiable", "fails_on_sample", message, at, error.expression, error.position)


def _misfits(target: Document, done: Evaluated, sample: Sample, explained: set[str]) -> Iterator[Finding]:
    try:
        value, errors, unsure = _checked(target, done.value)
    except Undecided as error:
        yield Finding("unverifiable", "schema_unusable", f"the schema of the target {error}; update its module")
        return
    for reason in unsure:
        yield Finding("unverifiable", "schema_unusable", f"in the schema of the target {reason}")
    fields = list(declared_fields(target.schema, value))
    excused = {field.pointer for field in fields if _is_excused(field)}
    for wrong in errors:
        at = _pointer_of(wrong)
        if not (at in excused or (wrong.validator != "required" and _below(at, excused))):
            yield from _judged(wrong, at, done, sample, explained)
    for field in fields:
        if field.value in (None, "") and field.holds("requiredWhen") and not field.is_secret:
            yield from _missing(field, done, sample, explained)


def _checked(target: Document, value: JSON) -> tuple[JSON, list[ValidationError], list[str]]:
    """The value as the target takes it, and what does not fit: a null that does not fit counts as absent."""
    checked = check(target, value)
    nulls = [tuple(error.absolute_path) for error in checked.errors if error.instance is None and error.absolute_path]
    if nulls:
        value = without(value, nulls)
        checked = check(target, value)
    return value, [plain for error in checked.errors for plain in _plain(error)], checked.unsure


def _plain(error: ValidationError) -> Iterator[ValidationError]:
    """What is wrong with a value that may be null beside one other shape is what is wrong with that."""
    branches = _branches(error) if error.validator in ("anyOf", "oneOf") else []
    others = [branch for branch in branches if not _is_null(branch[0])]
    if len(others) == 1 and len(branches) > 1:
        for one in others[0]:
            yield from _plain(one)
    else:
        yield error


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    """What is wrong with the value by each member of a union."""
    branches: dict[Any, list[ValidationError]] = {}
    for one in error.context or ():
        branches.setdefault(one.relative_schema_path[0], []).append(one)
    return list(branches.values())


def _is_null(error: ValidationError) -> bool:
    return error.validator == "type" and error.validator_value == "null"


def _judged(wrong: ValidationError, at: str, done: Evaluated, sample: Sample, explained: set[str]) -> Iterator[Finding]:
    name = at.rpartition("/")[2] or "the message"
    text = f"{name} {asked_for(wrong)}"
    code = "required" if wrong.validator == "required" else "does_not_fit"
    place = next((one for one in _upwards(at) if one in done.places), None)
    if place in done.failed:
        return
    if _is_decided(wrong, done.places):
        yield Finding("invalid", code, text, at)
    elif sample.name is not None:
        yield Finding("invalid", "does_not_fit_sample", f"with {sample.name}, {text}", place or at)
    elif place not in explained:
        message = f"{text}; whether it does depends on the message"
        yield Finding("unverifiable", "depends_on_the_message", message, place or at)


def _is_decided(wrong: ValidationError, places: set[str]) -> bool:
    """Whether it is wrong whatever the expressions give."""
    at = _pointer_of(wrong)
    # That a name is not known is said of the object, whatever stands under the name.
    blamed = at.rpartition("/")[0] if wrong.validator == "additionalProperties" else at
    if any(one in places for one in _upwards(blamed)):
        return False
    if wrong.validator in _OF_THE_FORM or not any(place.startswith(at + "/") for place in places):
        return True
    branches = _branches(wrong) if wrong.validator in ("anyOf", "oneOf") else []
    return bool(branches) and all(any(_is_decided(one, places) for one in branch) for branch in branches)


def _missing(field: DeclaredField, done: Evaluated, sample: Sample, explained: set[str]) -> Iterator[Finding]:
    name = field.pointer.rpartition("/")[2]
    text = f"{name} is required here, as {field.sibling.rpartition('/')[2]} has the value it has: map it, or write one"
    decided = field.pointer not in done.places and field.sibling not in done.places
    if decided or sample.name is not None:
        yield Finding("invalid", "required", text, field.pointer)
    elif field.pointer not in explained:
        text += "; whether it is there depends on the message"
        yield Finding("unverifiable", "depends_on_the_message", text, field.pointer)


def _is_excused(field: DeclaredField) -> bool:
    """What the schema alone would blame without reason: a secret that is not there, or is a reference, and what may be
    missing under a condition that holds.
    """
    if field.is_secret and (field.value is None or reference_in(field.value) is not None):
        return True
    return field.value is None and field.holds("optionalWhen")


def _pointer_of(error: ValidationError) -> str:
    at = ""
    for step in error.absolute_path:
        at = pointer(at, step)
    return at


def _upwards(at: str) -> Iterator[str]:
    """The pointer and those of all that it stands in."""
    while True:
        yield at
        if not at:
            return
        at = at.rpartition("/")[0]


def _below(at: str, places: set[str]) -> bool:
    return any(one in places for one in _upwards(at))
