"""gRPC: who may call, what a broken connection comes to, and the public service."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import grpc as grpc_py
import pytest
import pytest_asyncio
from grpc import aio
from grpc._cython import cygrpc

from tests.proxy import Proxy
from tests.transport import foreign_grpc
from tests.transport.certificates import Authority
from tests.transport.conftest import BEARER, NewHost, echo, envelope, grpc, new_hosts
from tests.waiting import eventually
from weirflow.errors import Fail
from weirflow.runtime.deadlines import TimerWheel
from weirflow.transport import Envelope, Transport, Unreachable, grpc_channel, grpc_server
from weirflow.transport.foreign import ForeignGrpc
from weirflow.transport.grpc import GrpcTransport
from weirflow.transport.grpc_options import GrpcOptionError, GrpcOptions


@pytest_asyncio.fixture
async def new_host() -> AsyncIterator[NewHost]:
    async with new_hosts(grpc()) as new:
        yield new


async def refused(caller: Transport, address: str, **fields: object) -> Fail:
    with pytest.raises(Fail) as caught:
        await caller.call(address, envelope(**fields))
    return caught.value


def target(host: Transport) -> str:
    return host.address.removeprefix("grpc://")


# Who may call.


async def test_a_host_of_another_cluster_is_turned_away(new_host: NewHost) -> None:
    host, wheel = await new_host(echo), TimerWheel()
    stranger = GrpcTransport(GrpcOptions(), lambda: "Bearer of another key", lambda _: True, wheel)
    error = await refused(stranger, host.address)
    assert isinstance(error, Unreachable)
    assert not error.delivered
    assert "does not know this host's key" in str(error)
    assert BEARER not in str(error)
    await stranger.stop(0)
    wheel.close()


async def test_with_certificates_both_sides_prove_who_they_are(tmp_path: Path) -> None:
    ours, theirs = Authority(tmp_path), Authority(tmp_path, "another authority")
    wheel = TimerWheel()
    async with AsyncExitStack() as stack:

        def host(options: GrpcOptions) -> GrpcTransport:
            transport = GrpcTransport(options, lambda: BEARER, lambda bearer: bearer == BEARER, wheel)
            stack.push_async_callback(transport.stop, 0)
            return transport

        server = host(ours.options("server"))
        await server.start(echo)
        assert await host(ours.options("client")).call(server.address, envelope()) == b'{"a":1}'
        for stranger in (
            theirs.options("client"),
            replace(ours.options("half"), authority=theirs.options("x").authority),
        ):
            assert isinstance(await refused(host(stranger), server.address), Unreachable)
        assert isinstance(await refused(host(GrpcOptions()), server.address), Unreachable)
    wheel.close()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"HOST": "0.0.0.0"}, "needs TLS"),
        ({"HOST": "weirflow.example"}, "needs TLS"),
        ({"CERT": "/nowhere"}, "belong together"),
        ({"CERT": "/nowhere", "KEY": "/nowhere", "CA": "/nowhere"}, "is not a file"),
        ({"PORT": "many"}, "port number"),
        ({"FOREIGN": "yes"}, "0 or 1"),
        ({"HOST": "0.0.0.0", "CERT": __file__, "KEY": __file__, "CA": __file__}, "WEIRFLOW_GRPC_ADVERTISED"),
    ],
)
def test_settings_that_would_be_open_or_wrong_are_refused(
    settings: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POD_IP", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(f"WEIRFLOW_GRPC_{name}", value)
    with pytest.raises(GrpcOptionError, match=says):
        GrpcOptions.from_environment()


async def test_a_taken_port_is_named(new_host: NewHost) -> None:
    host, wheel = await new_host(echo), TimerWheel()
    port = int(host.address.rpartition(":")[2])
    second = GrpcTransport(GrpcOptions(port=port), lambda: BEARER, lambda _: True, wheel)
    with pytest.raises(OSError, match=str(port)):
        await second.start(echo)


# Connections.


async def test_a_host_that_dies_fails_what_is_with_it_and_is_found_again(new_host: NewHost) -> None:
    began = asyncio.Event()

    async def receive(message: Envelope) -> bytes | None:
        if message.payload == b"wait":
            began.set()
            await asyncio.Event().wait()
        return message.payload

    caller, other = await new_host(echo), await new_host(receive)
    async with Proxy(int(other.address.rpartition(":")[2])) as proxy:
        address = f"grpc://127.0.0.1:{proxy.port}"
        waiting = asyncio.create_task(refused(caller, address, payload=b"wait"))
        await began.wait()
        proxy.cut = True
        proxy.drop()
        error = await asyncio.wait_for(waiting, 30)
        assert isinstance(error, Unreachable)
        assert (error.retryable, error.delivered) == (True, True)
        error = await refused(caller, address)
        assert isinstance(error, Unreachable)
        assert not error.delivered
        proxy.cut = False

        async def back() -> bool:
            try:
                return await caller.call(address, envelope()) == b'{"a":1}'
            except Unreachable:
                return False

        await eventually(back, what="the host's being reached again")


async def test_a_host_that_hangs_is_noticed(new_host: NewHost, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = dict.fromkeys(("grpc.keepalive_time_ms", "grpc.keepalive_timeout_ms", "grpc.http2.ping_timeout_ms"), 300)
    monkeypatch.setattr(
        grpc_channel, "_CLIENT", [(name, quick.get(name, value)) for name, value in grpc_channel._CLIENT]
    )
    caller, other = await new_host(echo), await new_host(echo)
    async with Proxy(int(other.address.rpartition(":")[2])) as proxy:
        address = f"grpc://127.0.0.1:{proxy.port}"
        assert await caller.call(address, envelope()) == b'{"a":1}'
        proxy.frozen = True
        began = time.monotonic()
        error = await refused(caller, address, timeout=60.0)
        assert isinstance(error, Unreachable)
        assert time.monotonic() - began < 50
        proxy.frozen = False


def test_every_option_is_one_that_grpc_knows() -> None:
    """It ignores others without a word. With the least interval of signs of life it hung up on calls of 50 seconds."""
    library = Path(cygrpc.__file__).read_bytes()
    names = {name for name, _ in [*grpc_channel._SERVER, *grpc_channel._CLIENT]}
    assert [name for name in names if name.encode() not in library] == []


async def test_a_caller_that_gives_up_or_dies_calls_its_work_off(new_host: NewHost) -> None:
    began, ended = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def receive(message: Envelope) -> bytes | None:
        began.release()
        try:
            await asyncio.Event().wait()
        finally:
            ended.release()
        return None

    caller, other = await new_host(echo), await new_host(receive)
    waiting = [asyncio.create_task(caller.call(other.address, envelope())) for _ in range(2)]
    for _ in waiting:
        await began.acquire()
    waiting[0].cancel()
    await asyncio.wait_for(ended.acquire(), 30)
    await caller.stop(0)
    await asyncio.wait_for(ended.acquire(), 30)
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_past_the_window_a_call_waits_and_does_not_fail(
    new_host: NewHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grpc_server, "WINDOW", 3)
    gate = asyncio.Event()
    at_once = most = 0

    async def receive(message: Envelope) -> bytes | None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await gate.wait()
        at_once -= 1
        return b"1"

    caller, other = await new_host(echo), await new_host(receive)
    calls = [asyncio.create_task(caller.call(other.address, envelope())) for _ in range(10)]
    await eventually(lambda: at_once == 3)
    calls[0].cancel()
    gate.set()
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert outcomes.count(b"1") == 9
    assert most == 3


async def test_waiting_for_the_window_ends_with_the_messages_time(
    new_host: NewHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grpc_server, "WINDOW", 1)

    async def receive(message: Envelope) -> bytes | None:
        await asyncio.Event().wait()
        return None

    caller, other = await new_host(echo), await new_host(receive)
    first = asyncio.create_task(refused(caller, other.address, timeout=60.0))
    calls = [asyncio.create_task(refused(caller, other.address, timeout=0.3)) for _ in range(3)]
    errors = await asyncio.wait_for(asyncio.gather(*calls), 30)
    assert {error.code for error in errors} == {"timeout"}
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)


async def test_what_is_too_large_is_refused_on_both_sides(new_host: NewHost) -> None:
    async def receive(message: Envelope) -> bytes | None:
        return message.payload if len(message.payload) > 1 else b"x" * (grpc_channel.MESSAGE_BYTES + 1)

    caller, other = await new_host(echo), await new_host(receive)
    for payload in (b"x" * (grpc_channel.MESSAGE_BYTES + 1), b"x"):
        error = await refused(caller, other.address, payload=payload)
        assert (error.code, error.permanent) == ("message_too_large", True)
    largest = b"x" * grpc_channel.MESSAGE_BYTES
    answers = await asyncio.gather(*(caller.call(other.address, envelope(payload=largest)) for _ in range(5)))
    assert set(answers) == {largest}


async def test_a_host_says_that_it_is_healthy(new_host: NewHost) -> None:
    host = await new_host(echo)
    async with aio.insecure_channel(target(host)) as channel:
        assert await channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=30) == b"\x08\x01"


# The service of modules of others.


async def test_modules_of_others_are_let_in_only_where_that_is_switched_on(new_host: NewHost) -> None:
    host = await new_host(echo)
    with pytest.raises(aio.AioRpcError) as caught:
        await foreign_grpc.call(target(host), "p.m-v1.c-b:in", b"1")
    assert caught.value.code() is grpc_py.StatusCode.UNAUTHENTICATED
    assert "WEIRFLOW_GRPC_FOREIGN" in str(caught.value.details())


async def test_they_call_us_and_get_what_the_contract_says() -> None:
    seen: list[Envelope] = []

    async def receive(message: Envelope) -> bytes | None:
        seen.append(message)
        if message.payload == b"nothing":
            return None
        if message.payload == b"fail":
            raise Fail("it did not work", code="too_bad")
        if message.payload == b"later":
            raise Fail("busy", code="busy", retryable=True)
        return b'{"ok":true}'

    async with new_hosts(grpc(GrpcOptions(foreign=True))) as new:
        host = await new(receive)
        answer = await foreign_grpc.call(target(host), "p.m-v1.c-b:in", b'{"a":1}', x_message_depth="7")
        assert answer == {1: b'{"ok":true}'}
        message = seen[0]
        assert (message.source, message.target, message.edge) == ("flow.go-v0.thing-1:out", "p.m-v1.c-b:in", "edge-9")
        assert (message.payload, message.depth) == (b'{"a":1}', 7)
        assert 0 < message.timeout <= 30
        assert await foreign_grpc.call(target(host), "p.m-v1.c-b:in", b"nothing") == {}
        codes = {}
        for payload in (b"fail", b"later"):
            with pytest.raises(aio.AioRpcError) as caught:
                await foreign_grpc.call(target(host), "p.m-v1.c-b:in", payload)
            codes[str(caught.value.details())] = caught.value.code()
        assert codes == {
            "it did not work": grpc_py.StatusCode.UNKNOWN,
            "busy": grpc_py.StatusCode.UNAVAILABLE,
        }


async def test_we_call_them_and_understand_every_answer() -> None:
    caller = ForeignGrpc(GrpcOptions())
    async with foreign_grpc.foreign_server() as foreign:
        address = f"module://{foreign.target}"
        assert await caller.call(address, envelope(target="p.go-v0.c-1:echo", depth=3)) == b'{"a":1}'
        fields, metadata = foreign.seen[0]
        assert fields == {1: b"op-1", 2: b"p.l-v1.c-a:out", 3: b"p.go-v0.c-1:echo", 4: b'{"a":1}', 5: b"edge-1"}
        assert metadata["x-message-depth"] == "3"
        for port in ("empty", "null"):
            assert await caller.call(address, envelope(target=f"p.go-v0.c-1:{port}")) is None
        error = await refused(caller, address, target="p.go-v0.c-1:error")
        assert (str(error), error.retryable) == ("something failed", False)
        assert isinstance(await refused(caller, address, target="p.go-v0.c-1:busy"), Unreachable)
        assert (await refused(caller, address, target="p.go-v0.c-1:late")).code == "timeout"
    assert isinstance(await refused(caller, address), Unreachable)
    await caller.stop(0)


async def test_ours_tells_ours_the_whole_failure_also_by_the_public_service() -> None:
    where = {"field": "/a", "edge": "e", "port": "in", "node": "n"}

    async def receive(message: Envelope) -> bytes | None:
        raise Fail("busy", code="busy", retryable=True, **where)

    async with new_hosts(grpc(GrpcOptions(foreign=True))) as new:
        host = await new(receive)
        caller = ForeignGrpc(GrpcOptions())
        error = await refused(caller, f"module://{target(host)}")
        assert error.problem.to_json() == {"code": "busy", "message": "busy", **where}
        assert error.retryable
        await caller.stop(0)
