"""A wired loop is ordinary; a message that never leaves it is an error that names it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product
from tests.waiting import read_until

pytestmark = [pytest.mark.browser, pytest.mark.kubectl]

SERVER, ROUND = "n0loopserver", "n0loopround0"
BATCH = [
    {"op": "add_node", "id": SERVER, "module": "http-v1", "component": "http_server", "x": 0, "y": 600,
     "settings": {"method": "GET", "path": "/loop"}},
    {"op": "add_node", "id": ROUND, "module": "common-v1", "component": "transform", "x": 360, "y": 600},
    {"op": "add_edge", "id": "3f0c7a52-1111-4c0e-9f0e-0a5f3c2b1a01", "source": SERVER, "source_port": "request",
     "target": ROUND, "target_port": "in", "mapping": {"n": 1}},
    {"op": "add_edge", "id": "3f0c7a52-2222-4c0e-9f0e-0a5f3c2b1a02", "source": ROUND, "source_port": "out",
     "target": ROUND, "target_port": "in", "mapping": {"n": "{{ $.n }}"}},
]  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def flow(product: Product, open_demo: OpenDemo) -> AsyncIterator[FlowPage]:
    opened = await open_demo(product)
    before = await opened.document()
    yield opened
    await opened.leave_as(before)


async def test_an_endless_loop_ends_with_an_error_on_its_node(product: Product, flow: FlowPage) -> None:
    answer = await flow.change(*BATCH)
    assert answer.status == 200, answer

    async def status() -> int:
        return int((await flow.page.request.get(f"{product.flows_url}/loop")).status)

    # Served (no longer 404), and wired (no longer waiting for a response that nobody sends).
    await read_until(status, lambda code: code == 500)

    async def statuses() -> list[str]:
        nodes = await asyncio.to_thread(product.nodes)
        return [one.get("status", {}).get("status", "") for one in nodes if one["metadata"]["name"].endswith(ROUND)]

    shown = await read_until(statuses, lambda texts: any("256" in text for text in texts))
    assert "loop" in shown[0]
    await expect(flow.node(ROUND)).to_contain_text("256")
