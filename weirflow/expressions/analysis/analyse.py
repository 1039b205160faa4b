"""The analysis of an expression or a whole mapping against the schemas of its two ends."""

from __future__ import annotations

from weirflow.errors import JSON
from weirflow.expressions.analysis.fields import field_of, item_of, requires
from weirflow.expressions.analysis.findings import Analysis, Finding, Inferred, Schema
from weirflow.expressions.analysis.infer import Inference
from weirflow.expressions.analysis.reporter import Reporter
from weirflow.expressions.analysis.shapes import Shape, anything, of_kinds, shape_of
from weirflow.expressions.analysis.target import check_target
from weirflow.expressions.errors import EvaluationError, ParseError
from weirflow.expressions.expression import compile_expression, read
from weirflow.expressions.syntax import Path
from weirflow.expressions.template import Hole, split

_DEPTH = 100


def analyse(subject: JSON, source_schema: Schema, target_schema: Schema | None = None) -> Analysis:
    """Look at a mapping (an object), or at one expression (a text, without its braces), before a message has passed.

    `source_schema` describes the message, `target_schema` what the mapping or the expression is for; both JSON Schemas
    with their `$defs`. Only expressions are looked at: whether the literals of a mapping fit is for a validator to say.
    Never raises: what cannot be parsed is a finding, what the schemas leave open is `unverifiable`.
    """
    source = shape_of(source_schema, source_schema)
    walk = _Walk(source)
    target = shape_of(target_schema, target_schema) if target_schema is not None else anything({})
    if isinstance(subject, str):
        walk.expression(subject, "", target, required=True)
    else:
        walk.value(subject, "", target, True, 0)
    return Analysis(tuple(walk.findings), tuple(walk.expressions))


class _Walk:
    def __init__(self, source: Shape) -> None:
        self.source = source
        self.findings: list[Finding] = []
        self.expressions: list[Inferred] = []

    def value(self, value: JSON, path: str, target: Shape, required: bool, depth: int) -> None:
        if depth > _DEPTH:
            self.findings.append(Finding("error", "syntax", f"nested deeper than {_DEPTH} levels", path))
        elif isinstance(value, str):
            self.text(value, path, target, required)
        elif isinstance(value, dict):
            objects = target.of_kind("object")
            for name, item in value.items():
                found = field_of(objects, name)
                below = f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
                self.value(item, below, found.shape, requires(objects, name), depth + 1)
        elif isinstance(value, list):
            lists = target.of_kind("list")
            for index, item in enumerate(value):
                self.value(item, f"{path}/{index}", item_of(lists, index).shape, True, depth + 1)

    def text(self, text: str, path: str, target: Shape, required: bool) -> None:
        parts = split(text)
        holes = [part for part in parts if isinstance(part, Hole)]
        if len(parts) == len(holes) == 1:
            self.expression(holes[0].expression, path, target, required=required)
            return
        for hole in holes:
            self.expression(hole.expression, path, anything({}), required=False)
        if holes:
            reporter = Reporter(path, text)
            check_target(of_kinds(("text",), {}), target, required=required, reporter=reporter)
            self.findings += reporter.findings

    def expression(self, text: str, path: str, target: Shape, *, required: bool) -> None:
        reporter = Reporter(path, text)
        try:
            reading = read(text)
        except ParseError as error:
            reporter.say("error", "syntax", str(error), error.position)
        else:
            tree = reading.tree
            inference = Inference(self.source, reporter)
            shape = inference.shape(tree)
            self.expressions.append(Inferred(path, text, shape.schema()))
            try:
                if reading.constant:
                    compile_expression(text).evaluate(None)
            except EvaluationError as error:
                if not any(finding.level == "error" for finding in reporter.findings):
                    reporter.say("error", "fails_always", error.reason, error.position or 0)
            if isinstance(tree, Path) and inference.paths.finds_several(tree):
                shape = inference.paths.several(tree, target)
            check_target(shape, target, required=required, reporter=reporter)
        self.findings += reporter.findings
