"""From the error on a node to the place where its owner allows the call, by two clicks and without a restart."""

import re
import uuid

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import still
from tests.e2e.product import Product
from tests.outbound.peers import peer
from tests.waiting import eventually

pytestmark = [pytest.mark.browser]


async def test_a_refused_call_is_allowed_from_its_node(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    before, home = await flow.document(), flow.page.url
    async with peer() as server:
        place = f"127.0.0.1:{server.port}"
        ticker, client, edge = await flow.find("ticker"), f"n{uuid.uuid4().hex[:11]}", str(uuid.uuid4())
        added = await flow.change(
            {"op": "add_node", "id": client, "module": "http-v1", "component": "http_client", "x": 0, "y": 400,
             "settings": {"url": server.url}},
            {"op": "add_edge", "id": edge, "source": ticker, "source_port": "tick", "target": client,
             "target_port": "request", "mapping": {}},
        )  # fmt: skip
        assert added.status == 200, added
        try:
            await still(flow.node(client))
            await flow.select(client)
            await flow.inspector.get_by_role("link", name=f"Allow {place}…").click()
            page = flow.page
            await page.wait_for_url(re.compile(r"/outbound/\?allow="))
            assert not server.asked
            await page.get_by_role("button", name=f"Allow {place}", exact=True).click()
            await expect(page.get_by_role("list", name="Allowed places")).to_contain_text(place)
            await eventually(lambda: bool(server.asked), what="the call of the flow")
            await page.get_by_role("button", name=f"Remove {place}").click()
            await expect(page.get_by_text("Nothing nearer than the internet.")).to_be_visible()
        finally:
            await flow.page.goto(home)
            await flow.leave_as(before)
