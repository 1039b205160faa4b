"""The host's end of one worker: frames out, answers in, a deadline for whatever it is at."""

from __future__ import annotations

import asyncio
import json
import re
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from weirflow.errors import JSON, Fail
from weirflow.sandbox.failures import crashed, flooded, reported, timed_out
from weirflow.sandbox.inside.frames import ANSWER, CALL, COMPILED, FAILED, HEADER, HELLO, LAST, LOG
from weirflow.sandbox.level import Walls
from weirflow.sandbox.limits import Limits
from weirflow.sandbox.nursery import Nursery
from weirflow.sandbox.room import Room

#: Beside an answer a frame holds what was printed, of which each character may be four bytes, and some words.
_ROOM = 1 << 16
#: What of an answer may have come without being counted.
_SMALL = 1 << 20
#: To be born, and to compile: what is not bound by the deadline of calls.
_START_SECONDS = 20.0
#: The late answer of a host that was held up may be on its way still.
_GRACE_SECONDS = 0.02
#: So many calls are sent ahead, and no more than it does in so many seconds.
_AHEAD, _MOMENT = 128, 0.004
#: Behind so many bytes that it has not answered nothing more is sent: what waits is bounded in the pool.
_AHEAD_BYTES = 1 << 20
#: Lists and dicts of one answer: each takes two bytes there, and a hundred in the host.
MOST_CONTAINERS = 1_000_000
_TOO_MANY = f"what it returned has more than {MOST_CONTAINERS:,} lists and dicts"
#: One that is never closed reaches to the end: looked for once, as code may write whatever it likes to its socket.
_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
#: How long after its last answer a worker is stopped until the next call: code may have answered and run on.
_RUN_ON_SECONDS = 1.0
#: How much of a new duration counts in the mean.
_WEIGHT = 0.1


@dataclass(slots=True, eq=False)
class Call:
    """One frame that waits for its answer. `future` is done with the answer's JSON."""

    kind: int
    payload: bytes
    future: asyncio.Future[JSON]


