"""The syntax tree of an expression. Positions (`at`, characters from 0) do not count when trees are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """null, true, false, a number or a text."""

    value: bool | int | float | str | None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number with a name, such as pi."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[1, $.a]`"""

    items: tuple[Expression, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """`{"name": $.a}`"""

    members: tuple[tuple[str, Expression], ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `+x`, `!x`; a sign before a number belongs to its `Literal`."""

    operator: str
    operand: Expression
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`; `at` is where the operator stands."""

    operator: str
    left: Expression
    right: Expression
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : otherwise`"""

    condition: Expression
    then: Expression
    otherwise: Expression
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments)`; the name in lower case."""

    function: str
    arguments: tuple[Expression, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Message:
    """`$`: the whole message."""

    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Current:
    """`@`: the value a filter or a computed key looks at; the message outside of them."""

    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """Segments after a base: `$.a[0]`, `split($.a, ',')[0]`."""

    base: Expression
    segments: tuple[Segment, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Segment:
    """One step: what its selectors find in each value so far, or in each and all below it (`..`)."""

    selectors: tuple[Selector, ...]
    descendant: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """`.name`, `['name']`"""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]`, `[-1]`"""

    index: int


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`*`"""


@dataclass(frozen=True, slots=True)
class Slice:
    """`[start:end:step]`; each a number, a bracketed expression or left out."""

    start: Expression | None
    end: Expression | None
    step: Expression | None


@dataclass(frozen=True, slots=True)
class Filter:
    """`[?(condition)]`"""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Computed:
    """`[(expression)]`: its value is the index or the name."""

    key: Expression


Selector: TypeAlias = Name | Index | Wildcard | Slice | Filter | Computed
Expression: TypeAlias = (
    Literal | Constant | ListOf | ObjectOf | Unary | Binary | Conditional | Call | Message | Current | Path
)

#: How tightly the operators with two sides bind. All lean to the left but `**`.
PRECEDENCE = {
    "**": 6,
    **dict.fromkeys(("*", "/", "%", "<<", ">>", "&", "&^"), 5),
    **dict.fromkeys(("+", "-", "|", "^"), 4),
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "=~"), 3),
    "&&": 2,
    "||": 1,
}


def is_definite(segment: Segment) -> bool:
    """Whether the segment finds one value at most: a name or an index."""
    return not segment.descendant and len(segment.selectors) == 1 and isinstance(segment.selectors[0], Name | Index)


def children(tree: Expression) -> Iterator[Expression]:
    """The expressions directly inside `tree`, in the order in which they are written."""
    match tree:
        case ListOf(items):
            yield from items
        case ObjectOf(members):
            yield from (value for _, value in members)
        case Unary(_, operand):
            yield operand
        case Binary(_, left, right):
            yield from (left, right)
        case Conditional(condition, then, otherwise):
            yield from (condition, then, otherwise)
        case Call(_, arguments):
            yield from arguments
        case Path(base, segments):
            yield base
            for segment in segments:
                for selector in segment.selectors:
                    yield from _inside(selector)


def _inside(selector: Selector) -> Iterator[Expression]:
    match selector:
        case Filter(inner) | Computed(inner):
            yield inner
        case Slice(start, end, step):
            yield from (bound for bound in (start, end, step) if bound is not None)


def walk(tree: Expression) -> Iterator[Expression]:
    """`tree` and every expression inside it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(children(node))


def tree_depth(tree: Expression) -> int:
    """Levels of the tree; a literal has one."""
    deepest = 0
    waiting = [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in children(node))
    return deepest
