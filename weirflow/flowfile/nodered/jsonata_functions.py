"""Functions of JSONata by what they are here. Each answers what was made, and what is to be told of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from weirflow.flowfile.nodered.jsonata_made import Made
from weirflow.flowfile.nodered.message import Unsaid

#: Raises TypeError for another number of arguments, as calling does.
Function: TypeAlias = Callable[..., tuple[Made, str]]
_SECONDS = "the clock gives whole seconds"
_NULL_MISSING = "null counts as missing"
_NO_LIST = "of a list it makes the text unknown, there its JSON"


def _same(name: str) -> Function:
    return lambda one: (Made(f"{name}({one.within()})"), "")


def _over(name: str) -> Function:
    """Of a list, or of a field of each item of a list."""

    def made(one: Made) -> tuple[Made, str]:
        if one.last[:1] == ".":
            each, whole = f"{one.parent}[*]{one.last}", one.text
            return Made(f"{one.parent}.length != null ? {_of(name, each)} : {_of(name, whole)}", atomic=False), ""
        return Made(_of(name, one.within())), ""

    return made


def _of(name: str, text: str) -> str:
    return f"length(list({text}))" if name == "count" else f"{name}({text})"


def _split(one: Made, separator: Made) -> tuple[Made, str]:
    return Made(f"split({one.within()}, {_words(separator)})"), ""


def _contains(one: Made, part: Made) -> tuple[Made, str]:
    return Made(f"contains({one.within()}, {part.within()})"), ""


def _replace(one: Made, old: Made, new: Made) -> tuple[Made, str]:
    return Made(f"replace({one.within()}, {_words(old)}, {new.within()})"), ""


def _substring(one: Made, start: Made, length: Made | None = None) -> tuple[Made, str]:
    more = f", {length.within()}" if length is not None else ""
    return Made(f"substr({one.within()}, {start.within()}{more})"), ""


def _join(one: Made, separator: Made | None = None) -> tuple[Made, str]:
    between = separator.within() if separator is not None else "''"
    return Made(f"join(list({one.within()}), {between})"), ""


def _power(one: Made, other: Made) -> tuple[Made, str]:
    return Made(f"{one.within()} ** {other.within()}", atomic=False), ""


def _words(made: Made) -> str:
    """A text that stands there: another could be a pattern or empty."""
    if not made.literal:
        raise Unsaid("its JSONata looks for something else than a text that stands there")
    return made.text


FUNCTIONS: dict[str, Function] = {
    "$abs": _same("abs"),
    "$average": _over("avg"),
    "$boolean": lambda one: (Made(f"!!{one.within()}", atomic=False), ""),
    "$ceil": _same("ceil"),
    "$contains": _contains,
    "$count": _over("count"),
    "$exists": lambda one: (Made(f"{one.within()} != null", atomic=False), _NULL_MISSING),
    "$floor": _same("floor"),
    "$join": _join,
    "$length": _same("length"),
    "$lowercase": _same("lower"),
    "$millis": lambda: (Made("now() * 1000", atomic=False), _SECONDS),
    "$not": lambda one: (Made(f"!{one.within()}", atomic=False), ""),
    "$now": lambda: (Made("RFC3339()"), _SECONDS),
    "$power": _power,
    "$replace": _replace,
    "$round": _same("roundtoeven"),
    "$split": _split,
    "$sqrt": _same("sqrt"),
    "$string": lambda one: (Made(f"string({one.within()})"), _NO_LIST),
    "$substring": _substring,
    "$sum": _over("sum"),
    "$uppercase": _same("upper"),
}
