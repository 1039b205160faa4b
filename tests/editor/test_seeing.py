"""What a browser is told of messages and failures: only what somebody looks at, bounded, and stacks only to authors."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User

from editor.live.client import MAX_ROWS
from editor.process import LiveSide
from projects.models import Flow
from tests.editor.cluster import FakeHost
from tests.editor.edits import Editor
from tests.editor.telemetry_host import TelemetryHost, telemetry_hosts
from tests.editor.test_api import signed_in
from tests.editor.test_socket import opened
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster

pytestmark = pytest.mark.server


@pytest_asyncio.fixture
async def replicas(admin: HttpCluster) -> AsyncIterator[list[TelemetryHost]]:
    async with telemetry_hosts(admin, 2) as (hosts, _):
        yield hosts


def row(name: str, n: int, port: str = "out") -> dict[str, Any]:
    return {"node": name, "port": port, "at": 1_700_000_000_000 + n, "message": {"n": n}}


async def test_what_waits_on_a_wire_is_told_of_all_hosts_together_and_goes_again(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: list[TelemetryHost]
) -> None:
    editor = Editor(live, owner, flow)
    a, b = await editor.add(), await editor.add("debug")
    wire = await editor.wire(a, b)
    async with opened(owner, flow) as socket:
        await eventually(lambda: all(len(one.watched) == 2 for one in replicas))
        for one in replicas:
            await one.say({"edges": {wire: {"count": 1, "rate": 1, "in_flight": 20, "queued": 15}}})
        await eventually(lambda: live.hub.listening.telemetry.edge(wire, None).get("queued") == 30)
        while True:
            edge = (await socket.receive("live"))["edges"].get(wire, {})
            if edge.get("queued") == 30:
                break
        assert edge["in_flight"] == 40
        for one in replicas:
            await one.say({"edges": {wire: {"in_flight": 0, "queued": 0}}})
        while (await socket.receive("live"))["edges"].get(wire, {}).get("queued") != 0:
            pass


async def test_both_ends_of_a_wire_can_be_looked_at_with_how_long_their_messages_took(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: list[TelemetryHost]
) -> None:
    editor = Editor(live, owner, flow)
    a, b = await editor.add(), await editor.add("debug")
    names = {await editor.name(a), await editor.name(b)}
    async with opened(owner, flow) as socket:
        await socket.send({"t": "inspect", "nodes": [a, b]})
        await eventually(lambda: all(one.inspected == names for one in replicas))
        for one in replicas:
            told = {"last": {"out": 1}, "last_at": {"out": 1}, "latency": [1, 0, 2]}
            await one.say({"nodes": {await editor.name(a): {"stats": {"count": 3}, **told}}})
        await socket.live(a, latency=[2, 0, 4])
        await socket.send({"t": "inspect", "nodes": [a, b, "more"]})
        await socket.send({"t": "inspect", "node": None})
        await eventually(lambda: all(one.inspected == set() for one in replicas))


async def test_ports_are_listened_to_only_while_somebody_does(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: list[TelemetryHost]
) -> None:
    editor = Editor(live, owner, flow)
    a, b = await editor.add(), await editor.add("debug")
    one, other = replicas
    name, sink = await editor.name(a), await editor.name(b)
    async with opened(owner, flow) as socket, opened(owner, flow) as another:
        await eventually(lambda: len(one.watched) == 2)
        assert one.taps == []
        await socket.send({"t": "taps", "ports": [[a, "out"], ["elsewhere", "out"]]})
        await eventually(lambda: one.taps == other.taps == [[name, "out"]])
        await one.say({"taps": [row(name, 1), row(name, 2, "in"), row("somebody.elses.node-x", 3)], "lost": 4})
        told = await socket.receive("debug")
        assert told["lost"] == 4
        assert told["rows"] == [{**row(name, 1), "node": a, "host": "host-0"}]
        await another.send({"t": "taps", "ports": [[b, "in"]]})
        await eventually(lambda: len(one.taps) == 2)
        await socket.send({"t": "visible", "value": False})
        await eventually(lambda: one.taps == [[sink, "in"]])
        assert not any(message["t"] == "debug" for message in another.received)
        await another.send({"t": "taps", "ports": []})
        await eventually(lambda: one.taps == [])


async def test_a_browser_that_takes_nothing_loses_old_rows_and_is_told_how_many(
    live: LiveSide, owner: User, flow: Flow, host: FakeHost, replicas: list[TelemetryHost]
) -> None:
    editor = Editor(live, owner, flow)
    a = await editor.add()
    async with opened(owner, flow) as socket:
        await socket.send({"t": "taps", "ports": [[a, "out"]]})
        await eventually(lambda: replicas[0].taps != [])
        client = next(iter(live.hub.board.flows[flow.pk].clients))
        client.hold(True)
        for n in range(MAX_ROWS + 7):
            client.tapped({**row("", n), "node": a})
        client.hold(False)
        first = await socket.receive("debug")
        assert (first["lost"], first["rows"][0]["message"]) == (7, {"n": 7})


async def test_a_stack_is_for_those_who_may_edit_and_the_newest_of_all_hosts(
    live: LiveSide,
    owner: User,
    viewer: User,
    stranger: User,
    flow: Flow,
    host: FakeHost,
    replicas: list[TelemetryHost],
) -> None:
    drawn = Editor(live, owner, flow)
    node = await drawn.add()
    name = await drawn.name(node)
    for at, one in enumerate(replicas):
        one.stacks[name] = {"code": "component_error", "message": "no", "at": at, "text": f"Traceback {at}"}
    await eventually(lambda: len(live.hub.listening.telemetry.serving(["test-v1"])) == 2)
    status, stack = await (await signed_in(owner, flow)).get(f"/nodes/{node}/stack")
    assert (status, stack["text"], stack["host"]) == (200, "Traceback 1", "host-1")
    status, refused = await (await signed_in(viewer, flow)).get(f"/nodes/{node}/stack")
    assert (status, refused["error"]["code"]) == (403, "forbidden")
    assert "Traceback" not in str(refused)
    assert (await (await signed_in(stranger, flow)).get(f"/nodes/{node}/stack"))[0] == 404
    assert (await (await signed_in(owner, flow)).get("/nodes/nothere/stack"))[0] == 404
    for one in replicas:
        one.stacks.clear()
    status, none = await (await signed_in(owner, flow)).get(f"/nodes/{node}/stack")
    assert (status, none["error"]["code"]) == (404, "no_stack")
