"""How a long queue costs no more than a short one: what is due last is moved out of the state into batches beside it.

Every change of a state is written with all that the state holds. So it holds little: the messages that are due first
and those that have come last, and the names of batches with the others. A batch is made before the state names it, and
removed after; which of its messages have left is in the state. So the state alone says what waits, as if all stood in
it, and no replica that has lost the lead can add to it or take away.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from modules.common import books, room
from modules.common.agenda import Kept
from modules.common.books import Batch, Books
from modules.common.leaving import AGAIN, Leaving
from weirflow import Context, Fail, Model, NotLeader, Problem, StateStore, stored

#: Above what is let in: the state's own limit never drops anything.
_STATE_BYTES = 800 * 1024

_MESSAGES = TypeAdapter(list[Kept])


class Moving(Leaving):
    """Derived classes take messages in and send them."""

    class State(Model, version=1):
        waiting: list[Kept] = stored("waiting-messages", default_factory=list, max_bytes=_STATE_BYTES)
        batches: list[Batch] = stored("waiting-batches", default_factory=list, max_bytes=_STATE_BYTES)

    state: StateStore[State]

    def __init__(self) -> None:
        super().__init__()
        self._room = room.Room()
        self._books = Books(self._room)
        #: What makes batches, and what removes them; those that the state names no more, and that are there still.
        self._mover: asyncio.Task[None] | None = None
        self._remover: asyncio.Task[None] | None = None
        self._emptied: set[str] = set()
        #: Callers who wait for room in the state itself.
        self._crowd = 0
        #: The batch that the state is about to name.
        self._placing = ""
        #: Messages of batches that have been read, and are not in the books yet.
        self._fetched: dict[str, list[Kept]] = {}
        #: The epoch in which was looked for batches that no state names; why the last one could not be made.
        self._swept = 0
        self._refusal: Fail | None = None

    @property
    @abstractmethod
    def _busy(self) -> set[str]:
        """Messages that are under way, or have left."""

    @abstractmethod
    def _doubt(self) -> None:
        """Look anew at what stands in the state."""

    def _leads(self) -> bool:
        return self.services.is_leader(self.services.begin())

    # Out of the state.

    def _take_out(self, state: Any, left: set[str]) -> None:
        state.waiting, state.batches = self._books.without(state.waiting, state.batches, left)

    def _tidy(self) -> None:
        """Remove batches that the state, as it is stored, names no more."""
        named = {batch.name for batch in self.state.value.batches}
        for name in [name for name in self._books.batches if name not in named and name != self._placing]:
            self._books.unplace(name)
            self._emptied.add(name)
        if self._emptied and (self._remover is None or self._remover.done()):
            self._remover = self.spawn(self._remove(), "removing batches")

    async def _remove(self) -> None:
        """What cannot be removed is found by whoever leads next, before it makes a batch."""
        try:
            while self._emptied:
                await self.services.batches.remove(self._emptied.pop())
        except Fail as failure:
            self._swept = 0
            self._failed(failure)

    # Into batches.

    async def _have_room(self, ctx: Context, size: int) -> None:
        """Wait until the state itself has room for so many bytes more. Raises the retryable `Fail` `full`."""
        freed = self._books.freed
        self._crowd += 1
        try:
            async with asyncio.timeout(ctx.remaining()):
                while self._books.head + size > books.HEAD:
                    if not self._leads():
                        raise NotLeader
                    self._begin_to_move()
                    if self._refusal is not None:
                        raise _no_room(self._refusal)
                    freed.clear()
                    await freed.wait()
        except TimeoutError:
            raise _no_room(None) from None
        finally:
            self._crowd -= 1

    def _begin_to_move(self) -> None:
        if self._mover is None or self._mover.done():
            self._refusal = None
            self._mover = self.spawn(self._move(), "moving messages into batches")

    async def _move(self) -> None:
        try:
            while self._leads() and (self._books.head > books.HIGH or self._crowd):
                if not (chosen := self._books.furthest(self.state.value.waiting, self._busy)):
                    return
                await self._sweep_batches()
                await self._make_batch([job.kept() for job in chosen])
        except NotLeader:
            return
        except Fail as failure:
            self._swept = 0
            self._refusal = failure
            self._books.freed.set()
            self._failed(failure)
            # Whoever comes meanwhile hears of it, once the state itself is full.
            await self.services.clock.sleep(AGAIN)

    async def _make_batch(self, chosen: list[Kept]) -> None:
        if sum(batch.size for batch in self.state.value.batches) > books.NAMES:
            raise Fail("the messages that wait are too many for the state to say where they are", code="full")
        epoch = self.services.epoch
        name = await self.services.batches.put(_MESSAGES.dump_python(chosen, mode="json"))
        ids = [each.id for each in chosen]
        moved = set(ids)
        self._placing = name
        self._books.place(name, ids)
        try:
            async with self.state.change(self.services.begin()) as state:
                if epoch != self.services.epoch:
                    raise NotLeader  # who led meanwhile may have removed it, since no state named it
                here = {each.id for each in state.waiting}
                gone = sum(1 << number for number, id in enumerate(ids) if id not in here)
                state.waiting = [each for each in state.waiting if each.id not in moved]
                if not moved.isdisjoint(here):
                    state.batches.append(Batch(name=name, count=len(ids), gone=f"{gone:x}"))
        except BaseException:
            # It may stand in the state all the same.
            self._books.unplace(name)
            self._doubt()
            raise
        finally:
            self._placing = ""
        self._tidy()  # all may have left meanwhile

    async def _sweep_batches(self) -> None:
        """Once in an epoch, and after each failure: remove what no state names. A change of our own comes first: after
        it nothing can be stored any more that an earlier leader, or an attempt given up, has had on its way."""
        epoch = self.services.epoch
        if self._swept == epoch:
            return
        async with self.state.change(self.services.begin()):
            if epoch != self.services.epoch:
                raise NotLeader
        made = await self.services.batches.made()
        named = {batch.name for batch in self.state.value.batches}
        for name, since in made.items():
            # Those of a later leader are not ours to judge.
            if since <= epoch and name not in named:
                await self.services.batches.remove(name)
        self._swept = epoch

    # Back from batches.

    async def _fetch(self) -> None:
        """Read the batches of the state whose messages are not known here. Raises `Fail`."""
        missing: set[str] = set()
        while (batch := next((each for each in self._unknown() if each.name not in missing), None)) is not None:
            try:
                found = _MESSAGES.validate_python(await self.services.batches.get(batch.name))
            except ValidationError:
                found = []
            if len(found) != batch.count:
                missing.add(batch.name)
            else:
                self._fetched[batch.name] = found
        if missing:
            await self._miss(missing)

    def _unknown(self) -> Iterator[Batch]:
        batches = self.state.value.batches
        return (each for each in batches if each.name not in self._fetched and not self._books.knows(each))

    async def _miss(self, names: set[str]) -> None:
        """They are not there, or not what they were. What the state, as it is stored, still names of them is lost."""
        async with self.state.change(self.services.begin()) as state:
            lost = sum(each.left for each in state.batches if each.name in names)
            state.batches = [each for each in state.batches if each.name not in names]
        if lost:
            what = "1 message that waited here is" if lost == 1 else f"{lost:,} messages that waited here are"
            why = "was removed or changed, as when a node is deleted and brought back"
            self.report(Problem("kept_lost", f"{what} lost: the TinyBatch {min(names)}, or another, {why}"))


def _no_room(refusal: Fail | None) -> Fail:
    why = "" if refusal is None else f": {refusal.problem.message}"
    return Fail(
        f"messages come faster than those that wait can be moved out of the node's resource{why}; send fewer at once",
        code="full",
        retryable=True,
    )
