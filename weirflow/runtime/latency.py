"""How long things take: counted in geometrically growing buckets, for the last seconds and since the start."""

from __future__ import annotations

from collections.abc import Iterable

_WINDOW = 5.0

#: Upper bounds of the coarse buckets in microseconds, 64 us to 67 s, each four times the one before.
BOUNDS = tuple(4**power for power in range(3, 14))


class Histogram:
    """Durations since the start. What is counted here is never taken out again, even if what took the time is gone."""

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        #: By the number of binary digits of the duration in microseconds.
        self.counts: dict[int, int] = {}
        self.seconds = 0.0

    def add(self, buckets: dict[int, int], seconds: float) -> None:
        """Take in the fine buckets of a ``Latency``, and the sum of what is in them."""
        counts = self.counts
        for bucket, count in buckets.items():
            digits = _digits(bucket)
            counts[digits] = counts.get(digits, 0) + count
        self.seconds += seconds

    def merge(self, other: Histogram) -> None:
        """Take in another one."""
        for digits, count in other.counts.items():
            self.counts[digits] = self.counts.get(digits, 0) + count
        self.seconds += other.seconds

    def coarse(self) -> list[int]:
        """How many were below each of ``BOUNDS`` but not below the one before, and how many above all of them."""
        found = [0] * (len(BOUNDS) + 1)
        for digits, count in self.counts.items():
            found[min(max((digits + 1) // 2 - 3, 0), len(BOUNDS))] += count
        return found


class Latency:
    """The last 5 to 10 seconds, each duration to about an eighth. ``total`` gets what is older."""

    __slots__ = ("_new", "_old", "_seconds", "_since", "total")

    def __init__(self, total: Histogram | None = None) -> None:
        self.total = total
        self._new: dict[int, int] = {}
        self._old: dict[int, int] = {}
        self._since = self._seconds = 0.0

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
        self._seconds += seconds * weight
        return turned

    def quantiles_ms(self, shares: Iterable[float], now: float) -> list[float]:
        """For each share, such as 0.95, the milliseconds that it of all was below; empty when there was nothing."""
        counts = self._counts(now)
        total = sum(counts.values())
        if not total:
            return []
        buckets = sorted(counts)
        found = []
        for share in shares:
            left = total * share
            for bucket in buckets:
                left -= counts[bucket]
                if left <= 0:
                    break
            found.append(round(((bucket & 7) << (bucket >> 3)) / 1000, 3))
        return found

    def coarse(self, now: float) -> list[int]:
        """As of a ``Histogram``; empty when there was nothing."""
        if not (counts := self._counts(now)):
            return []
        lately = Histogram()
        lately.add(counts, 0.0)
        return lately.coarse()

    def settle(self, now: float | None = None) -> None:
        """Hand what is over at ``now`` to ``total``; everything, if nothing more will come."""
        if now is None or now - self._since > _WINDOW:
            self._turn(self._since if now is None else now)

    def unsettled(self) -> tuple[dict[int, int], float]:
        """What ``total`` has not got yet, and the sum of its seconds."""
        return self._new, self._seconds

    def _counts(self, now: float) -> dict[int, int]:
        if now - self._since > _WINDOW:
            self._turn(now)
        counts = dict(self._old)
        for bucket, count in self._new.items():
            counts[bucket] = counts.get(bucket, 0) + count
        return counts

    def _turn(self, now: float) -> None:
        if self.total is not None and self._new:
            self.total.add(self._new, self._seconds)
        self._old = self._new if now - self._since < 2 * _WINDOW else {}
        self._new, self._since, self._seconds = {}, now, 0.0


def _digits(bucket: int) -> int:
    return bucket.bit_length() if bucket < 8 else (bucket >> 3) + 3
