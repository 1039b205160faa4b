"""An evaluator that walks the tree, as plainly as it can be written: what generated code is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weirflow.expressions import operators
from weirflow.expressions.constants import CONSTANTS
from weirflow.expressions.functions import FUNCTIONS
from weirflow.expressions.limits import STEPS, Refusal
from weirflow.expressions.numbers import checked, is_number
from weirflow.expressions.syntax import (
    Binary,
    Call,
    Computed,
    Conditional,
    Constant,
    Current,
    Expression,
    Filter,
    Index,
    ListOf,
    Literal,
    Message,
    Name,
    ObjectOf,
    Path,
    Segment,
    Selector,
    Slice,
    Unary,
    Wildcard,
)
from weirflow.expressions.values import equal, kind_of

#: (container, key, value); the container of the message itself is None.
Place = tuple[Any, Any, Any]


def evaluate(tree: Expression, message: Any) -> Any:
    """The value, or `Refusal`."""
    return _Walk(message).value(tree, (None, None, message), False)


class _Walk:
    def __init__(self, message: Any) -> None:
        self.message = message

    def value(self, tree: Expression, current: Place, inner: bool) -> Any:
        match tree:
            case Literal(value):
                return value
            case Constant(name):
                return CONSTANTS[name]
            case Message() | Current() | Path():
                found = [place[2] for place in self.places(tree, current, inner)]
                return None if not found else found[0] if len(found) == 1 else found
            case ListOf(items):
                return [self.value(item, current, inner) for item in items]
            case ObjectOf(members):
                return {name: self.value(item, current, inner) for name, item in members}
            case Unary(operator, operand):
                return self._signed(operator, self.value(operand, current, inner))
            case Conditional(condition, then, otherwise):
                return self.value(then if self.value(condition, current, inner) else otherwise, current, inner)
            case Binary("&&", left, right):
                return bool(self.value(left, current, inner)) and bool(self.value(right, current, inner))
            case Binary("||", left, right):
                return bool(self.value(left, current, inner)) or bool(self.value(right, current, inner))
            case Binary(operator, left, right):
                return self._operated(
                    operator, self.value(left, current, inner), self.value(right, current, inner), inner
                )
            case Call():
                return self._called(tree, current, inner)
        raise AssertionError(tree)

    def _signed(self, operator: str, value: Any) -> Any:
        if operator == "!":
            return not value
        if not is_number(value):
            raise Refusal("no number")
        return checked(-value) if operator == "-" else value

    def _operated(self, operator: str, left: Any, right: Any, inner: bool) -> Any:
        match operator:
            case "==":
                return equal(left, right, [STEPS])
            case "!=":
                return not equal(left, right, [STEPS])
            case "+":
                return operators.add(left, right, [STEPS])
            case "=~":
                return False if inner and not isinstance(left, str) else operators.match(left, right, [STEPS])
            case "<" | "<=" | ">" | ">=":
                return (operators.FILTER_ORDER if inner else operators.ORDER)[operator](left, right, [STEPS])
        return operators.ARITHMETIC[operator](left, right)

    def _called(self, tree: Call, current: Place, inner: bool) -> Any:
        function = FUNCTIONS[tree.function]
        if function.takes_path:
            if function.name == "root":
                return self.message
            places = [place for place in self.places(tree.arguments[0], current, inner) if place[0] is not None]
            found = [place[1] if function.name == "key" else place[0] for place in places]
            return None if not found else found[0] if len(found) == 1 else found
        arguments = []
        for argument in tree.arguments:
            if function.takes_matches and _may_find_several(argument):
                arguments.append([place[2] for place in self.places(argument, current, inner)])
            else:
                arguments.append(self.value(argument, current, inner))
        for parameter, argument in zip(function.parameters, arguments, strict=False):
            if parameter.nullable and argument is None:
                return None
            if parameter.kinds and kind_of(argument) not in parameter.kinds:
                raise Refusal("wrong kind")
        return function.call(*arguments, *([[STEPS]] if function.costly else []))

    def places(self, tree: Expression, current: Place, inner: bool) -> list[Place]:
        match tree:
            case Message():
                return [(None, None, self.message)]
            case Current():
                return [current]
            case Path(base, segments):
                if isinstance(base, Message | Current):
                    found = self.places(base, current, inner)
                else:
                    found = [(None, None, self.value(base, current, inner))]
                for segment in segments:
                    found = [place for each in found for place in self._segment(segment, each)]
                return found
        raise AssertionError(tree)

    def _segment(self, segment: Segment, place: Place) -> Iterator[Place]:
        for each in _below(place) if segment.descendant else [place]:
            for selector in segment.selectors:
                yield from self._selector(selector, each[2])

    def _selector(self, selector: Selector, value: Any) -> Iterator[Place]:
        match selector:
            case Name("length") if isinstance(value, list):
                yield None, None, len(value)
            case Name(name):
                if isinstance(value, dict) and name in value:
                    yield value, name, value[name]
            case Index(index):
                yield from _at(value, index)
            case Wildcard():
                yield from _children(value)
            case Filter(condition):
                for place in _children(value):
                    if self.value(condition, place, True):
                        yield place
            case Slice() if isinstance(value, list):
                inside = (None, None, value)
                bounds = [
                    None if bound is None else self.value(bound, inside, True)
                    for bound in (selector.start, selector.end, selector.step)
                ]
                bounds = [None if bound is None else _whole(bound) for bound in bounds]
                if bounds[2] == 0:
                    raise Refusal("step 0")
                for index in range(len(value))[slice(*bounds)]:
                    yield from _at(value, index)
            case Computed(key) if isinstance(value, list | dict):
                found = self.value(key, (None, None, value), True)
                if isinstance(value, dict) and isinstance(found, str) and found in value:
                    yield value, found, value[found]
                elif isinstance(value, list) and found is not None and not isinstance(found, str):
                    yield from _at(value, _whole(found))


def _may_find_several(tree: Expression) -> bool:
    return isinstance(tree, Path) and any(
        segment.descendant or len(segment.selectors) > 1 or not isinstance(segment.selectors[0], Name | Index)
        for segment in tree.segments
    )


def _children(value: Any) -> Iterator[Place]:
    if isinstance(value, dict):
        yield from ((value, key, item) for key, item in value.items())
    elif isinstance(value, list):
        yield from ((value, index, item) for index, item in enumerate(value))


def _below(place: Place) -> Iterator[Place]:
    yield place
    for child in _children(place[2]):
        yield from _below(child)


def _at(value: Any, index: int) -> Iterator[Place]:
    if isinstance(value, list) and -len(value) <= index < len(value):
        index += len(value) if index < 0 else 0
        yield value, index, value[index]


def _whole(value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int or not -(2**63) <= value < 2**64:
        raise Refusal("no whole number")
    return value
