"""The key-value store."""

from __future__ import annotations

from typing import Any

import pytest

from modules.common.key_value import KeyValue
from weirflow import JSON, Fail
from weirflow.testing import Node, run


def _last(node: Node) -> tuple[str, JSON]:
    return node.emitted[-1].port, node.emitted[-1].value


async def _keys(node: Node, **asked: Any) -> list[str]:
    await node.send("list", asked)
    return [entry["key"] for entry in _last(node)[1]["entries"]]


async def test_what_is_set_is_found_also_after_a_restart() -> None:
    async with run(KeyValue) as node:
        node.replies["stored"] = lambda message: "kept"
        assert await node.send("set", {"key": "a", "value": {"n": [1]}, "context": "c"}) == "kept"
        assert _last(node) == (
            "stored",
            {"key": "a", "context": "c", "value": {"n": [1]}, "previous": None, "created": True},
        )
        node = await node.restart()
        await node.send("get", {"key": "a", "context": 7})
        assert _last(node) == ("found", {"key": "a", "context": 7, "value": {"n": [1]}})


async def test_what_is_not_there_is_missing() -> None:
    async with run(KeyValue) as node:
        node.replies["missing"] = lambda message: "nothing"
        assert await node.send("get", {"key": "a"}) == "nothing"
        await node.send("delete", {"key": "a"})
        assert _last(node) == ("deleted", {"key": "a", "context": None, "existed": False, "previous": None})


async def test_null_is_a_value() -> None:
    async with run(KeyValue) as node:
        await node.send("set", {"key": "a", "value": None})
        await node.send("get", {"key": "a"})
        assert _last(node) == ("found", {"key": "a", "context": None, "value": None})


async def test_a_deleted_value_is_gone() -> None:
    async with run(KeyValue) as node:
        await node.send("set", {"key": "a", "value": 1})
        await node.send("delete", {"key": "a"})
        assert _last(node)[1] == {"key": "a", "context": None, "existed": True, "previous": 1}
        await node.send("get", {"key": "a"})
        assert _last(node)[0] == "missing"


async def test_the_first_to_set_a_key_is_told_so() -> None:
    async with run(KeyValue) as node:
        for value in (1, 2):
            await node.send("set", {"key": "a", "value": value, "overwrite": False})
        told = [(each.value["value"], each.value["created"]) for each in node.emitted]
        assert told == [(1, True), (1, False)]


async def test_a_message_delivered_twice_is_the_first_both_times() -> None:
    async with run(KeyValue) as node:
        for _ in range(2):
            await node.send("set", {"key": "a", "value": 1, "overwrite": False}, operation_id="one")
        assert [each.value["created"] for each in node.emitted] == [True, True]


async def test_keys_are_listed_in_order_and_in_parts() -> None:
    async with run(KeyValue) as node:
        for key in ("b-2", "a", "b-1", "b-3"):
            await node.send("set", {"key": key})
        assert await _keys(node) == ["a", "b-1", "b-2", "b-3"]
        assert await _keys(node, prefix="b-", limit=2) == ["b-1", "b-2"]
        assert _last(node)[1]["next"] == "b-2"
        assert await _keys(node, prefix="b-", limit=2, after="b-2") == ["b-3"]
        assert _last(node)[1]["next"] == ""


async def test_a_value_lasts_as_long_as_it_is_said() -> None:
    async with run(KeyValue, settings={"ttl": 60}) as node:
        await node.send("set", {"key": "minute"})
        await node.send("set", {"key": "hour", "ttl": 3600})
        await node.send("set", {"key": "ever", "ttl": 0})
        await node.clock.advance(59)
        assert await _keys(node) == ["ever", "hour", "minute"]
        await node.clock.advance(1)
        assert await _keys(node) == ["ever", "hour"]
        assert (node.control["count"], node.live) == (2, "2 kept")
        await node.send("set", {"key": "minute", "overwrite": False})
        assert _last(node)[1]["created"] is True
        assert set(node.state.entries) == {"hour", "ever", "minute"}, "what is over leaves the state"


@pytest.mark.parametrize("settings", [{"maxEntries": 2}, {"maxBytes": 1024}])
async def test_a_full_store_refuses_what_is_new(settings: Any) -> None:
    async with run(KeyValue, settings=settings) as node:
        for key in "ab":
            await node.send("set", {"key": key, "value": "x" * 400})
        with pytest.raises(Fail, match="the store is full: 2 entries") as refused:
            await node.send("set", {"key": "c", "value": "x" * 400})
        assert refused.value.code == "full"
        await node.send("set", {"key": "a", "value": "y"})
        assert await _keys(node) == ["a", "b"]


async def test_or_the_oldest_make_room() -> None:
    async with run(KeyValue, settings={"maxEntries": 2, "whenFull": "evict"}) as node:
        for key in ("a", "b", "a", "c"):
            await node.send("set", {"key": key})
        assert await _keys(node) == ["a", "c"]


async def test_a_value_that_never_fits_is_refused() -> None:
    async with run(KeyValue, settings={"whenFull": "evict"}) as node:
        await node.send("set", {"key": "a", "value": 1})
        with pytest.raises(Fail, match="the value takes 70,005 bytes, the whole store has 65,536") as refused:
            await node.send("set", {"key": "b", "value": "x" * 70_000})
        assert (refused.value.code, refused.value.permanent) == ("too_large", True)
        assert await _keys(node) == ["a"]


async def test_its_panel_shows_and_clears_it() -> None:
    async with run(KeyValue) as node:
        await node.send("set", {"key": "a", "value": "xyz"})
        assert node.control == {"count": 1, "bytes": 8, "keys": ["a"], "clear": False}
        assert (await node.press("clear"))["count"] == 0
        assert await _keys(node) == []


async def test_only_the_leader_changes_it_and_the_others_show_it() -> None:
    async with run(KeyValue) as node:
        other = node.replica()
        await other.ready()
        await node.send("set", {"key": "a"})
        assert other.live == "1 kept"
        with pytest.raises(Fail, match="only leader"):
            await other.send("set", {"key": "b"})
