"""What module hosts shall tell a web process, and how it comes."""

from dataclasses import dataclass
from typing import Any

from weirflow.kube.peers import Peer

MAX_WATCHED = 20_000
MAX_TAPS = 64

Frame = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reach:
    """How a host's telemetry comes: direct, proxy, status (not at all), or connecting; ``reason``: why not better."""

    way: str
    reason: str = ""

    @property
    def live(self) -> bool:
        """Whether values come from the host."""
        return self.way in ("direct", "proxy")


CONNECTING = Reach("connecting")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a host shall tell: of which nodes, of which of them also the last messages, and every message of which
    ``(node name, port)``."""

    watch: frozenset[str] = frozenset()
    inspect: frozenset[str] = frozenset()
    taps: frozenset[tuple[str, str]] = frozenset()


Wanted = dict[Peer, Asked]
"""What each host shall tell."""
