"""What became of a test, in the form that is shown, stored and printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from weirflow.errors import JSON

#: ``passed``; ``failed``: something was not as expected; ``error``: the test could not be run.
Outcome = Literal["passed", "failed", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one expectation. ``text`` says it in a sentence; ``differences`` by JSON pointer; ``came`` is what
    came instead (``has_came``: whether anything did), of ``count`` messages in all."""

    at: str
    held: bool
    text: str
    differences: tuple[dict[str, JSON], ...] = ()
    came: JSON = None
    has_came: bool = False
    count: int = 0

    def to_json(self) -> dict[str, JSON]:
        """``{at, held, text, count, differences?, came?}``."""
        found: dict[str, JSON] = {"at": self.at, "held": self.held, "text": self.text, "count": self.count}
        if self.differences:
            found["differences"] = list(self.differences)
        return {**found, "came": self.came} if self.has_came else found


@dataclass(frozen=True, slots=True)
class TestResult:
    """``findings`` are in the order of the expectations. ``steps`` tell the way of the messages, ``wires`` how many
    went along which; ``seconds`` are real ones, ``passed`` those that passed in the flow."""

    __test__ = False

    name: str
    outcome: Outcome
    problem: dict[str, JSON] | None = None
    findings: tuple[Finding, ...] = ()
    steps: tuple[dict[str, JSON], ...] = ()
    wires: dict[str, int] = field(default_factory=dict)
    messages: int = 0
    seconds: float = 0.0
    passed: float = 0.0
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, JSON]:
        """The result of the protocol (docs/flow-tests.md)."""
        found: dict[str, JSON] = {
            "name": self.name,
            "outcome": self.outcome,
            "findings": [finding.to_json() for finding in self.findings],
            "steps": list(self.steps),
            "wires": self.wires,
            "messages": self.messages,
            "seconds": round(self.seconds, 4),
            "passed": round(self.passed, 4),
        }
        if self.problem is not None:
            found["problem"] = self.problem
        return {**found, "notes": list(self.notes)} if self.notes else found
