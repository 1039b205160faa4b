"""What hosts say becomes a frame once, however much they said, and thousands of nodes do not hold up everybody."""

import asyncio
import json
import uuid
from typing import Any

from editor.live.client import Client
from editor.live.flow import MERGED_AT_ONCE, LiveFlow
from editor.push.rows import RowFacts
from tests.waiting import eventually


class Hosts:
    """Says of every node what it was told last, and counts how often it was asked."""

    def __init__(self) -> None:
        self.value = "0"
        self.asked = 0

    def node(self, node: RowFacts) -> dict[str, Any]:
        self.asked += 1
        return {"value": self.value}

    def edge(self, edge_id: str, source: RowFacts | None) -> dict[str, Any]:
        return {}


def flow_with(count: int, hosts: Hosts) -> LiveFlow:
    flow = LiveFlow(uuid.uuid4(), "p-aaaaa", 0, hosts)
    for index in range(count):
        name = f"p-aaaaa.m-v1.c-n{index:011d}"
        flow.add_node(RowFacts(f"n{index:011d}", name, flow.id, "m-v1", 1, 1, "u", 1, False, None))
    return flow


class Browser:
    def __init__(self, flow: LiveFlow) -> None:
        self.frames: list[dict[str, Any]] = []
        self._client = Client(flow, client_id="c", user_id=1, key="", send=self._send)
        flow.clients.add(self._client)
        self.task = asyncio.create_task(self._client.run())

    async def _send(self, text: str) -> None:
        self.frames.append(json.loads(text))

    async def started(self) -> None:
        self._client.refresh()
        await eventually(lambda: self.frames)

    def values(self) -> set[str]:
        newest: dict[str, str] = {}
        for frame in self.frames:
            newest.update({name: node["value"] for name, node in frame["nodes"].items() if "value" in node})
        return set(newest.values())


async def test_a_node_is_merged_once_for_each_frame() -> None:
    hosts = Hosts()
    flow = flow_with(1, hosts)
    browser = Browser(flow)
    await browser.started()
    before = hosts.asked
    for _ in range(1000):
        flow.touch_node("n00000000000")
    hosts.value = "7"
    await eventually(lambda: browser.values() == {"7"})
    assert hosts.asked == before + 1
    browser.task.cancel()


async def test_thousands_of_nodes_share_the_time_with_everybody_else() -> None:
    hosts = Hosts()
    flow = flow_with(3 * MERGED_AT_ONCE, hosts)
    browser = Browser(flow)
    await browser.started()
    hosts.value = "1"
    for name in flow.nodes:
        flow.touch_node(name)
    await eventually(lambda: browser.values() == {"1"})
    assert max(len(frame["nodes"]) for frame in browser.frames[1:]) <= MERGED_AT_ONCE
    browser.task.cancel()


async def test_who_comes_late_gets_the_newest_at_once() -> None:
    hosts = Hosts()
    flow = flow_with(3 * MERGED_AT_ONCE, hosts)
    hosts.value = "1"
    flow.touch_module("m-v1")
    browser = Browser(flow)
    await browser.started()
    assert browser.values() == {"1"}
    assert len(browser.frames[0]["nodes"]) == 3 * MERGED_AT_ONCE
    browser.task.cancel()
