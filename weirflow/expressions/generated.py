"""Python functions from lines that the code generator wrote.

No text of a user is ever in them: every literal and every name of a field is a constant `k0`, `k1`, ... that is bound
from outside. Code of the same shape is therefore compiled once, however many edges share it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from weirflow.errors import JSON
from weirflow.expressions import numbers, operators, selection, values
from weirflow.expressions.errors import EvaluationError
from weirflow.expressions.limits import SMALL_TEXT, STEPS, Refusal

#: Where an operation stands: JSON pointer of the field, the expression, the character in it.
Site = tuple[str, str, int]


def failed(sites: Sequence[Site], at: int, refusal: Refusal) -> EvaluationError:
    """The error for what was refused at the site of number `at`."""
    path, expression, position = sites[at]
    return EvaluationError(path, expression, f"{refusal} (at character {position + 1})", position)


_SHORT = 10_000
"""Characters up to which code is kept, to be shared by all mappings of its shape."""

_NAMESPACE: dict[str, Any] = {
    "STEPS": STEPS,
    "SMALL": SMALL_TEXT,
    "LOW": numbers.LOWEST - 1,
    "HIGH": numbers.HIGHEST + 1,
    "MISSING": selection.MISSING,
    "Refusal": Refusal,
    "failed": failed,
    "shown": values.shown,
    "checked": numbers.checked,
    "negative": numbers.negative,
    "positive": numbers.positive,
    "equal": values.equal,
    "one_or_list": values.one_or_list,
    "refuse_kind": values.refuse_kind,
    "add": operators.add,
    "match": operators.match,
    "filter_match": operators.filter_match,
    **{function.__name__: function for function in operators.ARITHMETIC.values()},
    **{function.__name__: function for function in operators.ORDER.values()},
    **{function.__name__: function for function in operators.FILTER_ORDER.values()},
    **{
        function.__name__: function
        for function in (
            selection.length_of,
            selection.names,
            selection.indexes,
            selection.children,
            selection.descend,
            selection.at_places,
            selection.name_places,
            selection.index_places,
            selection.child_places,
            selection.filter_places,
            selection.slice_places,
            selection.slice_places_by,
            selection.computed_places,
        )
    },
}


def load(functions: Sequence[Sequence[str]], constants: Sequence[Any]) -> Callable[[JSON], JSON]:
    """The function `evaluate`, which the last of `functions` defines; each is a list of lines and knows `constants`."""
    parameters = ", ".join(f"k{number}" for number in range(len(constants)))
    lines = [f"def make({parameters}):"]
    lines += [f" {line}" for function in functions for line in function]
    lines.append(" return evaluate")
    source = "\n".join(lines)
    factory = _factory_of_short(source) if len(source) <= _SHORT else _factory(source)
    evaluate: Callable[[JSON], JSON] = factory(*constants)
    return evaluate


def _factory(source: str) -> Callable[..., Any]:
    code = compile(source, "<expression>", "exec", dont_inherit=True)
    made: dict[str, Any] = {}
    exec(code, _NAMESPACE, made)  # noqa: S102 - the lines are ours, see above
    factory: Callable[..., Any] = made["make"]
    return factory


_factory_of_short = lru_cache(maxsize=256)(_factory)
