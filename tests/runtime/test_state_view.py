"""A node's state is looked at field by field, and edited by people as one operation of the leader."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.live import Live, linked
from tests.runtime.world import World, world
from tests.waiting import eventually
from weirflow.kube.errors import NotFound
from weirflow.kube.resources import TINY_NODE, TINY_SIGNAL

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]


async def state(live: Live, node: str) -> dict[str, Any]:
    told: dict[str, Any] = (await live.ask(state=node))["state"]
    return told


async def fields(live: Live, node: str) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in (await state(live, node))["fields"]}


async def edit(world: World, node: str, field: str, value: Any, was: str, operation: str = "") -> str | None:
    """What the edit was refused with; None where it was applied."""
    data = {"field": field, "value": value, "was": was, "by": "Ada"}
    name = await world.signal(node, "_state", data, operation or uuid.uuid4().hex, by="Ada")

    async def ended() -> dict[str, Any] | None:
        try:
            signal = await world.cluster.get(TINY_SIGNAL, name)
        except NotFound:
            return {"problem": {"code": None}}
        return signal.get("status") or None

    code: str | None = (await eventually(ended))["problem"]["code"]
    return code


async def metadata(world: World, node: str) -> dict[str, str]:
    return dict((await world.cluster.get(TINY_NODE, node))["status"].get("metadata") or {})


async def test_every_field_has_its_type_its_value_and_how_it_came_about(shared: World) -> None:
    counter = await shared.add("stateful_counter", {"initialValue": 5})
    await shared.settled(counter)
    async with linked(shared, counter) as live:
        told = await state(live, counter)
        assert (told["kept"], told["stored"], told["version"]) == (True, False, 0)
        await shared.signal(counter, "increment", {"amount": 2}, "first", by="Ada")

        async def counted() -> dict[str, Any] | None:
            now = await state(live, counter)
            return now if now["version"] == 1 else None

        told = await eventually(counted)
    by_name = {field["name"]: field for field in told["fields"]}
    assert (by_name["value"]["value"], by_name["value"]["schema"]["type"]) == (7, "integer")
    assert by_name["value"]["key"] == "counter-value"
    assert by_name["history"]["schema"]["type"] == "array"
    newest = told["history"][0]
    assert (newest["version"], newest["epoch"], newest["by"]) == (1, told["epoch"], {"kind": "person", "name": "Ada"})
    assert {"field": "value", "value": 7} in newest["changed"]
    assert {change["field"] for change in newest["changed"]} == {"value", "updated", "history"}


async def test_a_node_without_state_says_so(shared: World) -> None:
    echo = await shared.add("echo")
    await shared.settled(echo)
    async with linked(shared, echo) as live:
        assert (await state(live, echo))["kept"] is False
        assert (await live.ask(state="no.such.node"))["state"] is None


async def test_an_edit_is_stored_as_a_change_once_for_each_operation(shared: World) -> None:
    counter = await shared.add("stateful_counter")
    await shared.settled(counter)
    async with linked(shared, counter) as live:
        was = (await fields(live, counter))["value"]["digest"]
        assert await edit(shared, counter, "value", 40, was, "one-edit") is None
        assert (await metadata(shared, counter))["counter-value"] == "40"
        assert await edit(shared, counter, "value", 40, was, "one-edit") is None, "the same once more"
        assert (await metadata(shared, counter))["state-version"] == "1"
        told = await state(live, counter)
        assert told["history"][0]["by"] == {"kind": "person", "name": "Ada"}


async def test_what_does_not_go_in_is_refused_with_the_reason(shared: World) -> None:
    counter = await shared.add("stateful_counter", {"allowNegative": False})
    echo = await shared.add("echo")
    await shared.settled(counter, echo)
    async with linked(shared, counter) as live:
        was = (await fields(live, counter))["value"]["digest"]
        assert await edit(shared, counter, "value", "40", was) == "state_unfit"
        assert await edit(shared, counter, "value", -1, was) == "state_unfit", "the component's own check"
        assert await edit(shared, counter, "value", 1, "0" * 16) == "state_changed"
        assert await edit(shared, counter, "amount", 1, was) == "unknown_field"
        assert await edit(shared, echo, "value", 1, was) == "no_state"
    assert "counter-value" not in await metadata(shared, counter)


async def test_a_secret_is_told_of_as_set_or_not_and_never_edited(shared: World) -> None:
    vault = await shared.add("vault")
    await shared.settled(vault)
    async with linked(shared, vault) as live:
        assert (await fields(live, vault))["word"]["set"] is False
        await shared.signal(vault, "set", {"word": "hunter2"}, "word")

        async def is_set() -> bool:
            return bool((await fields(live, vault))["word"]["set"])

        await eventually(is_set)
        told = await state(live, vault)
        assert "hunter2" not in str(told)
        assert "sealed:" not in str(told)
        word = next(field for field in told["fields"] if field["name"] == "word")
        assert not {"value", "beginning", "digest"} & word.keys()
        assert word["editable"] is False
        assert await edit(shared, vault, "word", "other", "") == "state_secret"
        assert (await live.ask(state=vault, field="word"))["state"]["field"].keys() == word.keys()


async def test_a_large_value_is_short_among_the_others_and_whole_by_itself(shared: World) -> None:
    counter = await shared.add("stateful_counter")
    await shared.settled(counter)
    async with linked(shared, counter) as live:
        for number in range(60):
            await shared.signal(counter, "increment", {"source": "x" * 40}, f"many-{number}")

        async def full() -> bool:
            return int((await metadata(shared, counter)).get("state-version", 0)) == 60

        await eventually(full, 60)
        short = (await fields(live, counter))["history"]
        assert short["cut"] is True
        assert len(short["beginning"]) <= 2048
        whole = (await live.ask(state=counter, field="history"))["state"]["field"]
        assert len(whole["value"]) == 60
        told = await state(live, counter)
        assert 1 <= len(told["history"]) <= 32
        assert sum(entry["count"] for entry in told["history"]) <= 60


async def test_an_acknowledged_edit_outlives_the_host(tmp_path: Path) -> None:
    async with world(tmp_path / "home") as own:
        counter = await own.add("stateful_counter")
        await own.settled(counter)
        async with linked(own, counter) as live:
            was = (await fields(live, counter))["value"]["digest"]
        assert await edit(own, counter, "value", 7, was) is None
        own.hosts[0].kill()
        assert (await metadata(own, counter))["counter-value"] == "7"
        await own.start_host()
        async with linked(own, counter) as live:

            async def back() -> bool:
                told = await fields(live, counter)
                return bool(told) and told["value"]["value"] == 7

            await eventually(back, 60)
            assert (await state(live, counter))["history"][-1]["by"] == {"kind": "found"}
