"""Growing, jittered pauses between attempts."""

import random


class Backoff:
    """Pauses that double from ``first`` to ``most`` seconds, each spread over its upper half to keep many apart."""

    __slots__ = ("_first", "_most", "_next")

    def __init__(self, first: float = 0.1, most: float = 32.0) -> None:
        self._first, self._most, self._next = first, most, first

    def reset(self) -> None:
        """Call after a success."""
        self._next = self._first

    def pause(self) -> float:
        """Seconds to wait before the next attempt."""
        pause = self._next * random.uniform(0.5, 1.0)  # noqa: S311 spreading load, not guarding a secret
        self._next = min(self._next * 2, self._most)
        return pause
