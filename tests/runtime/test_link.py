"""What the link tells: to whom it may, of what is watched, newest first."""

import asyncio
import time

import orjson
import pytest

from tests.runtime.live import linked
from tests.runtime.world import World
from tests.waiting import eventually
from weirflow.kube.resources import ANNOTATION_ADDRESS, LEASE, TINY_NODE
from weirflow.runtime import link_proof
from weirflow.runtime.link_key import read_link_key

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]


async def leading(one: World) -> tuple[str, str]:
    """Identity and address of the host that leads."""
    lease = await one.cluster.get(LEASE, "common-v1-lock")
    return lease["spec"]["holderIdentity"], lease["metadata"]["annotations"][ANNOTATION_ADDRESS]


async def test_without_the_key_there_is_no_link(shared: World) -> None:
    _, address = await leading(shared)
    for headers in ({}, {"Authorization": "Bearer " + "0" * 64}, {link_proof.HEADER: "1.2.3"}, {link_proof.HEADER: ""}):
        async with shared.http.get(f"{address}/link/telemetry", headers=headers) as answer:
            assert answer.status == 401


async def test_both_sides_prove_the_key_without_sending_it(shared: World) -> None:
    identity, address = await leading(shared)
    call = link_proof.call(await read_link_key(shared.cluster), identity)
    async with shared.http.ws_connect(f"{address}/link/telemetry", headers={link_proof.HEADER: call.header}) as link:
        hello = (await link.receive_json())["hello"]
    assert (hello["host"], hello["proof"]) == (identity, call.answer)
    assert hello["run"]


async def test_a_call_is_good_for_one_host_and_a_few_minutes(shared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    identity, address = await leading(shared)
    key = await read_link_key(shared.cluster)
    elsewhere = link_proof.call(key, "another-host")
    now = time.time()
    monkeypatch.setattr(link_proof.time, "time", lambda: now - link_proof.SKEW_SECONDS - 60)
    old = link_proof.call(key, identity)
    for call, reason in ((elsewhere, "another host"), (old, "clocks")):
        async with shared.http.get(f"{address}/link/telemetry", headers={link_proof.HEADER: call.header}) as answer:
            assert answer.status == 401
            assert reason in await answer.text()


async def test_a_page_that_points_its_own_name_at_the_link_gets_nothing(shared: World) -> None:
    _, address = await leading(shared)
    key = await read_link_key(shared.cluster)
    headers = {"Authorization": f"Bearer {key.hex()}", "Host": "evil.example"}
    async with shared.http.get(f"{address}/link/telemetry", headers=headers) as answer:
        assert answer.status == 401


async def test_the_first_frame_is_full_and_changes_follow(shared: World) -> None:
    server, counter = await shared.counter("/watched")
    spec = (await shared.get(counter))["spec"]
    async with linked(shared, server, counter) as live:
        await eventually(lambda: {server, counter} <= live.nodes.keys())
        assert live.nodes[counter]["state"] == "idle"
        assert live.nodes[counter]["control"]["value"] == 0
        assert live.nodes[server]["value"] == "GET /watched"
        assert live.nodes[counter]["stats"]["count"] == 0
        for _ in range(5):
            await shared.visit("/watched")
        await eventually(lambda: live.nodes[counter]["control"]["value"] == 5)
        await eventually(lambda: live.nodes[counter]["stats"]["count"] == 5)
        assert live.nodes[counter]["stats"]["p95_ms"] > 0
        assert live.edges[spec["edges"][0]["id"]]["count"] == 5
        await eventually(lambda: live.nodes[counter]["stats"]["rate"] > 0)
        await eventually(lambda: live.nodes[counter]["stats"]["rate"] == 0)
        assert live.nodes[counter]["state"] == "idle"


async def test_a_wider_watch_brings_only_what_is_new(shared: World) -> None:
    _, known = await shared.counter("/known")
    _, added = await shared.counter("/added")
    async with linked(shared, known) as live:
        await eventually(lambda: known in live.nodes)
        live.nodes.clear()
        await live.link.send_str(orjson.dumps({"watch": [known, added]}).decode())
        await eventually(lambda: added in live.nodes)
        assert live.nodes[added]["state"] == "idle"
        assert known not in live.nodes


async def test_a_node_that_is_deleted_is_said_to_be_gone(shared: World) -> None:
    _, counter = await shared.counter("/gone")
    async with linked(shared, counter) as live:
        await eventually(lambda: counter in live.nodes)
        await shared.cluster.delete(TINY_NODE, counter)
        await eventually(lambda: counter not in live.nodes)


async def test_unwatched_nodes_are_not_sent(shared: World) -> None:
    _, first = await shared.counter("/seen")
    _, second = await shared.counter("/unseen")
    async with linked(shared, first) as live:
        await shared.visit("/unseen")
        await shared.visit("/seen")
        await eventually(lambda: live.nodes.get(first, {}).get("stats", {}).get("count") == 1)
        assert second not in live.nodes


async def test_an_inspected_node_shows_its_last_messages_without_secrets(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/inspected"})
    echo = await shared.add("echo")
    await shared.wire(f"{server}:request", f"{echo}:in", {"password": "hunter2", "who": "{{ $.query.who }}"})
    await shared.settled(server, echo)
    async with linked(shared, echo) as live:
        await shared.visit("/inspected?who=ann")
        await eventually(lambda: live.nodes.get(echo, {}).get("stats", {}).get("count") == 1)
        assert "last" not in live.nodes[echo]
        await live.link.send_str(orjson.dumps({"inspect": [echo]}).decode())
        await eventually(lambda: "last" in live.nodes[echo])
        assert live.nodes[echo]["last"] == {"in": {"password": "<redacted>", "who": "ann"}}
        assert live.nodes[echo]["last_at"].keys() == {"in"}
        assert sum(live.nodes[echo]["latency"]) == 1


async def test_an_error_shows_on_node_and_edge_and_goes_again(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/wrong", "method": "POST"})
    strict = await shared.add("strict")
    edge = await shared.wire(f"{server}:request", f"{strict}:in", {"number": "{{ $.body }}"})
    await shared.settled(server, strict)
    async with linked(shared, server, strict) as live:
        await shared.visit("/wrong", method="POST", json="x")
        await eventually(lambda: live.nodes.get(strict, {}).get("error"))
        assert live.nodes[strict]["error"]["code"] == "message_rejected"
        assert live.nodes[strict]["state"] == "error"
        assert live.nodes[strict]["stats"]["errors"] == 1
        assert live.edges[edge]["error"]["field"] == "/number"

        async def well_again() -> bool:
            await shared.visit("/wrong", method="POST", json=1)
            return live.nodes[strict]["error"] is None and live.edges[edge]["error"] is None

        await eventually(well_again)


async def test_a_fast_flow_sends_few_frames_and_ends_with_the_newest_value(shared: World) -> None:
    _, counter = await shared.counter("/fast")
    async with linked(shared, counter) as live:
        await eventually(lambda: counter in live.nodes)
        before, clock = live.frames, asyncio.get_running_loop().time
        began = clock()
        await asyncio.gather(*(shared.visit("/fast") for _ in range(400)))
        await eventually(lambda: live.nodes[counter]["control"]["value"] == 400)
        # The pace itself is the cadence's own test; here some frames may be on their way when the clock is read.
        assert live.frames - before <= min(400, (clock() - began) * 50 + 10)


async def test_what_is_no_request_closes_the_link(shared: World) -> None:
    async with linked(shared) as live:
        await live.link.send_str('{"watch": "everything"}')
        await eventually(lambda: live.link.closed)
