"""What delay and async have in common: messages whose callers have been answered, and that go on when they are due.

One that is to outlive the process stands in the state from before its caller is answered until the flow behind has
taken it, so that a restart loses none: one that was under way is sent again, under the same operation id. Others wait
in memory alone, on the replica that took them. All wait on one timer, whose work does not grow with their number.
"""

from __future__ import annotations

import asyncio
import math
from abc import abstractmethod
from contextlib import suppress
from typing import cast

from modules.common import room
from modules.common.agenda import Agenda, Job, Kept
from modules.common.leaving import AGAIN, Leaving
from weirflow import (
    JSON,
    Context,
    Fail,
    Model,
    StateStore,
    derive_operation_id,
    stored,
)

#: How long messages that are under way may take when the node stops.
STOP_SECONDS = 2.0
#: The wall clock may be set, and a laptop may sleep while timers do not pass: nobody sleeps longer than so many
#: seconds, or that part of the time that is left.
_NAP, _NAP_PART = 60.0, 0.1
#: Seconds between two looks of a replica that does not lead, and would have to send what is due if it did.
_READER_LOOK = 1.0
#: How often a message that is kept is sent again where it could not be brought to the flow behind, and the seconds
#: before the first of these and at most: four minutes in all, for hosts that start, hand over or are away.
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 10, 1.0, 60.0
#: Looks for a message whose caller was called off while it was being stored.
_DOUBTS = 10
#: Above what the settings allow: the state's own limit never drops anything.
_STATE_BYTES = 800 * 1024


