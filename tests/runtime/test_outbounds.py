"""What flows of a project may call: followed by the host as its owners change it, without a restart."""

import asyncio
import logging
from ipaddress import ip_address

import orjson
import pytest

from tests.outbound.peers import peer, response
from tests.runtime.world import World
from tests.waiting import eventually
from weirflow.kube.resources import ANNOTATION_OUTBOUND, TINY_NODE, TINY_PROJECT
from weirflow.outbound.kinds import kind_of
from weirflow.outbound.policy import Policy
from weirflow.runtime.outbounds import Outbounds, policy_of


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.server
async def test_a_host_follows_the_list_of_the_project(shared: World) -> None:
    world = shared
    async with peer() as server:
        server.answers["/"] = response(b'{"n": 1}', content_type="application/json")
        outside = await world.add("http_server", {"path": "/ask"})
        client = await world.add("http_client", {"url": server.url})
        await world.wire(f"{outside}:request", f"{client}:request", {})
        await world.wire(f"{client}:response", f"{outside}:response", {"body": "{{$.body}}"})
        await world.settled(outside, client)
        assert (await world.visit("/ask"))[0] == 500
        problem = await world.problem(client, "outbound_denied")
        assert problem["message"].startswith(f"127.0.0.1:{server.port} is not allowed")
        assert not server.asked

        rules = {"allow": [f"127.0.0.1:{server.port}"], "only": False}
        annotations = {ANNOTATION_OUTBOUND: orjson.dumps(rules).decode()}
        await world.cluster.create(TINY_PROJECT, TINY_PROJECT.new(world.project, metadata={"annotations": annotations}))

        async def answers(status: int) -> bool:
            return (await world.visit("/ask"))[0] == status

        await eventually(lambda: answers(200), what="the host's having read the list")
        assert await world.visit("/ask") == (200, {"n": 1})
        await world.cluster.patch(
            TINY_PROJECT, world.project, {"metadata": {"annotations": {ANNOTATION_OUTBOUND: None}}}
        )
        await eventually(lambda: answers(500), what="the host's having read that the list is gone")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.server
async def test_a_node_that_goes_while_its_request_waits_calls_it_off(shared: World) -> None:
    async with peer() as server:
        server.answers["/"] = None
        rules = orjson.dumps({"allow": [f"127.0.0.1:{server.port}"]}).decode()
        metadata = {"annotations": {ANNOTATION_OUTBOUND: rules}}
        shared.project = "p-busy1"
        await shared.cluster.create(TINY_PROJECT, TINY_PROJECT.new(shared.project, metadata=metadata))
        outside = await shared.add("http_server", {"path": "/busy", "timeout": 60_000})
        client = await shared.add("http_client", {"url": server.url, "timeout": 60_000})
        await shared.wire(f"{outside}:request", f"{client}:request", {})
        await shared.settled(outside, client)
        waiting = asyncio.create_task(shared.visit("/busy"))
        await eventually(lambda: bool(server.asked), what="the request of the flow")
        await shared.cluster.delete(TINY_NODE, client)
        status, _ = await asyncio.wait_for(waiting, 40)
        assert status >= 500
        await eventually(lambda: server.ended == server.connections, what="the end of the connection")


def refused(policy: Policy, address: str) -> bool:
    one = ip_address(address)
    return policy.refusal(one, 443, one, kind_of(one)) is not None


def test_what_cannot_be_read_opens_nothing_and_leaves_what_the_operator_allows() -> None:
    operator = Policy.of(operator_allow=["10.0.0.1"])
    for text in ("{", "[]", '{"allow": [1]}', '{"allow": "x"}', '{"allow": [], "only": 1}'):
        policy = policy_of("shop", text, operator)
        assert not refused(policy, "10.0.0.1")
        assert refused(policy, "10.0.0.2")
        assert refused(policy, "8.8.8.8")


def test_an_entry_that_cannot_be_read_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        policy = policy_of("shop", '{"allow": ["http://x", "10.0.0.2"]}', Policy())
    assert not refused(policy, "10.0.0.2")
    assert "left out" in caplog.text


def test_each_project_has_its_own_way_out() -> None:
    ways = Outbounds()
    assert ways.of("a") is ways.of("a")
    assert ways.of("a") is not ways.of("b")
