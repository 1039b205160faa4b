"""What a node keeps beside its state, in memory, for the tests of components: shared by the node's replicas."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from weirflow.errors import JSON, Fail


@dataclass(slots=True)
class BatchShelf:
    """What stands there: epoch and text by name."""

    stored: dict[str, tuple[int, str]] = field(default_factory=dict)
    #: Raised instead of the next calls, first in first out.
    failures: list[Fail] = field(default_factory=list)
    #: So many of the next ones are put there, but their answer gets lost.
    lost_answers: int = 0


class MemoryBatches:
    """Those of one replica; see `weirflow.services.Batches`. `epoch` says its own, `dead` whether it was killed."""

    def __init__(self, shelf: BatchShelf, epoch: Callable[[], int], dead: Callable[[], bool]) -> None:
        self._shelf, self._epoch, self._dead = shelf, epoch, dead

    async def put(self, value: JSON) -> str:
        """Keep it."""
        self._fail()
        name = f"batch-{uuid.uuid4().hex}"
        self._shelf.stored[name] = self._epoch(), json.dumps(value)
        if self._shelf.lost_answers:
            self._shelf.lost_answers -= 1
            raise Fail("no answer from the store", code="cluster_unreachable", retryable=True)
        return name

    async def get(self, name: str) -> JSON:
        """What was put there; None where nothing is."""
        self._fail()
        found = self._shelf.stored.get(name)
        value: JSON = None if found is None else json.loads(found[1])
        return value

    async def remove(self, name: str) -> None:
        """Throw it away."""
        self._fail()
        self._shelf.stored.pop(name, None)

    async def made(self) -> dict[str, int]:
        """All that stand there, with the epochs they are of."""
        self._fail()
        return {name: epoch for name, (epoch, _) in self._shelf.stored.items()}

    def _fail(self) -> None:
        if self._dead():
            raise Fail("the replica was killed", code="stopped", retryable=True)
        if self._shelf.failures:
            raise self._shelf.failures.pop(0)
