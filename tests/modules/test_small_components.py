"""Signal, router, transform and debug."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.common.debug import Debug
from modules.common.router import Router
from modules.common.signal import Signal
from modules.common.transform import Transform
from weirflow import JSON, Fail, MessageRejected
from weirflow.testing import run


async def test_a_signal_sends_the_message_of_its_settings() -> None:
    async with run(Signal, settings={"message": {"hello": ["world"]}}) as node:
        after = await node.press("send")
        assert [(each.port, each.value) for each in node.emitted] == [("out", {"hello": ["world"]})]
        assert after == {"context": {"hello": ["world"]}, "sent": 1, "send": False}
        assert node.live == "1 sent"


@pytest.mark.parametrize("message", [{"other": 1}, [1], "text", 0, False])
async def test_a_signal_sends_what_the_panel_says_instead(message: JSON) -> None:
    async with run(Signal, settings={"message": {"a": 1}}) as node:
        await node.press("send", context=message)
        assert node.emitted[0].value == message


async def test_a_signal_sent_again_after_a_crash_is_the_same_operation() -> None:
    async with run(Signal) as node:
        await node.press("send", operation_id="press")
        again = await node.restart()
        await again.press("send", operation_id="press")
        assert node.emitted == again.emitted


async def test_a_signal_tells_that_the_flow_failed() -> None:
    def fail(value: JSON) -> JSON:
        raise Fail("no room", code="full")

    async with run(Signal) as node:
        node.replies["out"] = fail
        with pytest.raises(Fail, match="no room"):
            await node.press("send")


@pytest.mark.parametrize(
    ("data", "field"), [({"nothing": True}, "/nothing"), ({"send": "perhaps"}, "/send"), ([], None)]
)
async def test_unfit_controls_are_rejected(data: Any, field: str | None) -> None:
    async with run(Signal) as node:
        with pytest.raises(MessageRejected) as rejected:
            await node.instance.control(node.begin(), data)
        assert rejected.value.problem.field == field
        assert node.emitted == []


def _when(*conditions: tuple[str, Any]) -> JSON:
    return {
        "context": {"id": 7},
        "conditions": [{"route": route, "condition": condition} for route, condition in conditions],
    }


@pytest.mark.parametrize(
    ("message", "port"),
    [
        (_when(("big", True)), "big"),
        (_when(("big", False), ("small", True)), "small"),
        (_when(("big", True), ("small", True)), "big"),
        (_when(("big", None), ("small", 0)), "default"),
        (_when(("big", {"user": 1})), "big"),
        (_when(), "default"),
        ({"context": {"id": 7}}, "default"),
    ],
)
async def test_the_first_condition_that_holds_decides(message: JSON, port: str) -> None:
    async with run(Router, settings={"routes": ["big", "small"]}) as node:
        node.replies[port] = lambda value: {"via": port}
        assert await node.send("in", message) == {"via": port}
        assert [(each.port, each.value) for each in node.emitted] == [(port, {"id": 7})]


async def test_the_routers_ports_follow_its_settings() -> None:
    async with run(Router) as node:

        def outputs() -> list[str]:
            return [port.name for port in node.instance.ports() if port.source]

        assert outputs() == ["a", "b", "default"]
        await node.set(routes=["only"], enableDefaultPort=False)
        assert outputs() == ["only"]
        assert [port.name for port in node.instance.ports()][:2] == ["_settings", "in"]


async def test_a_message_without_a_route_is_an_error() -> None:
    async with run(Router, settings={"routes": ["a"], "enableDefaultPort": False}) as node:
        with pytest.raises(Fail, match="no condition holds") as failure:
            await node.send("in", _when(("a", False)))
        assert failure.value.code == "no_route"


async def test_an_unknown_route_is_an_error() -> None:
    async with run(Router) as node:
        with pytest.raises(Fail, match="there is no route 'gone'; the settings have: a, b"):
            await node.send("in", _when(("gone", True)))


@pytest.mark.parametrize(
    ("routes", "field"),
    [
        (["ok", "not ok"], "/routes/1"),
        (["_settings"], "/routes/0"),
        (["a", "a"], "/routes"),
        (["in"], "/routes"),
        (["default"], "/routes"),
        (["x" * 41], "/routes/0"),
        ([""], "/routes/0"),
    ],
)
async def test_unfit_routes_are_refused_and_the_ports_stay(routes: list[str], field: str) -> None:
    async with run(Router) as node:
        problem = await node.set(routes=routes)
        assert problem is not None
        assert problem.field == field
        assert await node.send("in", _when(("b", True))) is None
        assert node.emitted[0].port == "b"


@pytest.mark.parametrize("message", [{}, {"a": [1, {"b": None}]}, [1], "text", None])
async def test_transform_passes_on_what_the_mapping_made(message: JSON) -> None:
    async with run(Transform) as node:
        node.replies["out"] = lambda value: {"back": True}
        assert await node.send("in", message) == {"back": True}
        assert node.emitted[0].value == message


async def test_debug_shows_the_newest_messages() -> None:
    async with run(Debug, settings={"keep": 2}) as node:
        for n in range(3):
            assert await node.send("in", {"n": n}) is None
        shown = node.control
        assert shown["count"] == 3
        assert [json.loads(each["message"]) for each in shown["messages"]] == [{"n": 2}, {"n": 1}]
        assert shown["messages"][0]["at"] == "2026-01-01T00:00:00Z"
        assert node.live == '{"n":2}'
        await node.set(show="count")
        assert node.live == "3 messages"


async def test_debug_keeps_what_fits_when_it_may_keep_less() -> None:
    async with run(Debug) as node:
        for n in range(5):
            await node.send("in", n)
        await node.set(keep=1)
        assert [each["message"] for each in node.control["messages"]] == ["4"]


async def test_debug_cuts_long_messages() -> None:
    async with run(Debug) as node:
        await node.send("in", {"long": "x" * 100_000})
        assert len(node.control["messages"][0]["message"]) == 2001
        assert len(node.live) == 80


async def test_debug_clears() -> None:
    async with run(Debug) as node:
        await node.send("in", 1)
        await node.press("clear")
        assert node.control == {"count": 0, "messages": [], "clear": False}
        assert node.live == ""