class Worker(asyncio.Protocol):
    """`free` is called whenever an answer has come, `ended` once, with the calls that have not been begun."""

    def __init__(
        self,
        nursery: Nursery,
        limits: Limits,
        *,
        project: str,
        yields: bool,
        room: Room,
        printed: Callable[[str], None],
        free: Callable[[], None],
        ended: Callable[[Worker, list[Call]], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._nursery, self._limits = nursery, limits
        #: Whose share of the host's workers it is of.
        self.project = project
        #: What it may use, in bytes.
        self.memory = limits.memory
        self._printed, self._free, self._when_ended = printed, free, ended
        #: What it has been given and not answered, oldest first; and when the oldest can have been begun.
        self._calls: deque[Call] = deque()
        self._bytes = 0
        self._since = 0.0
        self._buffer = bytearray()
        #: Of the buffer's bytes, those that were asked for; small answers come and go without.
        self._room, self._taken = room, 0
        self._out: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None
        #: Seconds that a call takes; None before the first.
        self._mean: float | None = None
        self._verdict: Fail | None = None
        self._leaves = self._lost = self._over = self._paused = False
        #: Whether it has ended, or said that it will, and nobody but its code wanted that.
        self.crashed = False
        #: Whether the call that it is at has had its time, and a moment more for an answer that waits to be read.
        self._late = False
        self.born = self.idle_since = self._loop.time()
        #: Known once it has said hello.
        self.walls: asyncio.Future[Walls] = self._loop.create_future()
        self._slot, socket = nursery.begin(limits, self._process_ended, yields=yields)
        self._socket = socket

    async def connect(self) -> None:
        """Returns when the socket is listened to."""
        await self._loop.create_connection(lambda: self, sock=self._socket)
        self._arm(_START_SECONDS)

    @property
    def calls(self) -> list[Call]:
        """Those that it has not answered."""
        return list(self._calls)

    @property
    def leaves(self) -> bool:
        """Whether it is about to end."""
        return self._leaves or self._over

    @property
    def load(self) -> int:
        """How many calls it has not answered."""
        return len(self._calls)

    @property
    def takes(self) -> int:
        """How many more calls may be sent ahead: as many as it does in a moment, so that none waits long behind one
        that turns out slow while another worker is free."""
        if self._over or self._leaves or self._lost or not self.walls.done() or self._bytes > _AHEAD_BYTES:
            return 0
        most = 1 if self._mean is None else max(1, min(_AHEAD, int(_MOMENT / max(self._mean, 1e-6))))
        return most - len(self._calls)

    @property
    def busy_for(self) -> float:
        """Seconds since it began what it is at; 0 when it is at nothing."""
        return self._loop.time() - self._since if self._calls else 0.0

    def send(self, call: Call) -> None:
        """Have it answered after those before."""
        self._calls.append(call)
        self._bytes += len(call.payload)
        if self._paused:
            self._paused = False
            self._nursery.resume(self._slot)
        if len(self._calls) == 1:
            self._since = self._loop.time()
            self._arm(self._deadline)
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(HEADER.pack(len(call.payload), call.kind))
        self._out.append(call.payload)

    def leave(self) -> None:
        """Take nothing more, and end when what was sent is answered."""
        self._leaves = True
        if not self._calls:
            self.kill(None)

    def kill(self, verdict: Fail | None) -> None:
        """End it now; the call that it is at fails with `verdict`, or as one whose process crashed."""
        self._verdict = self._verdict or verdict
        self._nursery.kill(self._slot)
        self._end(None)

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        start, size = 0, HEADER.size
        while len(buffer) - start >= size:
            length, kind = HEADER.unpack_from(buffer, start)
            if length > self._limits.answer + _ROOM:
                self.kill(crashed(None))
                return
            end = start + size + length
            if len(buffer) < end:
                break
            if not self._hear(kind, bytes(memoryview(buffer)[start + size : end])):
                self.kill(crashed(None))
                return
            start = end
        del buffer[:start]
        if not self._over and not self._takes_room():
            self.kill(flooded())
        if not self._over:
            self._free()

    def connection_lost(self, exc: Exception | None) -> None:
        # The process is about to say with what status it ended, unless it has closed the socket and lives on.
        if not self._over:
            self._lost = True
            self._nursery.kill(self._slot)
            self._loop.call_later(_GRACE_SECONDS * 10, self._end, None)

    # Inner works.

    @property
    def _deadline(self) -> float:
        return self._limits.deadline if self._calls and self._calls[0].kind == CALL else _START_SECONDS

    def _flush(self) -> None:
        data, self._out = b"".join(self._out), []
        if self._transport is not None and not self._over:
            self._transport.write(data)

    def _hear(self, kind: int, payload: bytes) -> bool:
        """Whether it was this worker's turn to say that."""
        if kind == HELLO and not self.walls.done():
            self.walls.set_result(Walls(tuple(str(name)[:80] for name in json.loads(payload))))
            self._since = self._loop.time()
            return True
        if not self._calls or self._over or not self.walls.done():
            return False
        call = self._calls[0]
        try:
            answer = self._read(call.kind, kind, payload)
        except (ValueError, RecursionError, struct.error):
            return False
        self._calls.popleft()
        self._bytes -= len(call.payload)
        now = self._loop.time()
        if call.kind == CALL:
            took = now - self._since
            self._mean = took if self._mean is None else self._mean + _WEIGHT * (took - self._mean)
        self._since = self.idle_since = now
        self._late = False
        self._arm(self._deadline if self._calls else _RUN_ON_SECONDS)
        if not call.future.done():
            if isinstance(answer, Fail):
                call.future.set_exception(answer)
            else:
                call.future.set_result(answer)
        self.crashed = self.crashed or kind == LAST
        self._leaves = self._leaves or kind == LAST
        if kind == LAST or (self._leaves and not self._calls):
            self.kill(None)
        return True

    def _read(self, asked: int, kind: int, payload: bytes) -> JSON | Fail:
        """Raises `ValueError` and the like for what is no answer to what was asked."""
        if asked != CALL:
            if kind != COMPILED:
                raise ValueError(kind)
            return orjson.loads(payload)
        if kind not in (ANSWER, FAILED, LAST):
            raise ValueError(kind)
        (length,) = LOG.unpack_from(payload)
        body = memoryview(payload)[LOG.size :]
        if length > len(body):
            raise ValueError(length)
        if _has_too_many(payload, LOG.size + length):
            return reported(self._limits, {"kind": "result", "text": _TOO_MANY})
        try:
            answer = orjson.loads(body[length:])
        except ValueError as error:
            if kind != ANSWER or "infinity" not in str(error):
                raise
            # An integer past all that a float can hold is JSON to the one that wrote it.
            answer, kind = {"kind": "result", "text": f"what it returned is not JSON: {error}"}, FAILED
        if length:
            self._printed(bytes(body[:length]).decode("utf-8", "replace"))
        return answer if kind == ANSWER else reported(self._limits, answer)

    def _arm(self, seconds: float) -> None:
        """Look in so many seconds, or earlier."""
        due = self._loop.time() + seconds
        if self._over or (self._timer is not None and self._timer.when() <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(due, self._look)

    def _look(self) -> None:
        """Whether the call that it is at has had its time; else look again when it will have."""
        self._timer = None
        if self._over:
            return
        if not self._calls and self.walls.done():
            self._rest()
            return
        since = self._since if self._calls else self.born
        left = since + self._deadline - self._loop.time()
        if left > 0:
            self._arm(left)
        elif not self._late:
            self._late = True
            self._arm(_GRACE_SECONDS)
        else:
            self.kill(timed_out(self._limits))

    def _takes_room(self) -> bool:
        """Whether there is room for what has come of an answer that is not whole."""
        size = len(self._buffer) if len(self._buffer) > _SMALL else 0
        more, self._taken = size - self._taken, size
        return more == 0 or self._room.take(self.project, more)

    def _rest(self) -> None:
        """It has nothing to do: whatever it does is stopped, at once or when it has had a moment."""
        left = self.idle_since + _RUN_ON_SECONDS - self._loop.time()
        if left > 0:
            self._arm(left)
        elif not self._paused:
            self._paused = True
            self._nursery.pause(self._slot)

    def _process_ended(self, status: int) -> None:
        self._end(status)

    def _end(self, status: int | None) -> None:
        if self._over:
            return
        self._over = True
        wanted = self._leaves or (self._verdict is not None and self._verdict.code == "stopped")
        self.crashed = self.crashed or not wanted
        self._buffer.clear()
        self._takes_room()
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.abort()
        else:
            self._socket.close()
        left = list(self._calls)
        self._calls.clear()
        if not self.walls.done():
            self.walls.set_exception(crashed(status))
            self.walls.exception()
        if left and (self._verdict is not None or not self._leaves):
            head = left.pop(0)
            if not head.future.done():
                head.future.set_exception(self._verdict or crashed(status))
        self._when_ended(self, left)


def _has_too_many(payload: bytes, start: int) -> bool:
    """Whether the JSON from `start` on would be more objects than its bytes let expect."""
    if len(payload) < MOST_CONTAINERS or _containers(payload, start) <= MOST_CONTAINERS:
        return False
    # Some may stand in texts.
    return _containers(_TEXTS.sub(b"", payload[start:]), 0) > MOST_CONTAINERS


def _containers(payload: bytes, start: int) -> int:
    return payload.count(b"[", start) + payload.count(b"{", start)
