"""The bodies and answers about mappings: what is to be said of them, what they give, what could be written next."""

import uuid
from typing import Annotated, Any, Literal

from ninja import Field

from editor.api.described import Schema


class JudgeIn(Schema):
    """A mapping before it is sent as an edit, perhaps with the messages of a scenario."""

    edge: uuid.UUID
    mapping: dict[str, Any]
    scenario: uuid.UUID | None = None


class FindingOut(Schema):
    """One reason for an outcome, or a warning. ``field`` is a JSON pointer in the mapping, ``position`` a character of
    ``expression``, ``suggestion`` what could be written instead."""

    level: Literal["invalid", "unverifiable", "warning"]
    code: str
    message: str
    field: str
    expression: str | None = None
    position: int | None = None
    suggestion: str | None = None


class VerdictOut(Schema):
    """What is to be said about one mapping."""

    outcome: Literal["valid", "invalid", "unverifiable"]
    findings: list[FindingOut]


class ValidationOut(Schema):
    """Verdicts by wire at revision ``rev``: all (``full``), or those that changed since the ``token`` that was sent.
    ``scenario`` is the name of the one whose messages stand for made-up ones; None where that one is not there."""

    rev: int
    token: str
    full: bool
    edges: dict[str, VerdictOut]
    scenario: str | None


class EndsOut(Schema):
    """The schemas of a wire's two ports as they are for it (None: anything), and a made-up message of its source."""

    source: dict[str, Any] | None
    target: dict[str, Any] | None
    message: Any


class PreviewIn(Schema):
    """A mapping to be tried out: on ``message``, where one is given; ``name`` says in words where it came from."""

    mapping: dict[str, Any]
    message: Any = None
    name: Annotated[str, Field(min_length=1, max_length=200)] = "this message"


class PreviewOut(VerdictOut):
    """What the target would get, without secrets: null at the places that ``failed``, by JSON pointer with the
    reason."""

    value: Any
    failed: dict[str, str]


class CompleteIn(Schema):
    """The text of a field of a mapping; ``cursor`` counts characters (Unicode code points)."""

    text: Annotated[str, Field(max_length=20_000)]
    cursor: Annotated[int, Field(strict=True, ge=0, le=20_000)]


class CompletionOut(Schema):
    """``insert`` goes in the place of the characters ``start`` to ``end``; ``detail`` is a type or a signature."""

    kind: Literal["field", "function", "constant", "operator"]
    label: str
    insert: str
    start: int
    end: int
    detail: str
    doc: str


class CompletionsOut(Schema):
    """What fits, best first."""

    completions: list[CompletionOut]
