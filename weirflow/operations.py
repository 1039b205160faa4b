"""Which operations a node's state has seen, and what they led to: a repeat is answered, not applied again.

What is kept of an operation is its outcome: the message that the handler sent right after the change (a repeat sends
it again; operation ids of the hops behind are the same, so they answer as before), or what it returned.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from weirflow.errors import JSON
from weirflow.state_codec import json_text, size_of

#: At most so many operations are remembered, for so many seconds, with outcomes of so many bytes.
MAX_OPERATIONS = 256
MAX_AGE = 600.0
MAX_OUTCOME = 1024


class Operation:
    """One change that was made: its id, when (unix seconds), and its outcome as JSON text (`null`: not kept)."""

    __slots__ = ("_text", "at", "id", "outcome", "settled")

    def __init__(self, id: str, at: int, outcome: str = "null", settled: asyncio.Future[None] | None = None) -> None:
        self.id = id
        self.at = at
        self.outcome = outcome
        #: Until the change is stored, what a repeat has to wait for.
        self.settled = settled
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
        oldest = operation.at - MAX_AGE
        start = max(0, len(entries) + 1 - MAX_OPERATIONS)
        while start < len(entries) and entries[start].at < oldest:
            start += 1
        return OperationLog((*entries[start:], operation))

    def text(self) -> str:
        """The text of `state-ops`."""
        return "[" + ",".join([entry._text or entry.text() for entry in self.entries]) + "]"

    @classmethod
    def read(cls, text: str | None) -> OperationLog:
        """What `text` wrote. Raises `ValueError` if it is not such a text."""
        entries: list[Any] = json.loads(text) if text else []
        return cls(tuple(Operation(str(id), int(at), json_text(outcome)) for id, at, outcome in entries))
