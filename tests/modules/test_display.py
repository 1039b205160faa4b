"""The display."""

from __future__ import annotations

from typing import Any

import pytest

from modules.common.display import VALUE_LIMIT, Display
from weirflow import JSON
from weirflow.testing import run


@pytest.mark.parametrize(
    ("value", "settings", "shown"),
    [
        (21.456, {"unit": "°C", "decimals": 1}, "21.5 °C"),
        (1234567, {}, "1,234,567"),
        (5, {"decimals": 2}, "5.00"),
        (True, {"unit": "°C"}, "yes"),
        (False, {}, "no"),
        ("two\nlines", {}, "two lines"),
        (None, {}, "–"),
        ({"a": [1]}, {}, '{"a":[1]}'),
    ],
)
async def test_it_shows_the_value_as_people_read_it(value: JSON, settings: Any, shown: str) -> None:
    async with run(Display, settings=settings) as node:
        assert node.live == ""
        assert await node.send("in", {"value": value}) is None
        assert node.live == shown
        assert node.control == {"value": value, "at": "2026-01-01T00:00:00Z", "clear": False}


async def test_only_the_last_value_is_kept() -> None:
    async with run(Display) as node:
        await node.send("in", {"value": "before"})
        await node.clock.advance(5)
        await node.send("in", {"value": "after"})
        assert (node.live, node.control["at"]) == ("after", "2026-01-01T00:00:05Z")
        await node.press("clear")
        assert (node.live, node.control["value"]) == ("", None)


@pytest.mark.parametrize("value", ["x" * 100_000, ["x" * 100_000]])
async def test_a_long_value_is_cut(value: JSON) -> None:
    async with run(Display) as node:
        await node.send("in", {"value": value})
        assert len(node.control["value"]) == VALUE_LIMIT + 1
        assert len(node.live) == 80


async def test_replicas_leave_it_to_the_leader() -> None:
    async with run(Display) as node:
        assert next(port for port in node.instance.ports() if port.name == "in").leader
