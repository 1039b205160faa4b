"""What of a queue stands in the state, and in batches beside it, as one replica knows it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Iterator

from modules.common.agenda import Job, Kept
from modules.common.room import Room
from weirflow import Field, Model

#: Bytes of messages that the state itself carries at most, and with each of its changes: above the first, those that
#: are due last are moved into a batch, until the second are left. Who comes faster than that waits for room below the
#: third.
HIGH, LOW, HEAD = 64 * 1024, 16 * 1024, 512 * 1024
#: Bytes and messages of one batch; a message above that has one of its own.
BATCH_BYTES, BATCH_MESSAGES = 128 * 1024, 1024
#: Bytes of the state that may name batches.
NAMES = 96 * 1024
#: What one takes beside its digits, as JSON.
_NAME = 100


class Batch(Model, frozen=True):
    """Messages beside the state, as the state names them."""

    # People may edit a state: what cannot be read has to be refused there, before it is looked up or counted with.
    name: str = Field(pattern="^batch-[0-9a-f]{32}$")
    count: int = Field(ge=1, le=BATCH_MESSAGES)
    #: Those that have left, one bit for each from the first on, as a hexadecimal number.
    gone: str = Field("0", pattern=f"^[0-9a-f]{{1,{BATCH_MESSAGES // 4}}}$")

    @property
    def bits(self) -> int:
        """`gone` as a number, of the messages that there are."""
        return int(self.gone, 16) & (1 << self.count) - 1

    def without(self, bits: int) -> Batch:
        """This one, of which these have left as well."""
        both = self.bits | bits
        return self if both == self.bits else Batch(name=self.name, count=self.count, gone=f"{both:x}")

    @property
    def left(self) -> int:
        """How many have not left."""
        return self.count - self.bits.bit_count()

    @property
    def size(self) -> int:
        """Bytes of its name in the state, about."""
        return _NAME + len(self.gone)


class Books:
    """Messages that stand in the state by id, and where each of them does. `room` counts them too."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.jobs: dict[str, Job] = {}
        #: Bytes in the state itself, those on their way into it included.
        self.head = 0
        #: Set whenever that becomes less.
        self.freed = asyncio.Event()
        #: Batch and number of each message in one; messages of each batch in their order.
        self._places: dict[str, tuple[str, int]] = {}
        self.batches: dict[str, list[str]] = {}

    def reserve(self, size: int) -> None:
        """A message of so many bytes is on its way into the state; the room has been entered."""
        self.head += size

    def release(self, size: int) -> None:
        """It has not come there, or is counted already."""
        self._room.leave(size)
        self._less(size)

    def arrived(self, job: Job) -> None:
        """What was on its way stands there."""
        self.jobs[job.id] = job

    def add(self, job: Job) -> None:
        """It was found there."""
        self.jobs[job.id] = job
        self._room.add(job.size)
        if job.id not in self._places:
            self.head += job.size

    def remove(self, ids: Iterable[str]) -> None:
        """They stand there no more."""
        for id in ids:
            if (job := self.jobs.pop(id, None)) is not None:
                self._room.leave(job.size)
                if id not in self._places:
                    self._less(job.size)

    def place(self, name: str, ids: list[str]) -> None:
        """These are the messages of the batch."""
        self.unplace(name)
        self.batches[name] = ids
        for number, id in enumerate(ids):
            self._places[id] = name, number
            if (job := self.jobs.get(id)) is not None:
                self._less(job.size)

    def unplace(self, name: str) -> None:
        """Those of the batch that are there stand in the state itself."""
        for id in self.batches.pop(name, ()):
            if self._places.pop(id, ("",))[0] == name and (job := self.jobs.get(id)) is not None:
                self.head += job.size

    def in_state(self, id: str) -> bool:
        """Whether it stands in the state itself, as far as is known here."""
        return id in self.jobs and id not in self._places

    def knows(self, batch: Batch) -> bool:
        """Whether all is at hand that has not left it."""
        return batch.name in self.batches and all(id in self.jobs for id in self.of(batch))

    def of(self, batch: Batch) -> Iterator[str]:
        """Messages of it that have not left."""
        bits = batch.bits
        return (id for number, id in enumerate(self.batches[batch.name]) if not bits >> number & 1)

    def without(self, waiting: list[Kept], batches: list[Batch], left: set[str]) -> tuple[list[Kept], list[Batch]]:
        """What the state has to say once these have left it. A batch of which half has left is given up, and the others
        return to the state itself: batches never hold more than twice of what waits in them."""
        bits: dict[str, int] = {}
        for id in left:
            if (place := self._places.get(id)) is not None:
                bits[place[0]] = bits.get(place[0], 0) | 1 << place[1]
        waiting = [each for each in waiting if each.id not in left]
        kept: list[Batch] = []
        # Counted as they return: while the store was away half of many batches may have left.
        room: float = HEAD // 2 - max(
            self.head, sum(self.jobs[each.id].size for each in waiting if each.id in self.jobs)
        )
        for each in batches:
            batch = each.without(bits.get(each.name, 0))
            if batch.left and (batch is each or batch.left > batch.count // 2 or (size := self._size(batch)) > room):
                kept.append(batch)
            elif batch.left:
                room -= size
                waiting += [self.jobs[id].kept() for id in self.of(batch)]
        return waiting, kept

    def furthest(self, waiting: list[Kept], busy: set[str]) -> list[Job]:
        """What is to be moved into a batch: of those in the state itself that are due last, one at least, `busy` ones
        left out."""
        there = [self.jobs[each.id] for each in waiting if each.id not in busy and self.in_state(each.id)]
        there.sort(key=lambda job: job.due)
        chosen: list[Job] = []
        size, left = 0, self.head
        while there and left > LOW and len(chosen) < BATCH_MESSAGES:
            if chosen and size + there[-1].size > BATCH_BYTES:
                break
            chosen.append(there.pop())
            size += chosen[-1].size
            left -= chosen[-1].size
        return chosen[::-1]

    def _size(self, batch: Batch) -> float:
        """Bytes of what is left of it; without end if that is not known here."""
        return sum(self.jobs[id].size for id in self.of(batch)) if self.knows(batch) else math.inf

    def _less(self, size: int) -> None:
        self.head -= size
        self.freed.set()
