"""The counter of requirement document 000, as it stands there and as this SDK would have it written: one table of both.

What the two are meant to do differently stands at the end, each with the decision that says so.
"""

from __future__ import annotations

from typing import Any

import pytest

from modules.common.stateful_counter import StatefulCounter
from tests.sdk.document_counter import DocumentCounter
from weirflow import Component, Fail, NotLeader, StateError
from weirflow.spec import spec_of
from weirflow.testing import Node, run, settle

BOTH = pytest.mark.parametrize("counter", [StatefulCounter, DocumentCounter])

#: What is done to a fresh counter with these settings; what it has sent by then, as (value, previous, operation,
#: amount); and the values of its panel.
Steps = list[tuple[Any, ...]]
CASES: dict[str, tuple[dict[str, Any], Steps, list[tuple[int, int, str, int]], tuple[int, int]]] = {
    "untouched": ({"initialValue": 7}, [], [], (7, 0)),
    "one up": ({}, [("increment", {})], [(1, 0, "increment", 1)], (1, 1)),
    "five up": ({}, [("increment", {"amount": 5})], [(5, 0, "increment", 5)], (5, 1)),
    "an amount of 0 is 1": ({}, [("increment", {"amount": 0})], [(1, 0, "increment", 1)], (1, 1)),
    "up by less than nothing": ({}, [("increment", {"amount": -3})], [(-3, 0, "increment", -3)], (-3, 1)),
    "one down": ({"initialValue": 5}, [("decrement", {})], [(4, 5, "decrement", 1)], (4, 1)),
    "down past 0": ({}, [("decrement", {"amount": 2})], [(-2, 0, "decrement", 2)], (-2, 1)),
    "down by 0 is down by 1": ({}, [("decrement", {"amount": 0})], [(-1, 0, "decrement", 1)], (-1, 1)),
    "set": ({"initialValue": 5}, [("set", {"value": 40})], [(40, 5, "set", 35)], (40, 1)),
    "set, up and down": (
        {},
        [("set", {"value": 10}), ("increment", {"amount": 2}), ("decrement", {})],
        [(10, 0, "set", 10), (12, 10, "increment", 2), (11, 12, "decrement", 1)],
        (11, 3),
    ),
    "a history that is full": (
        {"maxHistory": 2},
        [("increment", {})] * 3,
        [(1, 0, "increment", 1), (2, 1, "increment", 1), (3, 2, "increment", 1)],
        (3, 2),
    ),
    "reset": ({"initialValue": 3}, [("increment", {}), ("reset",)], [(4, 3, "increment", 1)], (3, 0)),
    "reset and on": (
        {"initialValue": 3},
        [("set", {"value": 9}), ("reset",), ("increment", {})],
        [(9, 3, "set", 6), (4, 3, "increment", 1)],
        (4, 1),
    ),
    "other settings leave the count": (
        {},
        [("increment", {}), ("settings", {"initialValue": 50}), ("increment", {})],
        [(1, 0, "increment", 1), (2, 1, "increment", 1)],
        (2, 2),
    ),
    "refused settings leave the old": (
        {"initialValue": 3},
        [("set", {"value": 9}), ("settings", {"initialValue": "many"}), ("reset",)],
        [(9, 3, "set", 6)],
        (3, 0),
    ),
    "in memory only": ({"persistent": False}, [("increment", {})], [(1, 0, "increment", 1)], (1, 1)),
}


async def _do(node: Node, steps: Steps) -> None:
    for what, *message in steps:
        await node.clock.advance(60)
        if what == "reset":
            await node.press("reset")
        elif what == "settings":
            await node.set(**message[0])
        else:
            await node.send(what, {"source": "table", **message[0]})


@BOTH
@pytest.mark.parametrize("case", CASES)
async def test_the_table(counter: type[Component], case: str) -> None:
    settings, steps, sent, (value, events) = CASES[case]
    async with run(counter, settings=settings) as node:
        await _do(node, steps)
        messages = [one.value for one in node.emitted]
        assert [(one["value"], one["previous"], one["operation"], one["amount"]) for one in messages] == sent
        assert all(one["source"] == "table" and one["timestamp"].startswith("2026-01-01T00:0") for one in messages)
        updated = f"2026-01-01T00:{_last_change(steps):02}:00Z" if steps else ""
        assert node.control == {"value": value, "lastUpdate": updated, "eventCount": events, "reset": False}
        stored = node.resource.metadata
        if steps and settings.get("persistent", True):
            assert (stored["counter-value"], stored["counter-updated"]) == (str(value), updated)
        else:
            assert stored == {}


def _last_change(steps: Steps) -> int:
    """The minute of the last step that changed the count."""
    return max(index for index, step in enumerate(steps, 1) if step[0] != "settings")


