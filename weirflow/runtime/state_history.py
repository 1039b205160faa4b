"""The last changes of a node's state as this host saw them: when, by whom, and what the fields were then.

Kept in memory only, and within bounds: of changes that follow each other closely one entry tells, large values are only
said to have changed, and of a host with very many nodes those that changed last are remembered.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weirflow.context import Context
from weirflow.state_codec import RUNTIME_KEYS

#: Changes within so many seconds are one entry.
TOGETHER_SECONDS = 0.25
#: Entries of one node; characters of a value that is kept, and of all those of one node.
MAX_ENTRIES = 32
MAX_TEXT = 512
MAX_TEXTS = 16 * 1024
#: Nodes whose changes are remembered.
MAX_NODES = 500
#: People whose presses are under way at one node.
_MAX_ASKING = 256

By = dict[str, Any]


@dataclass(slots=True)
class Entry:
    """Changes up to ``version``; ``texts`` are the fields they changed by key, None for a large value."""

    epoch: int
    version: int
    at: float
    by: By
    count: int = 1
    texts: dict[str, str | None] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Characters that it keeps."""
        return sum(len(text or "") for text in self.texts.values())


class StateHistory:
    """Of one node."""

    def __init__(self) -> None:
        #: Since when, unix seconds.
        self.since = time.time()
        self._entries: deque[Entry] = deque()
        self._size = 0
        self._known: dict[str, str | int] = {}
        self._opened = 0.0
        self._fresh: Mapping[str, str] | None = None
        self._asking: OrderedDict[str, str] = OrderedDict()

    def asked(self, operation: str, person: str) -> None:
        """A message that a person has sent is about to be handled."""
        self._asking[operation] = person
        while len(self._asking) > _MAX_ASKING:
            self._asking.popitem(last=False)

    def stored(self, ctx: Context, epoch: int, version: int, texts: Mapping[str, str]) -> None:
        """A change of this host is stored. Called for each: what is dear is left for later."""
        now = time.monotonic()
        last = self._entries[-1] if self._entries and self._fresh is not None else None
        by = self._by(ctx)
        if last is not None and now - self._opened < TOGETHER_SECONDS and last.by == by:
            last.epoch, last.version, last.count, last.at = epoch, version, last.count + 1, time.time()
            self._fresh = texts
            return
        self._close()
        self._entries.append(Entry(epoch, version, time.time(), by))
        self._opened, self._fresh = now, texts

    def taken(self, epoch: int, version: int, texts: Mapping[str, str], *, first: bool) -> None:
        """A state that another wrote was taken up; ``first``: it stood there when this host began to look."""
        self._close()
        kind = "found" if first else "elsewhere"
        self._entries.append(Entry(epoch, version, time.time(), {"kind": kind}))
        self._fresh = texts
        self._close()

    def entries(self) -> list[Entry]:
        """Newest first."""
        self._close()
        return list(reversed(self._entries))

    def _by(self, ctx: Context) -> By:
        person = self._asking.get(ctx.operation_id) if self._asking else None
        if person is not None:
            return {"kind": "person", "name": person}
        if ctx.source:
            return {"kind": "message", "node": ctx.source, "edge": ctx.edge}
        return {"kind": "own"}

    def _close(self) -> None:
        """Find out what the newest entry changed, and make room."""
        fresh, self._fresh = self._fresh, None
        if fresh is None or not self._entries:
            return
        entry = self._entries[-1]
        for key, text in fresh.items():
            if key in RUNTIME_KEYS:
                continue
            known = text if len(text) <= MAX_TEXT else hash(text)
            if self._known.get(key) != known:
                entry.texts[key] = text if len(text) <= MAX_TEXT else None
                self._known[key] = known
        self._size += entry.size
        while len(self._entries) > MAX_ENTRIES or (self._size > MAX_TEXTS and len(self._entries) > 1):
            self._size -= self._entries.popleft().size


class Histories:
    """Of all nodes of a host; those that have not changed for longest are forgotten first."""

    def __init__(self) -> None:
        self._by_node: OrderedDict[str, StateHistory] = OrderedDict()

    def of(self, node: str) -> StateHistory:
        """The node's, made if need be."""
        history = self._by_node.get(node)
        if history is None:
            history = self._by_node[node] = StateHistory()
            while len(self._by_node) > MAX_NODES:
                self._by_node.popitem(last=False)
        self._by_node.move_to_end(node)
        return history

    def forget(self, node: str) -> None:
        """The node is gone."""
        self._by_node.pop(node, None)
