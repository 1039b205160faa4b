"""An edge leads to a node of another process as it leads to one of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.cluster.fixtures import ClusterNamespace
from tests.ports import free_port
from tests.runtime.live import linked
from tests.runtime.world import World, world
from tests.transport.broker import Broker
from tests.waiting import eventually
from weirflow.kube.resources import ANNOTATION_ADDRESS, LEASE, TINY_MODULE

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]

FRONT = ("modules.common", "modules.http")
BACK = ("tests.runtime.faulty",)


@asynccontextmanager
async def apart(home: Path, way: str) -> AsyncIterator[World]:
    """A host that serves the common modules, and the means to start one for the others."""
    broker = Broker(home)
    async with world(home / "world", host=False) as one:
        if way == "nats":
            await broker.start()
            one.settings = {"WEIRFLOW_NATS_URL": broker.url}
        try:
            await one.start_host(packages=FRONT, **one.settings)
            yield one
        finally:
            broker.kill()


async def start_back(one: World) -> None:
    await one.start_host(packages=BACK, port=free_port(), **one.settings)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["grpc", "nats"])
async def split(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Two hosts: the common modules on one, the faulty module on the other."""
    async with apart(tmp_path_factory.mktemp("split"), request.param) as one:
        await start_back(one)
        yield one


async def edge_error(one: World, name: str, edge: str) -> str:
    """What the status of ``name`` says of the edge, once it says something."""

    async def said() -> str:
        edges = (await one.status(name)).get("edges") or []
        return next((entry["error"] for entry in edges if entry["id"] == edge), "")

    return str(await eventually(said, what="the edge's error"))


async def no_edge_errors(one: World, name: str) -> bool:
    return not (await one.status(name)).get("edges")


async def test_a_message_is_mapped_and_handled_over_there_and_its_result_comes_back(split: World) -> None:
    server = await split.add("http_server", {"path": "/strict", "method": "POST"})
    strict = await split.add("strict", {"limit": 7})
    edge = await split.wire(f"{server}:request", f"{strict}:in", {"number": "{{ $.body }}"})
    await split.settled(server, strict)
    assert await split.visit("/strict", method="POST", json=4) == (200, {"number": 4, "limit": 7})
    assert (await split.visit("/strict", method="POST", json="four"))[0] == 500
    problem = await split.problem(strict, "message_rejected")
    assert (problem["field"], problem["edge"]) == ("/number", edge)
    assert "/number" in await edge_error(split, server, edge) or "number" in await edge_error(split, server, edge)
    assert await split.visit("/strict", method="POST", json=5) == (200, {"number": 5, "limit": 7})
    await eventually(lambda: no_edge_errors(split, server))


async def test_a_flow_may_go_to_and_fro(split: World) -> None:
    server = await split.add("http_server", {"path": "/fro/{left}"})
    loop, transform = await split.add("loop"), await split.add("transform")
    await split.wire(f"{server}:request", f"{loop}:in", {"left": "{{ $.params.left }}"})
    await split.wire(f"{loop}:out", f"{transform}:in", {"context": "{{ $ }}"})
    await split.wire(f"{transform}:out", f"{loop}:in", {"left": "{{ $.context.left }}"})
    await split.settled(server, loop, transform)
    assert await split.visit("/fro/20") == (200, {"depth": 41})
    status, _ = await split.visit("/fro/200")
    assert status == 500
    problem = await split.problem(transform, "depth_limit")
    assert "a loop in the flow never ends" in problem["message"]
    assert await split.visit("/fro/3") == (200, {"depth": 7})


async def test_branches_of_one_run_meet_in_a_merge_whatever_others_do_meanwhile(split: World) -> None:
    server = await split.add("http_server", {"path": "/both/{n}"})
    there, merge = await split.add("loop"), await split.add("merge", {"persistent": False})
    await split.wire(f"{server}:request", f"{there}:in", {"left": "{{ $.params.n }}"})
    await split.wire(f"{there}:out", f"{merge}:a", {"value": "{{ $.left }}"})
    await split.wire(f"{server}:request", f"{merge}:b", {"value": "{{ $.params.n }}"})
    await split.wire(f"{merge}:merged", f"{server}:response", {"body": "{{ $.values }}"})
    await split.settled(server, there, merge)
    answers = await asyncio.gather(*(split.visit(f"/both/{n}") for n in range(1, 21)))
    assert answers == [(200, {"a": n - 1, "b": str(n)}) for n in range(1, 21)]


