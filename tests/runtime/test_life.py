"""A node on a host: who it is, the cluster, its state, its settings, and only then messages, whoever sends them."""

from typing import Any

import pytest

from tests.runtime.live import linked
from tests.runtime.world import World
from tests.waiting import eventually
from weirflow.kube.resources import TINY_NODE, encode_json, node_name

pytestmark = pytest.mark.server

ORDER = ["identity begins", "identity", "client begins", "client"]
SETTINGS = ["settings 7 begins", "settings 7", "message"]


async def test_a_node_comes_to_life_in_order_also_after_a_restart(alone: World) -> None:
    server = await alone.add("http_server", {"path": "/life"})
    ticker = await alone.add("ticker", {"interval": 100})
    name = node_name(alone.project, "faulty-v1", "chronicle", "nchronicle00")
    for port in (f"{server}:request", f"{ticker}:tick"):
        await alone.wire_only(port, f"{name}:in")
    ports: list[dict[str, Any]] = [{"port": "_settings", "configuration": encode_json({"size": 7})}]
    for source in (f"{server}:request", f"{ticker}:tick"):
        ports.append({"from": source, "port": "in", "configuration": encode_json({})})
    spec = {"module": "faulty-v1", "component": "chronicle", "ports": ports, "edges": []}
    await alone.cluster.create(TINY_NODE, TINY_NODE.new(name, spec=spec))
    # It takes a second to come to life, and somebody signals all the while.
    signals = [await alone.signal(name, "in", {}, "op-0")]
    while not await alone.signal_gone(signals[0]):
        signals.append(await alone.signal(name, "in", {}, f"op-{len(signals)}"))
    seen = (await alone.visit("/life"))[1]["seen"]
    assert seen[: len(ORDER) + len(SETTINGS)] == [*ORDER, *SETTINGS]

    alone.hosts[-1].kill()
    await alone.start_host()

    async def answered() -> Any:
        status, body = await alone.visit("/life")
        return body["seen"] if status == 200 else None

    seen = await eventually(answered)
    assert seen[: len(ORDER) + 4] == [*ORDER, "state", *SETTINGS]
    async with linked(alone, ticker, server) as live:
        await eventually(lambda: len(live.edges) == 2 and all(edge["count"] for edge in live.edges.values()))
    # Neither a tick nor a request has met a node that was not ready.
    assert [edge["errors"] for edge in live.edges.values()] == [0, 0]


async def test_a_branch_that_outlives_the_answer_ends_at_the_messages_deadline(alone: World) -> None:
    server = await alone.add("http_server", {"path": "/fan", "timeout": 300})
    echo, slow = await alone.add("echo"), await alone.add("slow", {"seconds": 60.0})
    await alone.wire(f"{server}:request", f"{echo}:in", {"a": 1})
    late = await alone.wire(f"{server}:request", f"{slow}:in", {})
    await alone.settled(server, echo, slow)
    assert await alone.visit("/fan") == (200, {"a": 1})
    async with linked(alone, server, slow) as live:
        problem = await eventually(lambda: live.edges.get(late, {}).get("error"))
        assert problem["code"] == "timeout"
        await eventually(lambda: live.nodes[slow]["stats"]["in_flight"] == 0)
