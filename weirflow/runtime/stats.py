"""Counts, rates and latencies of nodes and edges: always on, so a message may cost no more than a few additions."""

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from weirflow.errors import JSON, Problem

_WINDOW = 5.0
_RATE_SAMPLES = 10
#: So many latencies in a window are all counted; of those that follow one in so many stands for the others.
_EXACT, _SAMPLE = 2000, 8


class Latency:
    """The 95th percentile of the last 5 to 10 seconds, to about an eighth: counts in geometrically growing buckets."""

    __slots__ = ("_new", "_old", "_since")

    def __init__(self) -> None:
        self._new: dict[int, int] = {}
        self._old: dict[int, int] = {}
        self._since = 0.0

    def add(self, seconds: float, now: float, weight: int = 1) -> bool:
        """Count one duration as ``weight`` of them; ``now`` is monotonic time. Returns whether a new time began."""
        turned = now - self._since > _WINDOW
        if turned:
            self._turn(now)
        micros = int(seconds * 1e6) + 1
        shift = micros.bit_length() - 3
        bucket = (shift << 3) + (micros >> shift) if shift > 0 else micros
        new = self._new
        new[bucket] = new.get(bucket, 0) + weight
        return turned

    def p95_ms(self, now: float) -> float | None:
        """Milliseconds; ``None`` when nothing was counted lately."""
        if now - self._since > _WINDOW:
            self._turn(now)
        counts = dict(self._old)
        for bucket, count in self._new.items():
            counts[bucket] = counts.get(bucket, 0) + count
        if not counts:
            return None
        left = sum(counts.values()) * 0.05
        for bucket in sorted(counts, reverse=True):
            left -= counts[bucket]
            if left < 0:
                return round(((bucket & 7) << (bucket >> 3)) / 1000, 3)
        return None

    def _turn(self, now: float) -> None:
        self._old = self._new if now - self._since < 2 * _WINDOW else {}
        self._new, self._since = {}, now


class Rate:
    """Per second, over the last 10 seconds or the part of them that it was asked for."""

    __slots__ = ("_samples", "value")

    def __init__(self) -> None:
        #: (monotonic time, total count), at least a second apart.
        self._samples: deque[tuple[float, int]] = deque([(time.monotonic(), 0)], maxlen=_RATE_SAMPLES)
        self.value = 0.0

    def sample(self, count: int, now: float) -> float:
        """The rate, given the total ``count`` by now."""
        newest = self._samples[-1][0]
        if now - newest > _WINDOW:
            # Nobody asked for long: what came in between would show as a burst of just now.
            self._samples.clear()
            self._samples.append((now, count))
            self.value = 0.0
        elif now - newest >= 1.0:
            began, before = self._samples[0]
            self.value = round((count - before) / (now - began), 2)
            self._samples.append((now, count))
        return self.value


class EdgeStats:
    """What went along one edge."""

    __slots__ = ("_rate", "count", "errors", "problem", "touch")

    def __init__(self) -> None:
        self.count = self.errors = 0
        self.problem: Problem | None = None
        self.touch: Callable[[], None] | None = None
        self._rate = Rate()

    def passed(self) -> None:
        """One message arrived and was answered."""
        self.count += 1
        if self.problem is not None:
            self.problem = None
        if self.touch is not None:
            self.touch()

    def failed(self, problem: Problem) -> None:
        """One message came back with an error."""
        self.count += 1
        self.errors += 1
        self.problem = problem
        if self.touch is not None:
            self.touch()

    def show(self, problem: Problem | None) -> None:
        """The edge itself is wrong, or right again."""
        if problem != self.problem:
            self.problem = problem
            if self.touch is not None:
                self.touch()

    def live(self, now: float) -> dict[str, Any]:
        """The numbers of an EdgeLive."""
        return {"count": self.count, "rate": self._rate.sample(self.count, now), "errors": self.errors}


class NodeStats:
    """What one node handled. ``touch`` is set while somebody watches and is called at every change."""

    __slots__ = ("_latency", "_rate", "_sampled_from", "count", "errors", "in_flight", "last", "touch")

    def __init__(self) -> None:
        self.count = self.errors = self.in_flight = 0
        #: Past this count latencies are sampled; moves on with the time that they are kept for.
        self._sampled_from = _EXACT
        #: The newest message of each port and its monotonic time; messages are never changed in place, so the
        #: reference is enough.
        self.last: dict[str, tuple[float, JSON]] = {}
        self.touch: Callable[[], None] | None = None
        self._latency, self._rate = Latency(), Rate()

    def entered(self, port: str, message: JSON) -> float:
        """A message arrived. Returns the time to give to ``left``."""
        now = time.monotonic()
        self.in_flight += 1
        self.last[port] = (now, message)
        if self.touch is not None:
            self.touch()
        return now

    def left(self, began: float) -> None:
        """It was handled, well or not."""
        self.in_flight -= 1
        self.count = count = self.count + 1
        if count <= self._sampled_from or not count % _SAMPLE:
            now = time.monotonic()
            weight = 1 if count <= self._sampled_from else _SAMPLE
            if self._latency.add(now - began, now, weight):
                self._sampled_from = count + _EXACT
        if self.touch is not None:
            self.touch()

    def emitted(self, port: str, message: JSON) -> None:
        """A message was sent."""
        self.last[port] = (time.monotonic(), message)
        if self.touch is not None:
            self.touch()

    def failed(self) -> None:
        """A message ended in an error here."""
        self.errors += 1

    def live(self, now: float) -> dict[str, Any]:
        """The ``stats`` of a NodeLive."""
        live = {"count": self.count, "errors": self.errors, "rate": self._rate.sample(self.count, now)}
        if (p95 := self._latency.p95_ms(now)) is not None:
            live["p95_ms"] = p95
        live["in_flight"] = self.in_flight
        return live
