"""What could be written next, for the editor: fields of the message, functions, constants, operators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from weirflow.expressions.analysis.cursor import Cursor, cursor_in
from weirflow.expressions.analysis.fields import children_of, names_of
from weirflow.expressions.analysis.findings import Schema
from weirflow.expressions.analysis.infer import Inference
from weirflow.expressions.analysis.reporter import Reporter, in_words
from weirflow.expressions.analysis.shapes import Shape, anything, shape_of
from weirflow.expressions.constants import CONSTANTS
from weirflow.expressions.errors import ParseError
from weirflow.expressions.functions import FUNCTIONS
from weirflow.expressions.parser import parse
from weirflow.expressions.printer import path_step
from weirflow.expressions.syntax import Path

T = TypeVar("T")

MOST = 100
"""Nobody scrolls through more."""

OPERATORS = {
    "+": "Sum of numbers or durations, a time and a duration, texts joined",
    "-": "Difference of numbers, durations or times",
    "*": "Product",
    "/": "Quotient",
    "%": "Remainder, with the sign of the left side",
    "**": "Power",
    "==": "Equal",
    "!=": "Not equal",
    "<": "Below",
    "<=": "Not above",
    ">": "Above",
    ">=": "Not below",
    "=~": "The text matches a pattern (RE2)",
    "&&": "Both are true: neither null, false, 0 nor empty",
    "||": "One of them is true",
    "? :": "condition ? value : other value",
    "<<": "Bits shifted to the left",
    ">>": "Bits shifted to the right",
    "&": "Bits of both",
    "|": "Bits of either",
    "^": "Bits of one only",
    "&^": "Bits of the left without those of the right",
}


@dataclass(frozen=True, slots=True)
class Completion:
    """`insert` goes in the place of the characters `start` to `end` of the text; `detail` is a type or a signature."""

    kind: Literal["field", "function", "constant", "operator"]
    label: str
    insert: str
    start: int
    end: int
    detail: str = ""
    doc: str = ""


def complete(text: str, cursor: int, source_schema: Schema) -> list[Completion]:
    """What fits at `cursor` (a count of characters) of a field's `text`, best first, at most `MOST`.

    Inside `{{ }}` expressions are completed, outside nothing is; a text without braces is taken as the beginning of an
    expression, which the editor puts in braces.
    """
    cursor = max(0, min(cursor, len(text)))
    start = _start_of_expression(text, cursor)
    if start is None:
        return []
    place = cursor_in(text[start:cursor], offset=start)
    source = shape_of(source_schema, source_schema)
    try:
        offers = list(_offers(place, source, cursor))
    except ParseError:
        return []
    return offers[:MOST]


def _start_of_expression(text: str, cursor: int) -> int | None:
    opening = text.rfind("{{", 0, cursor)
    if opening >= 0 and opening + 2 <= cursor:
        return opening + 2 if "}}" not in text[opening + 2 : cursor] else None
    return 0 if "{{" not in text else None


def _offers(place: Cursor, source: Shape, end: int) -> Iterator[Completion]:
    match place.wanted:
        case "field":
            inference = _inference(place, source)
            yield from _fields(place, _shape(place.base, inference), end)
        case "operand":
            inference = _inference(place, source)
            if not place.partial:
                yield from _paths("@" if place.around else "$", inference.current, place.start, end)
                if place.around:
                    yield Completion("field", "$", "$", place.start, end, _type(source), "The whole message")
            yield from _words(place, end)
        case "operator":
            for operator, doc in OPERATORS.items():
                yield Completion("operator", operator, operator, place.start, end, "", doc)


def _inference(place: Cursor, source: Shape) -> Inference:
    """With the `@` that the cursor sees."""
    inference = Inference(source, Reporter("", ""))
    for path in place.around:
        items = path.endswith("[*]")
        shape = _shape(path.removesuffix("[*]") if items else path, inference)
        inference.current = children_of(shape).shape if items else shape
        inference.in_filter = True
    return inference


def _shape(path: str, inference: Inference) -> Shape:
    tree = parse(path)
    shape = inference.paths.each(tree) if isinstance(tree, Path) else inference.shape(tree)
    return shape.without_null() if shape.kinds - {"null"} else anything(shape.root)


def _fields(place: Cursor, shape: Shape, end: int) -> Iterator[Completion]:
    if place.form == "descent":
        yield from _named(_names_below(shape), place, "..", shape.root, end)
        return
    yield from _named(names_of(shape), place, ".", shape.root, end)
    if "list" in shape.kinds and not place.partial:
        for step, doc in (
            ("[0]", "The first item"),
            ("[-1]", "The last item"),
            ("[*]", "Every item"),
            ("[?(@)]", "The items that fit a condition"),
            (".length", "How many items"),
        ):
            yield Completion("field", step, step, place.start, end, "", doc)


def _named(names: dict[str, Schema], place: Cursor, dots: str, root: Schema, end: int) -> Iterator[Completion]:
    for name, schema in _matching(names.items(), place.partial):
        step = path_step(name)
        if dots == "..":
            step = f"..{step.removeprefix('.')}"
        part = shape_of(schema, root)
        doc = next(
            (str(schema[word]) for word in ("description", "title") if isinstance(schema, dict) and word in schema), ""
        )
        yield Completion("field", name, step, place.start, end, _type(part), doc)


def _names_below(shape: Shape) -> dict[str, Schema]:
    """The fields of a shape and of what is below it, some levels down."""
    found: dict[str, Schema] = {}
    level = [shape]
    for _ in range(4):
        for each in level:
            for name, schema in names_of(each).items():
                found.setdefault(name, schema)
        level = [Shape((each,), shape.root) for above in level for each in children_of(above).shape.alternatives][:MOST]
    return found


def _paths(base: str, shape: Shape, start: int, end: int) -> Iterator[Completion]:
    """`$` itself and its fields, for somebody who begins."""
    doc = "The whole message" if base == "$" else "The value that is looked at"
    yield Completion("field", base, base, start, end, _type(shape), doc)
    for name, schema in names_of(shape).items():
        path = base + path_step(name)
        yield Completion("field", path, path, start, end, _type(shape_of(schema, shape.root)), _doc(schema))


def _words(place: Cursor, end: int) -> Iterator[Completion]:
    for _, function in _matching(FUNCTIONS.items(), place.partial):
        insert = f"{function.shown}(" if function.parameters else f"{function.shown}()"
        yield Completion("function", function.shown, insert, place.start, end, function.signature, function.doc)
    for name, value in _matching({"true": True, "false": False, "null": None, **CONSTANTS}.items(), place.partial):
        yield Completion(
            "constant", name, name, place.start, end, "" if value in (True, False, None) else f"{value:.6g}"
        )


def _matching(named: Iterable[tuple[str, T]], partial: str) -> Iterator[tuple[str, T]]:
    """Those whose name has the part in it, those that begin with it first."""
    part = partial.lower()
    fitting = [(name, what) for name, what in named if part in name.lower()]
    yield from sorted(fitting, key=lambda each: not each[0].lower().startswith(part))


def _doc(schema: Schema) -> str:
    """What the schema says of a field to people."""
    said = (schema.get(word) for word in ("description", "title")) if isinstance(schema, dict) else ()
    return next((text for text in said if isinstance(text, str)), "")


def _type(shape: Shape) -> str:
    return in_words(shape.kinds).removeprefix("a ") if shape.kinds else "any"
