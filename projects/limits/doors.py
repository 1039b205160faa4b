"""Where requests come in, and how many of one person, token or address may."""

import threading
from typing import TYPE_CHECKING, Literal

from django.conf import settings

from projects.asking import asking
from projects.errors import ProjectError
from projects.limits.buckets import Buckets
from projects.limits.rate import Rate

if TYPE_CHECKING:
    from projects.limits.shared import SharedBuckets

Door = Literal["api", "anonymous", "sign_in", "socket", "invitation"]
"""`api`: people and tokens. `anonymous`: who comes by a share link or is nobody, by address. `sign_in`: pages and forms
of signing in and of invitations, by address. `socket`: websockets that are opened. `invitation`: invitations that are
sent, by person, and by project or team."""

PARTS = 50
"""A process reports what it let pass by this part of the burst."""

_lock = threading.Lock()
_buckets = Buckets()
_shared: "SharedBuckets | None" = None


def knock(door: Door, who: str) -> float:
    """Counts a request of `who` at the door: 0, or the seconds after which it may be made again."""
    rate: Rate = settings.LIMITS[door]
    if not rate.limits:
        return 0.0
    key = f"{door}:{who}"
    with _lock:
        wait = _buckets.take(key, rate)
        bucket = _buckets.of(key, rate)
        told = bucket.untold if bucket.untold >= rate.burst / PARTS else 0
        bucket.untold -= told
    if told and settings.REDIS_URL:
        _all_processes().report(key, rate, told)
    return wait


def enter(door: Door, who: str = "") -> None:
    """The same for `who`, or for the address that asks. Raises ProjectError (429) where it is too much."""
    wait = knock(door, who or f"address {asking().address}")
    if wait > 0:
        message = "Too many requests: wait as long as Retry-After says, then go on more slowly."
        raise ProjectError("too_many_requests", message, 429, retry_after=wait)


def forget() -> None:
    """Nobody has asked yet; for tests."""
    with _lock:
        _buckets.clear()


def _all_processes() -> "SharedBuckets":
    global _shared
    from projects.limits.shared import SharedBuckets

    with _lock:
        if _shared is None:
            _shared = SharedBuckets(settings.REDIS_URL, _overdrawn)
        return _shared


def _overdrawn(key: str, seconds: float) -> None:
    with _lock:
        _buckets.shut(key, seconds)
