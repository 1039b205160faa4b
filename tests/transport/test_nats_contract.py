"""NATS: the public contract, in both directions, with a module that knows nothing else of ours."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.transport.broker import Broker
from tests.transport.conftest import NewHost, echo, envelope, nats, new_hosts
from tests.transport.foreign import ForeignModule, foreign_module
from weirflow.context import derive_operation_id
from weirflow.errors import Fail, NotLeader
from weirflow.transport import Envelope, Transport, nats_liveness
from weirflow.transport.base import FOREIGN

pytestmark = pytest.mark.server

THEIRS = f"nats://tinymodule.go-v0.msg{FOREIGN}"
NODE = "p.m-v1.c-b"


@pytest_asyncio.fixture
async def new_host(broker: Broker) -> AsyncIterator[NewHost]:
    async with new_hosts(nats(broker)) as new:
        yield new


@pytest_asyncio.fixture
async def foreign(broker: Broker) -> AsyncIterator[ForeignModule]:
    module = await foreign_module(broker.url, "go-v0")
    yield module
    await module.client.close()


async def refused(caller: Transport, address: str, **fields: object) -> Fail:
    with pytest.raises(Fail) as caught:
        await caller.call(address, envelope(**fields))
    return caught.value


async def test_a_module_of_others_is_called_as_the_contract_says(new_host: NewHost, foreign: ForeignModule) -> None:
    caller = await new_host(echo)
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    sent = envelope(target="p.go-v0.c-1:echo", depth=3, traceparent=trace)
    assert await caller.call(THEIRS, sent) == b'{"a":1}'
    message = foreign.seen[0]
    headers = dict(message.headers or {})
    assert message.subject == "tinymodule.go-v0.msg"
    assert (headers["x-from"], headers["x-to"]) == (sent.source, sent.target)
    assert headers["x-edge-id"] == headers["Nats-Msg-Id"] == "edge-1"
    assert (headers["x-message-depth"], headers["traceparent"]) == ("3", trace)
    assert "x-mode" not in headers


async def test_every_answer_of_theirs_is_understood(new_host: NewHost, foreign: ForeignModule) -> None:
    caller = await new_host(echo)
    for port in ("empty", "bare"):
        assert await caller.call(THEIRS, envelope(target=f"p.go-v0.c-1:{port}")) is None
    error = await refused(caller, THEIRS, target="p.go-v0.c-1:error")
    assert (str(error), error.code, error.retryable, error.permanent) == (
        "something failed: again",
        "failed",
        False,
        False,
    )
    error = await refused(caller, THEIRS, target="p.go-v0.c-1:refuse")
    assert (str(error), error.code, error.permanent) == ("no such customer", "NOT_FOUND", True)


async def test_one_that_takes_its_time_is_waited_for(
    new_host: NewHost, foreign: ForeignModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nats_liveness, "_TICK_SECONDS", 0.1)
    monkeypatch.setattr(nats_liveness, "_NOTE_SECONDS", 0.2)
    caller = await new_host(echo)
    assert await caller.call(THEIRS, envelope(target="p.go-v0.c-1:slow")) == b'{"a":1}'


async def test_they_call_us_and_get_what_the_contract_says(new_host: NewHost, foreign: ForeignModule) -> None:
    seen: list[Envelope] = []

    async def receive(message: Envelope) -> bytes | None:
        seen.append(message)
        if message.payload == b'"fail"':
            raise Fail("it did\nnot work", code="too_bad", field="/a")
        if message.payload == b'"later"':
            raise Fail("busy", code="busy", retryable=True)
        return None if message.payload == b'"nothing"' else b'{"ok":true}'

    await new_host(receive)
    answer = await foreign.call("m-v1", f"{NODE}:in", {"a": 1}, **{"x-message-depth": "7"})
    assert (answer.data, answer.headers) == (b'{"ok":true}', None)
    assert seen[0].payload == b'{"a": 1}'
    assert (seen[0].source, seen[0].target, seen[0].edge) == ("flow.go-v0.thing-1:out", f"{NODE}:in", "edge-9")
    assert (seen[0].depth, seen[0].timeout, seen[0].forwarded) == (7, 300.0, False)

    answer = await foreign.call("m-v1", f"{NODE}:in", "nothing")
    assert (answer.data, (answer.headers or {})["x-empty"]) == (b"", "1")
    assert seen[1].depth == 1
    answer = await foreign.call("m-v1", f"{NODE}:in", "fail")
    assert ((answer.headers or {})["x-error"], (answer.headers or {})["x-error-code"]) == ("it did not work", "too_bad")
    answer = await foreign.call("m-v1", f"{NODE}:in", "later")
    assert (answer.headers or {})["x-error"] == "busy"
    assert "x-error-code" not in (answer.headers or {}), "there it forbids another attempt"


async def test_a_long_message_of_theirs_gets_no_note_before_its_answer(
    new_host: NewHost, foreign: ForeignModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nats_liveness, "_TICK_SECONDS", 0.05)

    async def receive(message: Envelope) -> bytes | None:
        await asyncio.sleep(0.3)
        return b"1"

    await new_host(receive)
    assert (await foreign.call("m-v1", f"{NODE}:in", {})).data == b"1"


async def test_operation_ids_of_theirs_derive_from_what_they_call_one_message(
    new_host: NewHost, foreign: ForeignModule
) -> None:
    seen: list[str] = []

    async def receive(message: Envelope) -> bytes | None:
        seen.append(message.operation_id)
        return None

    await new_host(receive)
    for headers in ({}, {}, {"x-step-key": "run.1"}, {"x-step-key": "run.1"}, {"Nats-Msg-Id": "m-1"}):
        await foreign.call("m-v1", f"{NODE}:in", {}, **headers)
    assert len(set(seen)) == 4
    assert seen[2] == seen[3] == derive_operation_id("step", "run.1")


@pytest.mark.parametrize("headers", [{"x-mode": "rpc"}, {"x-message-depth": "many", "x-weirflow-timeout": "-1"}])
async def test_what_they_send_and_we_do_not_know_has_an_answer(
    new_host: NewHost, foreign: ForeignModule, headers: dict[str, str]
) -> None:
    await new_host(echo)
    answer = await foreign.call("m-v1", f"{NODE}:in", {}, **headers)
    if "x-mode" in headers:
        assert "x-mode 'rpc'" in (answer.headers or {})["x-error"]
    else:
        assert answer.data == b"{}"


async def test_controls_reach_every_replica_and_whoever_leads_answers(
    new_host: NewHost, foreign: ForeignModule
) -> None:
    heard: list[str] = []

    def replica(name: str) -> NewHost:
        async def receive(message: Envelope) -> bytes | None:
            heard.append(f"{name} {message.source} {message.target}")
            if name == "reader":
                raise NotLeader
            return b'"done"'

        return receive  # type: ignore[return-value]

    await new_host(replica("reader"))  # type: ignore[arg-type]
    await new_host(replica("leader"))  # type: ignore[arg-type]
    headers = {"x-from": "signal", "x-to": f"{NODE}:_control"}
    answer = await foreign.client.request("tinymodule.m-v1.sysmsg", b'{"reset":true}', timeout=30, headers=headers)
    assert answer.data == b'"done"'
    assert sorted(heard) == [f"leader signal {NODE}:_control", f"reader signal {NODE}:_control"]
