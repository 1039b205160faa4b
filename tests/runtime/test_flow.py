"""Flows on a real cluster: what is pushed runs, and what is wrong is said where it is wrong."""

import asyncio

import pytest

from tests.runtime.world import World
from tests.waiting import eventually
from weirflow.kube.resources import TINY_MODULE, TINY_NODE, decode_json

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]


async def test_modules_are_registered_with_their_components(shared: World) -> None:
    async def components() -> list[str]:
        status = (await shared.cluster.get(TINY_MODULE, "common-v1")).get("status") or {}
        return [component["name"] for component in status.get("components") or []]

    await eventually(lambda: components())
    assert "stateful_counter" in await components()


async def test_a_request_is_counted_and_answered_and_the_count_is_in_the_resource(shared: World) -> None:
    _, counter = await shared.counter("/visits")
    assert [await shared.visit("/visits") for _ in range(3)] == [(200, {"count": n}) for n in (1, 2, 3)]
    state = await shared.state(counter)
    assert (state["counter-value"], state["state-version"]) == ("3", "3")

    async def control() -> object:
        return ((await shared.port_value(counter, "_control")) or {}).get("value") == 3

    await eventually(control, what="the control panel's showing the count")


async def test_settings_reach_the_component_and_bad_ones_keep_the_old_in_force(shared: World) -> None:
    strict = await shared.add("strict", {"limit": 7})
    server = await shared.add("http_server", {"path": "/strict", "method": "POST"})
    edge = await shared.wire(f"{server}:request", f"{strict}:in", {"number": "{{ $.body }}"})
    await shared.settled(server, strict)
    assert await shared.visit("/strict", method="POST", json=4) == (200, {"number": 4, "limit": 7})
    await shared.set(strict, {"limit": 70})
    problem = await shared.problem(strict, "settings_rejected")
    assert problem["field"] == "/limit"
    assert await shared.visit("/strict", method="POST", json=4) == (200, {"number": 4, "limit": 7})
    await shared.set(strict, {"limit": 8})

    async def well() -> bool:
        return (await shared.status(strict))["status"] == "OK"

    await eventually(well)
    assert await shared.visit("/strict", method="POST", json=4) == (200, {"number": 4, "limit": 8})
    assert (await shared.visit("/strict", method="POST", json="four"))[0] == 500
    rejected = await shared.problem(strict, "message_rejected")
    assert (rejected["field"], rejected["edge"]) == ("/number", edge)
    assert server in rejected["message"]


async def test_an_unknown_component_is_an_error_on_its_node_and_on_the_edges_to_it(shared: World) -> None:
    ghost = await shared.add("ghost")
    tick = await shared.add("ticker", {"interval": 50})
    edge = await shared.wire(f"{tick}:tick", f"{ghost}:in", {})
    problem = await shared.problem(ghost, "unknown_component")
    assert "ghost" in problem["message"]
    assert "ticker" in problem["message"]

    async def shown() -> bool:
        return any(e["id"] == edge and "ghost" in e["error"] for e in (await shared.status(tick)).get("edges") or [])

    await eventually(shown)


@pytest.mark.parametrize(
    ("target", "mapping", "says"),
    [
        ("{echo}:in", None, "no mapping"),
        ("{echo}:nowhere", {}, "no input 'nowhere'"),
        ("{echo}:in", {"a": "{{ $..[ }}"}, "/a"),
        ("p.faulty-v1.echo-nobody:in", None, "does not exist"),
        ("p.other-v1.thing-a:in", None, "other-v1"),
        ("nonsense", None, "node:port"),
    ],
    ids=["no mapping", "no port", "bad expression", "no node", "other module", "malformed"],
)
async def test_an_edge_that_cannot_carry_messages_says_why(
    shared: World, target: str, mapping: object, says: str
) -> None:
    tick = await shared.add("ticker", {"interval": 10_000})
    echo = await shared.add("echo")
    target = target.format(echo=echo)
    if ":" in target and echo in target:
        edge = await shared.wire(f"{tick}:tick", target, mapping)
    else:
        edge = "e-1"
        edges = [{"id": edge, "port": "tick", "to": target, "flowID": "f"}]
        await shared.cluster.patch(TINY_NODE, tick, {"spec": {"edges": edges}})

    async def shown() -> str:
        return "".join(e["error"] for e in (await shared.status(tick)).get("edges") or [] if e["id"] == edge)

    assert says in await eventually(shown, what="the edge's error")


