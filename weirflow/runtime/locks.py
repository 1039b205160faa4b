"""The locks of components, as Leases: one for each name, found again by every replica, gone with its node."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from weirflow.errors import Fail
from weirflow.kube.client import ClusterClient, list_all
from weirflow.kube.errors import ApiError, Conflict, NotFound
from weirflow.kube.lock import Grant, LeaseLock, NotAcquired, Sightings, holder_of
from weirflow.kube.resources import ANNOTATION_LOCK, LABEL_LOCK, LEASE, TINY_MODULE, TINY_NODE, Object, module_of
from weirflow.locks import LockTimeout
from weirflow.services import LockScope

log = logging.getLogger(__name__)

#: Leases for the locks of one node or module, and locks that may be waited for at once on this host.
MAX_LOCKS = 256
MAX_WAITING = 1000
#: A lock that nobody has held for so long may make room for another.
_IDLE = timedelta(hours=1)


@dataclass(slots=True)
class _Turn:
    """Those of this host who want one lock: the cluster is asked by one of them at a time."""

    mutex: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class HeldLock:
    """A lock of this host; see `weirflow.services.Grant`."""

    def __init__(self, grant: Grant, locks: Locks, name: str) -> None:
        self._grant, self._locks, self._name = grant, locks, name
        self.token, self.lost = grant.token, grant.lost

    @property
    def is_held(self) -> bool:
        return self._grant.is_held

    async def release(self) -> None:
        await self._locks.release(self._grant, self._name)


class Locks:
    """``identity`` is the host's own: what an earlier process held under it is held by nobody any more."""

    def __init__(self, cluster: ClusterClient, identity: str) -> None:
        self._cluster, self._identity = cluster, identity
        self._process = os.urandom(6).hex()
        self._attempts = 0
        self._turns: dict[str, _Turn] = {}
        self._waiting = 0
        self._sightings = Sightings()
        self._releases: set[asyncio.Task[None]] = set()

    async def acquire(self, node: str, uid: str, name: str, scope: LockScope, seconds: float) -> HeldLock:
        """Take the lock ``name`` for a node. Raises ``Fail``."""
        if self._waiting >= MAX_WAITING:
            raise Fail(f"{MAX_WAITING} locks are waited for already; send less", code="overloaded", retryable=True)
        owner = node if scope == "node" else module_of(node)
        lease = lease_name(scope, owner, name)
        until = time.monotonic() + seconds
        turn = self._turns.setdefault(lease, _Turn())
        turn.users += 1
        self._waiting += 1
        try:
            async with asyncio.timeout(max(seconds, 0.001)):
                await turn.mutex.acquire()
        except TimeoutError:
            self._left(lease)
            raise _too_late(name, seconds, "other work of this host holds it") from None
        except BaseException:
            self._left(lease)
            raise
        finally:
            self._waiting -= 1
        try:
            lock = await self._lock(lease, node, uid, name, scope)
            grant = await lock.acquire(max(until - time.monotonic(), 0.0))
        except BaseException as error:
            turn.mutex.release()
            self._left(lease)
            if isinstance(error, NotAcquired):
                raise _too_late(name, seconds, str(error)) from None
            if isinstance(error, ApiError):
                raise _too_late(name, seconds, error.message) from error
            raise
        return HeldLock(grant, self, lease)

    async def release(self, grant: Grant, lease: str) -> None:
        """Give it back, also when the caller is cancelled."""
        task = asyncio.create_task(self._release(grant, lease), name=f"release {lease}")
        self._releases.add(task)
        task.add_done_callback(self._releases.discard)
        await asyncio.shield(task)

    async def close(self, seconds: float) -> None:
        """Wait for what is being given back."""
        if self._releases:
            await asyncio.wait(self._releases, timeout=seconds)

    async def _lock(self, lease: str, node: str, uid: str, name: str, scope: LockScope) -> LeaseLock:
        self._attempts += 1
        owner = node if scope == "node" else module_of(node)
        label = owner_label(scope, owner)
        metadata = {
            "labels": {LABEL_LOCK: label},
            "annotations": {ANNOTATION_LOCK: f"{name} of {owner}"},
            "ownerReferences": [await self._owner(node, uid, scope)],
        }
        return LeaseLock(
            self._cluster,
            lease,
            f"{self._identity}_{self._process}_{self._attempts}",
            metadata=metadata,
            make_room=lambda: self._make_room(label),
            is_gone=self._is_gone,
            sightings=self._sightings,
        )

    async def _owner(self, node: str, uid: str, scope: LockScope) -> Object:
        """With the node, or the module's resource, its locks go."""
        kind, name = TINY_NODE, node
        if scope == "module":
            kind, name = TINY_MODULE, module_of(node)
            # Asked each time: what belongs to one that has been deleted and made again is collected at once.
            uid = str((await self._cluster.get(TINY_MODULE, name))["metadata"]["uid"])
        return {"apiVersion": kind.api_version, "kind": kind.kind, "name": name, "uid": uid}

    def _is_gone(self, holder: str) -> bool:
        """Whether it is an earlier process of this very host, which has ended: only one at a time has the identity."""
        identity, _, attempt = holder.partition("_")
        return identity == self._identity and not attempt.startswith(f"{self._process}_")

    async def _make_room(self, label: str) -> None:
        """Before one more Lease is made: remove those that nobody has held for long, if there are many."""
        leases = await self._of(label)
        if len(leases) < MAX_LOCKS:
            return
        limit = (datetime.now(UTC) - _IDLE).strftime("%Y-%m-%dT%H:%M:%S")
        idle = [lease for lease in leases if not holder_of(lease) and str(lease["spec"].get("renewTime", "")) < limit]
        for lease in idle:
            await self._delete(lease)
        if not idle:
            raise Fail(
                f"there are {len(leases)} locks here already; use fewer names, such as a remainder of a number",
                code="too_many_locks",
                permanent=True,
            )

    async def _of(self, label: str) -> list[Object]:
        leases, _ = await list_all(self._cluster, LEASE, label_selector=f"{LABEL_LOCK}={label}")
        return leases

    async def _delete(self, lease: Object) -> None:
        try:
            await self._cluster.delete(LEASE, lease["metadata"]["name"], uid=lease["metadata"]["uid"])
        except (NotFound, Conflict):
            log.debug("lock %s is gone already", lease["metadata"]["name"])

    async def _release(self, grant: Grant, lease: str) -> None:
        try:
            await grant.release()
        finally:
            self._turns[lease].mutex.release()
            self._left(lease)

    def _left(self, lease: str) -> None:
        turn = self._turns[lease]
        turn.users -= 1
        if not turn.users:
            del self._turns[lease]


def lease_name(scope: LockScope, owner: str, name: str) -> str:
    """The Lease of a lock: a valid name, and another one for every other lock, whatever they are called."""
    return f"lock-{_digest(20, scope, owner, name)}"


def owner_label(scope: LockScope, owner: str) -> str:
    """What the Leases of one owner have in common."""
    return _digest(12, scope, owner)


def _digest(size: int, *parts: str) -> str:
    digest = blake2b(digest_size=size)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.hexdigest()


def _too_late(name: str, seconds: float, why: str) -> LockTimeout:
    return LockTimeout(
        f"the lock {name!r} was not to be had within {seconds:g} s: {why}; try again later, or hold it for less",
        retryable=True,
    )
