"""What a change of state is made of: the snapshots before and after it, and its way into the store."""

from __future__ import annotations

import asyncio
import copy

from weirflow.context import Context
from weirflow.errors import Fail, StateError
from weirflow.fields import Model
from weirflow.operations import MAX_OPERATIONS, Operation, OperationLog
from weirflow.state_codec import OPERATIONS_KEY, size_of

#: Bytes that the state of one node may take in its resource, operations included.
SIZE_LIMIT = 900 * 1024


class Snapshot:
    """The state at one version. `model` None: nothing is stored. `error`: what is stored cannot be used."""

    __slots__ = ("checked", "epoch", "error", "log", "model", "version")

    def __init__(
        self,
        model: Model | None,
        epoch: int | None,
        version: int | None,
        log: OperationLog,
        error: StateError | None = None,
    ) -> None:
        self.model = model
        self.epoch = epoch
        self.version = version
        self.log = log
        self.error = error
        #: The model after validation with the present settings.
        self.checked: Model | None = None

    @property
    def order(self) -> tuple[int, int]:
        """States of one node are ordered by epoch, then by version; never by a clock."""
        return (self.epoch or 0, self.version or 0)


class Change:
    """One change on its way; the `StateChange` of `weirflow.services`."""

    __slots__ = (
        "_fixed",
        "_settled",
        "base_epoch",
        "base_version",
        "ctx",
        "line",
        "operation",
        "snapshot",
        "submitted",
    )

    def __init__(
        self, ctx: Context, base: Snapshot, snapshot: Snapshot, operation: Operation, fixed: dict[str, str], line: int
    ) -> None:
        self.ctx = ctx
        self.line = line
        self.base_epoch = base.epoch
        self.base_version = base.version
        self.snapshot = snapshot
        self.operation = operation
        self.submitted = False
        self._fixed = fixed
        self._settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        operation.settled = self._settled

    @property
    def epoch(self) -> int:
        """What `state-epoch` becomes."""
        return self.snapshot.epoch or 0

    @property
    def version(self) -> int:
        """What `state-version` becomes."""
        return self.snapshot.version or 0

    @property
    def texts(self) -> dict[str, str]:
        """The texts of the state's keys, the log of operations left out."""
        return self._fixed

    def metadata(self) -> dict[str, str]:
        """All keys of the state and their texts."""
        return {**self._fixed, OPERATIONS_KEY: self.snapshot.log.text()}

    @property
    def open(self) -> bool:
        """Whether it is neither stored nor given up."""
        return not self._settled.done()

    def succeed(self) -> None:
        """It is stored."""
        if not self._settled.done():
            self._settled.set_result(None)

    def fail(self, error: Fail) -> None:
        """It is given up."""
        if not self._settled.done():
            self._settled.set_exception(error)
            self._settled.exception()  # nobody may be waiting; whoever does is told

    async def wait(self) -> None:
        """Return once it is stored; raise if it was given up."""
        await wait_settled(self._settled)


async def wait_settled(settled: asyncio.Future[None]) -> None:
    """Wait for a change without being able to cancel it. Each waiter gets an error object of its own."""
    try:
        await asyncio.shield(settled)
    except Fail as error:
        raise copy.copy(error) from error


def check_size(texts: dict[str, str], log: OperationLog) -> None:
    """Raise `StateError` if the resource cannot carry these texts and operations."""
    size = sum(len(key) + size_of(text) for key, text in texts.items())
    if size > SIZE_LIMIT - MAX_OPERATIONS * 1200:  # the operations can matter only from here on
        size += sum(size_of(entry.text()) for entry in log.entries[:-1])
    if size > SIZE_LIMIT:
        largest = max(texts, key=lambda key: len(texts[key]))
        raise StateError(
            f"the state would take {size // 1024} KiB, a resource carries {SIZE_LIMIT // 1024} KiB; the largest "
            f"part is {largest!r}: keep less of it, or keep it outside",
            code="state_too_large",
            permanent=True,
        )
