"""The counter of requirement document 000."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.common.stateful_counter import StatefulCounter
from weirflow import Fail, MessageRejected, NotLeader, StateError
from weirflow.spec import spec_of
from weirflow.testing import run


def _stored(value: int, *, version: int = 1, epoch: int = 1) -> dict[str, str]:
    return {"counter-value": str(value), "state-version": str(version), "state-epoch": str(epoch)}


@pytest.mark.parametrize(
    ("messages", "sent"),
    [
        ([("increment", {})], [(1, 0, "increment", 1)]),
        ([("increment", {"amount": 5})], [(5, 0, "increment", 5)]),
        ([("increment", {"amount": 0})], [(1, 0, "increment", 1)]),
        ([("increment", {"amount": -3})], [(-3, 0, "increment", -3)]),
        ([("decrement", {})], [(-1, 0, "decrement", 1)]),
        ([("decrement", {"amount": 4})], [(-4, 0, "decrement", 4)]),
        ([("set", {"value": 42}), ("set", {"value": 40})], [(42, 0, "set", 42), (40, 42, "set", -2)]),
        ([("set", {"value": 0})], [(0, 0, "set", 0)]),
        ([("increment", {"amount": None, "source": None})], [(1, 0, "increment", 1)]),
    ],
)
async def test_each_operation_counts_and_tells(messages: list[Any], sent: list[Any]) -> None:
    async with run(StatefulCounter) as node:
        for port, message in messages:
            await node.send(port, message)
        values = [each.value for each in node.emitted]
        assert [(value["value"], value["previous"], value["operation"], value["amount"]) for value in values] == sent
        assert {each.port for each in node.emitted} == {"value"}
        assert values[-1]["timestamp"] == "2026-01-01T00:00:00Z"


async def test_the_source_goes_into_the_message_and_the_history() -> None:
    async with run(StatefulCounter) as node:
        await node.send("increment", {"amount": 2, "source": "api_request"})
        assert node.emitted[0].value["source"] == "api_request"
        history = json.loads(node.resource.metadata["counter-history"])
        assert history == [
            {"timestamp": 1767225600000000000, "value": 2, "operation": "increment", "source": "api_request"}
        ]


async def test_the_result_of_the_flow_comes_back() -> None:
    async with run(StatefulCounter) as node:
        node.replies["value"] = lambda value: {"status": 200, "body": value["value"]}
        assert await node.send("increment") == {"status": 200, "body": 1}


async def test_the_state_stands_in_the_resource_as_people_read_it() -> None:
    async with run(StatefulCounter) as node:
        await node.send("increment", {"amount": 42})
        metadata = node.resource.metadata
        assert metadata["counter-value"] == "42"
        assert metadata["counter-updated"] == "2026-01-01T00:00:00Z"
        assert metadata["state-version"] == "1"
        assert metadata["state-epoch"] == "1"


async def test_nothing_is_written_before_the_first_change() -> None:
    async with run(StatefulCounter, settings={"initialValue": 7}) as node:
        assert node.state.value == 7
        assert node.resource.metadata == {}


async def test_the_initial_value_counts_until_the_first_change() -> None:
    async with run(StatefulCounter, settings={"initialValue": 7}) as node:
        await node.set(initialValue=9)
        assert node.state.value == 9
        await node.send("increment")
        await node.set(initialValue=100)
        assert node.state.value == 10


async def test_a_stored_zero_is_not_replaced_by_the_initial_value() -> None:
    async with run(StatefulCounter, settings={"initialValue": 7}) as node:
        await node.send("set", {"value": 0})
        await node.set(initialValue=8)
        node = await node.restart()
        assert node.state.value == 0
        await node.send("increment")
        assert node.state.value == 1


async def test_reset_goes_back_to_the_initial_value_and_empties_the_history() -> None:
    async with run(StatefulCounter, settings={"initialValue": 5}) as node:
        await node.send("increment")
        assert node.control == {"value": 6, "lastUpdate": "2026-01-01T00:00:00Z", "eventCount": 1, "reset": False}
        await node.clock.advance(60)
        after = await node.press("reset")
        assert after == {"value": 5, "lastUpdate": "2026-01-01T00:01:00Z", "eventCount": 0, "reset": False}
        assert node.resource.metadata["counter-value"] == "5"
        assert (await node.restart()).state.value == 5


async def test_a_reset_sent_twice_resets_once() -> None:
    async with run(StatefulCounter) as node:
        await node.send("increment")
        await node.press("reset", operation_id="press-1")
        await node.send("increment")
        await node.press("reset", operation_id="press-1")
        assert node.state.value == 1


async def test_the_history_keeps_the_newest() -> None:
    async with run(StatefulCounter, settings={"maxHistory": 3}) as node:
        for _ in range(5):
            await node.send("increment")
        assert [event.value for event in node.state.history] == [3, 4, 5]
        await node.set(maxHistory=0)
        await node.send("increment")
        assert node.control["eventCount"] == 0


async def test_the_history_is_bounded_in_bytes() -> None:
    async with run(StatefulCounter, settings={"maxHistory": 10_000}) as node:
        for _ in range(300):
            await node.send("increment", {"source": "ü" * 300})
        text = node.resource.metadata["counter-history"]
        assert len(text.encode()) <= 64 * 1024
        assert node.state.history[-1].value == 300
        assert len(json.loads(text)) == len(node.state.history) > 50


async def test_without_persistence_the_count_lives_in_memory() -> None:
    async with run(StatefulCounter, settings={"persistent": False, "initialValue": 3}) as node:
        await node.send("increment")
        assert node.state.value == 4
        assert node.emitted[0].value["value"] == 4
        assert node.resource.metadata == {}
        assert (await node.restart()).state.value == 3


async def test_persistence_switched_on_stores_what_is_there() -> None:
    async with run(StatefulCounter, settings={"persistent": False}) as node:
        await node.send("increment")
        await node.set(persistent=True)
        await node.send("increment")
        assert (await node.restart()).state.value == 2


async def test_persistence_switched_off_keeps_what_is_stored() -> None:
    async with run(StatefulCounter) as node:
        await node.send("increment")
        await node.set(persistent=False)
        await node.send("increment")
        assert node.state.value == 2
        node.instance.load_state(node.resource.metadata)
        assert node.state.value == 2
        assert node.resource.metadata["counter-value"] == "1"


async def test_only_the_leader_changes_the_count() -> None:
    async with run(StatefulCounter, leader=False) as node:
        for port, message in (("increment", {}), ("decrement", {}), ("set", {"value": 1})):
            with pytest.raises(NotLeader, match="only leader can modify state"):
                await node.send(port, message)
        with pytest.raises(NotLeader):
            await node.press("reset")
        assert node.emitted == []


async def test_readers_see_what_the_leader_stores() -> None:
    async with run(StatefulCounter) as node:
        reader = node.replica()
        await reader.ready()
        await node.send("increment", {"amount": 42})
        assert reader.state.value == 42
        assert reader.control["value"] == 42
        assert reader.live == "42"


async def test_another_replica_takes_over_where_the_leader_stopped() -> None:
    async with run(StatefulCounter) as node:
        reader = node.replica()
        await reader.ready()
        await node.send("increment", {"amount": 10})
        await reader.lead()
        await reader.send("increment")
        assert reader.state.value == 11
        assert reader.resource.metadata["state-epoch"] == "2"
        with pytest.raises(NotLeader):
            await node.send("increment")
        assert node.state.value == 11


async def test_state_is_recovered_before_the_first_message() -> None:
    async with run(StatefulCounter, settings={"initialValue": 5}, metadata=_stored(41)) as node:
        await node.send("increment")
        assert node.emitted[0].value["previous"] == 41


async def test_a_value_written_by_another_tool_is_taken_up() -> None:
    stored = {"counter-value": "42", "counter-updated": "2024-01-15T10:30:00Z"}
    async with run(StatefulCounter, metadata=stored) as node:
        assert node.control["lastUpdate"] == "2024-01-15T10:30:00Z"
        await node.send("increment")
        assert node.resource.metadata["counter-value"] == "43"


@pytest.mark.parametrize(
    ("known", "seen", "value"),
    [
        ((1, 5), (1, 6), 99),
        ((1, 5), (1, 5), 41),
        ((1, 5), (1, 4), 41),
        ((2, 5), (1, 9), 41),
        ((2, 5), (3, 1), 99),
    ],
)
async def test_states_are_ordered_by_epoch_and_version(
    known: tuple[int, int], seen: tuple[int, int], value: int
) -> None:
    async with run(StatefulCounter, metadata=_stored(41, epoch=known[0], version=known[1]), leader=False) as node:
        newer_by_the_clock = {"counter-updated": "2099-01-01T00:00:00Z"}
        node.instance.load_state(_stored(99, epoch=seen[0], version=seen[1]) | newer_by_the_clock)
        assert node.state.value == value


async def test_a_count_past_64_bits_is_refused() -> None:
    async with run(StatefulCounter, metadata=_stored(2**63 - 2)) as node:
        await node.send("increment")
        for port, message in (("increment", {}), ("set", {"value": -(2**63) - 1})):
            with pytest.raises(Fail) as failure:
                await node.send(port, message)
            assert failure.value.code == "count_overflow"
        assert node.resource.metadata["counter-value"] == str(2**63 - 1)


async def test_negative_counts_are_corrected_or_refused_when_not_allowed() -> None:
    async with run(StatefulCounter, settings={"allowNegative": False}, metadata=_stored(-5)) as node:
        assert node.state.value == 0
        assert node.resource.metadata["counter-value"] == "-5"
        with pytest.raises(Fail, match="does not go below 0") as failure:
            await node.send("decrement")
        assert failure.value.code == "negative_count"
        await node.send("increment")
        assert node.state.value == 1
        await node.set(allowNegative=True)
        await node.send("decrement", {"amount": 3})
        assert node.state.value == -2


async def test_a_stored_value_that_is_no_number_is_an_error_and_stays() -> None:
    async with run(StatefulCounter, metadata=_stored(1) | {"counter-value": "many"}) as node:
        with pytest.raises(StateError, match="counter-value"):
            await node.send("increment")
        assert node.problems[-1].code == "state_error"
        assert node.resource.metadata["counter-value"] == "many"
        assert node.control == {}
        node.instance.load_state(_stored(7))
        assert node.state.value == 7
        assert node.problems == []


@pytest.mark.parametrize(
    ("port", "message", "field"),
    [
        ("increment", {"amount": "many"}, "/amount"),
        ("increment", {"amuont": 1}, "/amuont"),
        ("set", {}, "/value"),
        ("set", {"value": None}, "/value"),
        ("set", {"value": 1.5}, "/value"),
        ("increment", [], ""),
        ("nowhere", {}, None),
        ("value", {}, None),
        ("_settings", {}, None),
    ],
)
async def test_messages_that_do_not_fit_never_reach_it(port: str, message: Any, field: str | None) -> None:
    async with run(StatefulCounter) as node:
        with pytest.raises(MessageRejected) as rejected:
            await node.send(port, message)
        assert rejected.value.problem.field == field
        assert rejected.value.problem.port == port
        assert rejected.value.problem.node == "node"
        assert node.resource.metadata == {}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"maxHistory": -1}, "/maxHistory"),
        ({"maxHistory": 10_001}, "/maxHistory"),
        ({"initialValue": "x"}, "/initialValue"),
        ({"initialValue": 2**63}, "/initialValue"),
    ],
)
async def test_settings_that_do_not_fit_leave_the_old_ones(changed: dict[str, Any], field: str) -> None:
    async with run(StatefulCounter, settings={"initialValue": 4}) as node:
        problem = await node.set(**changed)
        assert problem is not None
        assert problem.field == field
        assert node.state.value == 4


def test_its_ports_are_those_of_the_document() -> None:
    spec = spec_of(StatefulCounter)
    assert (spec.name, spec.title, spec.category) == ("stateful_counter", "Stateful Counter", "State")
    assert spec.tags == ("counter", "state", "stateful")
    assert [(port.name, port.position.name, port.source) for port in spec.ports] == [
        ("_settings", "TOP", False),
        ("_control", "TOP", True),
        ("increment", "LEFT", False),
        ("decrement", "LEFT", False),
        ("set", "LEFT", False),
        ("value", "RIGHT", True),
    ]
    assert all(port.leader for port in spec.ports if port.name in ("increment", "decrement", "set"))


def test_its_forms_are_those_of_the_document() -> None:
    ports = {port.name: port.schema["properties"] for port in spec_of(StatefulCounter).ports}
    assert ports["_settings"]["initialValue"] == {
        "type": "integer",
        "title": "Initial value",
        "description": "Start value, and the value after a reset",
        "default": 0,
        "propertyOrder": 1,
    }
    assert ports["_settings"]["maxHistory"]["default"] == 100
    assert ports["_settings"]["persistent"]["default"] is True
    assert ports["increment"]["amount"]["configurable"] is True
    assert spec_of(StatefulCounter).port("set").schema["required"] == ["value"]  # type: ignore[union-attr]
    assert all(ports["_control"][name]["readonly"] for name in ("value", "lastUpdate", "eventCount"))
    assert ports["_control"]["reset"]["format"] == "button"
