"""Which modules somebody serves, as editors are told: at once when one comes, after a moment when one goes.

A host that starts again is away for a second or two. Nobody shall see components vanish and come back for that.
"""

import asyncio
import time
from collections.abc import Callable

from weirflow.kube.peers import Peers

AWAY_SECONDS = 10.0
"""For a module of the product's own hosts, or of a cluster's."""
BY_HAND_SECONDS = 3.0
"""For one that a person runs by hand: long enough for a reload."""
SOON = 0.05


class Served:
    """To be asked at every news of ``peers``. ``is_by_hand`` answers for the name of a module."""

    def __init__(
        self, peers: Peers, is_by_hand: Callable[[str], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._peers, self._is_by_hand, self._clock = peers, is_by_hand, clock
        self._up: frozenset[str] = frozenset()
        self._gone: dict[str, float] = {}
        """Since when nobody serves a module, of those with which there is patience."""

    @property
    def next_ends(self) -> float | None:
        """Seconds until the patience with the next of them ends; None where there are none."""
        left = [since + self._patience(module) for module, since in self._gone.items()]
        return max(0.0, min(left) - self._clock()) if left else None

    def names(self) -> frozenset[str]:
        """The modules that somebody serves, or served a moment ago."""
        now = self._clock()
        # Of a host that a person killed the presence runs out first; the module's Lease, which others may take over
        # sooner or later, need not be waited for.
        up = frozenset(
            module for module in self._peers.available() if not self._is_by_hand(module) or self._peers.replicas(module)
        )
        for module in self._up - up:
            # Who fell silent has been waited for already, as long as a Lease lasts.
            if not self._peers.is_silent(module):
                self._gone[module] = now
        self._up = up
        self._gone = {
            module: since
            for module, since in self._gone.items()
            if module not in up and now - since <= self._patience(module)
        }
        return up | self._gone.keys()

    def _patience(self, module: str) -> float:
        return BY_HAND_SECONDS if self._is_by_hand(module) else AWAY_SECONDS


class ServedNews:
    """Calls ``tell`` when other modules are served than it told last."""

    def __init__(self, served: Served, tell: Callable[[], None]) -> None:
        self._served, self._tell = served, tell
        self._told: frozenset[str] = frozenset()
        self._looking: asyncio.TimerHandle | None = None

    def look(self) -> None:
        """Look now, and again when the patience with somebody ends."""
        self.stop()
        names = self._served.names()
        if (seconds := self._served.next_ends) is not None:
            self._looking = asyncio.get_running_loop().call_later(seconds + SOON, self.look)
        if names != self._told:
            self._told = names
            self._tell()

    def stop(self) -> None:
        """Look no more by itself."""
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
