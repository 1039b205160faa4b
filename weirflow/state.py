"""A node's replicated state: changed by the leader one message at a time, stored in its resource, adopted by the
others.

Two snapshots are kept. `committed` is what is known to be stored, and what reads see. `head` has the changes on their
way as well, and is what the next change builds on. A failed commit throws the head away, and all that was built on
it.
"""

from __future__ import annotations

import asyncio
import copy
from collections import deque
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, TypeVar

from weirflow.context import Context
from weirflow.delivery import Repeated, current_delivery
from weirflow.errors import Fail, NotLeader, StateConflict, StateError, problem_of
from weirflow.fields import Model, to_json
from weirflow.operations import KnownOperations, Operation, OperationLog
from weirflow.services import NodeServices
from weirflow.state_block import ChangeBlock
from weirflow.state_change import Change, Snapshot, check_size
from weirflow.state_codec import (
    EPOCH_KEY,
    OPERATIONS_KEY,
    SCHEMA_KEY,
    VERSION_KEY,
    ListTexts,
    StateCodec,
    is_ordered,
    leaps,
    number_at,
)

S = TypeVar("S", bound=Model)

_REWRITE_SECONDS = 15.0


class StateStore(Generic[S]):
    """`self.state` of a component. `keys` are those of `status.metadata` that belong to it."""

    def __init__(
        self,
        codec: StateCodec,
        services: NodeServices,
        *,
        initial: Callable[[], S],
        validate: Callable[[S], S],
        persistent: Callable[[], bool],
        adopted: Callable[[], None] = lambda: None,
    ) -> None:
        self.codec = codec
        self.keys = frozenset(codec.keys)
        self._services = services
        self._initial = initial
        self.validate = validate
        self._persistent = persistent
        self._adopted = adopted
        self._lists = ListTexts()
        self._lock = asyncio.Lock()
        self._queued = 0
        self._owner: asyncio.Task[Any] | None = None
        self._committed = self._head = Snapshot(None, None, None, OperationLog())
        self._loaded = False
        self._operations = KnownOperations()
        #: Raised whenever the head is replaced by something it did not grow into.
        self._generation = 0
        self._waiting: deque[Change] = deque()
        self._pending: deque[Change] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._echo: dict[str, str] | None = None
        #: Texts without a version that were adopted last.
        self._unversioned: dict[str, str] | None = None

    @property
    def queued(self) -> int:
        """Messages that wait for the block of another one to end."""
        return self._queued

    @property
    def unstored(self) -> int:
        """Changes that have been made and are not known to be stored yet: their messages wait for it."""
        return len(self._waiting) + len(self._pending)

    @property
    def value(self) -> S:
        """The state as it is stored, validated; not to be changed. Raises `StateError` if it cannot be used."""
        return self._resolved(self._committed)

    @property
    def version(self) -> int:
        """How many changes have been stored; 0 before any."""
        return self._committed.version or 0

    def change(self, ctx: Context | None = None) -> AbstractAsyncContextManager[S]:
        """`async with self.state.change() as state:` changes the state, as one step that is stored before anything is
        sent.

        Entering waits for the changes before (bounded by the deadline); an exception inside drops the change. Send or
        return right after the block: that is what a repeat of the operation is answered with. One block per message;
        no emit inside. `ctx` is needed only outside a handler. Raises `NotLeader`.
        """
        return ChangeBlock(self, ctx)

    async def stored(self, result: Any = None) -> None:
        """Return once the change that the message in hand has made is stored, at once where it has made none; for what
        must not begin before. `result` is what the handler is about to return: it is stored with the change, and a
        repeat of the operation is answered with it. Raises what the commit raises."""
        delivery = current_delivery.get()
        if delivery is not None and delivery.store is self:
            await delivery.finish(to_json(result))

    def load(self, metadata: dict[str, str]) -> bool:
        """Adopt what is stored if it is newer than what is known; True if it was. Never raises: see `value`.

        A state that is at hand is never given up for one without order: missing or garbled counters, or other texts
        under the same version, are no newer state but somebody's edit past the fence.
        """
        known = self._committed
        at_hand = known.error is None and self._loaded
        try:
            order = (number_at(metadata, EPOCH_KEY) or 0, number_at(metadata, VERSION_KEY) or 0)
        except StateError as error:
            keep = at_hand and not self._untouched
            return not keep and self._adopt(Snapshot(None, None, None, OperationLog(), error))
        if at_hand:
            if not self.codec.is_stored(metadata):
                return False
            if leaps(order, known.order):
                return False
            if order <= known.order and (not self._untouched or metadata == self._unversioned):
                return False
            if self._pending and order[0] == self._head.epoch and order <= self._head.order:
                # One of our own changes, seen before its commit has returned: that decides. Kept for a commit whose
                # answer gets lost.
                self._echo = metadata
                return False
        self._unversioned = metadata if order == (0, 0) else None
        return self._adopt(self._read(metadata))

    @property
    def persistent(self) -> bool:
        """Whether changes are stored."""
        return self._persistent()

    @property
    def error(self) -> StateError | None:
        """Why what is stored cannot be used, if so."""
        return self._committed.error

    @property
    def _untouched(self) -> bool:
        """Whether no change was ever stored or is on its way: what stands in the store is then the state to start from,
        even without a version."""
        known = self._committed
        return known.version is None and known.epoch is None and not self._pending and not self._waiting

    def overrules(self, metadata: dict[str, str]) -> bool:
        """Leader only: meet a newer state of its own epoch, which somebody else wrote. True if that cannot be read
        while a good one is at hand: the good one then stands as of that version, and has to be rewritten. False:
        load it."""
        good = self._committed
        if good.error is not None or not self._loaded or not is_ordered(metadata):
            return False
        found = self._read(metadata)
        if found.error is None or found.epoch != self._services.epoch or found.order <= good.order:
            return False
        return self._adopt(Snapshot(good.model, found.epoch, found.version, good.log))

    async def rewrite(self) -> None:
        """Store the state as it is once more, as a version of its own: over what somebody else has put there, or
        sealed with another key. Leader only; raises as a change does."""
        async with self.change(self._services.begin(timeout=_REWRITE_SECONDS)):
            pass

    @property
    def epoch(self) -> int:
        """In which epoch the last change was stored; 0 before any."""
        return self._committed.epoch or 0

    def settings_changed(self) -> None:
        """Validation and the initial state may depend on the settings: look again at the next read."""
        self._committed.checked = None
        self._head.checked = None

    def held_here(self) -> bool:
        """Whether the present task is inside a block of this state."""
        return self._owner is not None and self._owner is asyncio.current_task()

    def submit(self, change: Change) -> None:
        """Hand the change to the writer, and before it those that were made before it."""
        while self._waiting and not change.submitted:
            first = self._waiting.popleft()
            first.submitted = True
            self._pending.append(first)
            task = asyncio.get_running_loop().create_task(self._commit(first))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    # A block's way in and out.

    async def enter(self, ctx: Context) -> tuple[S, int]:
        """A draft of the state, and the generation it belongs to; the lock is then held."""
        if not self._services.is_leader(ctx):
            raise NotLeader
        if self.held_here():
            raise StateError("a state block inside a state block of the same node would wait for itself for ever")
        self._queued += 1
        try:
            async with asyncio.timeout(ctx.remaining()):
                await self._lock.acquire()
        except TimeoutError:
            raise Fail(
                "the deadline passed while earlier changes of the state were being made",
                code="deadline",
                retryable=True,
            ) from None
        finally:
            self._queued -= 1
        try:
            seen = self._operations.get(ctx.operation_id)
            if seen is not None:
                raise Repeated(seen)
            draft = self.codec.draft(self._resolved(self._head))
        except BaseException:
            self._lock.release()
            raise
        self._owner = asyncio.current_task()
        return draft, self._generation  # type: ignore[return-value]

    def leave(self) -> None:
        """Release the lock."""
        self._owner = None
        self._lock.release()

    def apply(self, ctx: Context, draft: S, generation: int) -> Change:
        """Make `draft` the head. Raises, changing nothing, if the ground has moved or the state is too big."""
        if generation != self._generation:
            raise StateConflict(
                "the state was replaced by a newer one while it was being changed; deliver the message again"
            )
        base = self._head
        texts = self.codec.encode(draft, self._lists, self._services.seal)
        clock = self._services.clock
        operation = Operation(ctx.operation_id, int(clock.time()), clock.monotonic())
        log = base.log.with_one_more(operation)
        check_size(texts, log)
        stores = self._persistent() or bool(self._waiting or self._pending)
        epoch, version = (self._services.epoch, (base.version or 0) + 1) if stores else (base.epoch, base.version)
        snapshot = Snapshot(draft, epoch, version, log)
        texts |= {
            VERSION_KEY: str(version or 0),
            EPOCH_KEY: str(epoch or 0),
            SCHEMA_KEY: str(self.codec.schema_version),
        }
        change = Change(ctx, base, snapshot, operation, texts, generation)
        self._head = snapshot
        self._operations.add(operation)
        if stores:
            self._waiting.append(change)
            asyncio.get_running_loop().call_soon(self.submit, change)
        else:
            self._committed = snapshot
            change.succeed()
            self._services.publish()
        return change

    # Commits coming back.

    async def _commit(self, change: Change) -> None:
        try:
            await self._services.commit(change.ctx, change)
        except asyncio.CancelledError:
            self._give_up(change, Fail("the host stopped before the change was stored", code="stopped", retryable=True))
            raise
        except Exception as error:
            self._give_up(change, error if isinstance(error, Fail) else _uncommitted(error))
        else:
            self._stored(change)

    def _stored(self, change: Change) -> None:
        while change.open and self._pending:
            # A later change carries the earlier ones: once it is stored, so are they.
            first = self._pending.popleft()
            self._committed = first.snapshot
            first.succeed()
        if not self._pending:
            self._echo = None
        self._services.publish()

    def _give_up(self, change: Change, error: Fail) -> None:
        if not change.open:
            return
        lost = [*self._pending, *self._waiting]
        self._replace_head(self._committed)
        for each in lost:
            each.fail(error)
        if self._echo is not None:
            echo, self._echo = self._echo, None
            self.load(echo)

    def _adopt(self, snapshot: Snapshot) -> bool:
        failed_before = self._committed.error is not None
        lost = [*self._pending, *self._waiting]
        self._loaded = True
        self._committed = snapshot
        self._replace_head(snapshot)
        for each in lost:
            each.fail(StateConflict("a newer state was stored by another replica; deliver the message again"))
        if snapshot.error is not None:
            self._services.report_error(snapshot.error.problem)
        elif failed_before:
            self._services.report_error(None)
        self._services.publish()
        self._adopted()
        return True

    def _replace_head(self, snapshot: Snapshot) -> None:
        self._generation += 1
        self._head = snapshot
        self._operations.forget(change.operation for change in (*self._pending, *self._waiting))
        self._operations.learn(snapshot.log)
        self._pending.clear()
        for change in self._waiting:
            change.submitted = True
        self._waiting.clear()

    def _read(self, metadata: dict[str, str]) -> Snapshot:
        if not self.codec.is_stored(metadata):
            return Snapshot(None, number_at(metadata, EPOCH_KEY), number_at(metadata, VERSION_KEY), OperationLog())
        error: StateError | None = None
        model: Model | None = None
        log = OperationLog()
        try:
            log = OperationLog.read(metadata.get(OPERATIONS_KEY), self._services.clock.monotonic())
            model = self.codec.decode(metadata, self._services.unseal)
        except StateError as cause:
            error = cause
        except ValueError:
            error = StateError(
                f"status.metadata[{OPERATIONS_KEY!r}] cannot be read; delete the key to go on without it"
            )
        return Snapshot(model, number_at(metadata, EPOCH_KEY), number_at(metadata, VERSION_KEY), log, error)

    def _resolved(self, snapshot: Snapshot) -> S:
        if snapshot.error is not None:
            raise copy.copy(snapshot.error)
        if snapshot.checked is None:
            if snapshot.model is None:
                snapshot.checked = self._initial()
            else:
                try:
                    snapshot.checked = self.validate(snapshot.model)  # type: ignore[arg-type]
                except Fail as refusal:
                    raise StateError(f"the stored state is refused: {problem_of(refusal).message}") from refusal
        return snapshot.checked  # type: ignore[return-value]


def _uncommitted(error: Exception) -> Fail:
    text = f"the change could not be stored: {type(error).__name__}: {error}"
    return Fail(text, code="commit_failed", retryable=True)
