"""How much we ask of a cluster, which depends on what it is.

The embedded cluster serves this machine alone. A real one serves others too, and its flow control would make everybody
in our level of priority wait for us.
"""

from dataclasses import dataclass

SERVER = "weirflow"
"""How the embedded cluster calls itself in the header ``Server`` of every answer; API servers send none."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Per process, in requests per second: all but those for Leases, in bursts of ``burst``, and of these the writes
    of descriptive status."""

    requests: float
    burst: float
    status_writes: float


EMBEDDED = Limits(requests=float("inf"), burst=float("inf"), status_writes=300)
REAL = Limits(requests=200, burst=400, status_writes=50)


def limits_for(server: str) -> Limits:
    """The limits for a server that calls itself so."""
    return EMBEDDED if server == SERVER else REAL
