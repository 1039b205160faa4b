"""Collecting findings of one expression, each once."""

from __future__ import annotations

from weirflow.expressions.analysis.findings import Finding, Level
from weirflow.expressions.analysis.shapes import Shape

_ARTICLES = {"null": "null", "object": "an object"}
_MOST = 50
"""Findings of one expression; the first say enough."""


class Reporter:
    """`path` and `expression` are where all its findings stand."""

    def __init__(self, path: str, expression: str) -> None:
        self.path = path
        self.expression = expression
        self.findings: list[Finding] = []

    def say(self, level: Level, code: str, message: str, position: int, suggestion: str | None = None) -> None:
        finding = Finding(level, code, message, self.path, self.expression, position, suggestion)
        if finding not in self.findings and len(self.findings) < _MOST:
            self.findings.append(finding)

    def need(self, shape: Shape, wanted: frozenset[str], who: str, position: int) -> None:
        """`who` takes only the `wanted` kinds; says what else the value is, or may be. The unknown is not blamed."""
        kinds = shape.kinds
        others = kinds - wanted
        if not kinds or not others:
            return
        if (kinds - {"null"} or kinds) <= others:
            self.say("error", "wrong_kind", f"{who} needs {in_words(wanted)}, this is {in_words(kinds)}", position)
        elif others == {"null"}:
            self.say("unverifiable", "may_be_missing", f"{who} fails where this is missing or null", position)
        else:
            message = f"{who} needs {in_words(wanted)}, this may be {in_words(others)}"
            self.say("unverifiable", "may_be_wrong_kind", message, position)


def in_words(kinds: frozenset[str]) -> str:
    """`a number or a text`"""
    return " or ".join(_ARTICLES.get(kind, f"a {kind}") for kind in sorted(kinds))
