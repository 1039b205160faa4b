"""Each way between two hosts, ready to be used: cases run over all of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.transport.broker import Broker
from weirflow.runtime.deadlines import TimerWheel
from weirflow.transport import Envelope, Receive, Transport
from weirflow.transport.grpc import GrpcTransport
from weirflow.transport.grpc_options import GrpcOptions
from weirflow.transport.local import LocalTransport, LocalWire
from weirflow.transport.nats import NatsTransport
from weirflow.transport.nats_options import NatsOptions

BEARER = "Bearer of the link's key"

NewHost = Callable[[Receive], Awaitable[Transport]]


def envelope(**fields: object) -> Envelope:
    """A message as one host sends it to another."""
    known = {"target": "p.m-v1.c-b:in", "source": "p.l-v1.c-a:out", "payload": b'{"a":1}', "operation_id": "op-1"}
    return Envelope(**{**known, "edge": "edge-1", "timeout": 10.0, **fields})  # type: ignore[arg-type]


async def echo(message: Envelope) -> bytes | None:
    return message.payload


@pytest_asyncio.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    one = Broker(tmp_path)
    await one.start()
    yield one
    one.kill()


@asynccontextmanager
async def new_hosts(make: Callable[[str, TimerWheel], Transport]) -> AsyncIterator[NewHost]:
    """Makes started transports, and stops them all."""
    wheel = TimerWheel()
    async with AsyncExitStack() as stack:
        stack.callback(wheel.close)

        async def new(receive: Receive) -> Transport:
            transport = make(f"host-{len(made)}", wheel)
            made.append(transport)
            await transport.start(receive)
            stack.push_async_callback(transport.stop, 0.1)
            return transport

        made: list[Transport] = []
        yield new


def nats(broker: Broker) -> Callable[[str, TimerWheel], Transport]:
    return lambda name, wheel: NatsTransport(NatsOptions((broker.url,)), name, ["m-v1"], wheel)


def grpc(options: GrpcOptions = GrpcOptions()) -> Callable[[str, TimerWheel], Transport]:
    return lambda _name, wheel: GrpcTransport(options, lambda: BEARER, lambda bearer: bearer == BEARER, wheel)


@pytest_asyncio.fixture(params=["local", pytest.param("nats", marks=pytest.mark.server), "grpc"])
async def new_host(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[NewHost]:
    """Makes hosts that reach each other, one transport after the other."""
    async with AsyncExitStack() as stack:
        if request.param == "nats":
            broker = Broker(tmp_path)
            stack.callback(broker.kill)
            await broker.start()
            make = nats(broker)
        elif request.param == "grpc":
            make = grpc()
        else:
            wire = LocalWire()
            make = lambda name, _wheel: LocalTransport(wire, name)  # noqa: E731
        yield await stack.enter_async_context(new_hosts(make))
