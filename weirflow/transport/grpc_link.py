"""The calling side of a stream between two hosts: all calls to one address, in batches, within the window it allows."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import grpc
from grpc import aio

from weirflow.errors import Fail
from weirflow.transport.base import Unreachable
from weirflow.transport.calls import Calls, Timers, late
from weirflow.transport.envelope import Envelope
from weirflow.transport.failure import read_failure
from weirflow.transport.grpc_channel import BATCH_BYTES, MESSAGE_BYTES
from weirflow.transport.proto import link_pb2 as wire
from weirflow.transport.sizes import check_size

log = logging.getLogger(__name__)

_OPEN_SECONDS = 5.0


class GrpcLink:
    """Opened by its first call, over when its stream ends; then ``over`` is set and a new one must be made.
    ``refused`` is called when the other side does not take ``bearer``."""

    def __init__(
        self, address: str, channel: aio.Channel, bearer: str, timers: Timers, refused: Callable[[], None]
    ) -> None:
        self._address, self._channel, self._timers = address, channel, timers
        self._bearer, self._refused = bearer, refused
        self._calls = Calls(timers)
        self._unsent: deque[wire.Call] = deque()
        self._cancelled: list[int] = []
        self._wake = asyncio.Event()
        self._window: asyncio.Semaphore | None = None
        self._opened = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(), name=f"link to {address}")
        self.over = False

    async def call(self, envelope: Envelope) -> bytes | None:
        """Send and wait for the answer. Raises ``Fail``."""
        check_size(len(envelope.payload), MESSAGE_BYTES, f"the message to {envelope.target}", "gRPC")
        if self._window is None or self._window.locked():
            envelope = await self._admitted(envelope)
        else:
            await self._window.acquire()
        assert self._window is not None
        try:
            return await self._exchange(envelope)
        finally:
            self._window.release()

    async def _admitted(self, envelope: Envelope) -> Envelope:
        """Wait for the stream and for a place in the window. Returns the message with the time that it has left."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(envelope.timeout):
                if self._window is None:
                    await asyncio.shield(self._opened)
                assert self._window is not None
                await self._window.acquire()
        except TimeoutError:
            raise late(envelope.timeout, envelope.target) from None
        return replace(envelope, timeout=max(envelope.timeout - (time.monotonic() - began), 0.001))

    async def _exchange(self, envelope: Envelope) -> bytes | None:
        if self.over:
            raise Unreachable(f"the connection to {self._address} ended", delivered=False)
        call = _call(envelope)
        call.number = number = self._calls.begin()
        self._unsent.append(call)
        self._wake.set()
        try:
            return await self._calls.answer(number, envelope.timeout, envelope.target)
        except asyncio.CancelledError:
            self._cancel(number)
            raise
        except Fail as error:
            if error.code == "timeout":
                self._cancel(number)
            raise

    async def close(self) -> None:
        """End the stream; calls under way fail."""
        self._task.cancel()
        await asyncio.wait([self._task])

    def _cancel(self, number: int) -> None:
        if not self.over:
            self._cancelled.append(number)
            self._wake.set()

    async def _run(self) -> None:
        stream = self._channel.stream_stream(
            "/weirflow.Link/Open",
            request_serializer=wire.Calls.SerializeToString,
            response_deserializer=wire.Answers.FromString,
        )(metadata=(("authorization", self._bearer),))
        reason = "it ended"
        writing: asyncio.Task[None] | None = None
        try:
            async with asyncio.timeout(_OPEN_SECONDS):
                first: Any = await stream.read()
            if first is aio.EOF:
                raise aio.UsageError("the stream ended before it began")
            self._window = asyncio.Semaphore(first.window)
            self._opened.set_result(None)
            writing = asyncio.create_task(self._write(stream), name=f"writing to {self._address}")
            answers: Any
            while (answers := await stream.read()) is not aio.EOF:
                for answer in answers.answers:
                    self._answered(answer)
        except TimeoutError:
            reason = f"no answer within {_OPEN_SECONDS:g} s"
        except aio.AioRpcError as error:
            reason = _reason(error)
            if error.code() is grpc.StatusCode.UNAUTHENTICATED:
                self._refused()
        except aio.UsageError as error:
            reason = str(error)
        finally:
            self._end(reason)
            if writing is not None:
                writing.cancel()
                await asyncio.wait([writing])
            stream.cancel()
            await self._channel.close()

    def _end(self, reason: str) -> None:
        self.over = True
        message = f"{self._address} cannot be reached: {reason}"
        for call in self._unsent:
            self._calls.fail(call.number, Unreachable(message, delivered=False))
        self._unsent.clear()
        self._calls.fail_all(message)
        if not self._opened.done():
            self._opened.set_exception(Unreachable(message, delivered=False))
            self._opened.exception()

    async def _write(self, stream: aio.StreamStreamCall[Any, Any]) -> None:
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._unsent or self._cancelled:
                    await stream.write(self._batch())
        except (aio.AioRpcError, asyncio.InvalidStateError, aio.UsageError) as error:
            # The reader meets the same end, and says why.
            log.debug("writing to %s: %r", self._address, error)

    def _batch(self) -> wire.Calls:
        calls, size = [], 0
        while self._unsent and size < BATCH_BYTES:
            call = self._unsent.popleft()
            size += len(call.payload) + 256
            calls.append(call)
        batch = wire.Calls(calls=calls, cancelled=self._cancelled)
        self._cancelled.clear()
        return batch

    def _answered(self, answer: wire.Answer) -> None:
        kind = answer.WhichOneof("outcome")
        if kind == "failure":
            self._calls.fail(answer.number, read_failure(answer.failure))
        else:
            self._calls.resolve(answer.number, answer.result if kind == "result" else None)


def _call(envelope: Envelope) -> wire.Call:
    try:
        return wire.Call(
            target=envelope.target,
            source=envelope.source,
            payload=envelope.payload,
            operation_id=envelope.operation_id,
            edge=envelope.edge,
            depth=envelope.depth,
            timeout_ms=min(max(1, round(envelope.timeout * 1000)), 2**31),
            forwarded=envelope.forwarded,
            epoch=envelope.epoch,
            traceparent=envelope.traceparent,
            run=envelope.run,
        )
    except UnicodeEncodeError as error:
        raise Fail(f"a name of the edge to {envelope.target!r} is no text: {error}", code="edge_invalid") from error


def _reason(error: aio.AioRpcError) -> str:
    if error.code() is grpc.StatusCode.UNAUTHENTICATED:
        return "it does not know this host's key; hosts that call each other use the same cluster"
    return error.details() or str(error.code())
