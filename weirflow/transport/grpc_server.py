"""The answering side of gRPC: the stream of our own hosts, the service of modules of others, and health."""

from __future__ import annotations

import asyncio
import functools
from collections import deque
from collections.abc import Callable
from typing import Any

import grpc
from grpc import aio

from weirflow.errors import Fail
from weirflow.transport import module_service
from weirflow.transport.envelope import Envelope
from weirflow.transport.failure import failure_bytes
from weirflow.transport.grpc_channel import BATCH_BYTES, MESSAGE_BYTES, open_server
from weirflow.transport.grpc_options import GrpcOptions
from weirflow.transport.handling import ARRIVAL_LIMIT, Handling, Outcome
from weirflow.transport.proto import link_pb2 as wire
from weirflow.transport.sizes import check_size

#: Calls of one host under way at once; it holds back further ones.
WINDOW = ARRIVAL_LIMIT // 4
_SERVING = b"\x08\x01"


class GrpcServer:
    """``allows`` judges the ``authorization`` that a caller brings."""

    def __init__(self, options: GrpcOptions, handling: Handling, allows: Callable[[str], bool]) -> None:
        self._options, self._handling, self._allows = options, handling, allows
        self._server: aio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen. Raises ``OSError`` when the port is taken."""
        server, self.port = open_server(self._options)
        open_link = grpc.stream_stream_rpc_method_handler(
            self._link, wire.Calls.FromString, wire.Answers.SerializeToString
        )
        server.add_generic_rpc_handlers(
            (
                grpc.method_handlers_generic_handler("weirflow.Link", {"Open": open_link}),
                module_service.handler(self._handling, self._may_call),
                grpc.method_handlers_generic_handler(
                    "grpc.health.v1.Health", {"Check": grpc.unary_unary_rpc_method_handler(_healthy)}
                ),
            )
        )
        await server.start()
        self._server = server

    async def stop(self, seconds: float) -> None:
        """Refuse new streams, let what is under way end within ``seconds``, close."""
        if self._server is not None:
            stopping = asyncio.create_task(self._server.stop(seconds))
            await self._handling.stop(seconds)
            # The answers to what has just ended are on their way; the streams themselves never end.
            await asyncio.wait([stopping], timeout=0.1)
            await self._server.stop(0)
            await stopping

    def _may_call(self, context: aio.ServicerContext[Any, Any]) -> bool:
        return self._options.foreign or self._allows(_authorization(context))

    async def _link(self, _requests: object, context: aio.ServicerContext[Any, Any]) -> None:
        if not self._allows(_authorization(context)):
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, "the link's key is missing or wrong")
        await context.write(wire.Answers(window=WINDOW))
        answers = _Answers(context)
        writing = asyncio.create_task(answers.write(), name="answering")
        tasks: dict[int, asyncio.Task[None]] = {}
        try:
            batch: Any
            while (batch := await context.read()) is not aio.EOF:
                for call in batch.calls:
                    number = call.number
                    task = self._handling.take(_envelope(call), functools.partial(answers.put, number))
                    if task is not None:
                        tasks[number] = task
                        task.add_done_callback(lambda _task, number=number: tasks.pop(number, None))  # type: ignore[misc]
                for number in batch.cancelled:
                    if number in tasks:
                        tasks[number].cancel()
        finally:
            # Nobody waits for these answers any more.
            for task in list(tasks.values()):
                task.cancel()
            writing.cancel()
            await asyncio.wait([writing])


class _Answers:
    """The answers of one stream that are ready and not yet written. Bounded by the caller's window."""

    def __init__(self, context: aio.ServicerContext[wire.Calls, wire.Answers]) -> None:
        self._context = context
        self._ready: deque[wire.Answer] = deque()
        self._wake = asyncio.Event()

    def put(self, number: int, outcome: Outcome) -> None:
        if isinstance(outcome, bytes):
            try:
                check_size(len(outcome), MESSAGE_BYTES, "the result", "gRPC")
            except Fail as error:
                outcome = error
        if isinstance(outcome, Fail):
            self._ready.append(wire.Answer(number=number, failure=failure_bytes(outcome)))
        elif outcome is None:
            self._ready.append(wire.Answer(number=number))
        else:
            self._ready.append(wire.Answer(number=number, result=outcome))
        self._wake.set()

    async def write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._ready:
                batch, size = [], 0
                while self._ready and size < BATCH_BYTES:
                    answer = self._ready.popleft()
                    size += len(answer.result) + len(answer.failure) + 16
                    batch.append(answer)
                await self._context.write(wire.Answers(answers=batch))


def _envelope(call: wire.Call) -> Envelope:
    return Envelope(
        call.target,
        call.source,
        call.payload,
        call.operation_id,
        call.edge,
        call.depth,
        call.timeout_ms / 1000,
        call.forwarded,
        call.epoch,
        call.traceparent,
        call.run,
    )


def _authorization(context: aio.ServicerContext[Any, Any]) -> str:
    for name, value in context.invocation_metadata() or ():
        if name == "authorization" and isinstance(value, str):
            return value
    return ""


async def _healthy(_request: bytes, _context: aio.ServicerContext[bytes, bytes]) -> bytes:
    return _SERVING
