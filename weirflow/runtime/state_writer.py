"""One node's state on its way into the cluster: fenced by epoch and version, pipelined, and never left in doubt."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Protocol

from weirflow.errors import Fail, NotLeader, StateConflict
from weirflow.kube.backoff import Backoff
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import ApiError, Conflict, Invalid, NotFound, StorageFull, TooManyRequests, Unavailable
from weirflow.kube.lease import LeaseLoop
from weirflow.kube.resources import TINY_NODE
from weirflow.operations import MAX_OPERATIONS
from weirflow.runtime.state_guard import Finding, Order, StateGuard, Texts, Verdict
from weirflow.runtime.state_patch import MAX_BYTES, Stored, state_patch
from weirflow.services import StateChange
from weirflow.state_codec import leaps

log = logging.getLogger(__name__)

_MAX_PENDING = 4096
_MAX_REBUILDS = 8
#: Changes that one patch carries at most. Half of the operations that a state remembers: whoever dies right after a
#: patch, or after the next one, leaves a state that still knows all that nobody has been told of.
_MAX_BATCH = MAX_OPERATIONS // 2
#: Turns of the event loop that an answer takes from the stored change to the socket, with some to spare.
_ANSWER_TURNS = 16


class Found(Protocol):
    """Told what somebody else has put into the store, all that stands there, and what of ours it kept out (if it did).
    ``live``: a reading showed it, which the watch may not have reached yet."""

    def __call__(self, finding: Finding, metadata: Texts, refused: Texts | None, /, *, live: bool) -> None: ...


def _unheard(_finding: Finding, _metadata: Texts, _refused: Texts | None, /, *, live: bool) -> None:
    return


@dataclass(slots=True)
class _Queued:
    change: StateChange
    until: float
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class StateWriter:
    """Writes the changes of one node in their order.

    While a patch is in flight later changes gather, and the next patch carries the last of them: all its changes then
    succeed or fail together. ``slots`` bounds the patches in flight over all nodes. ``seconds`` bounds one commit.
    ``uid`` is the node's own: a write never goes into another node that has its name by now. ``guard`` hears of every
    write and is asked about every reading; ``found`` is told what it finds.
    """

    def __init__(
        self,
        cluster: ClusterClient,
        node: str,
        lease: LeaseLoop,
        slots: asyncio.Semaphore,
        *,
        seconds: float = 10.0,
        uid: str = "",
        guard: StateGuard | None = None,
        found: Found = _unheard,
    ) -> None:
        self._cluster, self._node, self._lease, self._slots, self._seconds = cluster, node, lease, slots, seconds
        self._uid, self._guard, self._found = uid, guard or StateGuard(), found
        self._queue: list[_Queued] = []
        self._task: asyncio.Task[None] | None = None
        #: What the store holds by our last answer or reading; None: read it before the next write.
        self._stored: Stored | None = None
        self._known: dict[str, str] = {}
        #: Whether an attempt at the present write ended without an answer: it may have been applied.
        self._doubtful = False
        #: Line, epoch and version of the newest change accepted; the next one must build on it.
        self._tail: tuple[int, int | None, int | None] | None = None
        #: The last line in which a change failed, and why: no later one of it may be stored.
        self._ended: tuple[int, Fail] | None = None

    async def commit(self, change: StateChange) -> None:
        """Return once ``change`` is stored. See ``NodeServices.commit`` for what it raises."""
        if (error := self._ended_by(change.line)) is not None:
            raise _again(error)
        if (error := self._objection(change)) is not None:
            self._ended = change.line, error
            raise _again(error)
        queued = _Queued(change, time.monotonic() + self._seconds)
        queued.done.add_done_callback(_seen)
        self._queue.append(queued)
        self._tail = (change.line, change.epoch, change.version)
        if self._task is None:
            self._task = asyncio.create_task(self._drain(), name=f"state of {self._node}")
        await asyncio.shield(queued.done)

    def _ended_by(self, line: int) -> Fail | None:
        """What has ended the line, if something has: a change of it was made before its maker heard of the failure. By
        epoch and version alone it may look as if it were built on what somebody else has stored in place of the change
        that failed."""
        return self._ended[1] if self._ended is not None and line <= self._ended[0] else None

    def _objection(self, change: StateChange) -> Fail | None:
        """Why ``change`` cannot even be tried, if so."""
        if not self._lease.is_leader or change.epoch != self._lease.epoch:
            return NotLeader(node=self._node)
        if self._tail != (change.line, change.base_epoch, change.base_version):
            if self._task is not None:
                return StateConflict("the change builds on one that was not stored", node=self._node)
            self._stored = None
        if len(self._queue) >= _MAX_PENDING:
            return Fail(
                f"{self._node} has {_MAX_PENDING} changes waiting to be stored; send fewer at once",
                code="overloaded",
                retryable=True,
            )
        return None

    async def flush(self, seconds: float) -> None:
        """Wait until nothing is under way, at most ``seconds``."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=seconds)

    def forget(self) -> None:
        """What the store holds is not what was written: the next patch carries every text."""
        self._known = {}

    def close(self) -> None:
        """Give up what is under way, as when the node is gone."""
        if self._task is not None:
            self._task.cancel()
        self._fail_all(NotLeader("the node has ended", node=self._node))

    async def _drain(self) -> None:
        batch: list[_Queued] = []
        try:
            while self._queue:
                async with self._slots:
                    batch, self._queue = self._queue[:_MAX_BATCH], self._queue[_MAX_BATCH:]
                    try:
                        await self._store(batch[0].change, batch[-1].change, batch[0].until)
                    except Fail as error:
                        # What was built on a change that failed cannot be stored either.
                        self._queue = batch + self._queue
                        self._fail_all(error)
                    for queued in batch:
                        if not queued.done.done():
                            queued.done.set_result(None)
                if self._queue:
                    await _answered()
        except Exception as error:
            log.exception("the state writer failed", extra={"node": self._node})
            self._queue = batch + self._queue
            self._fail_all(Fail(f"the state of {self._node} could not be written: {error}", code="state_error"))
        finally:
            self._task = None

    async def _store(self, first: StateChange, last: StateChange, until: float) -> None:
        metadata = last.metadata()
        size = sum(len(key) + len(text.encode()) for key, text in metadata.items())
        if size > MAX_BYTES:
            raise Fail(
                f"the state of {self._node} is {size // 1024} KiB, more than the {MAX_BYTES // 1024} KiB a resource "
                "can carry; keep less of it (a shorter history)",
                code="state_too_large",
                permanent=True,
            )
        self._guard.sending((last.epoch, last.version), metadata)
        self._doubtful = False
        try:
            await self._attempt(first, last, metadata, until)
            self._guard.stored()
        finally:
            self._guard.given_up(in_doubt=self._doubtful)
            if (held := self._guard.held) is not None:
                self._guard.held = None
                if (late := self._guard.judge(held, self._uid, last.epoch)) is not None:
                    self._found(late, held, None, live=False)

    async def _attempt(self, first: StateChange, last: StateChange, metadata: Texts, until: float) -> None:
        """Write until it is stored, ruled out or too late."""
        backoff = Backoff(0.05, 1.0)
        rebuilds, sent, before, changing = 0, False, "", False
        while True:
            if not self._lease.is_leader or self._lease.epoch != last.epoch:
                raise NotLeader(node=self._node)
            try:
                async with asyncio.timeout_at(asyncio.get_running_loop().time() + until - time.monotonic()):
                    finding = None
                    if self._stored is None or self._stored.epoch != last.epoch:
                        finding = await self._read(first, metadata)
                    sent = False
                    if self._judge(first, last, metadata if self._doubtful else None, finding):
                        return
                    assert self._stored is not None
                    sent = True
                    answer = await self._cluster.patch_status(
                        TINY_NODE, self._node, state_patch(self._stored, metadata, self._known), kind="json"
                    )
                self._stored, self._known = self._stored.followed_by(last, answer), metadata
                return
            except (Invalid, Conflict) as error:
                # The store refused it, so this attempt was not applied; an earlier one in doubt may have been.
                rebuilds += 1
                now = self._stored.resource_version if self._stored is not None else ""
                before, changing = now, before != now
                if rebuilds > _MAX_REBUILDS:
                    raise (self._contended() if changing else self._refused(error)) from error
            except NotFound as error:
                raise self._gone() from error
            except StorageFull as error:
                # Space does not come back within a message's time: whoever waits for the answer hears of it at once.
                raise self._full(error) from error
            except (Unavailable, TooManyRequests, TimeoutError) as error:
                self._doubtful = self._doubtful or sent
                pause = backoff.pause()
                if time.monotonic() + pause >= until:
                    raise self._unanswered(error) from error
                await asyncio.sleep(pause)
            except ApiError as error:
                raise self._refused(error) from error
            self._stored, self._known = None, {}

    async def _read(self, first: StateChange, ours: Texts) -> Finding | None:
        """Read what is stored; returns what somebody else has done to it. ``ours`` are the texts to be written."""
        while True:
            known = self._guard.newest
            live = await self._cluster.get(TINY_NODE, self._node)
            if self._guard.newest == known:
                break
            # What was taken up meanwhile may be newer than this reading: it would look like damage.
        self._stored, self._known = Stored.of(live), {}
        if self._uid and self._stored.uid != self._uid:
            raise self._gone()
        if self._stored.version is not None and self._stored.is_base_of(first):
            # Who has built on it has taken it up, whatever the guard was told.
            self._guard.built_on((self._stored.epoch or 0, self._stored.version), self._stored.metadata)
        elif (base := _base_of(first)) is not None:
            self._guard.holds(base)
        finding = self._guard.judge(self._stored.metadata, self._uid, self._lease.epoch, live=True)
        if finding is not None:
            refused = finding.verdict in (Verdict.ADVANCED, Verdict.OUTRANKED)
            self._found(finding, self._stored.metadata, ours if refused else None, live=True)
        return finding

    def _judge(
        self, first: StateChange, last: StateChange, doubted: dict[str, str] | None, finding: Finding | None
    ) -> bool:
        """Whether the change is stored already; ``False`` if it may be written now. Raises when it never can be.

        ``doubted`` are the texts of an attempt whose answer was lost: if they are what is stored, it was applied.
        """
        stored = self._stored
        assert stored is not None
        absurd = stored.epoch is not None and leaps((stored.epoch, 0), (last.epoch, 0))
        if stored.epoch is not None and stored.epoch > last.epoch and not absurd:
            self._lease.step_down(stored.epoch)
            raise NotLeader(node=self._node)
        if doubted is not None and all(stored.metadata.get(key) == text for key, text in doubted.items()):
            return True
        if finding is not None and finding.keeps_ours and self._guard.newest == _base_of(first):
            # Built on what the store should hold. What it holds is not newer, so that nothing is lost by the write.
            return False
        if stored.is_base_of(first) and (stored.version is not None or finding is None):
            return False
        raise StateConflict(
            f"the stored state of {self._node} is version {stored.version} of epoch {stored.epoch}, "
            f"not {first.base_version} of {first.base_epoch}",
            node=self._node,
        )

    def _gone(self) -> Fail:
        return Fail(f"{self._node} has been deleted", code="node_gone", permanent=True)

    def _unanswered(self, error: Exception) -> Fail:
        reason = error.message if isinstance(error, ApiError) else "the cluster does not answer"
        return Fail(
            f"the state of {self._node} could not be stored within {self._seconds:g} s: {reason}; "
            "it is tried again with the next message",
            code="cluster_unreachable",
            retryable=True,
        )

    def _full(self, error: ApiError) -> Fail:
        return Fail(
            f"the state of {self._node} could not be stored: {error.message}", code="storage_full", retryable=True
        )

    def _contended(self) -> Fail:
        return Fail(
            f"another program writes the state of {self._node} faster than it can be stored; "
            "it is tried again with the next message",
            code="state_contended",
            retryable=True,
        )

    def _refused(self, error: ApiError) -> Fail:
        return Fail(f"the cluster refused the state of {self._node}: {error.message}", code="state_refused")

    def _fail_all(self, error: Fail) -> None:
        queue, self._queue = self._queue, []
        self._tail, self._stored, self._known = None, None, {}
        if queue:
            self._ended = queue[-1].change.line, error
        for queued in queue:
            if not queued.done.done():
                queued.done.set_exception(_again(error))


async def _answered() -> None:
    """Let those whose changes are stored send their answers, before more is stored than a state remembers."""
    for _ in range(_ANSWER_TURNS):
        await asyncio.sleep(0)


def _base_of(change: StateChange) -> Order | None:
    """Epoch and version of what the change was built on, missing ones counting as 0; ``None`` for nothing at all."""
    if change.base_epoch is None and change.base_version is None:
        return None
    return (change.base_epoch or 0, change.base_version or 0)


def _again(error: Fail) -> Fail:
    """The same failure as an object of its own, since each waiter adds its own traceback and place to it."""
    copy = Fail.__new__(type(error))
    copy.__dict__.update(error.__dict__)
    copy.args = error.args
    return copy


def _seen(done: asyncio.Future[None]) -> None:
    if not done.cancelled():
        done.exception()
