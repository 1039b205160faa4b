"""Texts with `{{ }}` in them: values, sections for lists, sections that stand under a condition.

    Dear {{ $.name }},
    {{#each $.items}}- {{ $.item.title }}{{#if $.item.isNew}} (new){{/if}}
    {{/each}}
    {{#if $.total > 100}}Thank you!{{#else}}Come again.{{/if}}

Expressions are those of mappings: they compute, and can reach nothing but the message. In `#each` `$` is `{item, index,
outer}`, `outer` being what `$` was outside. A line that holds nothing but a section's beginning or end leaves no line.
"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from weirflow import JSON, Fail
from weirflow.expressions import CompiledExpression, EvaluationError, ParseError, compile_expression
from weirflow.expressions.limits import STEPS, Refusal
from weirflow.expressions.template import Hole, split
from weirflow.expressions.values import shown

#: Sections inside each other.
DEEPEST = 10
#: Passes through the sections of one text, all of them together.
MOST_PASSES = 100_000
#: Seconds that one text may take: expressions are bounded one by one, and there may be many.
LONGEST_SECONDS = 5.0

_SECTION = re.compile(r"(#each|#if|#else|/each|/if)\b\s*(.*)", re.DOTALL)
#: A section's mark alone on its line, with what goes with it.
_ALONE = re.compile(r"^[ \t]*(\{\{[ \t]*[#/](?:each|if|else)\b(?:(?!\{\{|\}\})[^\n])*\}\})[ \t]*\r?\n", re.MULTILINE)


class TemplateError(ValueError):
    """The text is no template; says where and why."""


@dataclass(slots=True)
class _Section:
    """`#each` or `#if`: what it looks at, what it holds, what stands in its place else. The root has no `over`."""

    kind: str
    over: CompiledExpression | None = None
    parts: list[Part] = field(default_factory=list)
    otherwise: list[Part] | None = None


Part: TypeAlias = str | CompiledExpression | _Section


@dataclass(frozen=True, slots=True)
class Template:
    """A text, taken apart once. `has_lists`: how long it takes depends on the message."""

    parts: list[Part]
    has_lists: bool

    def render(self, message: JSON, limit: int, escape: Callable[[str], str]) -> str:
        """The text for a message, of at most `limit` characters; values go through `escape`. Raises `Fail`."""
        rendering = _Rendering(limit, escape)
        rendering.write(self.parts, message)
        return "".join(rendering.out)


def compile_template(text: str) -> Template:
    """Take a text apart. Raises `TemplateError`."""
    stack = [_Section("")]
    has_lists = False
    for piece in split(_ALONE.sub(r"\1", text)):
        if isinstance(piece, str):
            _place(stack[-1], piece)
            continue
        mark = _SECTION.fullmatch(piece.expression)
        if mark is None:
            _place(stack[-1], _compiled(piece))
            continue
        kind, rest = mark.groups()
        if kind in ("#each", "#if"):
            if len(stack) > DEEPEST:
                raise TemplateError(f"more than {DEEPEST} sections stand inside each other; use fewer")
            section = _Section(kind[1:], _compiled(Hole(rest), kind))
            has_lists = has_lists or kind == "#each"
            _place(stack[-1], section)
            stack.append(section)
        elif kind == "#else":
            if len(stack) == 1 or stack[-1].otherwise is not None:
                raise TemplateError("{{#else}} stands in no section, or is its second; put it between #if and /if")
            stack[-1].otherwise = []
        elif len(stack) == 1 or stack[-1].kind != kind[1:]:
            raise TemplateError(f"{{{{{kind}}}}} ends no section that is open there; check how they are nested")
        else:
            stack.pop()
    if len(stack) > 1:
        kind = stack[-1].kind
        raise TemplateError(f"{{{{#{kind}}}}} is never ended; write {{{{/{kind}}}}} behind it")
    return Template(stack[0].parts, has_lists)


def _place(section: _Section, part: Part) -> None:
    (section.parts if section.otherwise is None else section.otherwise).append(part)


def _compiled(hole: Hole, kind: str = "") -> CompiledExpression:
    try:
        return compile_expression(hole.expression)
    except ParseError as error:
        raise TemplateError(f"{{{{{f'{kind} ' if kind else ''}{hole.expression[:80]}}}}}: {error}") from None


class _Rendering:
    """One text being written."""

    def __init__(self, limit: int, escape: Callable[[str], str]) -> None:
        self.out: list[str] = []
        self._left = limit
        self._limit = limit
        self._escape = escape
        self._passes = 0
        self._until = time.monotonic() + LONGEST_SECONDS

    def write(self, parts: list[Part], message: JSON) -> None:
        for part in parts:
            if isinstance(part, str):
                self._put(part)
            elif isinstance(part, _Section):
                self._write_section(part, message)
            else:
                self._put(self._escape(self._text(part, message)))

    def _write_section(self, section: _Section, message: JSON) -> None:
        assert section.over is not None
        value = self._value(section.over, message)
        if section.kind == "if":
            self.write(section.parts if value else section.otherwise or [], message)
            return
        # A path that finds one thing gives it, and not a list of it.
        items = value if isinstance(value, list) else [] if value is None else [value]
        for index, item in enumerate(items):
            self._count_pass()
            self.write(section.parts, {"item": item, "index": index, "outer": message})
        if not items:
            self.write(section.otherwise or [], message)

    def _text(self, expression: CompiledExpression, message: JSON) -> str:
        """A value inside a text, as mappings have it: nothing for null, objects and lists as JSON."""
        try:
            return shown(self._value(expression, message), [STEPS])
        except Refusal as refusal:
            raise _failed(expression, str(refusal)) from None

    def _value(self, expression: CompiledExpression, message: JSON) -> JSON:
        if time.monotonic() > self._until:
            raise self._too_long()
        try:
            return expression.evaluate(message)
        except EvaluationError as error:
            raise _failed(expression, error.reason) from None

    def _count_pass(self) -> None:
        self._passes += 1
        if self._passes > MOST_PASSES:
            raise self._too_long()

    def _too_long(self) -> Fail:
        text = f"the text takes more than {MOST_PASSES:,} passes or {LONGEST_SECONDS:g} s to write; send fewer items"
        return Fail(text, code="template_too_long", permanent=True)

    def _put(self, text: str) -> None:
        self._left -= len(text)
        if self._left < 0:
            raise Fail(
                f"the text has more than {self._limit:,} characters; send less, or raise 'Longest text'",
                code="template_too_long",
                permanent=True,
            )
        self.out.append(text)


#: How values are escaped, by the name in the settings.
ESCAPES: dict[str, Callable[[str], str]] = {"none": lambda text: text, "html": html.escape}


def _failed(expression: CompiledExpression, why: str) -> Fail:
    text = f"{{{{ {expression.text[:80]} }}}} of the template: {why}"
    return Fail(text, code="template_failed", permanent=True)
