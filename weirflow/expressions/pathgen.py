"""Lines of Python for paths. One that can find a single value only is a chain of subscripts; others build lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from weirflow.expressions.syntax import (
    Call,
    Computed,
    Current,
    Expression,
    Filter,
    Index,
    ListOf,
    Literal,
    Message,
    Name,
    Path,
    Segment,
    Selector,
    Slice,
    Wildcard,
    is_definite,
    walk,
)
from weirflow.expressions.writer import Value

if TYPE_CHECKING:
    from weirflow.expressions.codegen import Body

    _WriteSelector = Callable[[Body, str, Selector, str | None], str]


def is_definite_path(path: Path) -> bool:
    """Whether it finds one value at most."""
    return all(map(is_definite, path.segments))


def write_value(body: Body, path: Path) -> Value:
    """What the path gives: null, the one value it finds, or the list of several."""
    if is_definite_path(path):
        return Value(_chain(body, body.write(path.base).name, path.segments))
    found = write_matches(body, path)
    return body.let(f"one_or_list({found})")


def write_matches(body: Body, path: Path) -> str:
    """The name of the list of all that the path finds."""
    found = _start(body, body.write(path.base).name, path.segments)
    for segment in path.segments[_definite_length(path.segments) :]:
        found = _combined(body, found, segment, _selected)
    return found


def write_place(body: Body, call: Call) -> Value:
    """key, parent and root of what a path finds."""
    path = call.arguments[0]
    if call.function == "root":
        return body.let("m")
    if isinstance(path, Message | Current):
        inside = body.inner and isinstance(path, Current)
        return body.let(("key" if call.function == "key" else "parent") if inside else "None")
    assert isinstance(path, Path)
    *before, last = path.segments
    found = _start(body, body.write(path.base).name, tuple(before))
    for segment in before[_definite_length(tuple(before)) :]:
        found = _combined(body, found, segment, _selected)
    places = _combined(body, found, last, _placed)
    which = 1 if call.function == "key" else 0
    return body.let(f"one_or_list([place[{which}] for place in {places}])")


def _definite_length(segments: tuple[Segment, ...]) -> int:
    """How many segments at the start find one value at most."""
    return next((at for at, segment in enumerate(segments) if not is_definite(segment)), len(segments))


def _start(body: Body, base: str, segments: tuple[Segment, ...]) -> str:
    """The list to begin with: the value at the end of the segments that find one at most, if it is there."""
    chain = segments[: _definite_length(segments)]
    value = _chain(body, base, chain) if chain else base
    return body.let(f"[{value}]").name


def _chain(body: Body, value: str, segments: tuple[Segment, ...]) -> str:
    """The name of what the subscripts lead to, None where they lead nowhere."""
    result = body.name()
    with body.block("try:"):
        code, guard = value, ""
        for segment in segments:
            selector = segment.selectors[0]
            if isinstance(selector, Name) and selector.name != "length":
                code += f"[{body.program.bind(selector.name)}]"
                continue
            if code not in (value, result):
                body.line(f"{result} = {code}{guard}")
                code = result
            guard = ""
            if isinstance(selector, Index):
                guard = f" if type({code}) is list else None"
                code += f"[{body.program.bind(selector.index)}]"
            else:
                body.line(f"{result} = length_of({code})")
                code = result
        if code != result:
            body.line(f"{result} = {code}{guard}")
    with body.block("except MISSING:"):
        body.line(f"{result} = None")
    return result


def _combined(body: Body, found: str, segment: Segment, write: _WriteSelector) -> str:
    """The name of the list of what all selectors of a segment find in each value of another list."""
    body.may_refuse(segment.at)
    work = body.work
    if segment.descendant:
        found = body.let(f"descend({found}, {work})").name
    selectors = [(selector, _inner(body, selector)) for selector in segment.selectors]
    if len(selectors) == 1:
        return body.let(write(body, found, *selectors[0])).name
    result = body.let("[]").name
    one = body.name()
    with body.block(f"for {one} in {found}:"):
        for selector, inner in selectors:
            body.line(f"{result} += {write(body, f'[{one}]', selector, inner)}")
    return result


def _selected(body: Body, found: str, selector: Selector, inner: str | None) -> str:
    """Code for the list of what a selector finds."""
    work = body.work
    match selector:
        case Name(name):
            return f"names({found}, {body.program.bind(name)}, {work})"
        case Index(index):
            return f"indexes({found}, {body.program.bind(index)}, {work})"
        case Wildcard():
            return f"children({found}, {work})"
        case _:
            return f"at_places({_placed(body, found, selector, inner)})"


def _placed(body: Body, found: str, selector: Selector, inner: str | None) -> str:
    """Code for the list of places of what a selector finds."""
    bind, work = body.program.bind, body.work
    match selector:
        case Name(name):
            return f"name_places({found}, {bind(name)}, {work})"
        case Index(index):
            return f"index_places({found}, {bind(index)}, {work})"
        case Wildcard():
            return f"child_places({found}, {work})"
        case Filter(condition):
            cost = sum(1 for _ in walk(condition))
            return f"filter_places({found}, {inner}, {bind(cost)}, m, {work})"
        case Computed():
            return f"computed_places({found}, {inner}, m, {work})"
        case Slice() if inner is None:
            bounds = ", ".join(bind(bound and bound.value) for bound in _literal_bounds(selector))
            return f"slice_places({found}, {bounds}, {work})"
        case Slice():
            return f"slice_places_by({found}, {inner}, m, {work})"


def _inner(body: Body, selector: Selector) -> str | None:
    """The name of a function for what a selector works out for each value, None if there is nothing to work out."""
    match selector:
        case Filter(tree) | Computed(tree):
            return _function(body, tree)
        case Slice(start, end, step) if not _literal_bounds(selector):
            bounds = tuple(Literal(None) if bound is None else bound for bound in (start, end, step))
            return _function(body, ListOf(bounds))
    return None


def _function(body: Body, tree: Expression) -> str:
    inner = type(body)(body.program, inner=True)
    result = inner.write(tree)
    program = body.program
    name = f"f{len(program.functions)}"
    program.functions.append(inner.finish(f"def {name}(c, key, parent, m, w):", result.name))
    return name


def _literal_bounds(selector: Slice) -> list[Literal | None]:
    """Start, end and step of a slice that needs nothing worked out; else nothing."""
    bounds = (selector.start, selector.end, selector.step)
    literals = [bound for bound in bounds if bound is None or (isinstance(bound, Literal) and type(bound.value) is int)]
    return literals if len(literals) == len(bounds) else []
