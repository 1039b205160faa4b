"""Whose status is to be written, and in what order: errors, then what changed, then what is new."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

#: New nodes in the queue that make a burst, and how many seconds after the last of them it is over.
BURST_NODES = 50
BURST_SECONDS = 0.25
#: Seconds for which a burst may hold back the first status of a node.
PATIENCE_SECONDS = 5.0


class Lane(IntEnum):
    """What is to be told of a node; the lower goes first."""

    ERROR = 0
    CHANGE = 1
    NEW = 2


class StatusQueue:
    """Names with the time, on the monotonic clock, from which each may be written.

    While thousands of nodes come in, that they are well is told afterwards: each write would cost this host, the
    cluster and everybody who watches as much as the next node does.
    """

    def __init__(self) -> None:
        self._lanes: tuple[dict[str, float], ...] = tuple({} for _ in Lane)
        self._new_at = 0.0

    def __len__(self) -> int:
        return sum(map(len, self._lanes))

    def __contains__(self, name: str) -> bool:
        return any(name in lane for lane in self._lanes)

    def __iter__(self) -> Iterator[str]:
        for lane in self._lanes:
            yield from lane

    def add(self, name: str, at: float, lane: Lane, now: float) -> None:
        """Enter a name, or move it up; it never moves down, and its time stays."""
        for better in self._lanes[: lane + 1]:
            if name in better:
                return
        for worse in self._lanes[lane + 1 :]:
            at = worse.pop(name, at)
        self._lanes[lane][name] = at
        if lane is Lane.NEW:
            self._new_at = now

    def remove(self, name: str) -> None:
        """Take a name out, if it is there."""
        for lane in self._lanes:
            if lane.pop(name, None) is not None:
                return

    def due(self, now: float, most: int) -> list[str]:
        """Up to ``most`` names whose time has come, the most urgent first."""
        found: list[str] = []
        new = self._lanes[Lane.NEW]
        in_burst = len(new) > BURST_NODES and now - self._new_at < BURST_SECONDS
        for lane in self._lanes:
            since = now - PATIENCE_SECONDS if lane is new and in_burst else now
            for name, at in lane.items():
                if len(found) >= most:
                    return found
                if at <= since:
                    found.append(name)
                elif lane is new:
                    break  # entered in the order of their times
        return found
