"""The filter."""

from __future__ import annotations

import pytest

from modules.common.filter import Filter
from weirflow import JSON
from weirflow.testing import run


@pytest.mark.parametrize("condition", [True, 1, "yes", [0], {"a": None}])
async def test_what_fits_passes_and_its_answer_comes_back(condition: JSON) -> None:
    async with run(Filter) as node:
        node.replies["out"] = lambda message: {"seen": message}
        assert await node.send("in", {"context": [1], "condition": condition}) == {"seen": [1]}
        assert node.live == "1 of 1 passed"


@pytest.mark.parametrize("message", [{"condition": each} for each in (False, 0, "", None, [], {})] + [{}])
async def test_everything_else_ends_there(message: JSON) -> None:
    async with run(Filter) as node:
        assert await node.send("in", {"context": 7, **message}) is None
        assert (node.emitted, node.live) == ([], "0 of 1 passed")


async def test_with_its_port_on_the_rejected_leaves_there() -> None:
    async with run(Filter) as node:
        assert [port.name for port in node.instance.ports() if port.source] == ["out"]
        await node.set(enableRejectedPort=True)
        node.replies["rejected"] = lambda message: "too small"
        assert await node.send("in", {"context": 7, "condition": False}) == "too small"
        assert [(each.port, each.value) for each in node.emitted] == [("rejected", 7)]
