"""The webhooks that have passed, by their signatures."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

#: So many are remembered; past them the oldest is forgotten.
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Passed:
    """One of them. `at` is in Unix seconds; `name` and `operation` stand for a signature and an operation's id."""

    at: int
    name: str
    operation: str

    def text(self) -> str:
        """As it stands in a state."""
        return f"{self.at} {self.name} {self.operation}"

    @classmethod
    def read(cls, text: str) -> Passed:
        """What `text` wrote; one that is long over where somebody else has written there."""
        try:
            at, name, operation = text.split(" ")
            return cls(int(at), name, operation)
        except ValueError:
            return cls(0, "", "")


def passes(signature: str, operation_id: str, now: float) -> Passed:
    """What is to be remembered of a request."""
    return Passed(int(now), _digest(signature, 12), _digest(operation_id, 6))


class Memory:
    """Those of a window of time, oldest first."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Passed] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def enter(self, one: Passed, window: float) -> bool:
        """Remember it. False if the same request has passed before, unless that was the same operation: a wire that
        tries again delivers no second request."""
        oldest = one.at - window
        while self._known and (len(self._known) >= REMEMBERED or next(iter(self._known.values())).at < oldest):
            self._known.popitem(last=False)
        return self._known.setdefault(one.name, one).operation == one.operation

    def forget(self, one: Passed) -> None:
        """Let it pass once more."""
        self._known.pop(one.name, None)

    def learn(self, others: Iterable[Passed]) -> None:
        """Those that somebody else has seen; of all the newest stay."""
        known = {one.name: one for one in (*others, *self._known.values())}
        newest = sorted(known.values(), key=lambda one: one.at)[-REMEMBERED:]
        self._known = OrderedDict((one.name, one) for one in newest)


def _digest(text: str, size: int) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=size).hexdigest()
