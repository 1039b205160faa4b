"""What delay and async have in common: messages whose callers have been answered, and that go on when they are due.

One that is to outlive the process stands in the state from before its caller is answered until the flow behind has
taken it, so that a restart loses none: one that was under way is sent again, under the same operation id. Others wait
in memory alone, on the replica that took them. All wait on one timer, whose work does not grow with their number.
"""

from __future__ import annotations

import asyncio
import itertools
import math
from abc import abstractmethod
from contextlib import suppress
from typing import cast

from modules.common import books, room
from modules.common.again import Again
from modules.common.agenda import Agenda, Job, Kept
from modules.common.leaving import AGAIN
from weirflow import (
    JSON,
    Context,
    Fail,
    derive_operation_id,
)

#: How long messages that are under way may take when the node stops.
STOP_SECONDS = 2.0
#: The wall clock may be set, and a laptop may sleep while timers do not pass: nobody sleeps longer than so many
#: seconds, or that part of the time that is left.
_NAP, _NAP_PART = 60.0, 0.1
#: Seconds between two looks of a replica that does not lead, and would have to send what is due if it did.
_READER_LOOK = 1.0
#: Looks for a message whose caller was called off while it was being stored.
_DOUBTS = 10


class Keeping(Again):
    """Derived classes say what is kept where, how much, and what becomes of a message when it is due."""

    # On every replica: what one holds in memory it sends itself. What stands in the state is for the leading one.
    runs_on = "every"

    def __init__(self) -> None:
        super().__init__()
        self._agenda = Agenda()
        self._workers: set[asyncio.Task[None]] = set()
        #: Workers whose first message has been taken, and that have not got to run yet.
        self._beginning = 0
        self._watch: asyncio.Task[None] | None = None
        #: When the watch looks again, in Unix seconds.
        self._wakes = math.inf
        self._started = False
        #: Ids of messages on their way into the state, and of those in it that are under way.
        self._storing: set[str] = set()
        self._going: set[str] = set()
        #: Whether the state may hold what is not known here: its changes by others, and at a change of leader. For what
        #: may come into it by itself: epoch and version that were looked at last, and how often to look again.
        self._stale = True
        self._looked: tuple[int, int] | None = None
        self._looked_at = 0.0
        self._doubts = 0
        #: Batches of the state have not been read: what stands in them may be due before what is known.
        self._reading = False

    # What derived classes say.

    @property
    @abstractmethod
    def keeps(self) -> bool:
        """Whether a message that comes now is to outlive the process."""

    @property
    @abstractmethod
    def bounds(self) -> tuple[int, int]:
        """How many messages may wait, and how many bytes of them in the state."""

    @property
    @abstractmethod
    def at_once(self) -> int:
        """How many may be under way."""

    @abstractmethod
    async def go_on(self, ctx: Context, job: Job) -> None:
        """Send a message whose time has come. Raises `Fail`."""

    def begin(self, id: str) -> Context:
        return self.services.begin(id)

    @property
    def changes_state(self) -> bool:
        return self.keeps

    # Life.

    async def start(self, ctx: Context) -> None:
        self._started = True
        self._stale = True
        self._begin()

    async def on_settings(self) -> None:
        self._work()
        if self._started:
            self._begin()

    def on_state(self) -> None:
        self._stale = True
        now = self.services.clock.time()
        if self._started and (self._wakes > now + _READER_LOOK or self._leads()):
            self._begin()

    async def stop(self) -> None:
        self._started = False
        if self._workers:
            await asyncio.wait(self._workers, timeout=STOP_SECONDS)
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        self._close_books()

    # Messages.

    async def keep(self, ctx: Context, value: JSON, seconds: float, answer: JSON, name: str) -> None:
        """Take a message that goes on by itself in so many seconds. `answer` is what its caller will get, `name` tells
        the operation apart that it goes on as. Raises `Fail`: `full`, and `too_large` for what never has room."""
        now = self.services.clock.time()
        value, size = room.storable(value)
        job = Job(
            derive_operation_id(ctx.operation_id, name),
            now + seconds,
            value,
            ctx.run_id,
            ctx.run.traceparent,
            size,
            self.keeps,
        )
        most, most_bytes = self.bounds
        if not job.stored:
            if job.id in self._agenda:
                return  # the same operation once more
            self._room.enter(job.size, most, room.BYTES)
        elif not await self._store(ctx, job, most, most_bytes, answer):
            return
        self._agenda.add(job)
        self.publish()
        if not seconds:
            self._work()
        elif job.due < self._wakes:
            self._begin()

    async def drop(self) -> None:
        """Throw away what waits; what is under way goes on."""
        if next(self._unknown(), None) is not None:
            await self._fetch()
            self._take_up()
        jobs = self._agenda.clear()
        dropped = {job.id for job in jobs if job.stored}
        try:
            if dropped:
                async with self.state.change() as state:
                    self._take_out(state, dropped)
                await self.state.stored()
        except BaseException:
            self._agenda.extend(jobs)
            # As below: it may come to be stored all the same.
            self._stale, self._doubts = True, _DOUBTS
            self._begin()
            raise
        self._books.remove(dropped)
        for job in jobs:
            if not job.stored:
                self._room.leave(job.size)
        self._tidy()

    async def _store(self, ctx: Context, job: Job, most: int, most_bytes: int, answer: JSON) -> bool:
        """Put it into the state. False if the watch has found it there already."""
        job.size += room.FRAME
        if job.size > min(most_bytes, books.HEAD):
            raise room.too_large(job.size, books.HEAD, most_bytes)
        if job.id in self._books.jobs:
            return False  # the same operation once more
        await self._have_room(ctx, job.size)
        self._room.enter(job.size, most, most_bytes)
        self._books.reserve(job.size)
        self._storing.add(job.id)
        try:
            # With its context: the settings may have begun to ask for it while the message was on the shorter way.
            async with self.state.change(ctx) as state:
                state.waiting.append(Kept(id=job.id, due=job.due, value=job.value, run=job.run, trace=job.trace))
            await self.state.stored(answer)
        except BaseException:
            self._books.release(job.size)
            # A caller who is called off meanwhile does not keep it from being stored: the watch finds it then.
            self._stale, self._doubts = True, _DOUBTS
            self._begin()
            raise
        finally:
            self._storing.discard(job.id)
        if job.id in self._books.jobs:
            self._books.release(job.size)
            return False
        self._books.arrived(job)
        if self._books.head > books.HIGH:
            self._begin_to_move()
        return True

    # Messages that are due.

    def _work(self, now: float | None = None) -> None:
        """Have as many workers as there are messages due, by now or then, and the settings allow."""
        now = self.services.clock.time() if now is None else now
        while not self._reading and len(self._workers) < self.at_once and (job := self._agenda.take(now)) is not None:
            self._beginning += 1
            worker = self.spawn(self._worker(job), "kept messages")
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def _worker(self, job: Job | None) -> None:
        self._beginning -= 1
        try:
            while job is not None:
                await self._send(job)
                if self._beginning:
                    await asyncio.sleep(0)  # theirs came before the one that is next
                free = not self._reading and len(self._workers) <= self.at_once
                job = self._agenda.take(self.services.clock.time()) if free else None
        finally:
            # At once, not when the loop comes to it: a message that arrives in between needs a worker.
            self._workers.discard(cast("asyncio.Task[None]", asyncio.current_task()))
            # The watch left what was due to the workers, and has not seen what comes after that.
            due = self._agenda.due()
            if self._started and due is not None and due < self._wakes:
                self._begin()
            self.publish()

    async def _send(self, job: Job) -> None:
        if job.stored and not self._leads():
            # Its successor sends it; or this replica, if it leads again: the watch then finds it in the state.
            self._books.remove([job.id])
            self._doubt()
            return
        if job.stored:
            self._going.add(job.id)
        try:
            await self._send_on(job)
        except BaseException:
            # Cut off: it stands in the state, and is found there.
            self._books.remove([job.id])
            self._stale = True
            raise
        finally:
            self._going.discard(job.id)

    async def _send_on(self, job: Job) -> None:
        ctx = self.begin(job.id)
        ctx.continue_run(job.run)
        if job.trace:
            ctx.continue_trace(job.trace)
        try:
            await self.go_on(ctx, job)
        except Fail as failure:
            self._failed(failure)
            if (pause := self.pause_after(job, failure)) is not None:
                self._put_off(job, pause)
                return
            await self.give_up(job, failure)
        else:
            self._went_well()
        finally:
            if not job.stored and job.id not in self._agenda:
                self._room.leave(job.size)
        if job.stored:
            self._has_left(job.id)

    def _put_off(self, job: Job, seconds: float) -> None:
        job.due = self.services.clock.time() + seconds
        self._agenda.add(job)
        if self._started and job.due < self._wakes:
            self._begin()

    def _forgotten(self, ids: set[str]) -> None:
        self._books.remove(ids)
        self._tidy()

    # The watch.

    @property
    def _busy(self) -> set[str]:
        return self._going | self._left

    def _doubt(self) -> None:
        self._stale = True
        if self._started:
            self._begin()

    def _begin(self) -> None:
        """Look now; the watch before ends."""
        if self._watch is not None:
            self._watch.cancel()
        self._wakes = 0.0
        self._watch = self.spawn(self._keep_watch(), "keeping")

    async def _keep_watch(self) -> None:
        clock = self.services.clock
        while True:
            try:
                pause = await self._look()
            except Fail as failure:
                self._failed(failure)
                pause = AGAIN
            # Of one moment: what falls due between two looks at the clock would be left to a worker that is none.
            now = clock.time()
            self._work(now)
            due = self._agenda.due()
            # What is due now and has not left waits for a worker, which will come for it.
            left = due - now if due is not None and due > now else math.inf
            pause = min(pause, left, max(_NAP, left * _NAP_PART)) if left < math.inf else min(pause, _NAP)
            self._wakes = now + pause
            await clock.sleep(pause)

    async def _look(self) -> float:
        """Take up what stands in the state and is not known here. Returns the seconds until it is to be looked again;
        raises `Fail` where that cannot be read."""
        state = self.state.value
        if not (self.keeps or self._books.jobs or state.waiting or state.batches):
            return math.inf
        if not self._leads():
            self._close_books()
            return _READER_LOOK
        if self._stale or (self._looked != (self.state.epoch, self.state.version) and self._look_due()):
            self._reading = next(self._unknown(), None) is not None
            await self._fetch()
            self._take_up()
        self._begin_to_forget()
        if not self._doubts:
            return math.inf
        self._doubts -= 1
        return AGAIN

    def _look_due(self) -> bool:
        """People may have edited the state. It is compared as a whole, so not with every message."""
        return self._doubts > 0 or self.services.clock.monotonic() >= self._looked_at + _NAP

    def _take_up(self) -> None:
        state = self.state.value
        self._looked_at = self.services.clock.monotonic()
        self._stale, self._looked, self._reading = False, (self.state.epoch, self.state.version), False
        fetched, self._fetched = self._fetched, {}
        for batch in state.batches:
            if batch.name in fetched:
                self._books.place(batch.name, [kept.id for kept in fetched[batch.name]])
        self._tidy()
        there = self._there()
        self._take_off([id for id in self._books.jobs if id not in there])
        for kept in itertools.chain(state.waiting, *fetched.values()):
            if kept.id in there and kept.id not in self._books.jobs and kept.id not in self._storing:
                size = room.storable(kept.value)[1] + room.FRAME
                job = Job(kept.id, kept.due, kept.value, kept.run, kept.trace, size, stored=True)
                self._books.add(job)
                self._agenda.add(job)
        if self._books.head > books.HIGH:
            self._begin_to_move()

    def _close_books(self) -> None:
        """Know nothing of what stands in the state, until it is taken up anew; but for what is under way or has left:
        this replica does not send that once more, should it lead again."""
        busy = self._busy
        self._take_off([id for id in self._books.jobs if id not in busy])
        if self._left:
            with suppress(Fail):  # of a state that cannot be read
                forgotten = self._left - self._there()
                self._left -= forgotten
                self._books.remove(forgotten)
        for name in [name for name, ids in self._books.batches.items() if busy.isdisjoint(ids)]:
            self._books.unplace(name)
        self._stale, self._reading = True, False

    def _there(self) -> set[str]:
        """What stands in the state, and in those of its batches that are known here."""
        state = self.state.value
        known = (batch for batch in state.batches if batch.name in self._books.batches)
        return {kept.id for kept in state.waiting}.union(*map(self._books.of, known))

    def _take_off(self, ids: list[str]) -> None:
        for id in ids:
            self._agenda.remove(id)
        self._books.remove(ids)
