"""Error ports catch: the nearest one that is on and wired, on the way back of a failure."""

from typing import Any

import pytest

from tests.runtime.world import World
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]

ON = {"enableErrorPort": True}
CAUGHT = {
    "by": "",
    "error": "{{ $.error }}",
    "code": "{{ $.code }}",
    "retryable": "{{ $.retryable }}",
    "node": "{{ $.node }}",
    "context": "{{ $.context }}",
}


async def _catch(world: World, node: str, name: str) -> str:
    """What leaves the error port of ``node`` is echoed, and is thereby the answer."""
    echo = await world.add("echo")
    await world.wire(f"{node}:error", f"{echo}:in", {**CAUGHT, "by": name})
    return echo


async def _flow(world: World, path: str, *, server: Any = None, middle: Any = None, end: Any = None) -> list[str]:
    """``POST path`` -> transform -> crash, with these settings."""
    names = [
        await world.add("http_server", {"path": path, "method": "POST", **(server or {})}),
        await world.add("transform", middle),
        await world.add("crash", end),
    ]
    await world.wire(f"{names[0]}:request", f"{names[1]}:in", {"sent": "{{ $.body }}"})
    await world.wire(f"{names[1]}:out", f"{names[2]}:in", {"sent": "{{ $.sent }}"})
    return names


async def _answer(world: World, path: str) -> Any:
    status, body = await world.visit(path, method="POST", json=7)
    return body if status == 200 else status


async def test_what_fails_in_a_node_leaves_by_its_error_port(shared: World) -> None:
    names = await _flow(shared, "/own", end=ON)
    echo = await _catch(shared, names[2], "crash")
    await shared.settled(*names, echo)
    answer = await _answer(shared, "/own")
    assert "the component is broken" in answer.pop("error")
    assert answer == {
        "by": "crash",
        "code": "component_error",
        "retryable": False,
        "node": names[2],
        "context": {"sent": 7},
    }
    assert (await shared.status(names[2]))["status"] == "OK"


async def test_what_fails_behind_a_node_leaves_by_the_nearest_error_port_and_is_shown_where_it_failed(
    shared: World,
) -> None:
    names = await _flow(shared, "/behind", server=ON, middle=ON)
    echoes = [await _catch(shared, names[0], "server"), await _catch(shared, names[1], "transform")]
    await shared.settled(*names, *echoes)
    assert (await _answer(shared, "/behind"))["by"] == "transform"
    await shared.problem(names[2], "component_error")


async def test_a_source_catches_what_came_of_its_message(shared: World) -> None:
    names = await _flow(shared, "/source", server=ON)
    echo = await _catch(shared, names[0], "server")
    await shared.settled(*names, echo)
    answer = await _answer(shared, "/source")
    assert (answer["by"], answer["context"]["body"]) == ("server", 7)


async def test_an_error_port_that_leads_nowhere_catches_nothing(shared: World) -> None:
    names = await _flow(shared, "/nowhere", middle=ON)
    await shared.settled(*names)
    assert await _answer(shared, "/nowhere") == 500


async def test_what_fails_behind_the_error_port_goes_back_to_the_callers(shared: World) -> None:
    names = await _flow(shared, "/twice", server=ON, middle=ON)
    broken = await shared.add("crash")
    await shared.wire(f"{names[1]}:error", f"{broken}:in", {"first": "{{ $.error }}"})
    echo = await _catch(shared, names[0], "server")
    await shared.settled(*names, broken, echo)
    answer = await _answer(shared, "/twice")
    assert (answer["by"], answer["node"]) == ("server", broken)


async def test_the_port_comes_and_goes_with_the_setting(shared: World) -> None:
    node = await shared.add("echo", ON)

    async def ports() -> set[str]:
        return {port["name"] for port in (await shared.status(node)).get("ports") or []}

    async def has_port() -> bool:
        return "error" in await ports()

    await eventually(has_port, what="the error port")
    await shared.set(node, {"enableErrorPort": False})

    async def has_none() -> bool:
        return "in" in await ports() and "error" not in await ports()

    await eventually(has_none, what="the error port's going")


async def test_a_wire_from_the_error_port_of_a_node_without_settings_says_what_the_node_waits_for(
    shared: World,
) -> None:
    router = await shared.add("router", {**ON, "routes": "neither a list nor a name"})
    echo = await shared.add("echo")
    edge = await shared.wire(f"{router}:error", f"{echo}:in", CAUGHT)
    settings = await shared.problem(router, "settings_rejected")

    async def said() -> str:
        edges = (await shared.status(router)).get("edges") or []
        return next((str(one["error"]) for one in edges if one["id"] == edge), "")

    assert settings["message"] in await eventually(said, what="the wire's error")
    await shared.set(router, {**ON, "routes": ["a"]})
    await eventually(lambda: _no_edges(shared, router), what="the wire works")


async def _no_edges(world: World, name: str) -> bool:
    return not (await world.status(name)).get("edges")
