"""How many bytes of answers that are not whole yet a host keeps for each project."""

from __future__ import annotations

from collections import Counter

from weirflow.sandbox.limits import MIB

#: Eight of the longest answers; a project's workers could begin seven times as many, and leave them so.
MOST_BYTES = 128 * MIB


class Room:
    """Of one host. Whoever has taken some gives it back."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def take(self, project: str, more: int) -> bool:
        """Take `more` bytes, or give some back (below 0); whether that is still within bounds."""
        self._taken[project] += more
        within = self._taken[project] <= MOST_BYTES
        if self._taken[project] <= 0:
            del self._taken[project]
        return within or more <= 0
