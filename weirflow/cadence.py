"""How often frames of live values go out: a few at once after a pause, then evenly."""

from __future__ import annotations


class Cadence:
    """One frame each interval on average; after a pause `burst` of them may follow each other at once.

    A message makes several changes within milliseconds: a node begins, its value changes, it ends. Were only the first
    frame free, it would carry the beginning, and the value would wait a whole interval. Times in seconds.
    """

    __slots__ = ("_burst", "_paid_until")

    def __init__(self, burst: int) -> None:
        self._burst = burst
        self._paid_until = 0.0

    def wait(self, now: float, interval: float) -> float:
        """Seconds until the next frame may go; 0 or less: now."""
        return self._paid_until - (self._burst - 1) * interval - now

    def sent(self, now: float, interval: float) -> None:
        """A frame has gone."""
        self._paid_until = max(self._paid_until, now) + interval
