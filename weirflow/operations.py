"""Which operations a node's state has seen, and what they led to: a repeat is answered, not applied again.

What is kept of an operation is its outcome: the message that the handler sent right after the change (a repeat sends
it again; operation ids of the hops behind are the same, so they answer as before), or what it returned.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from weirflow.errors import JSON
from weirflow.state_codec import json_text, size_of

#: At most so many operations are stored, for so many seconds, with outcomes of so many bytes.
MAX_OPERATIONS = 256
MAX_AGE = 600.0
MAX_OUTCOME = 1024
#: A replica remembers more than a resource can carry: a client whose answer was held up may be that far behind.
MAX_REMEMBERED = 8192


class Operation:
    """One change that was made: its id, when (unix seconds, for people), its outcome as JSON text (`null`: not kept).

    `since` is when this replica first knew of it, in monotonic seconds: that is what it ages by, because the clock of
    whoever made the change may be wrong.
    """

    __slots__ = ("_text", "at", "id", "outcome", "settled", "since")

    def __init__(self, id: str, at: int, since: float, outcome: str = "null") -> None:
        self.id = id
        self.at = at
        self.since = since
        self.outcome = outcome
        #: Until the change is stored, what a repeat has to wait for.
        self.settled: asyncio.Future[None] | None = None
        self._text: str | None = None

    def keep(self, outcome: dict[str, JSON]) -> None:
        """Remember `outcome` (`{"emit": port, "value": v}` or `{"result": v}`) unless it is too long."""
        text = json_text(outcome)
        self.outcome = text if size_of(text) <= MAX_OUTCOME else "null"

    def known_outcome(self) -> dict[str, JSON] | None:
        """What `keep` was given, or None."""
        outcome: dict[str, JSON] | None = json.loads(self.outcome)
        return outcome

    def text(self) -> str:
        """Its entry in `state-ops`; asked only once the outcome is final."""
        if self._text is None:
            self._text = f"[{json_text(self.id)},{self.at},{self.outcome}]"
        return self._text


class OperationLog:
    """The operations of one state, oldest first. Immutable: each change has its own, sharing the entries."""

    __slots__ = ("entries",)

    def __init__(self, entries: tuple[Operation, ...] = ()) -> None:
        self.entries = entries

    def with_one_more(self, operation: Operation) -> OperationLog:
        """This log and `operation`, without what is too old or too much."""
        entries = self.entries
        oldest = operation.since - MAX_AGE
        start = max(0, len(entries) + 1 - MAX_OPERATIONS)
        while start < len(entries) and entries[start].since < oldest:
            start += 1
        return OperationLog((*entries[start:], operation))

    def text(self) -> str:
        """The text of `state-ops`."""
        return "[" + ",".join([entry._text or entry.text() for entry in self.entries]) + "]"

    @classmethod
    def read(cls, text: str | None, now: float) -> OperationLog:
        """What `text` wrote, known since `now` (monotonic). Raises `ValueError` if it is not such a text."""
        entries: list[Any] = json.loads(text) if text else []
        return cls(tuple(Operation(str(id), int(at), now, json_text(outcome)) for id, at, outcome in entries))


class KnownOperations:
    """What one replica knows to be in the state, or on its way there: the log, and what has left it since."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Operation] = OrderedDict()

    def get(self, id: str) -> Operation | None:
        """The operation, if it is known."""
        return self._known.get(id)

    def add(self, operation: Operation) -> None:
        """It has just been made. What is too old, or too much, is forgotten."""
        self._known[operation.id] = operation
        oldest = operation.since - MAX_AGE
        while len(self._known) > MAX_REMEMBERED or next(iter(self._known.values())).since < oldest:
            self._known.popitem(last=False)

    def learn(self, log: OperationLog) -> None:
        """Another replica has made these, or an earlier process."""
        for operation in log.entries:
            if operation.id not in self._known:
                self.add(operation)

    def forget(self, operations: Iterable[Operation]) -> None:
        """They were not stored."""
        for operation in operations:
            self._known.pop(operation.id, None)
