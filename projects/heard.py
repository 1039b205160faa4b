"""Which components modules have announced, and whether their settings are a program: what the right to write code is
judged by (ADR 134). What this process has heard stands here, what any process has ever heard in the database."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from projects.models import HeardComponent

Kind: TypeAlias = tuple[str, str]
"""A module, and a component of it."""

MOST = 10_000
"""Kinds that are kept, here and in the database. More are not heard of: they are judged like what nobody knows."""
_heard: dict[Kind, bool] = {}
_unstored: set[Kind] = set()


def announced(components: Iterable[tuple[Kind, bool]]) -> None:
    """Takes note of components as a module announces them, each with whether it runs code. Once said is said."""
    for kind, runs_code in components:
        known = _heard.get(kind)
        if known is None and len(_heard) >= MOST:
            continue
        if known is None or (runs_code and not known):
            _heard[kind] = runs_code
            _unstored.add(kind)


def unstored() -> dict[Kind, bool]:
    """What was announced and is not in the database yet. Asked where modules are heard, on the event loop."""
    return {kind: _heard[kind] for kind in _unstored}


def stored(kinds: Mapping[Kind, bool]) -> None:
    """Takes note that these are in the database as they are here."""
    _unstored.difference_update(kind for kind, runs_code in kinds.items() if _heard.get(kind) == runs_code)


def known(kinds: Collection[Kind]) -> dict[Kind, bool]:
    """Those of the kinds that were ever announced, each with whether it runs code. Reads the database only for what
    this process has not heard itself."""
    found = {kind: _heard[kind] for kind in kinds if kind in _heard}
    left = set(kinds) - found.keys()
    if left:
        rows = HeardComponent.objects.filter(module__in={module for module, _ in left})
        found |= {(row.module, row.component): row.runs_code for row in rows if (row.module, row.component) in left}
    return found
