"""What holds whichever way a message takes between two hosts."""

import asyncio
from dataclasses import replace

import pytest

from tests.transport.conftest import NewHost, echo, envelope
from tests.waiting import eventually
from weirflow.errors import Fail, NotLeader, StateConflict
from weirflow.transport import Envelope, Unreachable


async def test_the_message_arrives_as_it_was_sent(new_host: NewHost) -> None:
    seen: list[Envelope] = []

    async def receive(message: Envelope) -> bytes | None:
        seen.append(message)
        return b'"done"'

    caller, other = await new_host(echo), await new_host(receive)
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    sent = [
        envelope(depth=7, timeout=2.5, traceparent=trace, run="a run"),
        envelope(forwarded=True, epoch=12),
        envelope(source="signal", edge="", payload=b""),
    ]
    # The first one may have to wait until the way is open, and has less time then.
    for message in (envelope(), *sent):
        assert await caller.call(other.address, message) == b'"done"'
    assert seen[1:] == sent


async def test_a_result_comes_back_and_nothing_comes_back_as_nothing(new_host: NewHost) -> None:
    async def receive(message: Envelope) -> bytes | None:
        return message.payload or None

    caller, other = await new_host(echo), await new_host(receive)
    for payload in (b"1", b"null", b'{"text":"\xc3\xa4\\n"}', b"[" + b"1," * 10_000 + b"1]"):
        assert await caller.call(other.address, envelope(payload=payload)) == payload
    assert await caller.call(other.address, envelope(payload=b"")) is None


WHERE = {"field": "/json/0", "edge": "e-1", "port": "in", "node": "p.m.c-b"}


@pytest.mark.parametrize(
    "error",
    [
        Fail("plain"),
        Fail("busy, come again", code="busy", retryable=True, **WHERE),
        Fail("never\r\nx-empty: 1\r\nagain", code="no_such", permanent=True),
        Fail("ein Wort: äöü €, and a long one " + "x" * 5000, code="odd code\r\n"),
        NotLeader(),
        StateConflict("moved on"),
        Unreachable("the next one is gone", delivered=False),
    ],
    ids=lambda error: error.code.strip(),
)
async def test_a_failure_comes_back_whole(new_host: NewHost, error: Fail) -> None:
    async def receive(message: Envelope) -> bytes | None:
        raise error

    caller, other = await new_host(echo), await new_host(receive)
    with pytest.raises(Fail) as caught:
        await caller.call(other.address, envelope())
    assert type(caught.value) is Fail
    assert caught.value.problem == error.problem
    assert (caught.value.retryable, caught.value.permanent) == (error.retryable, error.permanent)


async def test_a_fault_in_the_receiver_is_a_failure_too(new_host: NewHost) -> None:
    async def receive(message: Envelope) -> bytes | None:
        raise KeyError("the secret of it")

    caller, other = await new_host(echo), await new_host(receive)
    with pytest.raises(Fail) as caught:
        await caller.call(other.address, envelope())
    assert caught.value.code == "internal"
    assert "secret" not in str(caught.value)


async def test_the_wait_ends_with_the_messages_time(new_host: NewHost) -> None:
    async def receive(message: Envelope) -> bytes | None:
        await asyncio.Event().wait()
        return None

    caller, other = await new_host(echo), await new_host(receive)
    with pytest.raises(Fail) as caught:
        await caller.call(other.address, envelope(timeout=0.1))
    assert (caught.value.code, caught.value.retryable) == ("timeout", True)
    assert envelope().target in str(caught.value)


async def test_a_caller_that_gives_up_hinders_nobody(new_host: NewHost) -> None:
    gate = asyncio.Event()

    async def receive(message: Envelope) -> bytes | None:
        if message.payload == b"wait":
            await gate.wait()
        return message.payload

    caller, other = await new_host(echo), await new_host(receive)
    waiting = asyncio.create_task(caller.call(other.address, envelope(payload=b"wait")))
    assert await caller.call(other.address, envelope(payload=b"1")) == b"1"
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    gate.set()
    assert await caller.call(other.address, envelope(payload=b"2")) == b"2"


async def test_many_at_once_each_get_their_own_answer(new_host: NewHost) -> None:
    async def receive(message: Envelope) -> bytes | None:
        await asyncio.sleep(0)
        return message.payload

    caller, other = await new_host(echo), await new_host(receive)
    payloads = [str(number).encode() for number in range(3000)]
    answers = await asyncio.gather(*(caller.call(other.address, envelope(payload=each)) for each in payloads))
    assert answers == payloads


async def test_two_hosts_may_call_each_other_in_turn(new_host: NewHost) -> None:
    """A message may come back to the host it came from before it is answered."""
    addresses: list[str] = []

    async def bounce(message: Envelope) -> bytes | None:
        if message.depth == 30:
            return str(message.depth).encode()
        turn = message.depth % 2
        return await hosts[turn].call(addresses[1 - turn], replace(message, depth=message.depth + 1))

    hosts = [await new_host(bounce), await new_host(bounce)]
    addresses += [host.address for host in hosts]
    assert await hosts[1].call(addresses[0], envelope(depth=1)) == b"30"


async def test_nobody_there_is_said_at_once_and_surely_not_delivered(new_host: NewHost) -> None:
    caller, gone = await new_host(echo), await new_host(echo)
    address = gone.address
    assert await caller.call(address, envelope()) == b'{"a":1}'
    await gone.stop(0.1)

    async def refused() -> bool:
        try:
            await caller.call(address, envelope())
        except Unreachable as error:
            return not error.delivered and error.retryable
        return False

    await eventually(refused, what="the host's absence being said")


async def test_what_is_under_way_may_end_when_a_host_stops(new_host: NewHost) -> None:
    began, gate = asyncio.Event(), asyncio.Event()

    async def receive(message: Envelope) -> bytes | None:
        began.set()
        await gate.wait()
        return b"finished"

    caller, other = await new_host(echo), await new_host(receive)
    waiting = asyncio.create_task(caller.call(other.address, envelope()))
    await began.wait()
    stopping = asyncio.create_task(other.stop(5.0))
    await asyncio.sleep(0)
    gate.set()
    assert await waiting == b"finished"
    await stopping


async def test_what_does_not_end_in_time_is_called_off_and_its_caller_hears_of_it(new_host: NewHost) -> None:
    began = asyncio.Event()

    async def receive(message: Envelope) -> bytes | None:
        began.set()
        await asyncio.Event().wait()
        return None

    caller, other = await new_host(echo), await new_host(receive)
    waiting = asyncio.create_task(caller.call(other.address, envelope()))
    await began.wait()
    await other.stop(0.05)
    with pytest.raises(Fail) as caught:
        await waiting
    assert caught.value.retryable
