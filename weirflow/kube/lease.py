"""Leadership by a Lease, with an epoch that rises at every acquisition so that a late writer can be told apart.

Differs from the loop of Kubernetes' client libraries in five ways: it jitters, it measures on the monotonic clock, it
wakes on the watch instead of polling, it gives the Lease up when the work it stands for has died, and it releases it
at shutdown.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import AlreadyExists, ApiError, Conflict, NotFound
from weirflow.kube.resources import ANNOTATION_ADDRESS, ANNOTATION_EPOCH, ANNOTATION_MESSAGES, LEASE, Object, decimal
from weirflow.kube.vacancy import Vacancy

log = logging.getLogger(__name__)

#: A Lease's epoch from here on was written by hand. Counting on above it, epochs would soon leave the 53 bits that
#: they have in states; a state that has such a one of a leader's is met with a step above it all the same.
_MAX_BELIEVED = 2**52
#: How often a process that has just started looks whether its work has begun.
_BEGUN_SECONDS = 0.05
#: So many times our own duration, a Lease without a sign of life is waited for at most.
_MAX_TERMS = 4.0


@dataclass(frozen=True, slots=True)
class LeaseTimes:
    """Seconds: others wait ``duration`` after the last sign of life; the holder gives up after ``deadline`` without a
    renewal, which must be less; whoever did not get it looks again after ``retry``."""

    duration: float = 15.0
    deadline: float = 10.0
    retry: float = 2.0

    @property
    def renew(self) -> float:
        """Seconds between renewals: at rest they are nearly all that a host asks of the cluster."""
        return 2 * self.retry

    @property
    def patience(self) -> float:
        """Seconds that one renewal may take: a second one must have its time before the deadline."""
        return (self.deadline - self.renew) / 2


class LeaseLoop:
    """Tries to hold the Lease ``name`` as ``identity`` until stopped.

    ``identity`` must be stable over restarts and used by one process at a time: a process that starts under it takes
    its own Lease back at once. ``alive`` tells whether the work that leadership stands for is still done here.
    """

    def __init__(
        self,
        cluster: ClusterClient,
        name: str,
        identity: str,
        *,
        address: str = "",
        messages: str = "",
        times: LeaseTimes | None = None,
        alive: Callable[[], bool] = lambda: True,
        on_change: Callable[[bool], None] = lambda _leading: None,
    ) -> None:
        self.name, self.identity, self.address, self.messages = name, identity, address, messages
        self._cluster, self._times, self._alive, self._on_change = cluster, times or LeaseTimes(), alive, on_change
        self.epoch = 0
        self._leading = False
        self._renewed_at = 0.0
        self._lease: Object | None = None
        self._lease_seen_at = 0.0
        self._starting = True
        self._least_epoch = 0
        self._wake = asyncio.Event()
        #: How long nobody held it.
        self.vacancy = Vacancy()
        self._task: asyncio.Task[None] | None = None
        #: Set once the Lease has a holder, this or another.
        self.known = asyncio.Event()

    @property
    def is_leader(self) -> bool:
        """True only while no other can hold the Lease: a process that was paused past the deadline reads False here
        before its loop has noticed."""
        return self._leading and time.monotonic() < self._renewed_at + self._times.deadline

    def start(self) -> None:
        """Begin to try in a task of its own."""
        self._task = asyncio.create_task(self._run(), name=f"lease {self.name}")

    async def stop(self) -> None:
        """End trying and release the Lease, so that the next holder need not wait for its expiry."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        if self._leading and self._lease is not None:
            self._leading = False
            log.info("lease %s: given back by %s", self.name, self.identity)
            self._on_change(False)
            await self._release()

    def announce(self, messages: str) -> None:
        """Say from now on, and at once where it leads, that ``messages`` is where others send to this process."""
        self.messages = messages
        self._wake.set()

    def observe(self, lease: Object | None) -> None:
        """Take in what a watch saw of this Lease (``None``: deleted). Wakes the loop when that may matter."""
        if self._leading:
            # Our own renewals come back here late and would replace the newer version we know from their answers.
            if lease is None:
                # Somebody has deleted it, and the next to come would begin at the first epoch.
                self._wake.set()
            elif epoch_of(lease) > self.epoch:
                self._lose(f"it is now held by {lease['spec'].get('holderIdentity') or 'nobody'}")
            return
        if self._note(lease):
            self._wake.set()

    def step_down(self, newer_epoch: int) -> None:
        """A write met ``newer_epoch`` in the store: leadership ends here. It is tried for again, above that epoch."""
        self._least_epoch = max(self._least_epoch, newer_epoch)
        if self._leading and newer_epoch > self.epoch:
            self._lose(f"epoch {newer_epoch} is newer than {self.epoch}")
            self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            pause = self._times.retry * random.uniform(0.8, 1.0)  # noqa: S311 spreads load
            try:
                if self._leading:
                    pause = await self._keep()
                else:
                    pause = await self._try()
            except (ApiError, TimeoutError) as error:
                log.warning("lease %s: %s", self.name, error or "no answer in time")
                pause = min(pause, 0.5) * random.uniform(0.5, 1.0)  # noqa: S311 spreads load
            if self._leading and not self.is_leader:
                self._lose(f"not renewed within {self._times.deadline:g} s")
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _keep(self) -> float:
        """Renew once. Returns seconds until the next renewal. Raises what the cluster raises; the caller retries until
        the deadline."""
        if not self._alive():
            self._lose("its work has ended")
            await self._release()
            return self._times.retry
        began = time.monotonic()
        left = self._renewed_at + self._times.deadline - began
        try:
            async with asyncio.timeout(max(min(left, self._times.patience), 0.1)):
                renewed = await self._write({"renewTime": micro_time(), **self._term()}, self.epoch)
        except (Conflict, NotFound):
            await self._reread()
            if self._lease is None or self._holder() != self.identity or self._stored_epoch() > self.epoch:
                self._lose(f"it is now held by {self._holder() or 'nobody'}")
            # Ours it is if an earlier renewal arrived whose answer did not, or somebody has edited it without taking
            # it: now its version is known.
            return 0.0
        self._note(renewed)
        self._renewed_at = began
        return self._times.renew * random.uniform(0.8, 1.0)  # noqa: S311 spreads load

    async def _try(self) -> float:
        """Take the Lease if it is free. Returns seconds until it may be worth another try."""
        if not self._alive():
            # At the start the work is about to begin, and everybody waits for a leader.
            return min(_BEGUN_SECONDS, self._times.retry) if self._starting else self._times.retry
        if self._lease is None:
            await self._reread()
        holder = self._holder()
        mine = holder == self.identity and (self._starting or self._stored_epoch() <= self.epoch)
        expires = self._lease_seen_at + self._duration() - time.monotonic()
        if holder and not mine and expires > 0:
            self.known.set()
            # Rivals that wait for the same expiry would all wake in the same instant.
            return expires + random.uniform(0.0, self._times.retry / 4)  # noqa: S311 spreads load
        began = time.monotonic()
        stored = self._stored_epoch()
        epoch = max(stored if stored < _MAX_BELIEVED else 0, self.epoch, self._least_epoch) + 1
        now = micro_time()
        spec = {
            "holderIdentity": self.identity,
            **self._term(),
            "acquireTime": now,
            "renewTime": now,
            "leaseTransitions": self._transitions() + 1,
        }
        try:
            async with asyncio.timeout(self._times.deadline / 2):
                taken = await (self._create(spec, epoch) if self._lease is None else self._write(spec, epoch))
        except (Conflict, AlreadyExists, NotFound):
            await self._reread()
            return 0.0 if not self._holder() else self._times.retry / 4
        self._note(taken)
        self.epoch, self._renewed_at, self._leading, self._starting = epoch, began, True, False
        log.info("lease %s: held by %s, epoch %d", self.name, self.identity, epoch)
        self.known.set()
        self._on_change(True)
        return self._times.renew * random.uniform(0.8, 1.0)  # noqa: S311 spreads load

    async def _release(self) -> None:
        try:
            async with asyncio.timeout(1.0):
                self._note(await self._write({"holderIdentity": "", "renewTime": micro_time()}, self.epoch))
        except (ApiError, TimeoutError) as error:
            log.warning("lease %s: not released, it expires by itself: %s", self.name, error or "no answer in time")

    async def _write(self, spec: Object, epoch: int) -> Object:
        assert self._lease is not None
        version = self._lease["metadata"]["resourceVersion"]
        metadata = {"resourceVersion": version, "annotations": self._annotations(epoch)}
        return await self._cluster.patch(LEASE, self.name, {"metadata": metadata, "spec": spec})

    async def _create(self, spec: Object, epoch: int) -> Object:
        lease = LEASE.new(self.name, metadata={"annotations": self._annotations(epoch)}, spec=spec)
        return await self._cluster.create(LEASE, lease)

    async def _reread(self) -> None:
        try:
            self._note(await self._cluster.get(LEASE, self.name))
        except NotFound:
            self._note(None)

    def _note(self, lease: Object | None) -> bool:
        """Remember the Lease and since when it looks like this. Returns whether it changed."""
        old = self._lease
        if lease is not None and old is not None:
            if lease["metadata"]["resourceVersion"] == old["metadata"]["resourceVersion"]:
                return False
        elif lease is old:
            return False
        self._lease, self._lease_seen_at = lease, time.monotonic()
        self.vacancy.observe(self._holder(), self._duration())
        return True

    def _lose(self, why: str) -> None:
        self._leading = False
        log.warning("lease %s: lost by %s: %s", self.name, self.identity, why)
        self._on_change(False)

    def _annotations(self, epoch: int) -> dict[str, str]:
        return {
            ANNOTATION_EPOCH: str(epoch),
            ANNOTATION_ADDRESS: self.address,
            ANNOTATION_MESSAGES: self.messages,
        }

    def _spec(self) -> Object:
        return (self._lease or {}).get("spec") or {}

    def _holder(self) -> str:
        return str(self._spec().get("holderIdentity") or "")

    def _term(self) -> Object:
        return {"leaseDurationSeconds": max(1, round(self._times.duration))}

    def _duration(self) -> float:
        """Seconds for which its holder need not say anything. All hosts have the same; what somebody else has written
        there does not keep a module without a leader for days."""
        stored = float(self._spec().get("leaseDurationSeconds") or self._times.duration)
        return min(stored, _MAX_TERMS * self._times.duration)

    def _transitions(self) -> int:
        return int(self._spec().get("leaseTransitions") or 0)

    def _stored_epoch(self) -> int:
        return epoch_of(self._lease) if self._lease is not None else 0


def micro_time() -> str:
    """Now, with exactly the six fraction digits a MicroTime must have."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def epoch_of(lease: Object) -> int:
    """The epoch that stands in a Lease; 0 where none does."""
    return decimal(lease["metadata"].get("annotations") or {}, ANNOTATION_EPOCH)
