"""Token buckets in the memory of one process: a look-up and a subtraction for each request, and no wait."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from projects.limits.rate import Rate

MAX_BUCKETS = 20_000
"""Past that the one that was asked longest ago is forgotten, as if it were full again."""


@dataclass(slots=True)
class Bucket:
    """`left` requests as of `at`, on a clock that only goes forward; `shut` until then by what other processes let
    pass; `untold` were let pass and not said to these yet."""

    left: float
    at: float
    shut: float = 0.0
    untold: int = 0


class Buckets:
    """One for each key. Not for use by several threads at once but under the lock of whoever has them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, key: str, rate: Rate) -> float:
        """Takes one request out. Returns 0, or the seconds until there will be one; then nothing was taken."""
        now = self._clock()
        bucket = self.of(key, rate)
        bucket.left = min(rate.burst, bucket.left + (now - bucket.at) * rate.per_second)
        bucket.at = now
        if bucket.shut > now:
            return bucket.shut - now
        if bucket.left < 1:
            return (1 - bucket.left) / rate.per_second
        bucket.left -= 1
        bucket.untold += 1
        return 0.0

    def of(self, key: str, rate: Rate) -> Bucket:
        """The bucket of this key: a full one where none is known."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(rate.burst, self._clock())
            if len(self._buckets) > MAX_BUCKETS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return bucket

    def shut(self, key: str, seconds: float) -> None:
        """Lets nothing pass for so long: other processes let pass what there was."""
        if (bucket := self._buckets.get(key)) is not None:
            bucket.shut = self._clock() + seconds

    def clear(self) -> None:
        """All are full again."""
        self._buckets.clear()
