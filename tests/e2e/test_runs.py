"""The drawer with the last runs shows what a visit did, hop by hop."""

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.product import Product
from tests.e2e.visits import visit_until_answered

pytestmark = [pytest.mark.browser]


async def test_a_visit_is_a_run_with_its_hops(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    page = flow.page
    await page.keyboard.press("Control+k")
    await page.get_by_role("searchbox", name="run a command").fill("last runs")
    await page.keyboard.press("Enter")
    drawer = page.get_by_role("region", name="Runs")
    await expect(drawer).to_be_focused()
    await visit_until_answered(product)

    rows = drawer.get_by_role("list", name="Last runs").get_by_role("button")
    await expect(rows.first).to_be_visible(timeout=20_000)
    await expect(rows.first).to_contain_text("Done")
    await rows.first.click()
    await expect(rows.first).to_have_attribute("aria-pressed", "true")
    hops = drawer.get_by_role("list", name="Hops of the run").get_by_role("button")
    await expect(hops.first).to_contain_text("ms")
    assert await hops.count() >= 3

    counter = await flow.find("stateful_counter")
    label = next(node["label"] for node in (await flow.document())["nodes"] if node["id"] == counter)
    await hops.filter(has_text=label).first.click()
    await expect(flow.inspector.get_by_role("heading", name=label)).to_be_visible()
    await drawer.press("Escape")
    await expect(drawer).to_have_count(0)
