"""What the analysis of an expression says before any message has passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

#: A JSON Schema object.
Schema: TypeAlias = dict[str, Any]
Level: TypeAlias = Literal["error", "unverifiable", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`error`: it cannot work; `unverifiable`: only a message can tell; `warning`: it works, but hardly as meant.

    `code` is snake_case and stable: `syntax`, `unknown_path`, `always_null`, `wrong_kind`, `wrong_target`,
    `fails_always`; `may_be_missing`, `may_be_wrong_kind`, `not_described`, `count_decides`; `useless_text`,
    `useless_comparison`. `path` is the JSON pointer of the field in the mapping; `position` the character in the
    expression, from 0, None for the mapping's own structure. `suggestion`: what could be written instead.
    """

    level: Level
    code: str
    message: str
    path: str = ""
    expression: str | None = None
    position: int | None = None
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Inferred:
    """What one expression gives, as a JSON Schema with the definitions it refers to; `{}` where nothing is known."""

    path: str
    expression: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Analysis:
    """`expressions` in the order of the mapping; an expression that cannot be parsed is not among them."""

    findings: tuple[Finding, ...]
    expressions: tuple[Inferred, ...]

    @property
    def outcome(self) -> Literal["valid", "invalid", "unverifiable"]:
        levels = {finding.level for finding in self.findings}
        return "invalid" if "error" in levels else "unverifiable" if "unverifiable" in levels else "valid"
