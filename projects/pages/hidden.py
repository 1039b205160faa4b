"""Which fields the widgets of a node leave out: who may press only on a page may press only what stands there."""

import re
from collections.abc import Iterable
from typing import Any

_HIDDEN = re.compile(r"^(?:/\$defs/[^/]+)?/properties/([^/]+)/hidden$")


def hidden_fields(patch: Iterable[dict[str, Any]]) -> set[str]:
    """The fields that a widget's schema patch hides."""
    names: set[str] = set()
    for op in patch:
        found = _HIDDEN.match(str(op.get("path", "")))
        if found is None:
            continue
        name = found.group(1).replace("~1", "/").replace("~0", "~")
        if op.get("op") != "remove" and op.get("value") is True:
            names.add(name)
        else:
            names.discard(name)
    return names


def hidden_among(fields: Iterable[str], hidden: Iterable[str]) -> list[str]:
    """Which of the fields that somebody sends are hidden ones, under whatever spelling a host would take them: it also
    knows `maxHistory` as `max_history`, and those in other languages do not tell capitals from small letters."""
    folded = {_folded(name) for name in hidden}
    return sorted(name for name in fields if _folded(name) in folded)


def _folded(name: str) -> str:
    return re.sub(r"[_\W]", "", name.casefold()) or name


def hidden_in_all(patches: Iterable[Iterable[dict[str, Any]]]) -> set[str]:
    """The fields that none of several widgets of one node shows."""
    sets = [hidden_fields(patch) for patch in patches]
    return set.intersection(*sets) if sets else set()
