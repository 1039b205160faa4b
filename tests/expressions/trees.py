"""Generated syntax trees and messages that fit each other often enough to be interesting."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from weirflow.expressions.constants import CONSTANTS
from weirflow.expressions.functions import FUNCTIONS, Function
from weirflow.expressions.syntax import (
    PRECEDENCE,
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

NAMES = st.sampled_from(["a", "b", "c", "length", "x-y", "ü", "a b", "'", '"', "\\", "0", ""])
TEXTS = st.sampled_from(["", "a", "b", "héllo", "1h", "30m", "2024-01-01T12:00:00Z", "a,b", "'\"\\", "^a"]) | st.text(
    max_size=4
)
INTEGERS = st.integers(-4, 4) | st.integers(-(2**63), 2**64 - 1)
NUMBERS = INTEGERS | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
MESSAGES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)

_PURE = [each for each in FUNCTIONS.values() if each.pure and not each.takes_path]
_OF_PLACES = [each for each in FUNCTIONS.values() if each.takes_path]


def _paths(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    bases: st.SearchStrategy[Any] = st.just(Message()) | st.just(Current()) | inner
    return st.builds(Path, bases, st.lists(_segments(inner), min_size=1, max_size=3).map(tuple))


def _segments(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Segment]:
    selectors = st.lists(_selectors(inner), min_size=1, max_size=2).map(tuple)
    return st.builds(Segment, selectors, st.sampled_from([False, False, False, True]))


def _selectors(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Selector]:
    whole = st.integers(-3, 3)
    no_whole = inner.filter(lambda tree: not isinstance(tree, Literal) or isinstance(tree.value, str))
    bounds = st.none() | whole.map(Literal) | no_whole
    steps = bounds.filter(lambda bound: bound != Literal(0))
    return st.one_of(
        st.builds(Name, NAMES),
        st.builds(Name, NAMES),
        st.builds(Index, whole),
        st.just(Wildcard()),
        st.builds(Slice, bounds, bounds, steps),
        st.builds(Filter, inner),
        st.builds(Computed, no_whole),
    )


@st.composite
def _calls(draw: st.DrawFn, inner: st.SearchStrategy[Expression]) -> Expression:
    function: Function = draw(st.sampled_from(_PURE))
    needed = sum(not each.optional for each in function.parameters)
    count = draw(st.integers(needed, len(function.parameters)))
    return Call(function.name, tuple(draw(inner) for _ in range(count)))


def _extend(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    paths = _paths(inner)
    return st.one_of(
        paths,
        paths,
        st.builds(Binary, st.sampled_from(sorted(PRECEDENCE)), inner, inner),
        st.builds(Unary, st.sampled_from(["-", "+", "!"]), inner),
        st.builds(Conditional, inner, inner, inner),
        _calls(inner),
        st.builds(Call, st.sampled_from([each.name for each in _OF_PLACES]), paths.map(lambda path: (path,))),
        st.builds(ListOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(ObjectOf, st.dictionaries(NAMES, inner, max_size=2).map(lambda members: tuple(members.items()))),
    )


LITERALS = st.builds(Literal, SCALARS)
TREES: st.SearchStrategy[Expression] = st.recursive(
    LITERALS | st.just(Message()) | st.just(Current()) | st.builds(Constant, st.sampled_from(sorted(CONSTANTS))),
    _extend,
    max_leaves=8,
)
