"""A lock that processes share: a Lease with one holder at a time, and a token that rises with every holder.

Whoever guards something outside the cluster hands the token along, so that late work of an earlier holder can be told
from that of the present one. As with leadership, time is measured on the monotonic clock from when a Lease was seen to
change; the times written in it are for people.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from weirflow.kube.backoff import Backoff
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import AlreadyExists, ApiError, Conflict, NotFound
from weirflow.kube.lease import micro_time
from weirflow.kube.resources import ANNOTATION_LOCK_TOKEN, LEASE, Object, decimal

log = logging.getLogger(__name__)

_MAX_SIGHTINGS = 4096


@dataclass(frozen=True, slots=True)
class LockTimes:
    """Seconds: others wait ``duration`` after the last sign of life; the holder gives up after ``deadline`` without a
    renewal, which must be less; it renews every ``renew``."""

    duration: float = 15.0
    deadline: float = 10.0
    renew: float = 4.0


class Grant:
    """The lock, held. ``lost`` is done, with the reason, once it may be held by another."""

    def __init__(self, cluster: ClusterClient, lease: Object, began: float, times: LockTimes) -> None:
        self._cluster, self._lease, self._times = cluster, lease, times
        self._renewed_at = began
        self.name = str(lease["metadata"]["name"])
        self.token = token_of(lease)
        self._holder = holder_of(lease)
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._deadline: asyncio.TimerHandle | None = None
        self._schedule()
        self._task = asyncio.create_task(self._keep(), name=f"lock {self.name}")

    @property
    def is_held(self) -> bool:
        """True only while no other can hold it: a process that was paused too long reads False before anything else
        of it has noticed."""
        return not self.lost.done() and time.monotonic() < self._renewed_at + self._times.deadline

    async def release(self) -> None:
        """Give it back, within a second; what is not given back runs out by itself."""
        self._task.cancel()
        await asyncio.wait([self._task])
        if self._deadline is not None:
            self._deadline.cancel()
        if not self.lost.done():
            self.lost.set_result("it was released")
        # Also what was lost for want of a renewal: nobody need wait for it to run out.
        try:
            async with asyncio.timeout(1.0):
                while holder_of(self._lease) == self._holder:
                    try:
                        await self._write({"holderIdentity": "", "renewTime": micro_time()})
                        return
                    except Conflict:
                        # A renewal was under way when we stopped to wait for it.
                        self._lease = await self._cluster.get(LEASE, self.name)
        except NotFound:
            return
        except (ApiError, TimeoutError) as error:
            log.warning("lock %s: not released, it expires by itself: %s", self.name, error or "no answer in time")

    async def _keep(self) -> None:
        backoff = Backoff(0.2, 1.0)
        pause = self._pause()
        while not self.lost.done():
            await asyncio.sleep(pause)
            pause = self._pause()
            began = time.monotonic()
            try:
                async with asyncio.timeout(self._times.deadline / 2):
                    self._lease = await self._write({"renewTime": micro_time()})
                self._renewed_at = began
                self._schedule()
                backoff.reset()
            except (Conflict, NotFound):
                await self._look()
                pause = 0.05
            except (ApiError, TimeoutError) as error:
                log.warning("lock %s: %s", self.name, error or "no answer in time")
                pause = backoff.pause()

    def _pause(self) -> float:
        return self._times.renew * random.uniform(0.8, 1.0)  # noqa: S311 spreads load

    async def _look(self) -> None:
        """The Lease is not as we left it: it may be another's by now, or somebody wrote a note on it."""
        try:
            lease = await self._cluster.get(LEASE, self.name)
        except NotFound:
            self._lose("its Lease was deleted")
        except ApiError:
            return
        else:
            if holder_of(lease) != self._holder:
                self._lose(f"it is now held by {holder_of(lease) or 'nobody'}")
            self._lease = lease

    async def _write(self, spec: Object) -> Object:
        version = self._lease["metadata"]["resourceVersion"]
        return await self._cluster.patch(LEASE, self.name, {"metadata": {"resourceVersion": version}, "spec": spec})

    def _schedule(self) -> None:
        """Lose it in time even if a renewal hangs."""
        if self._deadline is not None:
            self._deadline.cancel()
        pause = self._renewed_at + self._times.deadline - time.monotonic()
        why = f"not renewed within {self._times.deadline:g} s"
        self._deadline = asyncio.get_running_loop().call_later(max(pause, 0.0), self._lose, why)

    def _lose(self, why: str) -> None:
        if not self.lost.done():
            log.warning("lock %s: lost: %s", self.name, why)
            self.lost.set_result(why)