async def test_a_retry_over_there_has_the_same_operation_id_and_a_key_makes_it_the_same_again(split: World) -> None:
    server = await split.add("http_server", {"path": "/flaky"})
    flaky = await split.add("flaky", {"failures": 2})
    policy = {"maxAttempts": 3, "initialDelayMs": 1}
    await split.wire(f"{server}:request", f"{flaky}:in", {}, retryPolicy=policy)
    await split.settled(server, flaky)
    headers = {"Idempotency-Key": "k"}
    status, first = await split.visit("/flaky", headers=headers)
    assert (status, first["attempt"]) == (200, 3)
    assert (await split.visit("/flaky", headers=headers))[1]["operation"] == first["operation"]


async def test_a_crash_over_there_is_an_error_on_its_node(split: World) -> None:
    server = await split.add("http_server", {"path": "/crash"})
    crash = await split.add("crash")
    await split.wire(f"{server}:request", f"{crash}:in", {})
    await split.settled(server, crash)
    assert (await split.visit("/crash"))[0] == 500
    assert "the component is broken" in (await split.problem(crash, "component_error"))["message"]


async def test_an_edge_with_a_timeout_gives_up_on_the_other_side(split: World) -> None:
    server = await split.add("http_server", {"path": "/slow"})
    slow = await split.add("slow", {"seconds": 30})
    await split.wire(f"{server}:request", f"{slow}:in", {}, timeoutMs=100)
    await split.settled(server, slow)
    assert (await split.visit("/slow"))[0] == 504


async def test_what_is_wrong_at_the_other_end_is_said_on_the_edge(split: World) -> None:
    server = await split.add("http_server", {"path": "/wrong"})
    echo = await split.add("echo")
    edge = await split.wire(f"{server}:request", f"{echo}:in", None)
    await split.settled(server, echo)
    assert (await split.visit("/wrong"))[0] == 500
    assert "open the edge and map its fields" in await edge_error(split, server, edge)

    nowhere = await split.add("http_server", {"path": "/nowhere"})
    gone = echo.rsplit("-", 1)[0] + "-n00000000000"
    edge = await split.wire_only(f"{nowhere}:request", f"{gone}:in")
    await split.settled(nowhere)
    assert (await split.visit("/nowhere"))[0] in (500, 503)
    assert f"{gone} does not exist" in await edge_error(split, nowhere, edge)

    odd = await split.add("http_server", {"path": "/odd"})
    edge = await split.wire(f"{odd}:request", f"{echo}:nose", {})
    await split.settled(odd, echo)
    assert (await split.visit("/odd"))[0] == 500
    assert "has no input 'nose'" in await edge_error(split, odd, edge)


async def test_a_large_message_crosses(split: World) -> None:
    server = await split.add("http_server", {"path": "/large", "method": "POST"})
    echo = await split.add("echo")
    await split.wire(f"{server}:request", f"{echo}:in", {"text": "{{ $.body }}"})
    await split.settled(server, echo)
    text = "ä" * 100_000
    assert await split.visit("/large", method="POST", json=text) == (200, {"text": text})


@pytest.mark.parametrize("way", ["grpc", "nats"])
async def test_a_module_that_nobody_serves_is_named_and_its_edge_heals(tmp_path: Path, way: str) -> None:
    async with apart(tmp_path, way) as one:
        server = await one.add("http_server", {"path": "/later", "timeout": 60_000})
        echo = await one.add("echo")
        edge = await one.wire(f"{server}:request", f"{echo}:in", {"hello": "there"})
        await one.settled(server)
        assert "no module faulty-v1 in this cluster" in await edge_error(one, server, edge)
        status, _ = await one.visit("/later")
        assert status in (500, 503)

        await start_back(one)
        await one.settled(echo)

        async def heals() -> bool:
            return await one.visit("/later") == (200, {"hello": "there"})

        await eventually(heals, 60)
        await eventually(lambda: no_edge_errors(one, server))

        assert await one.hosts[-1].stop() == 0
        assert "no host serves the module faulty-v1" in await edge_error(one, server, edge)
        await start_back(one)
        await eventually(heals, 60)


