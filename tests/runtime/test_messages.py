"""The host's one place for messages to others: which of several, how many, and who is waited for."""

import asyncio

import pytest

from tests.transport.conftest import echo, envelope
from tests.waiting import eventually
from weirflow.errors import Fail
from weirflow.runtime import messages
from weirflow.runtime.messages import Messages
from weirflow.runtime.window import Window
from weirflow.transport import Envelope, Receive, Unreachable
from weirflow.transport.local import LocalTransport, LocalWire


def at(*addresses: str) -> list[str]:
    return [f"local://{address}" for address in addresses]


async def test_all_replicas_have_their_turn() -> None:
    wire, took = LocalWire(), {"a": 0, "b": 0, "c": 0}

    def counting(name: str) -> Receive:
        async def receive(_message: Envelope) -> bytes | None:
            took[name] += 1
            return None

        return receive

    for name in took:
        await Messages([LocalTransport(wire, name)], lambda _: []).start(counting(name))
    caller = Messages([LocalTransport(wire, "caller")], lambda _: at(*took))
    for _ in range(30):
        await caller.call("m", envelope())
    assert took == {"a": 10, "b": 10, "c": 10}


async def test_a_message_that_may_have_arrived_is_not_offered_to_another() -> None:
    wire, seen = LocalWire(), 0

    class Lost(LocalTransport):
        async def call(self, address: str, envelope: Envelope) -> bytes | None:
            nonlocal seen
            seen += 1
            raise Unreachable("the connection broke")

    caller = Messages([Lost(wire, "caller")], lambda _: at("a", "b"))
    with pytest.raises(Unreachable):
        await caller.call("m", envelope())
    assert seen == 1


async def test_a_host_that_says_its_address_soon_is_waited_for() -> None:
    wire, addresses = LocalWire(), []
    other = Messages([LocalTransport(wire, "a")], lambda _: [])
    await other.start(echo)
    caller = Messages([LocalTransport(wire, "caller")], lambda _: addresses)
    waiting = asyncio.create_task(caller.call("m", envelope()))
    await asyncio.sleep(0)
    addresses.append(other.address)
    caller.news()
    assert await waiting == b'{"a":1}'


async def test_one_that_says_none_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_ADDRESS_SECONDS", 0.05)
    caller = Messages([LocalTransport(LocalWire(), "caller")], lambda _: [])
    with pytest.raises(Unreachable) as caught:
        await caller.call("m", envelope())
    assert not caught.value.delivered


async def test_who_waits_for_a_place_has_that_much_less_time_over_there() -> None:
    wire, seen = LocalWire(), []
    gate = asyncio.Event()

    async def receive(message: Envelope) -> bytes | None:
        seen.append(message.timeout)
        await gate.wait()
        return None

    other = Messages([LocalTransport(wire, "a")], lambda _: [])
    await other.start(receive)
    caller = Messages([LocalTransport(wire, "caller")], lambda _: at("a"))
    caller._window = Window(count=1)
    calls = [asyncio.create_task(caller.call("m", envelope(timeout=5.0))) for _ in range(2)]
    await eventually(lambda: len(seen) == 1)
    await asyncio.sleep(0.05)
    assert len(seen) == 1
    gate.set()
    await asyncio.gather(*calls)
    assert seen[0] == 5.0
    assert seen[1] < 4.96


async def test_a_transport_that_is_not_set_up_is_named() -> None:
    caller = Messages([LocalTransport(LocalWire(), "caller")], lambda _: ["nats://tinymodule.m.msg"])
    with pytest.raises(Fail) as caught:
        await caller.call("m", envelope())
    assert caught.value.code == "transport_missing"


async def test_a_host_alone_opens_only_when_it_is_told_to() -> None:
    wire, opened = LocalWire(), []
    host = Messages([LocalTransport(wire, "a")], lambda _: [], opened.append)
    await host.start(echo, at_once=False)
    caller = Messages([LocalTransport(wire, "caller")], lambda _: at("a"))
    with pytest.raises(Unreachable):
        await caller.call("m", envelope())
    host.open()
    host.open()
    await eventually(lambda: opened == ["local://a"])
    assert await caller.call("m", envelope()) == b'{"a":1}'
    await host.stop(0)


async def test_a_port_that_is_taken_is_tried_again() -> None:
    class Taken(LocalTransport):
        taken = True

        async def start(self, receive: Receive) -> None:
            if self.taken:
                self.taken = False
                raise OSError("the port is taken")
            await super().start(receive)

    opened: list[str] = []
    host = Messages([Taken(LocalWire(), "a")], lambda _: [], opened.append)
    await host.start(echo)
    await eventually(lambda: opened == ["local://a"])
    await host.stop(0)
