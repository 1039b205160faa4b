"""Where in an expression somebody is writing: what stands before the cursor, read as far as it goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_NAME = re.compile(r"\w+(?:-+\w*)*")
_WORD = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"[0-9][\w.]*")
_OPERATOR = re.compile(r"\*\*|<<|>>|<=|>=|==|!=|=~|&&|\|\||&\^|[*/%&|^+<>=!-]")
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Cursor:
    """`wanted`: a field after `base` (a path's text), an operand, an operator, or nothing that can be offered.

    `start` is where the half-written part begins, `partial` the part itself; `form` says how a field is being written.
    `around` are the texts of the paths whose items or values the enclosing filters and computed keys look at, outermost
    first; with `[*]` at their end where the items are meant.
    """

    wanted: Literal["field", "operand", "operator", "nothing"]
    start: int
    partial: str = ""
    base: str = ""
    form: Literal["bare", "dot", "descent", "bracket", "quoted"] = "bare"
    around: tuple[str, ...] = ()


def cursor_in(text: str, around: tuple[str, ...] = (), offset: int = 0) -> Cursor:
    """What is wanted at the end of `text`, an expression as far as it is written."""
    at = 0
    wanted: Literal["operand", "operator"] = "operand"
    while at < len(text):
        letter = text[at]
        if letter in "'\"":
            end = _end_of_quote(text, at)
            if end < 0:
                return Cursor("nothing", offset + at)
            at, wanted = end, "operator"
        elif letter in "$@":
            found = _path(text, at, around, offset)
            if isinstance(found, Cursor):
                return found
            at, wanted = found, "operator"
        elif number := _NUMBER.match(text, at):
            at, wanted = number.end(), "operator"
        elif word := _WORD.match(text, at):
            if word.end() == len(text):
                return Cursor("operand", offset + at, word[0], around=around)
            at, wanted = word.end(), "operator"
        elif letter in ")]}":
            at, wanted = at + 1, "operator"
        elif operator := _OPERATOR.match(text, at):
            at, wanted = operator.end(), "operand"
        elif letter.isspace():
            at += 1
        else:
            at, wanted = at + 1, "operand"
    return Cursor(wanted, offset + at, around=around)


def _path(text: str, start: int, around: tuple[str, ...], offset: int) -> int | Cursor:
    """Where the path that begins at `start` ends, or the cursor inside it."""
    at = start + 1
    if at == len(text):
        return Cursor("field", offset + at, "", text[start:], "bare", around)
    while at < len(text):
        base = text[start:at]
        if text[at] == ".":
            dots = 2 if text.startswith("..", at) else 1
            name = _NAME.match(text, at + dots)
            end = name.end() if name else at + dots
            if end == len(text):
                form: Literal["dot", "descent"] = "descent" if dots == 2 else "dot"
                return Cursor("field", offset + at, text[at + dots :], base, form, around)
            if name is None and text[end] not in "*[":
                return end
            at = end + (text[end] == "*" if name is None else 0)
        elif text[at] == "[":
            closing = _end_of_brackets(text, at)
            if closing < 0:
                return _bracket(text, at, base, around, offset)
            at = closing
        else:
            return at
    return at


def _bracket(text: str, at: int, base: str, around: tuple[str, ...], offset: int) -> Cursor:
    """The cursor inside a bracket of a path that is still open."""
    inside = text[at + 1 :]
    blanks = len(inside) - len(inside.lstrip())
    rest = inside.lstrip()
    if rest.startswith("?"):
        return cursor_in(rest[1:], (*around, f"{base}[*]"), offset + at + 2 + blanks)
    if rest.startswith("("):
        return cursor_in(rest[1:], (*around, base), offset + at + 2 + blanks)
    if rest[:1] in ("'", '"'):
        if _end_of_quote(rest, 0) >= 0:
            return Cursor("nothing", offset + len(text))
        return Cursor("field", offset + at, rest[1:], base, "quoted", around)
    return Cursor("field" if not rest else "nothing", offset + at, "", base, "bracket", around)


def _end_of_quote(text: str, at: int) -> int:
    quote = text[at]
    index = at + 1
    while index < len(text):
        if text[index] == "\\":
            index += 1
        elif text[index] == quote:
            return index + 1
        index += 1
    return -1


def _end_of_brackets(text: str, at: int) -> int:
    """Where the bracket that opens at `at` has closed; -1 if it has not."""
    depth = 0
    while at < len(text):
        letter = text[at]
        if letter in "'\"":
            at = _end_of_quote(text, at)
            if at < 0:
                return -1
            continue
        depth += (letter in _OPENING) - (letter in _CLOSING)
        at += 1
        if not depth:
            return at
    return -1
