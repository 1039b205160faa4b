"""Garbage collection by owner references: what the controller of a real cluster does, after each commit.

An object whose owners are all gone goes too. `foregroundDeletion` on an owner under deletion: its dependents go first.
`orphan`: they are let go of instead. Each look at an object is a step of its own in a queue, so that a tree of any size
is taken away in turns of the event loop and not in one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field

from weirflow.embedded.errors import ApiError
from weirflow.embedded.kinds import JsonObject, Kind, Registry
from weirflow.embedded.options import FOREGROUND, ORPHAN, DeleteOptions
from weirflow.embedded.owners import MARK, Owners, owners_of
from weirflow.embedded.records import Change, Position, Record
from weirflow.embedded.steps import Written
from weirflow.embedded.store import Store
from weirflow.embedded.writes import Writer

log = logging.getLogger(__name__)

STEPS = 200
"""Objects looked at in one turn of the event loop."""
RETRY_SECONDS = 5.0
"""After a write that the disk refused."""


@dataclass
class Standing:
    """An object's owners: there to stay, gone, and waiting for their dependents to go before them."""

    solid: list[JsonObject] = field(default_factory=list)
    gone: list[JsonObject] = field(default_factory=list)
    waiting: list[JsonObject] = field(default_factory=list)


class Collector:
    """Follows the commits of one cluster."""

    def __init__(self, store: Store, registry: Registry, writer: Writer) -> None:
        self._store, self._registry, self._writer = store, registry, writer
        self._owners = Owners(record for kind in _resources(registry) for record in store.objects(kind).values())
        self._queue: deque[Position] = deque()
        self._queued: set[Position] = set()
        self._timer: asyncio.Handle | None = None
        self._closed = False

    def look_at_all(self) -> None:
        """After a start: owners may have gone, and deletions been begun, just before the end."""
        for kind in _resources(self._registry):
            for record in self._store.objects(kind).values():
                if MARK in record.raw or _held(record):
                    self._look(record.position)

    def committed(self, changes: list[Change]) -> None:
        """Changes that are on the disk."""
        for change in changes:
            old, new = change.old, change.new
            owned = (old is not None and MARK in old.raw) or (new is not None and MARK in new.raw)
            if owned:
                self._owners.follow(change)
            if new is not None:
                if owned or _held(new):
                    self._look(new.position)
            elif old is not None:
                self._gone(old)

    def close(self) -> None:
        """Look at nothing more."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._queue.clear()

    def _gone(self, record: Record) -> None:
        if self._owners:
            for position in self._owners.of(record.parse()["metadata"]["uid"]):
                self._look(position)
        for owner in owners_of(record):
            found = self._owner(record, owner)
            if isinstance(found, Record):
                self._look(found.position)

    def _see_to(self, record: Record, written: Written) -> None:
        """Look again, in a while, at what could not be stored."""
        ticket, position = written.ticket, record.position

        def stored(done: asyncio.Future[None]) -> None:
            if not done.cancelled() and done.exception() is not None:
                asyncio.get_running_loop().call_later(RETRY_SECONDS, self._look, position)

        if ticket is not None:
            ticket.add_done_callback(stored)

    def _look(self, position: Position) -> None:
        if self._closed:
            return
        if position not in self._queued:
            self._queued.add(position)
            self._queue.append(position)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self._timer = None
        for _ in range(min(STEPS, len(self._queue))):
            position = self._queue.popleft()
            self._queued.discard(position)
            try:
                self._step(position)
            except ApiError as error:
                # Another write of this turn was quicker; if it left something to do, its commit says so.
                log.debug("%s was not collected: %s", "/".join(filter(None, position)), error)
            except Exception:
                # One object that cannot be looked at must not keep the others from it.
                log.exception("%s cannot be collected", "/".join(filter(None, position)))
        if self._queue:
            self._timer = asyncio.get_running_loop().call_soon(self._turn)

    def _step(self, position: Position) -> None:
        record = self._store.head(*position)
        kind = self._registry.of_resource(position[0])
        if record is None or kind is None:
            return
        value = record.parse()
        metadata = value["metadata"]
        if "deletionTimestamp" in metadata:
            self._end(kind, record, value)
        elif metadata.get("ownerReferences"):
            self._judge(kind, record, value)

    def _end(self, kind: Kind, record: Record, value: JsonObject) -> None:
        """Do for an owner under deletion what its finalizers ask."""
        metadata = value["metadata"]
        finalizers, uid = metadata.get("finalizers") or [], metadata["uid"]
        dependents = [found for place in self._owners.of(uid) if (found := self._store.head(*place)) is not None]
        if ORPHAN in finalizers:
            for dependent in dependents:
                self._let_go(dependent, {uid})
            self._drop_finalizer(kind, record, value, ORPHAN)
        elif FOREGROUND in finalizers:
            for dependent in dependents:
                self._look(dependent.position)
            if not any(_blocks(dependent, uid) for dependent in dependents):
                self._drop_finalizer(kind, record, value, FOREGROUND)

    def _judge(self, kind: Kind, record: Record, value: JsonObject) -> None:
        """Delete what nobody owns any more."""
        owners = owners_of(record)
        standing = self._standing(record, owners) if owners else None
        if standing is None:
            return
        if standing.solid:
            if standing.gone or standing.waiting:
                self._let_go(record, {one["uid"] for one in (*standing.gone, *standing.waiting)})
            return
        uid, finalizers = value["metadata"]["uid"], value["metadata"].get("finalizers") or []
        if standing.waiting and self._owners.of(uid):
            policy = FOREGROUND
        else:
            policy = next((name for name in (ORPHAN, FOREGROUND) if name in finalizers), "")
        self._see_to(record, self._writer.delete(kind, *record.key, DeleteOptions(uid=uid, policy=policy)))

    def _standing(self, record: Record, owners: list[JsonObject]) -> Standing | None:
        """None when of some owner it cannot be known whether it is there."""
        standing = Standing()
        for owner in owners:
            found = self._owner(record, owner)
            if found is False:
                return None
            if not isinstance(found, Record):
                standing.gone.append(owner)
                continue
            metadata = found.parse()["metadata"]
            waits = "deletionTimestamp" in metadata and FOREGROUND in (metadata.get("finalizers") or [])
            (standing.waiting if waits else standing.solid).append(owner)
        return standing

    def _owner(self, record: Record, owner: JsonObject) -> Record | bool | None:
        """The owner that a reference names; None when it is gone, False when that cannot be known."""
        kind = self._registry.of_kind(owner["apiVersion"].rpartition("/")[0], owner["kind"])
        if kind is None:
            return False
        if kind.namespaced and not record.namespace:
            return False  # what belongs to no namespace cannot belong to something in one
        found = self._store.head(kind.qualified, record.namespace if kind.namespaced else "", owner["name"])
        return found if found is not None and found.parse()["metadata"]["uid"] == owner["uid"] else None

    def _let_go(self, record: Record, uids: set[str]) -> None:
        kind, value = self._registry.of_resource(record.resource), record.parse()
        owners = value["metadata"].get("ownerReferences") or []
        kept = [owner for owner in owners if owner["uid"] not in uids]
        if kind is None or len(kept) == len(owners):
            return
        if kept:
            value["metadata"]["ownerReferences"] = kept
        else:
            del value["metadata"]["ownerReferences"]
        self._see_to(record, self._writer.rewrite(kind, record, value))

    def _drop_finalizer(self, kind: Kind, record: Record, value: JsonObject, name: str) -> None:
        kept = [one for one in value["metadata"]["finalizers"] if one != name]
        if kept:
            value["metadata"]["finalizers"] = kept
        else:
            del value["metadata"]["finalizers"]
        self._see_to(record, self._writer.rewrite(kind, record, value))


def _resources(registry: Registry) -> set[str]:
    return {kind.qualified for kind in registry}


def _held(record: Record) -> bool:
    """Whether its deletion waits for the collector, as far as bytes tell."""
    return b'"deletionTimestamp"' in record.raw and (b'"foregroundDeletion"' in record.raw or b'"orphan"' in record.raw)


def _blocks(record: Record, uid: str) -> bool:
    return any(owner["uid"] == uid and owner.get("blockOwnerDeletion") for owner in owners_of(record))
