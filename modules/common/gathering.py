"""What collect and merge have in common: messages that wait in sets, until a set leaves as one message.

A set is in the state from its first message until the flow behind has taken it, so that a restart loses none: one
that was leaving is sent again, under the same operation id.
"""

from __future__ import annotations

import asyncio
import math
from abc import abstractmethod

from modules.common.leaving import AGAIN, Leaving
from modules.common.waiting import GatheringSettings, Part, Waiting, leaves, measured, place
from weirflow import (
    Button,
    Context,
    Fail,
    Field,
    Model,
    NotLeader,
    Result,
    StateStore,
    button,
    on_control,
    stored,
)

#: How long sets that are under way may take when the node stops.
STOP_SECONDS = 2.0
#: Seconds between two looks at the state at most: it may have become another one, by the watch of the cluster, without
#: a message.
_LOOK = 5.0
#: Looks at which a set is sent that could not be brought to the flow behind: four minutes, for hosts that start, hand
#: over or are away.
_TRIES = 48
#: Above what the settings allow: the state's own limit never drops anything.
_STATE_BYTES = 800 * 1024


class Gathering(Leaving):
    """Derived classes say when a set is complete, what fits into it, and what it is sent as."""

    class State(Model, version=1):
        waiting: list[Waiting] = stored("waiting-sets", default_factory=list, max_bytes=_STATE_BYTES)

    class Control(Model):
        sets: int = Field(title="Sets", readonly=True, description="Sets that wait or are under way")
        messages: int = Field(title="Messages", readonly=True, description="Messages in them", chart="line")
        bytes: int = Field(title="Bytes", readonly=True, description="Of all that waits")
        send: Button = button("Send what waits", "Each set leaves as it is")
        clear: Button = button("Throw away what waits", confirm="All messages that wait are thrown away.")

    settings: GatheringSettings
    state: StateStore[State]

    def __init__(self) -> None:
        super().__init__()
        self._loop: asyncio.Task[None] | None = None
        self._sends: set[asyncio.Task[None]] = set()
        #: Ids of sets that are under way.
        self._leaving: set[str] = set()
        #: How often sets could not be brought to the flow behind, by id.
        self._tries: dict[str, int] = {}
        #: A message has come since the watch looked; the watch sleeps for want of any.
        self._came = self._idle = False

    # What derived classes say.

    def fits(self, waiting: Waiting, name: str) -> bool:
        """Whether a message with this name has a place in the set."""
        return True

    @abstractmethod
    def reason(self, waiting: Waiting) -> str:
        """Why the set may leave now; empty while it waits."""

    @abstractmethod
    def sent_as(self, waiting: Waiting) -> tuple[str, Model]:
        """The output and the message that the set leaves as."""

    # Life.

    @property
    def persistent(self) -> bool:
        return self.settings.persistent

    async def start(self, ctx: Context) -> None:
        self._left.clear()
        self._tries.clear()
        self._begin()

    async def on_settings(self) -> None:
        if self._loop is not None:
            self._begin()

    async def stop(self) -> None:
        if self._loop is not None:
            self._loop.cancel()
            self._loop = None
        if self._sends:
            await asyncio.wait(self._sends, timeout=STOP_SECONDS)

    def _begin(self) -> None:
        """Look at the sets now; the watch before ends."""
        if self._loop is not None:
            self._loop.cancel()
        self._loop = self.spawn(self._watch(), "gathering")

    # Messages.

    async def take(self, ctx: Context, key: str, part: Part, *, by_run: bool) -> Result:
        """Put a message into the set of its key; without one into that of its run, if ``by_run``, else of all that have
        none. The one that completes it gets the flow's answer."""
        run = ctx.run_id if by_run and not key else ""
        part, size = measured(key + run, part)
        complete: Waiting | None = None
        try:
            async with self.state.change() as state:
                index = place(
                    state.waiting,
                    self.settings,
                    size,
                    lambda each: (each.key, each.run) == (key, run) and self.fits(each, part.name),
                )
                waiting = state.waiting[index] if index < len(state.waiting) else self._begun(key, run)
                waiting = waiting.model_copy(update={"parts": [*waiting.parts, part], "size": waiting.size + size})
                if reason := self.reason(waiting):
                    waiting = complete = leaves(waiting, reason, ctx.operation_id)
                    self._leaving.add(waiting.id)
                state.waiting[index : index + 1] = [waiting]
        except BaseException:
            if complete is not None:
                self._leaving.discard(complete.id)
            raise
        self._came = True
        if self._idle:
            self._begin()
        return None if complete is None else await self._send(ctx, complete)

    @on_control("send")
    async def send(self, ctx: Context) -> None:
        await self.let_go(None)

    @on_control("clear")
    async def clear(self, ctx: Context) -> None:
        async with self.state.change() as state:
            state.waiting = [each for each in state.waiting if each.reason]

    async def let_go(self, key: str | None) -> None:
        """Have the sets of that key leave as they are, those of all keys without one; the watch sends them."""
        # With a context of its own the change is stored when the block ends, so that the watch sees it.
        async with self.state.change(self.services.begin()) as state:
            state.waiting = [
                each
                if each.reason or key not in (None, each.key)
                else leaves(each, "flush", self.services.begin().operation_id)
                for each in state.waiting
            ]
        self._begin()

    def control(self) -> Control:
        sets = self.state.value.waiting
        return self.Control(
            sets=len(sets),
            messages=sum(len(each.parts) for each in sets),
            bytes=sum(each.size for each in sets),
            send=False,
            clear=False,
        )

    def live(self) -> str:
        messages = sum(len(each.parts) for each in self.state.value.waiting)
        return f"{messages} waiting" if messages else ""

    def _begun(self, key: str, run: str) -> Waiting:
        return Waiting(
            id=self.services.begin().operation_id, key=key, run=run, since=self.services.clock.time(), parts=[], size=0
        )

    # Sets that leave.

    async def _send(self, ctx: Context, waiting: Waiting) -> Result:
        """Send a set, and have it leave the state whatever the flow makes of it: what fails is for a retry behind, or
        the error port. It stays, for the watch to send, if the caller is called off meanwhile, or the flow could not be
        reached."""
        port, message = self.sent_as(waiting)
        try:
            result = await self.emit(ctx, port, message)
        except Fail as failure:
            # Nothing is sent before the set is stored: then that failed, and nobody has it yet.
            if ctx.sent is not None and not failure.transient:
                self._has_left(waiting.id)
            raise
        except asyncio.CancelledError:
            if self._loop is not None:
                self._begin()
            raise
        else:
            self._has_left(waiting.id)
            return result
        finally:
            self._leaving.discard(waiting.id)

    async def _send_by_itself(self, waiting: Waiting) -> None:
        try:
            ctx = self.services.begin(waiting.operation)
            ctx.continue_run(waiting.run)
            await self._send(ctx, waiting)
        except Fail as failure:
            tries = self._tries.get(waiting.id, 0) + 1
            if failure.transient and tries <= _TRIES:
                # The watch finds it in the state once more, or that of its successor does.
                self._tries[waiting.id] = tries
            else:
                self._has_left(waiting.id)
            if not isinstance(failure, NotLeader):
                self._failed(failure)
        else:
            self._went_well()

    def _forgotten(self, ids: set[str]) -> None:
        for id in ids:
            self._tries.pop(id, None)

    async def _watch(self) -> None:
        """Send the sets whose time has come, and those that were leaving when the leader before ended."""
        clock = self.services.clock
        while True:
            try:
                await self._sweep()
            except Fail as failure:
                self._failed(failure)
                await clock.sleep(AGAIN)
                continue
            pause = _LOOK
            if self.settings.wait and self._came:
                # What came may not be stored yet, but its time is not over before this has passed.
                pause = min(pause, self.settings.wait / 1000)
            for each in self.state.value.waiting:
                if not each.reason:
                    pause = min(pause, max(0.0, self._due(each) - clock.time()))
            self._idle, self._came = not self._came, False
            try:
                await clock.sleep(pause)
            finally:
                self._idle = False

    async def _sweep(self) -> None:
        self._begin_to_forget()
        now = self.services.clock.time()
        late = {each.id for each in self.state.value.waiting if not each.reason and self._due(each) <= now}
        if late:
            async with self.state.change(self.services.begin()) as state:
                state.waiting = [
                    leaves(each, "time", self.services.begin().operation_id)
                    if each.id in late and not each.reason
                    else each
                    for each in state.waiting
                ]
        for each in self.state.value.waiting:
            if each.reason and each.id not in self._leaving and each.id not in self._left:
                self._leaving.add(each.id)
                task = self.spawn(self._send_by_itself(each), "gathered set")
                self._sends.add(task)
                task.add_done_callback(self._sends.discard)

    def _due(self, waiting: Waiting) -> float:
        """Unix seconds when the set leaves as it is."""
        return waiting.since + self.settings.wait / 1000 if self.settings.wait else math.inf