@BOTH
async def test_it_is_there_again_after_a_restart_before_the_first_message(counter: type[Component]) -> None:
    async with run(counter, settings={"initialValue": 3}) as node:
        await node.send("increment", {"amount": 38})
        node = await node.restart()
        assert node.control["value"] == 41
        await node.send("increment")
        assert node.emitted[0].value["previous"] == 41


@BOTH
async def test_readers_are_told_and_may_take_over(counter: type[Component]) -> None:
    async with run(counter) as node:
        reader = node.replica()
        await reader.ready()
        await node.send("increment", {"amount": 7})
        await settle()
        assert reader.control["value"] == 7
        with pytest.raises(Fail, match="only leader"):
            await reader.send("increment")
        with pytest.raises(Fail, match="only leader"):
            await reader.press("reset")
        await node.clock.advance(1)
        await reader.lead()
        await reader.send("increment")
        assert reader.resource.metadata["counter-value"] == "8"
        with pytest.raises(NotLeader):
            await node.send("increment")


@BOTH
async def test_the_answer_of_the_flow_comes_back_and_what_fails_there_too(counter: type[Component]) -> None:
    def refuse(value: Any) -> Any:
        raise Fail("no more", code="full")

    async with run(counter) as node:
        node.replies["value"] = lambda value: {"status": 200, "body": value["value"]}
        assert await node.send("increment") == {"status": 200, "body": 1}
        node.replies["value"] = refuse
        with pytest.raises(Fail, match="no more"):
            await node.send("increment")


@BOTH
@pytest.mark.parametrize(
    ("port", "message", "field"),
    [
        ("increment", {"amount": "many"}, "/amount"),
        ("set", {}, "/value"),
        ("decrement", {"n": 1}, "/n"),
        ("reset", {}, ""),
    ],
)
async def test_what_does_not_fit_never_reaches_it(
    counter: type[Component], port: str, message: Any, field: str
) -> None:
    async with run(counter) as node:
        with pytest.raises(Fail) as refused:
            await node.send(port, message)
        assert (refused.value.problem.field or "") == field
        assert node.control["value"] == 0


def test_both_have_the_documents_ports_and_fields() -> None:
    def shape(counter: type[Component]) -> dict[str, Any]:
        return {
            port.name: (
                port.source,
                port.position,
                set(port.schema.get("properties", {})) - {"enableErrorPort", "allowNegative"},
            )
            for port in spec_of(counter).ports
            if port.name != "error"
        }

    assert shape(StatefulCounter) == shape(DocumentCounter)
    for counter in (StatefulCounter, DocumentCounter):
        about = spec_of(counter)
        assert (about.title, about.category) == ("Stateful Counter", "State")
        assert about.tags == ("counter", "state", "stateful")
        assert isinstance(counter().instance(), counter)


async def test_the_document_starts_anew_from_0_and_ours_stays_there() -> None:
    """docs/adr/0002"""
    values = {}
    for counter in (StatefulCounter, DocumentCounter):
        async with run(counter) as node:
            await node.send("increment")
            await node.send("decrement")
            await node.set(initialValue=5)
            values[counter] = node.control["value"]
    assert values == {StatefulCounter: 0, DocumentCounter: 5}


async def test_the_document_forgets_its_history_and_ours_keeps_it() -> None:
    """The document's history lives in memory only."""
    counts = {}
    for counter in (StatefulCounter, DocumentCounter):
        async with run(counter) as node:
            await node.send("increment")
            node = await node.restart()
            counts[counter] = node.control["eventCount"]
    assert counts == {StatefulCounter: 1, DocumentCounter: 0}


@pytest.mark.parametrize(
    "update",
    [
        "no function",
        lambda node: node["status"]["metadata"].update({"n": 1}),
        lambda node: node["status"]["metadata"].update({"state-epoch": "9"}),
    ],
)
async def test_updates_that_cannot_be_stored_are_refused(update: Any) -> None:
    async with run(DocumentCounter) as node:
        with pytest.raises(StateError):
            await node.instance.emit(node.begin(), "_reconcile", update)
        assert node.resource.metadata == {}


async def test_an_update_that_changes_nothing_writes_nothing() -> None:
    async with run(DocumentCounter) as node:
        await node.send("set", {"value": 3})
        await node.send("set", {"value": 3})
        assert node.resource.writes == 1


async def test_what_could_not_be_delivered_is_shown_and_delivered_before_the_next_message() -> None:
    spoiled = {"counter-value": "many", "counter-updated": "2026-01-01T00:00:00Z"}
    async with run(DocumentCounter, metadata=spoiled) as node:
        assert "many" in node.problems[0].message
        with pytest.raises(Fail, match="many"):
            await node.send("increment")
        assert node.resource.metadata == spoiled
        mended = {**spoiled, "counter-value": "7", "state-version": "1", "state-epoch": "1"}
        node.resource.metadata = mended
        node.instance.load_state(mended)
        await node.send("increment")
        assert node.emitted[0].value["previous"] == 7
