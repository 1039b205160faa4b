"""Finding `{{ }}` in a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hole:
    """An expression inside a text, without its braces and outer blanks."""

    expression: str


def split(text: str) -> list[str | Hole]:
    """The literal pieces and the expressions of `text`, in order; empty pieces are left out.

    An expression ends at the first `}}` that is not inside quotes or the braces of an object, so two expressions in one
    text stay two. `{{` that is never closed is literal text.
    """
    parts: list[str | Hole] = []
    at = 0
    while (start := text.find("{{", at)) >= 0:
        end = _end(text, start + 2)
        if end < 0:
            break
        if start > at:
            parts.append(text[at:start])
        parts.append(Hole(text[start + 2 : end].strip()))
        at = end + 2
    if at < len(text):
        parts.append(text[at:])
    return parts


def _end(text: str, at: int) -> int:
    """Where the `}}` that closes the expression starts; -1 if nothing does. Quotes that never close do not count."""
    quote = ""
    index = at
    first = -1
    open_braces = 0
    while index < len(text):
        letter = text[index]
        if quote:
            if letter == "\\":
                index += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"" and _closes(text, index):
            quote = letter
        elif letter == "{":
            open_braces += 1
        elif letter == "}":
            if text.startswith("}}", index):
                if not open_braces:
                    return index
                first = index if first < 0 else first
            open_braces -= open_braces > 0
        index += 1
    return first


def _closes(text: str, at: int) -> bool:
    index = at + 1
    while index < len(text):
        if text[index] == "\\":
            index += 1
        elif text[index] == text[at]:
            return True
        index += 1
    return False
