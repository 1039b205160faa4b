"""What is said about a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from weirflow.errors import JSON

Outcome: TypeAlias = Literal["valid", "invalid", "unverifiable"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason for an outcome, or a `warning` that does not change it.

    `code` is snake_case and stable: those of `weirflow.expressions.analysis`, and `does_not_fit`, `required`,
    `depends_on_the_message`, `fails_on_sample`, `does_not_fit_sample`, `schema_unusable`, `mapping_too_large`,
    `port_unknown`, `restless_loop`. `field` is the JSON pointer in the mapping; `position` the character in
    `expression`, from 0; `suggestion` what could be written instead.
    """

    level: Literal["invalid", "unverifiable", "warning"]
    code: str
    message: str
    field: str = ""
    expression: str | None = None
    position: int | None = None
    suggestion: str | None = None

    def as_json(self) -> dict[str, JSON]:
        """As the HTTP API has it; what is absent is left out."""
        whole: dict[str, JSON] = {
            "level": self.level,
            "code": self.code,
            "message": self.message,
            "field": self.field,
            "expression": self.expression,
            "position": self.position,
            "suggestion": self.suggestion,
        }
        return {name: value for name, value in whole.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is said about one mapping, what is invalid first."""

    findings: tuple[Finding, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """`valid`: every message that fits the source's schema gives one that fits the target's, as far as types go
        and on the data at hand. `invalid`: it cannot, or did not. `unverifiable`: only messages will tell.
        """
        levels = {finding.level for finding in self.findings}
        return "invalid" if "invalid" in levels else "unverifiable" if "unverifiable" in levels else "valid"
