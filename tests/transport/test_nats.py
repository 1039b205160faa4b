"""NATS: replicas that share the work, and what the broker's and the others' faults come to."""

import asyncio
import inspect
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path

import nats as nats_py
import pytest
import pytest_asyncio
from nats.aio.transport import TcpTransport

from tests.transport.broker import Broker
from tests.transport.certificates import Authority
from tests.transport.conftest import NewHost, echo, envelope, nats, new_hosts
from tests.waiting import eventually, read_until
from weirflow.errors import Fail
from weirflow.runtime.deadlines import TimerWheel
from weirflow.transport import Envelope, Transport, Unreachable, handling, nats_liveness
from weirflow.transport.nats import NatsTransport
from weirflow.transport.nats_client import ShortClient
from weirflow.transport.nats_options import NatsOptionError, NatsOptions

pytestmark = pytest.mark.server

OURS = "nats://tinymodule.m-v1.msg"


@pytest_asyncio.fixture
async def new_host(broker: Broker) -> AsyncIterator[NewHost]:
    async with new_hosts(nats(broker)) as new:
        yield new


async def refused(caller: Transport, address: str, **fields: object) -> Fail:
    with pytest.raises(Fail) as caught:
        await caller.call(address, envelope(**fields))
    return caught.value


# Replicas.


async def test_replicas_share_the_messages_of_their_module(new_host: NewHost) -> None:
    counts = {"a": 0, "b": 0}

    def replica(name: str):  # type: ignore[no-untyped-def]
        async def receive(message: Envelope) -> bytes | None:
            counts[name] += 1
            return None

        return receive

    caller = await new_host(replica("a"))
    await new_host(replica("b"))
    await asyncio.gather(*(caller.call(OURS, envelope()) for _ in range(200)))
    assert sum(counts.values()) == 200
    assert min(counts.values()) > 20


