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
    """``is_by_hand`` answers for the name of a module. Of a module that was never seen served nothing is kept."""

    def __init__(
        self, peers: Peers, is_by_hand: Callable[[str], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._peers, self._is_by_hand, self._clock = peers, is_by_hand, clock
        self._looked = 0.0
        self._seen: dict[str, float] = {}
        """When each module was last seen served."""

    @property
    def next_ends(self) -> float | None:
        """Seconds until the next of those that nobody serves now is taken for gone; None where there are none."""
        now = self._clock()
        left = [at + self._patience(module) - now for module, at in self._seen.items() if at < self._looked]
        return max(0.0, min(left)) if left else None

    def names(self) -> frozenset[str]:
        """The modules that somebody serves, or served a moment ago."""
        now = self._looked = self._clock()
        for module in self._peers.available():
            # Of a host that a person killed the presence runs out first; the module's Lease, which others may take over
            # sooner or later, need not be waited for.
            if not self._is_by_hand(module) or self._peers.replicas(module):
                self._seen[module] = now
        self._seen = {module: at for module, at in self._seen.items() if now - at <= self._patience(module)}
        return frozenset(self._seen)

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