async def test_an_edge_heals_when_its_mapping_comes(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/heals"})
    echo = await shared.add("echo")
    await shared.wire(f"{server}:request", f"{echo}:in", None)
    await shared.settled(server)
    assert (await shared.visit("/heals"))[0] == 500
    origin = {"from": f"{server}:request", "port": "in", "configuration": "eyJhIjoxfQ=="}
    await shared.cluster.patch(TINY_NODE, echo, {"spec": {"ports": [origin]}})

    async def healed() -> bool:
        return await shared.visit("/heals") == (200, {"a": 1})

    await eventually(healed)
    await eventually(lambda: _no_edge_errors(shared, server))


async def _no_edge_errors(shared: World, name: str) -> bool:
    return not (await shared.status(name)).get("edges")


async def test_a_deleted_node_ends_and_a_new_one_of_its_name_starts_fresh(shared: World) -> None:
    server, counter = await shared.counter("/reborn")
    assert await shared.visit("/reborn") == (200, {"count": 1})
    spec = (await shared.get(counter))["spec"]
    await shared.cluster.delete(TINY_NODE, counter)

    async def put_off() -> bool:
        """It may come back, as it does below."""
        async with shared.http.get("/reborn") as answer:
            return answer.status == 503 and answer.headers.get("retry-after") == "1"

    await eventually(put_off)
    await shared.cluster.create(TINY_NODE, TINY_NODE.new(counter, spec=spec))

    async def again() -> bool:
        return await shared.visit("/reborn") == (200, {"count": 1})

    await eventually(again)
    await shared.cluster.delete(TINY_NODE, server)

    async def unrouted() -> bool:
        return (await shared.visit("/reborn"))[0] == 404

    await eventually(unrouted)


async def test_a_crash_in_a_component_is_an_error_on_its_node_only(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/crash"})
    crash = await shared.add("crash")
    await shared.wire(f"{server}:request", f"{crash}:in", {})
    await shared.settled(server, crash)
    status, body = await shared.visit("/crash")
    assert status == 500
    assert "broken" not in str(body)
    problem = await shared.problem(crash, "component_error")
    assert "the component is broken" in problem["message"]


async def test_a_source_that_cannot_start_says_so(shared: World) -> None:
    stubborn = await shared.add("stubborn")
    problem = await shared.problem(stubborn, "component_error")
    assert "no such device" in problem["message"]


async def test_a_source_that_could_not_start_does_with_other_settings(shared: World) -> None:
    first = await shared.add("http_server", {"path": "/corner"})
    await shared.settled(first)
    second = await shared.add("http_server", {"path": "/corner"})
    await shared.problem(second, "route_taken")
    await shared.set(second, {"path": "/other-corner"})
    await eventually(lambda: answers(shared, "/other-corner"))
    await eventually(lambda: well(shared, second))


async def test_a_path_is_answered_as_soon_as_the_node_in_the_way_is_gone(shared: World) -> None:
    first = await shared.add("http_server", {"path": "/contested"})
    await shared.settled(first)
    unstarted = await shared.add("http_server", {"path": "/contested"})
    await shared.problem(unstarted, "route_taken")
    await shared.set(first, {"path": "/given-up"})
    await eventually(lambda: answers(shared, "/given-up"))
    await eventually(lambda: well(shared, unstarted))

    await shared.set(first, {"path": "/contested"})
    await shared.problem(first, "route_taken")
    await shared.cluster.delete(TINY_NODE, unstarted)
    await eventually(lambda: well(shared, first))
    assert (await shared.visit("/contested"))[0] == 204
    assert not await answers(shared, "/given-up")


async def test_a_loop_that_multiplies_its_messages_is_called_off(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/avalanche", "timeout": 30_000})
    echo = await shared.add("transform")
    await shared.wire(f"{server}:request", f"{echo}:in", {})
    for _ in range(2):
        await shared.wire(f"{echo}:out", f"{echo}:in", {})
    await shared.settled(server, echo)
    assert (await shared.visit("/avalanche"))[0] == 500

    async def named() -> bool:
        return "a loop of the flow multiplies it" in (await shared.status(server)).get("status", "")

    await eventually(named)


async def answers(shared: World, path: str) -> bool:
    return (await shared.visit(path))[0] != 404


async def well(shared: World, name: str) -> bool:
    return bool((await shared.status(name)).get("status") == "OK")


async def test_secrets_do_not_reach_the_status(shared: World) -> None:
    signal = await shared.add("signal", {"message": {"password": "hunter2", "user": "ann"}})
    await shared.settled(signal)
    status = await shared.status(signal)
    values = [str(decode_json(port["configuration"])) for port in status["ports"]]
    assert "hunter2" not in "".join(values)
    assert any("ann" in value for value in values)


async def test_the_first_result_in_edge_order_answers_and_errors_show_on_their_own_nodes(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/fan"})
    crash, slow, echo = await shared.add("crash"), await shared.add("slow"), await shared.add("echo")
    for node, says in ((crash, "crash"), (slow, "slow"), (echo, "echo")):
        await shared.wire(f"{server}:request", f"{node}:in", {"from": says})
    await shared.settled(server, crash, slow, echo)
    assert await shared.visit("/fan") == (200, {"from": "slow"})
    assert (await shared.problem(crash, "component_error"))["node"] == crash


async def test_a_retryable_error_is_tried_again_under_the_same_operation_id(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/flaky"})
    flaky = await shared.add("flaky", {"failures": 2})
    policy = {"maxAttempts": 3, "initialDelayMs": 1}
    await shared.wire(f"{server}:request", f"{flaky}:in", {}, retryPolicy=policy)
    await shared.settled(server, flaky)
    headers = {"Idempotency-Key": "k"}
    status, first = await shared.visit("/flaky", headers=headers)
    assert (status, first["attempt"]) == (200, 3)
    assert (await shared.visit("/flaky", headers=headers))[1]["operation"] == first["operation"]


async def test_an_edge_with_a_timeout_gives_up(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/slow"})
    slow = await shared.add("slow", {"seconds": 30})
    await shared.wire(f"{server}:request", f"{slow}:in", {}, timeoutMs=50)
    await shared.settled(server, slow)
    assert (await shared.visit("/slow"))[0] == 504


async def test_a_wired_loop_runs_and_one_that_never_ends_is_named(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/loop/{left}"})
    loop = await shared.add("loop")
    await shared.wire(f"{server}:request", f"{loop}:in", {"left": "{{ $.params.left }}"})
    await shared.wire(f"{loop}:out", f"{loop}:in", {"left": "{{ $.left }}"})
    await shared.settled(server, loop)
    assert await shared.visit("/loop/200") == (200, {"depth": 201})
    assert (await shared.visit("/loop/300"))[0] == 500
    problem = await shared.problem(loop, "depth_limit")
    assert loop in problem["message"]
    assert await shared.visit("/loop/3") == (200, {"depth": 4})


async def test_a_key_is_counted_once_however_often_it_is_sent(shared: World) -> None:
    _, counter = await shared.counter("/keyed")
    headers = {"Idempotency-Key": "order-1"}
    answers = await asyncio.gather(*(shared.visit("/keyed", headers=headers) for _ in range(20)))
    assert set(map(str, answers)) == {"(200, {'count': 1})"}
    assert (await shared.state(counter))["counter-value"] == "1"


async def test_changes_of_one_node_share_patches_and_all_are_counted(shared: World) -> None:
    _, counter = await shared.counter("/many")
    before = int((await shared.get(counter))["metadata"]["resourceVersion"])
    answers = await asyncio.gather(*(shared.visit("/many") for _ in range(300)))
    assert sorted(body["count"] for _, body in answers) == list(range(1, 301))
    after = int((await shared.get(counter))["metadata"]["resourceVersion"])
    assert after - before < 200