async def test_a_host_that_dies_with_a_message_is_noticed(
    new_host: NewHost, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other hosts are bare clients here: one dies before it says who has the message, the other one after that."""
    monkeypatch.setattr(nats_liveness, "_TICK_SECONDS", 0.05)
    monkeypatch.setattr(nats_liveness, "_NOTE_SECONDS", 0.8)
    caller = await new_host(echo)
    for says in (False, True):
        other = await nats_py.connect(broker.url)

        async def take(message, other=other, says=says) -> None:  # type: ignore[no-untyped-def]
            if says:
                await other.subscribe("weirflow.host.dying", cb=take)
                await other.publish(message.reply, headers={"x-weirflow-taken": "dying"})
                await other.flush()
            await other.close()

        await other.subscribe("tinymodule.dying-v1.msg", cb=take)
        await other.flush()
        await other.flush()
        began = time.monotonic()
        error = await refused(caller, "nats://tinymodule.dying-v1.msg", timeout=30.0)
        assert isinstance(error, Unreachable)
        assert error.delivered
        assert time.monotonic() - began < 25
        assert ("dying" in str(error)) is says


async def test_a_host_that_is_at_work_is_left_in_peace(new_host: NewHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nats_liveness, "_TICK_SECONDS", 0.02)
    monkeypatch.setattr(nats_liveness, "_NOTE_SECONDS", 0.1)
    monkeypatch.setattr(nats_liveness, "_SILENT_SECONDS", 0.9)
    signs: list[float] = []
    hear = nats_liveness.Holders.is_there

    def noted(holders: nats_liveness.Holders, identity: str) -> None:
        signs.append(time.monotonic())
        hear(holders, identity)

    monkeypatch.setattr(nats_liveness.Holders, "is_there", noted)

    async def receive(message: Envelope) -> bytes | None:
        # At work for longer than it may be silent: that it is there has been asked and answered all the while.
        await eventually(lambda: signs and signs[-1] - signs[0] > 2 * nats_liveness._SILENT_SECONDS)
        return message.payload

    caller, other = await new_host(echo), await new_host(receive)
    answers = await asyncio.gather(*(caller.call(at, envelope()) for at in (OURS, other.address) for _ in range(8)))
    assert set(answers) == {b'{"a":1}'}


# The broker.


async def test_nobody_there_is_said_at_once(new_host: NewHost) -> None:
    caller = await new_host(echo)
    began = time.monotonic()
    error = await refused(caller, "nats://tinymodule.ghost-v1.msg", timeout=30.0)
    assert isinstance(error, Unreachable)
    assert not error.delivered
    assert time.monotonic() - began < 25


async def test_what_is_under_way_fails_with_the_broker_and_all_comes_back_with_it(
    new_host: NewHost, broker: Broker
) -> None:
    began = asyncio.Event()

    async def receive(message: Envelope) -> bytes | None:
        if message.payload == b"wait":
            began.set()
            await asyncio.Event().wait()
        return message.payload

    caller, other = await new_host(echo), await new_host(receive)
    waiting = asyncio.create_task(refused(caller, other.address, payload=b"wait", timeout=60.0))
    await began.wait()
    broker.kill()
    error = await asyncio.wait_for(waiting, 30)
    assert isinstance(error, Unreachable)
    assert (error.retryable, error.delivered) == (True, True)
    error = await refused(caller, other.address, timeout=60.0)
    assert isinstance(error, Unreachable)
    assert not error.delivered
    assert broker.url in str(error)
    await broker.start()

    async def back() -> bool:
        try:
            return await caller.call(other.address, envelope()) == b'{"a":1}'
        except Unreachable:
            return False

    await eventually(back, 40, "the way's being open again")


async def test_a_host_starts_without_a_broker_and_finds_it_later(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    async with new_hosts(nats(broker)) as new:
        caller = await asyncio.wait_for(new(echo), 40)
        await refused(caller, caller.address)
        await broker.start()

        async def found() -> bool:
            try:
                return await caller.call(caller.address, envelope()) == b'{"a":1}'
            except Unreachable:
                return False

        await eventually(found, 40, "the broker's being found")
    broker.kill()


async def test_what_is_too_large_is_refused_on_both_sides(new_host: NewHost) -> None:
    async def receive(message: Envelope) -> bytes | None:
        return b'"' + b"x" * 2**20 + b'"'

    caller, other = await new_host(echo), await new_host(receive)
    for error in (
        await refused(caller, other.address, payload=b"x" * 2**20),
        await refused(caller, other.address),
    ):
        assert (error.code, error.permanent) == ("message_too_large", True)
        assert "1048576" in str(error)
    assert await other.call(caller.address, envelope(payload=b"x" * 1_000_000)) == b"x" * 1_000_000


async def test_more_than_a_host_can_have_under_way_is_refused(
    new_host: NewHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling, "ARRIVAL_LIMIT", 3)
    gate = asyncio.Event()

    async def receive(message: Envelope) -> bytes | None:
        await gate.wait()
        return b"1"

    caller, other = await new_host(echo), await new_host(receive)
    calls = [asyncio.create_task(caller.call(other.address, envelope())) for _ in range(5)]
    done, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
    error = done.pop().exception()
    assert isinstance(error, Fail)
    assert (error.code, error.retryable) == ("overloaded", True)
    gate.set()
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert outcomes.count(b"1") == 3


async def test_a_password_is_used_and_never_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broker = Broker(tmp_path, "--user", "ann", "--pass", "hunter2")
    await broker.start()
    caplog.set_level(logging.DEBUG)
    wheel = TimerWheel()
    messages = []
    for password in ("hunter2", "hunter3"):
        options = NatsOptions((broker.url.replace("nats://", f"nats://ann:{password}@"),))
        host = NatsTransport(options, "a", [], wheel)
        await host.start(echo)
        if password == "hunter2":
            assert await host.call(host.address, envelope()) == b'{"a":1}'
        else:

            async def said(host: NatsTransport = host) -> str:
                return str(await refused(host, host.address))

            # The broker closes right behind its reason, which may get lost: it is asked again and again.
            messages.append(await read_until(said, lambda text: "Authorization" in text, 40))
        messages.append(repr(options))
        await host.stop(0.1)
    wheel.close()
    broker.kill()
    assert "Authorization" in messages[1]
    assert not [text for text in [*messages, caplog.text] if "hunter" in text]


async def test_with_certificates_both_sides_prove_who_they_are(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server, client = authority.options("server"), authority.options("client")
    files = {"--tlscert": server.certificate, "--tlskey": server.key, "--tlscacert": server.authority}
    broker = Broker(tmp_path, "--tls", "--tlsverify", *(part for pair in files.items() for part in pair))
    await broker.start()
    url = broker.url.replace("nats://", "tls://")
    wheel = TimerWheel()
    known = NatsOptions((url,), certificate=client.certificate, key=client.key, authority=client.authority)
    for options, is_let_in in ((known, True), (NatsOptions((url,), authority=client.authority), False)):
        host = NatsTransport(options, "a", [], wheel)
        await host.start(echo)
        if is_let_in:
            assert await host.call(host.address, envelope()) == b'{"a":1}'
        else:
            assert isinstance(await refused(host, host.address), Unreachable)
        await host.stop(0.1)
    wheel.close()
    broker.kill()


@pytest.mark.parametrize(
    ("url", "says"), [("http://ann:hunter2@host", "nats://host:port"), ("nats://a,ftp://b", "nats://host:port")]
)
def test_an_address_that_cannot_be_used_is_refused(url: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_NATS_URL", url)
    with pytest.raises(NatsOptionError) as caught:
        NatsOptions.from_environment()
    assert says in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_the_client_is_the_one_that_the_short_way_was_made_for() -> None:
    client = ShortClient()
    assert list(inspect.signature(nats_py.aio.client.Client._process_msg).parameters) == [
        "self",
        "sid",
        "subject",
        "reply",
        "data",
        "headers",
    ]
    assert (client._pending, client._pending_data_size, client._flush_queue, client._sid) == ([], 0, None, 0)
    assert client._transport is None
    assert TcpTransport()._io_writer is None
