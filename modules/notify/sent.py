"""What has been sent already."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

from weirflow import derive_operation_id

T = TypeVar("T")

#: Operations whose outcome is remembered, and for how many seconds: as long as states know theirs.
REMEMBERED, SECONDS = 1000, 600.0


class Sent(Generic[T]):
    """What came of the last operations: a wire tries again also because the flow behind has failed, and nobody wants
    the same message twice for that. Of this process alone."""

    def __init__(self) -> None:
        self._outcomes: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def get(self, operation_id: str, now: float) -> T | None:
        """What came of it; None if it is not known to be done. `now` is monotonic."""
        done, outcome = self._outcomes.get(_short(operation_id), (-SECONDS, None))
        return outcome if now - done < SECONDS else None

    def keep(self, operation_id: str, outcome: T, now: float) -> None:
        """It is done. The oldest is forgotten for it, if need be."""
        self._outcomes[_short(operation_id)] = now, outcome
        if len(self._outcomes) > REMEMBERED:
            self._outcomes.popitem(last=False)


def _short(operation_id: str) -> str:
    """Those from outside may be of any length."""
    return derive_operation_id("sent", operation_id)
