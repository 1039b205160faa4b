"""How long a Lease had no holder, as one process saw it."""

from __future__ import annotations

import time
from collections.abc import Callable


class Vacancy:
    """Counts from the last sign of life of a holder that was lost, or from its giving the Lease back, until the next
    one takes it. A holder is lost once the Lease has run out, on this process's monotonic clock: then its whole
    silence counts. What was before the first look at the Lease is not known and does not count.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._total = 0.0
        self._seen_at = 0.0
        #: Seconds that the Lease lasts without a new sign of life; 0: nobody holds it; None: it was never seen.
        self._lasts: float | None = None

    def observe(self, holder: str, duration: float) -> None:
        """The Lease was renewed, taken (``holder`` for ``duration`` seconds) or given back (no holder)."""
        self._total += self._present()
        self._seen_at, self._lasts = self._clock(), duration if holder else 0.0

    def seconds(self) -> float:
        """So far, the present time without a holder included. Never falls."""
        return self._total + self._present()

    def _present(self) -> float:
        if self._lasts is None:
            return 0.0
        silence = self._clock() - self._seen_at
        return silence if silence >= self._lasts else 0.0
