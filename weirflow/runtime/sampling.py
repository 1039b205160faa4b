"""Which runs are recorded: decided where they enter, so many a second, of every source some."""

from __future__ import annotations

#: Runs a second that are recorded of a busy host.
RATE = 20
#: So many in a row of a source that was quiet.
BURST = 10
#: Of those that a caller asks for, and of those that came from another host, which has decided.
ASKED_RATE, JOINED_RATE = 50, 200
#: Of those that were not recorded and failed.
FAILED_RATE = 20


class Share:
    """What one source has had. Before ``open_at``, on the monotonic clock, nothing of it is recorded."""

    __slots__ = ("due", "open_at")

    def __init__(self) -> None:
        self.open_at = self.due = 0.0


class Quota:
    """At most ``rate`` in each second."""

    __slots__ = ("_rate", "_second", "_taken", "total")

    def __init__(self, rate: int) -> None:
        self._rate, self._second, self._taken = rate, 0.0, 0
        self.total = 0

    def take(self, now: float) -> bool:
        """Whether one more may be had."""
        if now - self._second >= 1.0:
            self._second, self._taken = now, 0
        if self._taken >= self._rate:
            return False
        self._taken += 1
        self.total += 1
        return True


class Sampler:
    """Sources that send share ``rate`` between them. One that was quiet gets its own at once, up to twice the rate in
    all: of a flow in which something happens once an hour, that one run is recorded whatever others do."""

    def __init__(self, rate: int = RATE, burst: int = BURST) -> None:
        self._rate, self._burst = rate, burst
        self.quota = Quota(2 * rate)
        self._active: set[Share] = set()
        self._active_before = 0
        self._second = 0.0

    def take(self, share: Share, now: float) -> bool:
        """Whether the run that enters ``now`` is recorded."""
        if now < share.open_at:
            return False
        if now - self._second >= 1.0:
            self._active_before = len(self._active) if now - self._second < 2.0 else 0
            self._active.clear()
            self._second = now
        if not self.quota.take(now):
            share.open_at = now + 0.1
            return False
        self._active.add(share)
        pause = max(len(self._active), self._active_before) / self._rate
        share.due = max(share.due, now) + pause
        share.open_at = share.due - (self._burst - 1) * pause
        return True
