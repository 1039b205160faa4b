"""Which modules somebody serves, as editors are told: at once when one comes, after a moment when one goes.

A host that starts again is away for a second or two. Nobody shall see components vanish and come back for that.
"""

import time
from collections.abc import Callable

from weirflow.kube.peers import Peers

AWAY_SECONDS = 10.0
"""For a module of the product's own hosts, or of a cluster's."""
BY_HAND_SECONDS = 3.0
"""For one that a person runs by hand: long enough for a reload."""


class Served:
    """``is_by_hand`` answers for the name of a module. Of a module that was never seen served nothing is kept."""

    def __init__(
        self, peers: Peers, is_by_hand: Callable[[str], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._peers, self._is_by_hand, self._clock = peers, is_by_hand, clock
        self._seen: dict[str, float] = {}
        """When each module was last seen served."""

    def names(self) -> frozenset[str]:
        """The modules that somebody serves, or served a moment ago."""
        now = self._clock()
        for module in self._peers.available():
            # Of a host that a person killed the presence runs out first; the module's Lease, which others may take over
            # sooner or later, need not be waited for.
            if not self._is_by_hand(module) or self._peers.replicas(module):
                self._seen[module] = now
        self._seen = {module: at for module, at in self._seen.items() if now - at <= self._patience(module)}
        return frozenset(self._seen)

    def _patience(self, module: str) -> float:
        return BY_HAND_SECONDS if self._is_by_hand(module) else AWAY_SECONDS
