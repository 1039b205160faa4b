"""Lists and objects as wholes. A path that may find several values is taken as the list of what it finds."""

from __future__ import annotations

from collections.abc import Collection

from weirflow.errors import JSON
from weirflow.expressions.functions.signature import ANY, BOOLEAN, LIST, NUMBER, Function, Parameter
from weirflow.expressions.limits import Refusal, Work, spend
from weirflow.expressions.numbers import add_numbers, divide, is_number
from weirflow.expressions.values import described


def length(value: JSON) -> int:
    if value is None:
        return 0
    if isinstance(value, str | list | dict):
        return len(value)
    raise Refusal(f"length needs a text, a list or an object, this is {described(value)}")


def size(value: list[JSON] | dict[str, JSON] | None) -> int:
    return len(value) if value is not None else 0


def total(value: JSON, work: Work) -> int | float:
    result: int | float = 0
    for number in _numbers("sum", value, work):
        result = add_numbers(result, number)
    return result


def average(value: JSON, work: Work) -> int | float | None:
    numbers = _numbers("avg", value, work)
    result: int | float = 0
    for number in numbers:
        result = add_numbers(result, number)
    return divide(result, len(numbers)) if numbers else None


def _numbers(name: str, value: JSON, work: Work) -> Collection[int | float]:
    """The numbers of a list or an object, or the one number."""
    if is_number(value):
        return (value,)
    items: Collection[JSON] = value.values() if isinstance(value, dict) else value
    spend(work, len(items))
    for item in items:
        if not is_number(item):
            raise Refusal(f"{name} needs numbers, one item is {described(item)}")
    return items


def first(items: list[JSON]) -> JSON:
    return items[0] if items else None


def last(items: list[JSON]) -> JSON:
    return items[-1] if items else None


def as_list(value: JSON) -> list[JSON]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def negate(value: JSON) -> bool:
    return not value


_NUMBERS = Parameter("numbers", frozenset({"list", "object", "number"}), nullable=True)
_LIST = Parameter("list", LIST, nullable=True)
_COUNTED = frozenset({"list", "object", "null"})

LISTS = (
    Function(
        "length",
        (Parameter("value", frozenset({"text", "list", "object", "null"})),),
        NUMBER,
        "How many characters, items or fields; 0 for null",
        length,
        "length('héllo')",
        takes_matches=True,
    ),
    Function(
        "size",
        (Parameter("value", _COUNTED),),
        NUMBER,
        "How many items or fields",
        size,
        "size([1, 2])",
        takes_matches=True,
    ),
    Function("sum", (_NUMBERS,), NUMBER, "All numbers together", total, "sum([1, 2, 3])", True, takes_matches=True),
    Function(
        "avg",
        (_NUMBERS,),
        NUMBER | {"null"},
        "The average; null of nothing",
        average,
        "avg([1, 2, 3])",
        True,
        takes_matches=True,
    ),
    Function(
        "first", (_LIST,), ANY, "The first item, null of an empty list", first, "first([1, 2])", takes_matches=True
    ),
    Function("last", (_LIST,), ANY, "The last item; null of none", last, "last([1, 2])", takes_matches=True),
    Function(
        "list",
        (Parameter("value"),),
        LIST,
        "Always a list: what a path finds, however much it is",
        as_list,
        "list($.items[*].name)",
        takes_matches=True,
    ),
    Function(
        "not",
        (Parameter("value"),),
        BOOLEAN,
        "true for false, null, 0 and what is empty",
        negate,
        "not(true)",
    ),
)
