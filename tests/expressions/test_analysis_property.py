"""What the analysis calls valid works for every message that fits the schema, and gives what it said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from weirflow.expressions import EvaluationError, compile_expression
from weirflow.expressions.analysis import analyse

_NAMES = st.sampled_from(["a", "b", "c"])


@dataclass(frozen=True)
class _Described:
    """A schema, and the messages that fit it."""

    schema: dict[str, Any]
    messages: st.SearchStrategy[Any]


_SCALARS = [
    _Described({"type": "string"}, st.text(max_size=3) | st.just("1h")),
    _Described({"type": "integer"}, st.integers(-5, 5)),
    _Described({"type": "number"}, st.floats(-5, 5) | st.integers(-5, 5)),
    _Described({"type": "boolean"}, st.booleans()),
    _Described({"type": "null"}, st.none()),
    _Described({"enum": ["x", 1, None]}, st.sampled_from(["x", 1, None])),
]


def _object(parts: dict[str, _Described], required: set[str]) -> _Described:
    schema = {
        "type": "object",
        "properties": {name: part.schema for name, part in parts.items()},
        "required": sorted(required & set(parts)),
        "additionalProperties": False,
    }
    certain = {name: part.messages for name, part in parts.items() if name in required}
    maybe = {name: part.messages for name, part in parts.items() if name not in required}
    return _Described(schema, st.fixed_dictionaries(certain, optional=maybe))


def _list(part: _Described, least: int) -> _Described:
    schema = {"type": "array", "items": part.schema, "minItems": least}
    return _Described(schema, st.lists(part.messages, min_size=least, max_size=3))


def _either(one: _Described, other: _Described) -> _Described:
    return _Described({"anyOf": [one.schema, other.schema]}, one.messages | other.messages)


def _schemas(scalars: list[_Described]) -> st.SearchStrategy[_Described]:
    return st.recursive(
        st.sampled_from(scalars),
        lambda inner: st.one_of(
            st.builds(_object, st.dictionaries(_NAMES, inner, max_size=3), st.sets(_NAMES)),
            st.builds(_list, inner, st.integers(0, 2)),
            st.builds(_either, inner, inner),
        ),
        max_leaves=5,
    )


_SCHEMAS = _schemas(_SCALARS)
#: Without null, which counts as absent, and without values of which only a validator knows whether they fit.
_TARGETS = _schemas(_SCALARS[:4])
_STEP = st.sampled_from(
    [".a", ".b", ".c", "[0]", "[-1]", "[1]", "[*]", "[0:1]", "..a", ".length", "[?(@.a)]", "[?(@ == 1)]"]
)
_PATHS = st.lists(_STEP, max_size=3).map(lambda steps: "$" + "".join(steps))
_CALLED = st.sampled_from(
    ["upper", "length", "first", "last", "list", "sum", "avg", "not", "string", "abs", "floor", "size"]
)
_FORMS = st.recursive(
    _PATHS | st.sampled_from(["1", "0.5", "'x'", "'1h'", "null", "true"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "<", "==", "&&", "||", "%"]), inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("({0} ? {0} : {1})".format, inner, inner),
        st.builds("{}({})".format, _CALLED, inner),
        st.builds("split({}, ',')".format, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{{'a': {}}}".format, inner),
        st.builds("({}).a".format, inner),
        st.builds("key({})".format, _PATHS),
    ),
    max_leaves=3,
)  # fmt: skip


@settings(deadline=None)
@given(_SCHEMAS, _FORMS, st.data())
def test_what_is_valid_works(described: _Described, text: str, data: st.DataObject) -> None:
    analysis = analyse(text, described.schema)
    if analysis.outcome != "valid":
        return
    message = data.draw(described.messages)
    try:
        got = compile_expression(text).evaluate(message)
    except EvaluationError as error:
        if "division by zero" not in error.reason:
            raise
    else:
        jsonschema.validate(got, analysis.expressions[0].schema)


@settings(deadline=None)
@given(_SCHEMAS, _TARGETS, _PATHS, st.data())
def test_what_fits_the_target_fits_it(source: _Described, target: _Described, path: str, data: st.DataObject) -> None:
    analysis = analyse(path, source.schema, target.schema)
    if analysis.outcome != "valid":
        return
    got = compile_expression(path).evaluate(data.draw(source.messages))
    jsonschema.validate(_without_nulls(got), _without_lengths(target.schema))


def _without_nulls(value: Any) -> Any:
    """A null for a field that is not required counts as absent."""
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _without_lengths(schema: Any) -> Any:
    """How many items a list has is for the validator of messages to say."""
    if isinstance(schema, dict):
        return {word: _without_lengths(part) for word, part in schema.items() if word != "minItems"}
    return [_without_lengths(part) for part in schema] if isinstance(schema, list) else schema