class NotAcquired(Exception):
    """The lock was not to be had in time; the text says who held it last."""


class Sightings:
    """When each Lease was seen to change last, shared by all attempts of a process: so that one which waits for less
    than a Lease's duration need not see all of a dead holder's silence itself."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def note(self, lease: Object) -> float:
        """Since when, in monotonic seconds, the Lease looks as it does now."""
        metadata = lease["metadata"]
        before = self._seen.pop(metadata["name"], None)
        if before is None or before[0] != metadata["resourceVersion"]:
            before = (metadata["resourceVersion"], time.monotonic())
        self._seen[metadata["name"]] = before
        if len(self._seen) > _MAX_SIGHTINGS:
            self._seen.popitem(last=False)
        return before[1]


class LeaseLock:
    """Takes the Lease ``name`` as ``holder``, a text that no other attempt has. ``is_gone`` tells holders that died
    for certain, so that one need not wait for their expiry. ``metadata`` goes into a Lease that has to be made, and
    ``make_room`` is called before."""

    def __init__(
        self,
        cluster: ClusterClient,
        name: str,
        holder: str,
        *,
        metadata: Object | None = None,
        make_room: Callable[[], Awaitable[None]] | None = None,
        is_gone: Callable[[str], bool] = lambda _holder: False,
        sightings: Sightings | None = None,
        times: LockTimes | None = None,
    ) -> None:
        self._cluster, self._name, self._holder = cluster, name, holder
        self._metadata, self._make_room = metadata or {}, make_room
        self._is_gone, self._times = is_gone, times or LockTimes()
        self._sightings = sightings or Sightings()
        self._lease: Object | None = None
        self._seen_at = 0.0
        self._last_token = 0
        #: A write was sent, and nobody knows whether it made us the holder.
        self._doubtful = False

    async def acquire(self, seconds: float) -> Grant:
        """The lock, once it is free. Raises ``NotAcquired`` after ``seconds``; tries once even if that is 0.

        Cancelled, or out of time, it leaves nothing behind that another would have to wait for.
        """
        try:
            async with asyncio.timeout(max(seconds, 1.0)):
                return await self._acquire(time.monotonic() + seconds)
        except BaseException as error:
            if self._doubtful:
                await asyncio.shield(self._abandon())
            if isinstance(error, TimeoutError):
                raise self._not_acquired() from None
            raise

    async def _acquire(self, until: float) -> Grant:
        backoff = Backoff(0.05, 1.0)
        while True:
            try:
                if (grant := await self._try()) is not None:
                    return grant
                if time.monotonic() >= until:
                    raise self._not_acquired()
                await self._changed(min(until, self._seen_at + self._duration()) - time.monotonic())
                continue
            except (Conflict, AlreadyExists):
                self._doubtful, pause = False, random.uniform(0.0, 0.05)  # noqa: S311 spreads rivals
            except ApiError as error:
                pause = backoff.pause()
                if time.monotonic() + pause >= until:
                    raise NotAcquired(f"the cluster did not grant it: {error.message}") from error
            await asyncio.sleep(pause)

    async def _try(self) -> Grant | None:
        """Take it if it is free now. Raises what the cluster raises."""
        await self._read()
        began = time.monotonic()
        if self._lease is None:
            if self._make_room is not None:
                await self._make_room()
            annotations = {**self._metadata.get("annotations", {}), ANNOTATION_LOCK_TOKEN: str(self._next_token())}
            made = LEASE.new(self._name, metadata={**self._metadata, "annotations": annotations}, spec=self._spec(0))
            self._doubtful = True
            return self._granted(await self._cluster.create(LEASE, made), began)
        # Our own name there means that an answer was lost; the write may be too old to count from now.
        holder = holder_of(self._lease)
        free = holder in ("", self._holder) or self._is_gone(holder) or began >= self._seen_at + self._duration()
        if not free:
            return None
        metadata = {
            "resourceVersion": self._lease["metadata"]["resourceVersion"],
            "annotations": {ANNOTATION_LOCK_TOKEN: str(self._next_token())},
        }
        spec = self._spec(int((self._lease.get("spec") or {}).get("leaseTransitions") or 0))
        self._doubtful = True
        return self._granted(await self._cluster.patch(LEASE, self._name, {"metadata": metadata, "spec": spec}), began)

    def _next_token(self) -> int:
        """One above the last. Where none can be read, as in a Lease made anew or edited by hand, it goes on above all
        that there were, as clocks go."""
        last = token_of(self._lease) if self._lease is not None else 0
        return max(last or time.time_ns() // 1000 - 1, self._last_token) + 1

    async def _read(self) -> None:
        try:
            lease = await self._cluster.get(LEASE, self._name)
        except NotFound:
            self._lease = None
        else:
            self._lease, self._seen_at = lease, self._sightings.note(lease)
            self._last_token = max(self._last_token, token_of(lease))

    async def _changed(self, seconds: float) -> None:
        """Wait for a change of the Lease, at most so long. Raises what the cluster raises."""
        if self._lease is None or seconds <= 0:
            return
        wait = seconds + random.uniform(0.0, 0.2)  # noqa: S311 rivals that wait for one expiry
        watch = self._cluster.watch(
            LEASE,
            resource_version=self._lease["metadata"]["resourceVersion"],
            timeout_seconds=int(wait) + 2,
            inactivity_seconds=wait + 5,
            field_selector=f"metadata.name={self._name}",
        )
        try:
            async with asyncio.timeout(wait), aclosing(watch) as events:  # type: ignore[type-var]
                async for event in events:
                    if event.type != "BOOKMARK":
                        return
        except TimeoutError:
            return

    async def _abandon(self) -> None:
        """If a write whose answer we did not wait for has made us the holder, give it back."""
        try:
            async with asyncio.timeout(2.0):
                await self._read()
                if self._lease is not None and holder_of(self._lease) == self._holder:
                    metadata = {"resourceVersion": self._lease["metadata"]["resourceVersion"]}
                    await self._cluster.patch(LEASE, self._name, {"metadata": metadata, "spec": {"holderIdentity": ""}})
        except (ApiError, TimeoutError) as error:
            log.debug("lock %s: an attempt was left to expire: %s", self._name, error)

    def _granted(self, lease: Object, began: float) -> Grant:
        self._doubtful = False
        return Grant(self._cluster, lease, began, self._times)

    def _spec(self, transitions: int) -> Object:
        now = micro_time()
        return {
            "holderIdentity": self._holder,
            "leaseDurationSeconds": max(1, round(self._times.duration)),
            "acquireTime": now,
            "renewTime": now,
            "leaseTransitions": transitions + 1,
        }

    def _duration(self) -> float:
        return float(((self._lease or {}).get("spec") or {}).get("leaseDurationSeconds") or self._times.duration)

    def _not_acquired(self) -> NotAcquired:
        holder = holder_of(self._lease) if self._lease is not None else ""
        return NotAcquired(f"it is held by {holder}" if holder else "others were faster each time")


def holder_of(lease: Object) -> str:
    """Who holds it; empty when nobody does."""
    return str((lease.get("spec") or {}).get("holderIdentity") or "")


def token_of(lease: Object) -> int:
    """The token of the last holder; 0 where none stands."""
    return decimal(lease["metadata"].get("annotations") or {}, ANNOTATION_LOCK_TOKEN)
