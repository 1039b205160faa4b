"""Whatever an author's method does, it is an error on its node, and the rest of the flow runs on."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.runtime.live import linked
from tests.runtime.world import PACKAGES, World, world
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fragile(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with world(tmp_path_factory.mktemp("fragile"), host=False) as one:
        await one.start_host(packages=(*PACKAGES, "tests.runtime.fragile"))
        await one.counter("/beside")
        yield one


async def _behind(world: World, node: str, method: str = "POST") -> str:
    """A path whose requests go to ``node``."""
    path = f"/{node.rsplit('-', 1)[1]}"
    server = await world.add("http_server", {"path": path, "method": method})
    await world.wire(f"{server}:request", f"{node}:in", {"tasks": "{{ $.body }}"})
    await world.settled(server)
    return path


@pytest.mark.parametrize(
    ("component", "answer"),
    [
        ("in_init", 500),
        ("in_identity", 200),
        ("in_client", 200),
        ("in_settings", 200),
        ("in_start", 200),
        ("in_control", 200),
        ("in_live", 200),
        ("in_ports", 200),
        ("odd_result", 500),
    ],
)
async def test_what_raises_is_shown_on_its_node_and_stops_nothing_else(
    fragile: World, component: str, answer: int
) -> None:
    node = await fragile.add(component, {"size": 2}, module="fragile-v1")
    path = await _behind(fragile, node)
    status, _ = await fragile.visit(path, method="POST", json=1)
    assert status == answer

    async def shown() -> bool:
        problem = (await fragile.status(node)).get("problem") or {}
        text = problem.get("message", "")
        return "it fell to pieces" in text or ("object" in text and component == "odd_result")

    # What a node shows is asked of it only while somebody looks.
    async with linked(fragile, node):
        await eventually(shown, what="the problem on the node")
    assert (await fragile.visit("/beside"))[0] == 200


async def test_a_node_whose_tasks_pile_up_is_stopped_from_making_more(fragile: World) -> None:
    node = await fragile.add("growing", module="fragile-v1")
    path = await _behind(fragile, node)
    assert (await fragile.visit(path, method="POST", json=10))[0] == 200
    assert (await fragile.visit(path, method="POST", json=5_000))[0] == 500
    problem = await fragile.problem(node, "too_many_tasks")
    assert "1,000" in problem["message"]
    assert (await fragile.visit("/beside"))[0] == 200