class Keeping(Leaving):
    """Derived classes say what is kept where, how much, and what becomes of a message when it is due."""

    # On every replica: what one holds in memory it sends itself. What stands in the state is for the leading one.
    runs_on = "every"

    class State(Model, version=1):
        waiting: list[Kept] = stored("waiting-messages", default_factory=list, max_bytes=_STATE_BYTES)

    state: StateStore[State]

    def __init__(self) -> None:
        super().__init__()
        self._agenda = Agenda()
        self._room = room.Room()
        self._workers: set[asyncio.Task[None]] = set()
        #: Workers whose first message has been taken, and that have not got to run yet.
        self._beginning = 0
        self._watch: asyncio.Task[None] | None = None
        #: When the watch looks again, in Unix seconds.
        self._wakes = math.inf
        self._started = False
        #: Sizes of the messages that stand in the state, by id; ids of those on their way into it, and under way.
        self._stored: dict[str, int] = {}
        self._storing: set[str] = set()
        self._going: set[str] = set()
        #: Epoch and version of the state that was looked at last.
        self._looked: tuple[int, int] | None = None
        self._doubts = 0

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

    def begin(self, job: Job) -> Context:
        """What it is sent in."""
        return self.services.begin(job.id)

    async def failed_on(self, job: Job, failure: Fail) -> None:
        """The flow behind has failed; that is shown already."""

    @property
    def changes_state(self) -> bool:
        return self.keeps

    # Life.

    async def start(self, ctx: Context) -> None:
        self._started = True
        self._looked = None
        self._begin()

    async def on_settings(self) -> None:
        self._work()
        if self._started:
            self._begin()

    def on_state(self) -> None:
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
        jobs = self._agenda.clear()
        dropped = {job.id for job in jobs if job.stored}
        try:
            if dropped:
                async with self.state.change() as state:
                    state.waiting = [each for each in state.waiting if each.id not in dropped]
                await self.state.stored()
        except BaseException:
            self._agenda.extend(jobs)
            self._begin()
            raise
        for job in jobs:
            if not job.stored or self._stored.pop(job.id, None) is not None:
                self._room.leave(job.size)

    async def _store(self, ctx: Context, job: Job, most: int, most_bytes: int, answer: JSON) -> bool:
        """Put it into the state. False if the watch has found it there already."""
        job.size += room.FRAME
        if job.size > most_bytes:
            raise room.too_large(job.size, most_bytes)
        self._room.enter(job.size, most, most_bytes)
        self._storing.add(job.id)
        try:
            # With its context: the settings may have begun to ask for it while the message was on the shorter way.
            async with self.state.change(ctx) as state:
                state.waiting.append(Kept(id=job.id, due=job.due, value=job.value, run=job.run, trace=job.trace))
            await self.state.stored(answer)
        except BaseException:
            self._room.leave(job.size)
            # A caller who is called off meanwhile does not keep it from being stored: the watch finds it then.
            self._looked, self._doubts = None, _DOUBTS
            self._begin()
            raise
        finally:
            self._storing.discard(job.id)
        if job.id in self._stored:
            self._room.leave(job.size)
            return False
        self._stored[job.id] = job.size
        return True

    # Messages that are due.

    def _work(self, now: float | None = None) -> None:
        """Have as many workers as there are messages due, by now or then, and the settings allow."""
        now = self.services.clock.time() if now is None else now
        while len(self._workers) < self.at_once and (job := self._agenda.take(now)) is not None:
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
                job = self._agenda.take(self.services.clock.time()) if len(self._workers) <= self.at_once else None
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
            self._unbook([job.id])
            self._looked = None
            if self._started:
                self._begin()
            return
        if job.stored:
            self._going.add(job.id)
        try:
            await self._send_on(job)
        except BaseException:
            # Cut off: it stands in the state, and is found there.
            self._unbook([job.id])
            self._looked = None
            raise
        finally:
            self._going.discard(job.id)

    async def _send_on(self, job: Job) -> None:
        ctx = self.begin(job)
        ctx.continue_run(job.run)
        if job.trace:
            ctx.continue_trace(job.trace)
        try:
            await self.go_on(ctx, job)
        except Fail as failure:
            self._failed(failure)
            if job.stored and failure.transient and job.tries < _TRIES:
                self._put_off(job)
                return
            await self.failed_on(job, failure)
        else:
            self._went_well()
        finally:
            if not job.stored:
                self._room.leave(job.size)
        if job.stored:
            self._has_left(job.id)

    def _put_off(self, job: Job) -> None:
        """Nobody has failed on it: it goes on waiting where it stands, and is sent again as the same operation."""
        job.due = self.services.clock.time() + min(_FIRST_PAUSE * 2**job.tries, _LONGEST_PAUSE)
        job.tries += 1
        self._agenda.add(job)
        if self._started and job.due < self._wakes:
            self._begin()

    def _forgotten(self, ids: set[str]) -> None:
        self._unbook(ids)

    # The watch.

    def _leads(self) -> bool:
        return self.services.is_leader(self.services.begin())

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
                pause = self._look()
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

    def _look(self) -> float:
        """Take up what stands in the state and is not known here. Returns the seconds until it is to be looked again;
        raises `Fail` where the state cannot be read."""
        if not (self.keeps or self._stored or self.state.value.waiting):
            return math.inf
        if not self._leads():
            self._close_books()
            return _READER_LOOK
        order = self.state.epoch, self.state.version
        if order != self._looked:
            self._take_up(self.state.value.waiting)
            self._looked = order
        self._begin_to_forget()
        if not self._doubts:
            return math.inf
        self._doubts -= 1
        return AGAIN

    def _take_up(self, waiting: list[Kept]) -> None:
        there = {kept.id for kept in waiting}
        self._take_off([id for id in self._stored if id not in there])
        for kept in waiting:
            if kept.id not in self._stored and kept.id not in self._storing:
                size = room.storable(kept.value)[1] + room.FRAME
                self._stored[kept.id] = size
                self._room.add(size)
                self._agenda.add(Job(kept.id, kept.due, kept.value, kept.run, kept.trace, size, stored=True))

    def _close_books(self) -> None:
        """Know nothing of what stands in the state, until it is taken up anew; but for what is under way or has left:
        this replica does not send that once more, should it lead again."""
        self._take_off([id for id in self._stored if id not in self._going and id not in self._left])
        if self._left:
            with suppress(Fail):  # of a state that cannot be read
                forgotten = self._left - {kept.id for kept in self.state.value.waiting}
                self._left -= forgotten
                self._unbook(forgotten)
        self._looked = None

    def _take_off(self, ids: list[str]) -> None:
        for id in ids:
            self._agenda.remove(id)
        self._unbook(ids)

    def _unbook(self, ids: list[str] | set[str]) -> None:
        for id in ids:
            if (size := self._stored.pop(id, None)) is not None:
                self._room.leave(size)
