"""Listening to ports: every message of them while somebody listens, bounded, without secrets; and what waits."""

import asyncio

import orjson
import pytest

from tests.runtime.live import Live, linked
from tests.runtime.world import World
from tests.waiting import eventually
from weirflow.runtime.concealing import Concealers
from weirflow.runtime.stats import NodeStats
from weirflow.runtime.taps import LARGE, LARGE_WAITING, ROWS_WAITING, TAP_LIMIT, TappedPorts, Taps

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]


async def tap(live: Live, *ports: tuple[str, str]) -> None:
    await live.link.send_str(orjson.dumps({"tap": ports}).decode())


async def test_a_port_that_is_listened_to_tells_every_message_of_it_and_no_other(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/tapped"})
    echo = await shared.add("echo")
    await shared.wire(f"{server}:request", f"{echo}:in", {"password": "hunter2", "who": "{{ $.query.who }}"})
    await shared.settled(server, echo)
    async with linked(shared, echo) as live:
        await eventually(lambda: echo in live.nodes)
        await tap(live, (echo, "in"))
        for who in ("ann", "bob"):
            await shared.visit(f"/tapped?who={who}")
        await eventually(lambda: len(live.taps) == 2)
        assert [(row["node"], row["port"], row["message"]) for row in live.taps] == [
            (echo, "in", {"password": "<redacted>", "who": "ann"}),
            (echo, "in", {"password": "<redacted>", "who": "bob"}),
        ]
        assert live.taps[0]["at"] > 1_600_000_000_000
        await tap(live)
        await shared.visit("/tapped?who=eve")
        await eventually(lambda: live.nodes[echo]["stats"]["count"] == 3)
        assert len(live.taps) == 2


async def test_the_author_can_ask_where_the_code_failed(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/crashes"})
    crash = await shared.add("crash")
    await shared.wire(f"{server}:request", f"{crash}:in", {"n": 1})
    await shared.settled(server, crash)
    async with linked(shared, crash) as live:
        assert (await live.ask(stack=crash))["stack"] is None
        await shared.visit("/crashes")
        await eventually(lambda: live.nodes.get(crash, {}).get("error"))
        told = (await live.ask(stack=crash))["stack"]
        assert told["code"] == "component_error"
        assert "RuntimeError: the component is broken" in told["text"]
        assert 'raise RuntimeError("the component is broken")' in told["text"]
        assert "weirflow/runtime" not in told["text"]
        assert "text" not in live.nodes[crash]["error"], "never in a frame"


async def test_a_wire_says_what_is_under_way_on_it(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/under-way"})
    slow = await shared.add("slow", {"seconds": 1.0})
    edge = await shared.wire(f"{server}:request", f"{slow}:in", {"n": 1})
    await shared.settled(server, slow)
    async with linked(shared, server, slow) as live:
        await eventually(lambda: edge in live.edges)
        visits = [shared.visit("/under-way") for _ in range(3)]
        under_way = asyncio.gather(*visits)
        await eventually(lambda: live.edges[edge]["in_flight"] == 3)
        assert live.edges[edge]["queued"] == 0, "they are being worked on"
        await under_way
        await eventually(lambda: live.edges[edge]["in_flight"] == 0)


async def test_a_node_nobody_listens_to_keeps_a_plain_dictionary() -> None:
    class Heard:
        name = "p.m.c-n"
        stats = NodeStats()
        ports: dict[str, object] = {}

    node, woken = Heard(), []
    taps = Taps({"p.m.c-n": node}, lambda: woken.append(1), Concealers())  # type: ignore[dict-item]
    taps.want([["p.m.c-n", "in"], ["p.m.gone-x", "in"]])
    assert isinstance(node.stats.last, TappedPorts)
    for n in range(ROWS_WAITING + 5):
        node.stats.entered("in", {"n": n}, float(n))
        node.stats.entered("out", {"n": n}, float(n))
    frames = []
    while taps.waiting:
        frames.append(taps.frame())
    assert frames[0]["lost"] == 5
    assert "lost" not in frames[1]
    assert [row["message"]["n"] for frame in frames for row in frame["taps"]] == list(range(5, ROWS_WAITING + 5))
    taps.close()
    assert type(node.stats.last) is dict
    assert node.stats.last["in"][1] == {"n": ROWS_WAITING + 4}
    with pytest.raises(ValueError, match="at most 64"):
        taps.want([["a", "b"]] * (TAP_LIMIT + 1))
    with pytest.raises(ValueError, match="a port is"):
        taps.want(["a"])


async def test_of_large_messages_a_few_wait_and_no_more_is_copied_of_them_than_is_shown() -> None:
    class Heard:
        name = "p.m.c-n"
        stats = NodeStats()
        ports: dict[str, object] = {}

    node = Heard()
    taps = Taps({"p.m.c-n": node}, lambda: None, Concealers())  # type: ignore[dict-item]
    taps.want([["p.m.c-n", "in"]])
    for n in range(10):
        node.stats.last["in"] = 0.0, {"n": n, "items": [[n]] * LARGE}
        node.stats.last["in"] = 0.0, {"n": n}
    frame = taps.frame()
    large = [row["message"] for row in frame["taps"] if "beginning" in row["message"]]
    assert len(large) == LARGE_WAITING
    assert large[-1]["beginning"].startswith('{"n":9,"items":[[9],')
    assert large[-1]["bytes"] > 3 * LARGE
    assert len(frame["taps"]) + frame["lost"] == 20
    assert frame["taps"][-1]["message"] == {"n": 9}
    for n in range(LARGE_WAITING):
        node.stats.last["in"] = 0.0, "x" * (LARGE + n)
    assert len(taps.frame()["taps"]) == LARGE_WAITING
    taps.close()
