"""All objects in memory, each change on disk before anyone hears of it.

Two views: `head` is the newest state including writes on their way to the disk, which the next write builds on;
`get` and `list` show committed state only. When a group cannot be stored, it and everything built on it is dropped and
their writers are told; nothing was shown to anyone else.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from weirflow.embedded.errors import ApiError
from weirflow.embedded.journal import Journal
from weirflow.embedded.records import Change, Key, Position, Record
from weirflow.embedded.vault import Vault

GROUP_LIMIT = 2_000
"""Changes in one transaction: bounds how long a writer waits behind others."""


class Ticket(asyncio.Future[None]):
    """Done when the group a write belongs to is on disk; fails with ApiError when it is not."""


class Store:
    """The cluster's objects. All methods are called from one event loop."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self._journal, self.vault = Journal(path, vault), vault
        self.oldest, self.version, records = self._journal.load()
        """`oldest`: a watch may start at this version or later. `version`: the last committed one."""
        self._assigned = self.version
        self._objects: dict[str, dict[Key, Record]] = {}
        self._sorted: dict[str, list[Key]] = {}
        self._pending: dict[Position, Change] = {}
        self._queue: deque[tuple[list[Change], Ticket]] = deque()
        self._in_flight: list[tuple[list[Change], Ticket]] = []
        self._scheduled = False
        self.on_commit: Callable[[list[Change]], None] = lambda _changes: None
        for record in records:
            self._objects.setdefault(record.resource, {})[record.key] = record

    def get(self, resource: str, namespace: str, name: str) -> Record | None:
        """The committed object."""
        return self._objects.get(resource, {}).get((namespace, name))

    def head(self, resource: str, namespace: str, name: str) -> Record | None:
        """The newest object, committed or on its way: what a write starts from."""
        waiting = self._pending.get((resource, namespace, name))
        return waiting.new if waiting is not None else self.get(resource, namespace, name)

    def keys(self, resource: str) -> list[Key]:
        """Committed keys in the order of lists: namespace, then name."""
        found = self._sorted.get(resource)
        if found is None:
            found = self._sorted[resource] = sorted(self._objects.get(resource, {}))
        return found

    def objects(self, resource: str) -> dict[Key, Record]:
        """Committed objects of a resource; not to be changed."""
        return self._objects.get(resource, {})

    def heads(self, resource: str) -> Iterator[Record]:
        """Newest objects of a resource in the order of lists: what a bulk write acts on."""
        found: dict[Key, Record | None] = dict(self._objects.get(resource, {}))
        for position, change in self._pending.items():
            if position[0] == resource:
                found[position[1:]] = change.new
        return (record for _, record in sorted(found.items()) if record is not None)

    def inside(self, namespace: str) -> list[Record]:
        """Newest objects of all resources in a namespace."""
        resources = {*self._objects, *(position[0] for position in self._pending)}
        return [record for name in sorted(resources) for record in self.heads(name) if record.namespace == namespace]

    def snapshot(self) -> list[Record]:
        """All committed objects of this moment."""
        return [record for objects in self._objects.values() for record in objects.values()]

    @property
    def last_ticket(self) -> Ticket | None:
        """Of the last write on its way to the disk; once it is done, all that `head` shows now is there."""
        waiting = self._queue or self._in_flight
        return waiting[-1][1] if waiting else None

    def next_version(self) -> int:
        self._assigned += 1
        return self._assigned

    def submit(self, changes: list[Change]) -> Ticket:
        """Queue changes that belong together. They are seen by `head` at once and by everyone else when stored."""
        ticket = Ticket()
        for change in changes:
            self._pending[change.record.position] = change
        self._queue.append((changes, ticket))
        if not self._in_flight and not self._scheduled:
            # Later in this turn of the loop, so that writes that arrived together share one fsync.
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._start_group)
        return ticket

    def _start_group(self) -> None:
        self._scheduled = False
        size = 0
        while self._queue and size < GROUP_LIMIT:
            entry = self._queue.popleft()
            self._in_flight.append(entry)
            size += len(entry[0])
        if self._in_flight:
            version = max(change.version for changes, _ in self._in_flight for change in changes)
            changes = (change for changes, _ in self._in_flight for change in changes)
            alone = len(self._in_flight) == 1 and size == 1
            self._journal.commit(changes, version, self._finish_group, alone=alone)

    def _finish_group(self, problem: ApiError | None) -> None:
        entries, self._in_flight = self._in_flight, []
        if problem is not None:
            self._fail(entries, problem)
            return
        committed = [change for changes, _ in entries for change in changes]
        for change in committed:
            self._settle(change)
        self.version = committed[-1].version
        if self._queue:
            self._start_group()
        for _, ticket in entries:
            if not ticket.done():
                ticket.set_result(None)
        self.on_commit(committed)

    def _settle(self, change: Change) -> None:
        record = change.record
        objects = self._objects.setdefault(record.resource, {})
        if change.new is None:
            objects.pop(record.key, None)
            self._sorted.pop(record.resource, None)
        else:
            if record.key not in objects:
                self._sorted.pop(record.resource, None)
            objects[record.key] = change.new
        # A later write of the same object may be waiting already: then its state stays on top.
        if self._pending.get(record.position) is change:
            del self._pending[record.position]

    def _fail(self, entries: list[tuple[list[Change], Ticket]], problem: ApiError) -> None:
        entries.extend(self._queue)
        self._queue.clear()
        self._pending.clear()
        for _, ticket in entries:
            if not ticket.done():
                ticket.set_exception(problem)
                ticket.exception()  # a direct caller may have gone away; then nobody else reads it

    def limit_pages(self, pages: int) -> None:
        """Bound the file's size (database pages of 4 KiB); writes beyond it are refused as `no space left`."""
        self._journal.limit_pages(pages)

    async def close(self) -> None:
        """Store what is queued, then let go of the file."""
        while self._queue or self._in_flight:
            ticket = (self._in_flight or self._queue)[-1][1]
            await asyncio.wait([ticket])
        self._journal.close()
