"""What was perhaps meant by a name that is not there: of commands, components, nodes, ports, flows and all else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

SHOWN = 3
LETTERS_FOR_A_FAULT = 3
"""One letter in so many may be wrong, missing, too much, or in its neighbour's place."""
MAX_FAULTS = 3
FURTHER = 0.75
"""How much further than the nearest another may be that is named beside it."""
MAX_TEXTS = 20_000
_GAP = re.compile(r"[\s_\-./]+")


def nearest(wanted: str, known: Iterable[str] | Mapping[str, Iterable[str]]) -> list[str]:
    """Up to three of ``known``, the nearest first; empty where none is near. A mapping has with each the other texts by
    which people know it, such as its title."""
    texts = known if isinstance(known, Mapping) else dict.fromkeys(known, ())
    fold = _folded(wanted)
    found: dict[str, float] = {}
    compared = 0
    for name, others in texts.items():
        steps = [_steps(fold, _folded(text)) for text in (name, *others) if text]
        reached = [one for one in steps if one is not None]
        if name and reached:
            found[name] = min(reached)
        compared += len(steps)
        if compared > MAX_TEXTS:
            break
    ordered = sorted(found, key=lambda name: (found[name], abs(len(name) - len(wanted)), name))
    return [name for name in ordered if found[name] <= found[ordered[0]] + FURTHER][:SHOWN]


def perhaps(names: list[str]) -> str:
    """`; did you mean a or b?`, or nothing."""
    if not names:
        return ""
    *first, last = names
    return f"; did you mean {', '.join(first)}{' or ' if first else ''}{last}?"


def _folded(text: str) -> str:
    return _GAP.sub(" ", text.casefold()).strip()


def _steps(wanted: str, text: str) -> float | None:
    """How far ``text`` is from ``wanted``, in letters that are wrong; less where the one is a part of the other. None:
    so far that nobody can have meant it."""
    if wanted == text:
        return 0.0
    # What is only begun is a slip of some letters, too, however many are to come.
    begun = min(1.5, 0.5 + 0.15 * (len(text) - len(wanted)))
    if len(wanted) >= 2 and text.startswith(wanted):
        return begun
    if len(wanted) >= 3 and wanted in text:
        return begun + (0.25 if f" {wanted}" in f" {text}" else 0.5)
    reached = _faults(wanted, text)
    words = text.split(" ")
    if len(words) > 1:
        of_words = [faults + 0.5 for word in words if (faults := _faults(wanted, word)) is not None]
        reached = min([*of_words, *([] if reached is None else [reached])], default=None)
    if reached is None and len(text) >= 4 and f" {text} " in f" {wanted} ":
        return 1.5
    return reached


def _faults(one: str, other: str) -> float | None:
    """Letters that are to be changed, put in, left out or swapped with the next to make ``other`` of ``one``; None
    where they are more than a slip."""
    bound = min(MAX_FAULTS, len(one) // LETTERS_FOR_A_FAULT)
    if abs(len(one) - len(other)) > bound or not other:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > bound:
            return None
    return float(row[-1]) if row[-1] <= bound else None
