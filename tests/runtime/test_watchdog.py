"""A component that holds up the event loop is named, with the place, and the host goes on."""

import pytest

from tests.runtime.world import World

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]


async def test_who_holds_up_the_host_is_told_so_and_the_rest_runs_on(shared: World) -> None:
    server, hog = await shared.add("http_server", {"path": "/hog"}), await shared.add("hog")
    await shared.wire(f"{server}:request", f"{hog}:in", {})
    other, _ = await shared.counter("/beside")
    await shared.settled(server, hog, other)
    assert await shared.visit("/hog") == (200, {"done": True})
    problem = await shared.problem(hog, "loop_blocked")
    assert "Hog.hog (runtime/faulty.py:" in problem["message"]
    assert "to_thread" in problem["message"]
    assert await shared.visit("/beside") == (200, {"count": 1})
