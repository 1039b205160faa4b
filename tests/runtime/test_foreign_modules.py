"""Modules that are not made with this SDK sit in a flow beside ours."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.world import World, world
from tests.transport import foreign_grpc
from tests.transport.broker import Broker
from tests.transport.foreign import foreign_module
from tests.waiting import eventually
from weirflow.kube.resources import TINY_MODULE, TINY_NODE, encode_json, node_name

pytestmark = pytest.mark.server


async def announce(one: World, address: str) -> None:
    """What the operator of a module of others writes."""
    await one.cluster.create(TINY_MODULE, TINY_MODULE.new("go-v0", spec={"image": "go:0.1.0"}))
    status = {"addr": address, "name": "acme/go-v0", "version": "0.1.0", "sdkVersion": "0.13.122", "components": []}
    await one.cluster.patch_status(TINY_MODULE, "go-v0", {"status": status})


async def place(one: World, component: str) -> str:
    """A node of theirs."""
    name = node_name(one.project, "go-v0", component, "n1")
    await one.cluster.create(TINY_NODE, TINY_NODE.new(name, spec={"module": "go-v0", "component": component}))
    return name


async def map_from(one: World, source: str, target: str, mapping: Any) -> None:
    """The mapping on our node, as an editor writes it for an edge of theirs."""
    node, port = target.split(":")
    entry = {"from": source, "port": port, "configuration": encode_json(mapping)}
    await one.cluster.patch(TINY_NODE, node, {"spec": {"ports": [entry]}})
    await one.settled(node)


async def test_by_nats_in_both_directions(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    await broker.start()
    foreign = await foreign_module(broker.url, "go-v0")
    async with world(tmp_path / "world", host=False) as one:
        await one.start_host(WEIRFLOW_NATS_URL=broker.url)
        await announce(one, "nats://tinymodule.go-v0.msg")
        theirs = await place(one, "thing")
        server = await one.add("http_server", {"path": "/there"})
        edge = await one.wire(f"{server}:request", f"{theirs}:echo", {"path": "{{ $.path }}"})
        await one.settled(server)

        async def there() -> Any:
            status, body = await one.visit("/there")
            return body if status == 200 else None

        # The mapping stands on their node and is theirs to apply: they get what the source sent.
        assert (await eventually(there))["path"] == "/there"
        headers = dict(foreign.seen[-1].headers or {})
        assert (headers["x-from"], headers["x-to"]) == (f"{server}:request", f"{theirs}:echo")
        assert (headers["x-edge-id"], headers["x-message-depth"]) == (edge, "1")

        echo = await one.add("echo")
        await map_from(one, f"{theirs}:out", f"{echo}:in", {"twice": "{{ $.a * 2 }}"})
        answer = await foreign.call("faulty-v1", f"{echo}:in", {"a": 21}, **{"x-from": f"{theirs}:out"})
        assert json.loads(answer.data) == {"twice": 42}
        answer = await foreign.call("faulty-v1", f"{echo}:in", {"a": 21}, **{"x-from": "somebody:else"})
        assert "has no mapping for messages from somebody:else" in (answer.headers or {})["x-error"]

        counter = await one.add("stateful_counter")
        await one.settled(counter)
        headers = {"x-from": "signal", "x-to": f"{counter}:increment"}
        await foreign.client.request("tinymodule.common-v1.msg", b'{"amount":5}', timeout=40, headers=headers)
        assert (await one.state(counter))["counter-value"] == "5"
        headers = {"x-from": "signal", "x-to": f"{counter}:_control"}
        await foreign.client.request("tinymodule.common-v1.sysmsg", b'{"reset":true}', timeout=40, headers=headers)
        assert (await one.state(counter))["counter-value"] == "0"
    await foreign.client.close()
    broker.kill()


async def test_by_grpc_in_both_directions(tmp_path: Path) -> None:
    async with foreign_grpc.foreign_server() as foreign, world(tmp_path / "world", host=False) as one:
        await one.start_host(WEIRFLOW_GRPC_FOREIGN="1")
        await announce(one, foreign.target)
        theirs = await place(one, "thing")
        server = await one.add("http_server", {"path": "/there"})
        await one.wire(f"{server}:request", f"{theirs}:echo", {})
        await one.settled(server)

        async def there() -> Any:
            status, body = await one.visit("/there")
            return body if status == 200 else None

        assert (await eventually(there))["path"] == "/there"
        fields, metadata = foreign.seen[-1]
        assert (fields[2].decode(), fields[3].decode()) == (f"{server}:request", f"{theirs}:echo")
        assert metadata["x-message-depth"] == "1"

        async def address() -> str:
            status = (await one.cluster.get(TINY_MODULE, "faulty-v1")).get("status") or {}
            return str(status.get("addr") or "")

        echo = await one.add("echo")
        await map_from(one, "flow.go-v0.thing-1:out", f"{echo}:in", {"twice": "{{ $.a * 2 }}"})
        answer = await foreign_grpc.call(str(await eventually(address)), f"{echo}:in", b'{"a":21}')
        assert json.loads(answer[1]) == {"twice": 42}
