"""The unary service by which modules of others are called, and call ours; see ``proto/module.proto``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias

import grpc
from grpc import aio

from weirflow.context import DEFAULT_TIMEOUT, new_operation_id
from weirflow.errors import Fail
from weirflow.transport.base import Unreachable
from weirflow.transport.calls import late
from weirflow.transport.envelope import Envelope
from weirflow.transport.failure import failure_bytes, read_failure
from weirflow.transport.grpc_channel import MESSAGE_BYTES
from weirflow.transport.handling import Handling, Outcome
from weirflow.transport.proto import module_pb2 as wire
from weirflow.transport.sizes import check_size

_SERVICE = "module.ModuleService"
_DEPTH, _OPERATION, _RUN, _FAILURE, _TRACE = (
    "x-message-depth",
    "x-weirflow-operation",
    "x-weirflow-run",
    "x-weirflow-failure-bin",
    "traceparent",
)
#: Metadata may have 8 KiB.
_LONGEST_TEXT = 1024
_CODES = {
    "timeout": grpc.StatusCode.DEADLINE_EXCEEDED,
    "overloaded": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "unknown_node": grpc.StatusCode.NOT_FOUND,
    "message_rejected": grpc.StatusCode.INVALID_ARGUMENT,
}

Context: TypeAlias = "aio.ServicerContext[wire.MessageRequest, wire.MessageResponse]"


def handler(handling: Handling, may_call: Callable[[Context], bool]) -> grpc.GenericRpcHandler:
    """The service as a part of a server."""

    async def message(request: wire.MessageRequest, context: Context) -> wire.MessageResponse:
        if not may_call(context):
            await context.abort(
                grpc.StatusCode.UNAUTHENTICATED,
                "this host takes messages of its own kind only; WEIRFLOW_GRPC_FOREIGN=1 lets other modules in",
            )
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def answer(outcome: Outcome) -> None:
            if not done.done():
                done.set_result(outcome)

        task = handling.take(_arrived(request, context), answer)
        try:
            outcome = await done
        except asyncio.CancelledError:
            if task is not None:
                task.cancel()
            raise
        if isinstance(outcome, Fail):
            context.set_trailing_metadata(((_FAILURE, failure_bytes(outcome, _LONGEST_TEXT)),))
            unknown = grpc.StatusCode.UNAVAILABLE if outcome.retryable else grpc.StatusCode.UNKNOWN
            await context.abort(_CODES.get(outcome.code, unknown), outcome.problem.message[:_LONGEST_TEXT])
        return wire.MessageResponse(Data=outcome or b"")

    methods = {
        "Message": grpc.unary_unary_rpc_method_handler(
            message, wire.MessageRequest.FromString, wire.MessageResponse.SerializeToString
        )
    }
    return grpc.method_handlers_generic_handler(_SERVICE, methods)


async def call(channel: aio.Channel, address: str, envelope: Envelope) -> bytes | None:
    """Call a module of others at ``address``. Raises ``Fail``."""
    check_size(len(envelope.payload), MESSAGE_BYTES, f"the message to {envelope.target}", "gRPC")
    metadata = [(_DEPTH, str(envelope.depth)), (_OPERATION, envelope.operation_id)]
    if envelope.run:
        metadata.append((_RUN, envelope.run))
    if envelope.traceparent:
        metadata.append((_TRACE, envelope.traceparent))
    send = channel.unary_unary(
        f"/{_SERVICE}/Message",
        request_serializer=wire.MessageRequest.SerializeToString,
        response_deserializer=wire.MessageResponse.FromString,
    )
    request = wire.MessageRequest(
        ID=envelope.operation_id,
        From=envelope.source,
        To=envelope.target,
        Payload=envelope.payload,
        EdgeID=envelope.edge,
    )
    try:
        response = await send(request, timeout=envelope.timeout, metadata=tuple(metadata))
    except aio.AioRpcError as error:
        raise _failure(error, address, envelope) from None
    return response.Data if response.Data not in (b"", b"null") else None


def _arrived(request: wire.MessageRequest, context: Context) -> Envelope:
    fields = {name: value for name, value in context.invocation_metadata() or () if isinstance(value, str)}
    depth = fields.get(_DEPTH, "")
    remaining = context.time_remaining()
    return Envelope(
        target=request.To,
        source=request.From,
        payload=request.Payload,
        operation_id=fields.get(_OPERATION) or new_operation_id(),
        edge=request.EdgeID,
        depth=max(int(depth), 1) if depth.isascii() and depth.isdecimal() and len(depth) < 9 else 1,
        timeout=DEFAULT_TIMEOUT if remaining is None or remaining > 1e6 else remaining,
        traceparent=fields.get(_TRACE, ""),
        run=fields.get(_RUN, ""),
    )


def _failure(error: aio.AioRpcError, address: str, envelope: Envelope) -> Fail:
    trailing: Any = error.trailing_metadata() or ()
    for name, value in trailing:
        if name == _FAILURE:
            return read_failure(value)
    text = error.details() or str(error.code())
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return late(envelope.timeout, envelope.target)
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        return Unreachable(f"{address} cannot be reached: {text}")
    return Fail(text)
