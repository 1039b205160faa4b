"""Values and panels that cannot be shown as they are: their node says so, and all others go on."""

import orjson
import pytest

from tests.runtime.live import linked
from tests.runtime.world import World
from tests.waiting import eventually
from weirflow.json_bytes import json_bytes

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]


async def test_what_the_fast_encoder_refuses_is_written_all_the_same() -> None:
    assert json_bytes({"n": 2**70}) == b'{"n":1180591620717411303424}'
    assert orjson.loads(json_bytes(["\ud800", 1])) == ["?", 1]


async def test_a_panel_with_a_number_past_64_bits_is_shown_and_others_are_written_on(shared: World) -> None:
    shy = await shared.add("shy")
    await shared.settled(shy)
    _, counter = await shared.counter("/beside")
    async with linked(shared, shy, counter) as live:
        await eventually(lambda: live.nodes.get(shy, {}).get("control"))
        await shared.visit("/beside")
        await eventually(lambda: live.nodes[counter]["control"]["value"] == 1)


async def test_a_panel_that_fails_is_an_error_on_its_node_only(shared: World) -> None:
    server, shy = await shared.add("http_server", {"path": "/shy", "method": "POST"}), await shared.add("shy")
    await shared.wire(f"{server}:request", f"{shy}:in", {"broken": "{{ $.body }}"})
    await shared.settled(server, shy)
    assert (await shared.visit("/shy", method="POST", json=True))[0] == 200
    problem = await shared.problem(shy, "component_error")
    assert "the panel is broken" in problem["message"]
    other = await shared.add("echo")
    await shared.settled(other)
    assert (await shared.visit("/shy", method="POST", json=False))[0] == 200

    async def well() -> bool:
        return (await shared.status(shy))["status"] == "OK"

    await eventually(well)


async def test_large_settings_do_not_keep_a_status_from_being_written(shared: World) -> None:
    large = await shared.add("signal", {"message": "x" * 500_000})
    await shared.settled(large)
    assert (await shared.status(large))["status"] == "OK"
