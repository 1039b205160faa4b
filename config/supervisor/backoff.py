"""How long to wait before a child that died is started again."""

FIRST_SECONDS = 0.2
LONGEST_SECONDS = 10.0
HEALTHY_SECONDS = 30.0


class Backoff:
    """Doubles from `FIRST_SECONDS` to `LONGEST_SECONDS`; a child that lived for `HEALTHY_SECONDS` starts afresh."""

    def __init__(self) -> None:
        self._next = FIRST_SECONDS

    def delay(self, lived: float) -> float:
        """Seconds to wait after a child that lived for `lived` seconds."""
        if lived >= HEALTHY_SECONDS:
            self._next = FIRST_SECONDS
        delay, self._next = self._next, min(self._next * 2, LONGEST_SECONDS)
        return delay
