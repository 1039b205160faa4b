"""Counts, rates and latencies of nodes and edges: always on, so a message may cost no more than a few additions."""

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from weirflow.errors import JSON, Problem
from weirflow.runtime.latency import Histogram, Latency

_WINDOW = 5.0
_RATE_SAMPLES = 10
#: So many latencies in a window are all counted; of those that follow one in so many stands for the others.
_EXACT, _SAMPLE = 2000, 8
_EDGE_EXACT, _EDGE_SAMPLE = 500, 16
_QUANTILES = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}


def _quantiles(latency: Latency | None, now: float) -> dict[str, float]:
    if latency is None:
        return {}
    return dict(zip(_QUANTILES, latency.quantiles_ms(_QUANTILES.values(), now), strict=False))


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
    """What went along one edge. A latency is the time to the answer, all attempts and what lies behind included.

    Nearly every message does no more here than ``started += 1`` and, where it is answered, ``count += 1`` and a look
    whether ``due`` has been reached: only then ``passed`` has something to do.
    """

    __slots__ = (
        "_extra", "_latency", "_problem", "_rate", "_sampled_from", "_touch", "count", "due", "errors", "started",
        "total",
    )  # fmt: skip

    def __init__(self) -> None:
        self.started = self.count = self.errors = 0
        self.due = 0
        #: Where latencies go that are over.
        self.total: Histogram | None = None
        #: Attempts that were counted beyond one for each message.
        self._extra = 0
        self._problem: Problem | None = None
        self._touch: Callable[[], None] | None = None
        self._sampled_from = _EDGE_EXACT
        self._rate = Rate()
        self._latency: Latency | None = None

    @property
    def problem(self) -> Problem | None:
        """The error of the newest message, or what is wrong with the edge itself."""
        return self._problem

    @property
    def in_flight(self) -> int:
        """Messages that have not been answered yet."""
        return self.started - self.count + self._extra

    @property
    def latency(self) -> Latency | None:
        """None before the first answer."""
        return self._latency

    def watch(self, touch: Callable[[], None] | None) -> None:
        """Call ``touch`` at every change from now on."""
        self._touch = touch
        self._set_due()

    def passed(self, began: float) -> None:
        """A message that set out at ``began`` was answered, and has been counted."""
        count = self.count
        exact = count <= self._sampled_from
        if exact or not count % _EDGE_SAMPLE:
            now = time.monotonic()
            if self._latency is None:
                self._latency = Latency(self.total)
            if self._latency.add(now - began, now, 1 if exact else _EDGE_SAMPLE):
                self._sampled_from = count + _EDGE_EXACT
        self._problem = None
        self._set_due()
        if self._touch is not None:
            self._touch()

    def tried(self, problem: Problem | None) -> None:
        """One attempt ended: with ``problem``, or with none of this edge's. ``ended`` must follow the last one."""
        self.count += 1
        self._extra += 1
        if problem is not None:
            self.errors += 1
        if problem != self._problem:
            self._problem = problem
            self._set_due()
        if self._touch is not None:
            self._touch()

    def cut_off(self, problem: Problem) -> None:
        """A message was ended before its answer, which ``ended`` has taken note of."""
        self.errors += 1
        self.show(problem)

    def ended(self) -> None:
        """A message whose attempts were counted one by one, or that was not counted, is under way no more."""
        self._extra -= 1

    def show(self, problem: Problem | None) -> None:
        """The edge is wrong, or right again."""
        if problem != self._problem:
            self._problem = problem
            self._set_due()
            if self._touch is not None:
                self._touch()

    def live(self, now: float) -> dict[str, Any]:
        """The numbers of an EdgeLive."""
        return {
            "count": self.count,
            "rate": self._rate.sample(self.count, now),
            "errors": self.errors,
            "in_flight": self.in_flight,
            **_quantiles(self._latency, now),
        }

    def _set_due(self) -> None:
        if self._touch is not None or self._problem is not None or self.count < self._sampled_from:
            self.due = 0
        else:
            self.due = (self.count // _EDGE_SAMPLE + 1) * _EDGE_SAMPLE


class NodeStats:
    """What one node handled. ``touch`` is set while somebody watches and is called at every change."""

    __slots__ = ("_rate", "_sampled_from", "count", "errors", "in_flight", "last", "latency", "touch")

    def __init__(self) -> None:
        self.count = self.errors = self.in_flight = 0
        #: Past this count latencies are sampled; moves on with the time that they are kept for.
        self._sampled_from = _EXACT
        #: The newest message of each port and its monotonic time; messages are never changed in place, so the
        #: reference is enough.
        self.last: dict[str, tuple[float, JSON]] = {}
        self.touch: Callable[[], None] | None = None
        self.latency, self._rate = Latency(), Rate()

    def entered(self, port: str, message: JSON, at: float) -> float:
        """A message arrived, ``at`` about this time. Returns what to give to ``left``."""
        self.in_flight = under_way = self.in_flight + 1
        self.last[port] = at, message
        if self.touch is not None:
            self.touch()
        number = self.count + under_way
        if number <= self._sampled_from:
            return -time.monotonic()
        return 0.0 if number % _SAMPLE else time.monotonic()

    def left(self, began: float) -> None:
        """It was handled, well or not. ``began`` stands for itself where it is negative, else for others too; 0: one
        of those."""
        self.in_flight -= 1
        self.count += 1
        if began:
            now = time.monotonic()
            seconds, weight = (now + began, 1) if began < 0.0 else (now - began, _SAMPLE)
            if self.latency.add(seconds, now, weight):
                self._sampled_from = self.count + _EXACT
        if self.touch is not None:
            self.touch()

    def failed(self) -> None:
        """A message ended in an error here."""
        self.errors += 1

    def live(self, now: float) -> dict[str, Any]:
        """The ``stats`` of a NodeLive."""
        return {
            "count": self.count,
            "errors": self.errors,
            "rate": self._rate.sample(self.count, now),
            **_quantiles(self.latency, now),
            "in_flight": self.in_flight,
        }
