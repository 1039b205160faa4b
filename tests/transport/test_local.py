"""The way inside one process, and what the host does with whatever way there is."""

import pytest

from weirflow.errors import Fail, NotLeader
from weirflow.runtime.messages import Messages
from weirflow.transport import Envelope, Unreachable
from weirflow.transport.failure import failure_bytes, read_failure
from weirflow.transport.local import LocalTransport, LocalWire


def envelope(**fields: object) -> Envelope:
    return Envelope(**{"target": "n:in", "source": "s:out", "payload": b"1", "operation_id": "op"} | fields)  # type: ignore[arg-type]


async def echo(message: Envelope) -> bytes | None:
    return message.payload


async def test_a_message_goes_to_one_of_those_who_serve_the_module() -> None:
    wire = LocalWire()
    hosts = [Messages([LocalTransport(wire, name)], lambda module: [f"local://{module}"]) for name in ("a", "b")]
    for host in hosts:
        await host.start(echo)
    assert await hosts[0].call("b", envelope()) == b"1"
    assert await hosts[0].send(hosts[1].address, envelope(payload=b"2")) == b"2"


async def test_the_next_replica_is_asked_where_one_does_not_listen() -> None:
    wire = LocalWire()
    caller = Messages([LocalTransport(wire, "caller")], lambda _: ["local://gone", "local://b", "local://dead"])
    other = Messages([LocalTransport(wire, "b")], lambda _: [])
    await caller.start(echo)
    await other.start(echo)
    for _ in range(3):
        assert await caller.call("m", envelope()) == b"1"
    await other.stop(0.1)
    with pytest.raises(Unreachable) as caught:
        await caller.call("m", envelope())
    assert not caught.value.delivered


def test_a_failure_travels_whole() -> None:
    where = {"field": "/a/b", "edge": "e", "port": "in", "node": "p.m.c-1"}
    for error in (Fail("no", code="busy", retryable=True, **where), Fail("never\nagain", permanent=True), NotLeader()):
        read = read_failure(failure_bytes(error))
        assert read.problem == error.problem
        assert (read.retryable, read.permanent, read.code) == (error.retryable, error.permanent, error.code)
        assert type(read) is Fail


@pytest.mark.parametrize("data", [b"", b"null", b"[1]", b"{", b'{"code":1,"retryable":true,"permanent":true}'])
def test_what_is_no_failure_is_one_all_the_same(data: bytes) -> None:
    assert isinstance(read_failure(data), Fail)
