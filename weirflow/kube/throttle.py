"""A token bucket: the client's own limit on requests per second."""

import asyncio
import math
import time


class TokenBucket:
    """Lets ``rate`` pass per second (``inf``: all) with bursts of ``burst``; callers queue in order."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self._burst = rate, burst
        self._tokens, self._at = burst, time.monotonic()

    async def take(self) -> None:
        """Wait for one token. The debt of those who wait keeps their order without a queue of our own."""
        if self.rate == math.inf:
            return
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self.rate) - 1.0
        self._at = now
        if self._tokens < 0:
            try:
                await asyncio.sleep(-self._tokens / self.rate)
            except asyncio.CancelledError:
                self._tokens += 1.0
                raise
