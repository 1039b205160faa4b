"""The same buckets for all web processes, in Redis.

A request is never held up by it: each process counts by itself, and says beside the requests how many it let pass.
What all of them let pass too much is a few such reports. Without Redis each goes on by its own count.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from redis import Redis, RedisError

from projects.limits.rate import Rate

log = logging.getLogger(__name__)

PREFIX = "weirflow.limit."
WAIT_SECONDS = 2
MOST_WAITING = 1_000
"""Reports that wait for Redis; what comes then is counted by this process alone."""
QUIET_SECONDS = 60.0
"""From one line of the log that Redis is away to the next."""

# KEYS[1]: the bucket. ARGV: requests a second, burst, how many were let pass. Answers what is left: below 0, too much.
_TAKE = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local rate, burst, taken = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local was = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = tonumber(was[1]) or burst
left = math.min(burst, left + math.max(0, now - (tonumber(was[2]) or now)) * rate) - taken
left = math.max(left, -burst)
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - left) / rate * 1000) + 1000)
return tostring(left)
"""


class SharedBuckets:
    """Reports to Redis on a thread of its own. `overdrawn` is called there with a key and the seconds it is empty."""

    def __init__(self, url: str, overdrawn: Callable[[str, float], None]) -> None:
        bounds: dict[str, Any] = {"socket_timeout": WAIT_SECONDS, "socket_connect_timeout": WAIT_SECONDS}
        self._redis = Redis.from_url(url, **bounds)
        self._take = self._redis.register_script(_TAKE)
        self._overdrawn = overdrawn
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="limits")
        self._room = threading.BoundedSemaphore(MOST_WAITING)
        self._complained = -QUIET_SECONDS

    def report(self, key: str, rate: Rate, taken: int) -> None:
        """Say that `taken` more requests were let pass."""
        if self._room.acquire(blocking=False):
            self._thread.submit(self._report, key, rate, taken)

    def close(self) -> None:
        """End the thread, when what waits is told."""
        self._thread.shutdown()
        self._redis.close()

    def _report(self, key: str, rate: Rate, taken: int) -> None:
        try:
            left = float(self._take(keys=[PREFIX + key], args=[rate.per_second, rate.burst, taken]))
            if left < 0:
                self._overdrawn(key, -left / rate.per_second)
        except RedisError as error:
            if time.monotonic() - self._complained >= QUIET_SECONDS:
                self._complained = time.monotonic()
                log.warning("limits are counted by each web process alone: Redis does not answer: %s", error)
        finally:
            self._room.release()