@pytest.mark.parametrize("way", ["grpc", "nats"])
async def test_a_host_that_is_killed_fails_what_is_with_it_and_its_successor_takes_over(
    tmp_path: Path, way: str
) -> None:
    async with apart(tmp_path, way) as one:
        await start_back(one)
        server = await one.add("http_server", {"path": "/killed", "timeout": 60_000})
        slow = await one.add("slow", {"seconds": 20})
        await one.wire(f"{server}:request", f"{slow}:in", {"a": 1})
        await one.settled(server, slow)
        lease = await one.cluster.get(LEASE, "faulty-v1-lock")
        async with linked(one, slow, address=lease["metadata"]["annotations"][ANNOTATION_ADDRESS]) as live:
            request = asyncio.create_task(one.visit("/killed"))
            await eventually(lambda: live.nodes.get(slow, {}).get("stats", {}).get("in_flight"))
        one.hosts[-1].kill()
        status, _ = await asyncio.wait_for(request, 50)
        assert status in (500, 503)
        await one.set(slow, {"seconds": 0})
        await start_back(one)
        await one.settled(slow)

        async def heals() -> bool:
            return await one.visit("/killed") == (200, {"a": 1})

        await eventually(heals, 60)


@pytest.mark.parametrize("way", ["grpc", "nats"])
async def test_while_one_replica_is_left_messages_arrive(tmp_path: Path, way: str) -> None:
    async with apart(tmp_path, way) as one:
        await start_back(one)
        await start_back(one)
        server, echo = await one.add("http_server", {"path": "/left"}), await one.add("echo")
        await one.wire(f"{server}:request", f"{echo}:in", {"a": 1})
        await one.settled(server, echo)
        assert [await one.visit("/left") for _ in range(10)] == [(200, {"a": 1})] * 10
        one.hosts[1].kill()
        answers = [await one.visit("/left") for _ in range(20)]
        assert answers.count((200, {"a": 1})) >= 19, "at most the message that the dead host had is lost"


@pytest.mark.cluster
async def test_an_edge_crosses_on_a_real_cluster(tmp_path: Path, cluster_namespace: ClusterNamespace) -> None:
    async with world(tmp_path, host=False, kubeconfig=cluster_namespace.kubeconfig) as one:
        await one.start_host(packages=FRONT)
        await start_back(one)
        server, echo = await one.add("http_server", {"path": "/real"}), await one.add("echo")
        await one.wire(f"{server}:request", f"{echo}:in", {"a": 1})
        await one.settled(server, echo)
        assert await one.visit("/real") == (200, {"a": 1})

        async def registered() -> bool:
            status = (await one.cluster.get(TINY_MODULE, "faulty-v1")).get("status") or {}
            return bool(status.get("signals") is True and str(status.get("addr")).startswith("127.0.0.1:"))

        await eventually(registered)


async def test_flows_outlive_the_broker(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    await broker.start()
    async with world(tmp_path / "world", host=False) as one:
        for packages in (FRONT, BACK):
            port = one.port if packages is FRONT else free_port()
            await one.start_host(packages=packages, port=port, WEIRFLOW_NATS_URL=broker.url)
        server = await one.add("http_server", {"path": "/broken", "timeout": 60_000})
        slow = await one.add("slow", {"seconds": 20})
        await one.wire(f"{server}:request", f"{slow}:in", {"a": 1})
        await one.settled(server, slow)
        lease = await one.cluster.get(LEASE, "faulty-v1-lock")
        async with linked(one, slow, address=lease["metadata"]["annotations"][ANNOTATION_ADDRESS]) as live:
            request = asyncio.create_task(one.visit("/broken"))
            await eventually(lambda: live.nodes.get(slow, {}).get("stats", {}).get("in_flight"))
        broker.kill()
        assert (await asyncio.wait_for(request, 50))[0] in (500, 503)
        assert (await asyncio.wait_for(one.visit("/broken"), 40))[0] in (500, 503)
        await one.set(slow, {"seconds": 0})
        await one.settled(slow)
        await broker.start()

        async def heals() -> bool:
            return await one.visit("/broken") == (200, {"a": 1})

        await eventually(heals, 60)


async def test_a_host_alone_does_without_what_it_needs_for_others(tmp_path: Path) -> None:
    async with apart(tmp_path, "grpc") as one:
        child = one.hosts[0].child
        assert child is not None

        def has_grpc() -> bool:
            return "cygrpc" in Path(f"/proc/{child.pid}/maps").read_text()

        assert not has_grpc()
        await start_back(one)
        await eventually(has_grpc, 60)


async def test_the_module_says_where_others_reach_it(split: World) -> None:
    async def address() -> str:
        status = (await split.cluster.get(TINY_MODULE, "faulty-v1")).get("status") or {}
        return str(status.get("addr") or "")

    said = await eventually(address)
    assert said == "nats://tinymodule.faulty-v1.msg" or said.startswith("127.0.0.1:")
