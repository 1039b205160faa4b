"""What paths find, as far as the message's schema says."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from weirflow.expressions.analysis.fields import Found, children_of, field_of, item_of, names_of
from weirflow.expressions.analysis.reporter import in_words
from weirflow.expressions.analysis.shapes import Shape, anything, null, of_kinds, union
from weirflow.expressions.printer import path_step, to_text
from weirflow.expressions.syntax import (
    Call,
    Computed,
    Current,
    Expression,
    Filter,
    Index,
    Message,
    Name,
    Path,
    Segment,
    Selector,
    Slice,
    Wildcard,
    is_definite,
)

if TYPE_CHECKING:
    from weirflow.expressions.analysis.infer import Inference

_MOST_BELOW = 200
"""Shapes looked at below a `..`; a schema that contains itself has no end."""


class PathShapes:
    """The paths of one inference."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def finds_several(self, path: Path) -> bool:
        return not all(map(is_definite, path.segments))

    def value(self, path: Path) -> Shape:
        """What the path gives as a value: null, one, or the list of several."""
        each = self.each(path)
        if not self.finds_several(path) or not each.alternatives:
            return each
        root = each.root
        return union((each, self.matches(path), null(root)), root)

    def several(self, path: Path, target: Shape) -> Shape:
        """What a path that may find several gives to a field that wants a list, or one value; says that it may vary."""
        each = self.each(path)
        if not target.is_known or each.kinds == {"null"}:
            return each
        wants_list = "list" in target.kinds and (not each.is_known or "list" not in each.kinds)
        function = "list" if wants_list else "first"
        text = self._inference.reporter.expression
        message = (
            f"this is a list where several are found, and a single value where one is; write {function}({text}) for "
            + ("a list of any number" if wants_list else "the first of them")
        )
        self._inference.reporter.say("unverifiable", "count_decides", message, path.at, f"{function}({text})")
        return self.matches(path) if wants_list else each

    def each(self, path: Path) -> Shape:
        """The shape of each value that the path finds, or null where it may find none."""
        shape, certain = self._follow(path)
        return shape if certain else shape.or_null()

    def matches(self, path: Path) -> Shape:
        """The list of all that the path finds."""
        shape, _ = self._follow(path)
        return self._inference.list_of(shape)

    def _follow(self, path: Path) -> tuple[Shape, bool]:
        """The shape of what is found, and whether something certainly is."""
        shape = self._inference.shape(path.base)
        certain = True
        for number, segment in enumerate(path.segments):
            found = self._segment(shape, segment, path, number)
            if found.presence == "never":
                self._say_unknown(shape, segment, path, number)
                return null(shape.root), False
            if found.presence == "open":
                self._say_open(path, number)
                return anything(shape.root), False
            certain = certain and found.presence == "certainly" and not shape.nullable
            shape = found.shape
        return shape, certain

    def place(self, call: Call) -> Shape:
        """key, parent and root."""
        root = self._inference.message.root
        argument = call.arguments[0]
        if call.function == "root":
            return self._inference.message
        if isinstance(argument, Path):
            self.each(argument)
        elif isinstance(argument, Message) or not self._inference.in_filter:
            return null(root)
        return of_kinds(("text", "number", "null"), root) if call.function == "key" else anything(root)

    def _segment(self, shape: Shape, segment: Segment, path: Path, number: int) -> Found:
        if segment.descendant:
            return self._below(shape, segment)
        parts = [self._selector(shape, selector) for selector in segment.selectors]
        there = [part for part in parts if part.presence != "never"]
        if len(parts) > 1:
            for selector, part in zip(segment.selectors, parts, strict=True):
                if part.presence == "never" and there:
                    only = Segment((selector,), False, segment.at)
                    self._say_unknown(shape, only, path, number)
        if any(part.presence == "open" for part in there):
            return Found(anything(shape.root), "open")
        if not there:
            return Found(anything(shape.root), "never")
        return Found(
            union((part.shape for part in there), shape.root), there[0].presence if len(parts) == 1 else "maybe"
        )

    def _selector(self, shape: Shape, selector: Selector) -> Found:
        match selector:
            case Name(name):
                return field_of(shape, name)
            case Index(index):
                return item_of(shape, index)
            case Wildcard():
                return children_of(shape)
            case Filter(condition):
                children = children_of(shape)
                self._inside(children.shape, condition)
                return children
            case Slice(start, end, step):
                for bound in (start, end, step):
                    if bound is not None:
                        self._inside(shape, bound)
                if shape.is_known and "list" not in shape.kinds:
                    return Found(anything(shape.root), "never")
                return children_of(shape.of_kind("list") if shape.is_known else shape)
            case Computed(key):
                self._inside(shape, key)
                return children_of(shape)

    def _inside(self, current: Shape, tree: Expression) -> None:
        """Look at an expression with another `@`."""
        inference = self._inference
        before = inference.current, inference.in_filter
        inference.current, inference.in_filter = current, True
        try:
            inference.shape(tree)
        finally:
            inference.current, inference.in_filter = before

    def _below(self, shape: Shape, segment: Segment) -> Found:
        """What the selectors find in a value and all values below it."""
        waiting, seen, found = [shape], [shape], []
        while waiting:
            at = waiting.pop()
            for selector in segment.selectors:
                part = self._selector(at, selector)
                if part.presence == "open":
                    return part
                if part.presence != "never":
                    found.append(part.shape)
            children = children_of(at)
            if children.presence == "open":
                return children
            for each in children.shape.alternatives if children.presence != "never" else ():
                below = Shape((each,), shape.root)
                if below not in seen:
                    if len(seen) >= _MOST_BELOW:
                        return Found(anything(shape.root), "open")
                    seen.append(below)
                    waiting.append(below)
        return Found(union(found, shape.root), "maybe") if found else Found(anything(shape.root), "never")

    def _say_unknown(self, shape: Shape, segment: Segment, path: Path, number: int) -> None:
        place = _text(path, number)
        selector = segment.selectors[0]
        if isinstance(selector, Name) and (segment.descendant or "object" in shape.kinds):
            where = f"below {place}" if segment.descendant else f"at {place}"
            message = f"there is no field '{selector.name}' {where}"
            close = difflib.get_close_matches(selector.name, names_of(shape), 1)
            suggestion = place + path_step(close[0]) if close and not segment.descendant else None
            if suggestion:
                message += f"; did you mean {suggestion}?"
            self._inference.reporter.say("error", "unknown_path", message, segment.at, suggestion)
            return
        inside = "fields" if isinstance(selector, Name) else "items"
        message = f"{place} is {in_words(shape.kinds)}, which has no {inside}: this finds nothing"
        self._inference.reporter.say("error", "unknown_path", message, segment.at)

    def _say_open(self, path: Path, number: int) -> None:
        if self._inference.in_filter and isinstance(path.base, Current):
            return
        place = _text(path, number)
        inside = "everything that is below" if path.segments[number].descendant else "what is in"
        message = f"the schema does not say {inside} {place}, so only a message can tell"
        self._inference.reporter.say("unverifiable", "not_described", message, path.segments[number].at)


def _text(path: Path, segments: int) -> str:
    return to_text(Path(path.base, path.segments[:segments])) if segments else to_text(path.base)
