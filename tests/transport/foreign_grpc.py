"""A module as others make them, by gRPC, from the documented wire contract alone: its messages are written by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from grpc import aio

METHOD = "/module.ModuleService/Message"
Fields = dict[int, bytes]


def write(fields: Fields) -> bytes:
    """Length-delimited fields by number, as protocol buffers write texts and bytes."""
    return b"".join(bytes([number << 3 | 2]) + _varint(len(data)) + data for number, data in fields.items())


def read(data: bytes) -> Fields:
    """What ``write`` wrote."""
    fields: Fields = {}
    while data:
        number, data = data[0] >> 3, data[1:]
        length = shift = 0
        while True:
            byte, data = data[0], data[1:]
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        fields[number], data = data[:length], data[length:]
    return fields


def _varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out, number = out + bytes([number & 0x7F | 0x80]), number >> 7
    return out + bytes([number])


async def call(target: str, to: str, payload: bytes, **metadata: str) -> Fields:
    """The fields of the answer. Raises what gRPC raises."""
    async with aio.insecure_channel(target) as channel:
        send = channel.unary_unary(METHOD)
        request = write({2: b"flow.go-v0.thing-1:out", 3: to.encode(), 4: payload, 5: b"edge-9"})
        pairs = tuple((name.replace("_", "-"), value) for name, value in metadata.items())
        return read(await send(request, timeout=30, metadata=pairs))


@dataclass
class ForeignServer:
    """Answers by the target's port."""

    target: str = ""
    seen: list[tuple[Fields, dict[str, Any]]] = field(default_factory=list)

    async def message(self, request: bytes, context: Any) -> bytes:
        fields = read(request)
        self.seen.append((fields, dict(context.invocation_metadata())))
        match fields[3].rpartition(b":")[2]:
            case b"empty":
                return b""
            case b"null":
                return write({1: b"null"})
            case b"error":
                await context.abort(grpc.StatusCode.UNKNOWN, "something failed")
            case b"busy":
                await context.abort(grpc.StatusCode.UNAVAILABLE, "not now")
            case b"late":
                await context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "too late")
        return write({1: fields[4]})


@asynccontextmanager
async def foreign_server() -> AsyncIterator[ForeignServer]:
    one = ForeignServer()
    server = aio.server()
    handler = grpc.unary_unary_rpc_method_handler(one.message)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("module.ModuleService", {"Message": handler}),)
    )
    one.target = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    yield one
    await server.stop(0)
