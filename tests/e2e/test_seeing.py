"""Seeing a flow run: its runs and their replay, messages as they go by, problems wherever they are."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.axe import faults
from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product
from tests.e2e.visits import visit_until_answered
from tests.waiting import read_until

pytestmark = [pytest.mark.browser]


async def command(page: Page, name: str) -> None:
    """Run a command from the palette."""
    await page.keyboard.press("Control+k")
    await page.get_by_role("searchbox", name="run a command").fill(name)
    await page.keyboard.press("Enter")


async def label_of(flow: FlowPage, component: str) -> str:
    node = await flow.find(component)
    return str(next(one["label"] for one in (await flow.document())["nodes"] if one["id"] == node))


async def test_a_visit_is_a_run_with_nested_hops_that_is_replayed_on_the_canvas(
    product: Product, open_demo: OpenDemo
) -> None:
    flow = await open_demo(product)
    page = flow.page
    await command(page, "last runs")
    drawer = page.get_by_role("region", name="Runs")
    await expect(drawer).to_be_focused()
    await visit_until_answered(product)

    # The ticker's runs come in between.
    rows = drawer.get_by_role("list", name="Last runs").get_by_role("button").filter(has_text="GET /visits")
    await expect(rows.first).to_be_visible()
    await expect(rows.first).to_contain_text("Done")
    await rows.first.click()
    hops = drawer.get_by_role("list", name="Hops of the run").get_by_role("button")
    await expect(hops.first).to_contain_text("ms")
    await expect(hops.nth(2)).to_be_visible()
    label = await label_of(flow, "stateful_counter")
    await hops.filter(has_text=label).first.click()
    detail = drawer.get_by_role("region", name="Hop")
    await expect(detail.get_by_label("Message of the hop")).to_be_visible()
    await detail.get_by_role("button", name="Node").click()
    await expect(flow.inspector.get_by_role("heading", name=label)).to_be_visible()

    onward = drawer.get_by_role("button", name="One step on")
    await onward.click()
    await onward.click()
    await expect(page.locator(".card--lit").first).to_be_visible()
    await expect(page.locator(".stage--replay")).to_have_count(1)
    await drawer.press("Escape")
    await expect(drawer).to_have_count(0)
    await expect(page.locator(".stage--replay, .card--lit, .card--past")).to_have_count(0)


async def test_a_watched_port_shows_its_messages_one_by_one_while_the_drawer_is_open(
    product: Product, open_demo: OpenDemo
) -> None:
    flow = await open_demo(product)
    page = flow.page
    counter = await flow.find("stateful_counter")
    await flow.select(counter)
    await flow.inspector.get_by_role("tab", name="Messages").click()
    await flow.inspector.get_by_role("button", name="Watch", exact=True).first.click()
    drawer = page.get_by_role("region", name="Debug")
    await expect(drawer.get_by_role("list", name="Watched")).to_be_visible()
    rows = drawer.get_by_role("option")

    async def heard() -> bool:
        await visit_until_answered(product)
        return await rows.count() > 0

    await read_until(heard, bool)
    await rows.first.click()
    await expect(drawer.get_by_label("Message", exact=True)).to_be_visible()
    await expect(flow.inspector.get_by_text("How long the messages")).to_be_visible()
    await drawer.get_by_role("button", name="Clear").click()
    await expect(rows).to_have_count(0)
    await drawer.get_by_role("button", name=re.compile("Stop watching")).click()


async def test_a_problem_anywhere_is_counted_and_flown_to_field_and_all(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    page = flow.page
    ids = [await node_id(flow) for _ in range(2)]
    far = {"x": 6000, "y": 4000}
    ticker = {"op": "add_node", "id": ids[0], "module": "common-v1", "component": "ticker", "label": "Far tick", **far}
    sink = {"op": "add_node", "id": ids[1], "module": "common-v1", "component": "stateful_counter", "label": "Far sum"}
    wire = {"op": "add_edge", "id": await flow.new_id(), "source": ids[0], "target": ids[1]}
    try:
        ports = {"source_port": "tick", "target_port": "increment", "mapping": {"amount": "many"}}
        answer = await flow.change(ticker, {**sink, "x": 6400, "y": 4000}, {**wire, **ports})
        assert answer.status == 200, answer
        count = page.locator(".topbar").get_by_role("button", name=re.compile(r"^(No|\d+) problems?$"))
        await expect(count).to_be_visible()
        await count.click()
        drawer = page.get_by_role("region", name="Problems", exact=True)
        row = drawer.get_by_role("button", name=re.compile("Far tick → Far sum")).first
        await expect(row).to_be_visible()
        assert await flow.node(ids[1]).count() == 0 or not await in_view(flow.node(ids[1]))
        await row.focus()
        await page.keyboard.press("Enter")
        await expect(flow.inspector.get_by_role("heading", name="Wire")).to_be_visible()
        await expect(flow.node(ids[1])).to_be_in_viewport()
        await expect(flow.inspector.locator('[data-pointer="/amount"] :focus')).to_have_count(1)
    finally:
        await flow.change({"op": "delete_node", "id": ids[0]}, {"op": "delete_node", "id": ids[1]})


async def test_the_drawers_have_no_serious_fault_for_screen_readers_in_either_theme(
    product: Product, open_demo: OpenDemo
) -> None:
    flow = await open_demo(product)
    await visit_until_answered(product)
    for theme in ("Light theme", "Dark theme"):
        await command(flow.page, theme)
        for panel in ("Runs", "Debug", "Problems"):
            await flow.page.get_by_role("navigation", name="Drawers").get_by_role("button", name=panel).click()
            await expect(flow.page.get_by_role("region", name=panel, exact=True)).to_be_visible()
            if panel == "Runs":
                await flow.page.get_by_role("list", name="Last runs").get_by_role("button").first.click()
                await flow.page.get_by_role("list", name="Hops of the run").get_by_role("button").first.click()
                await expect(flow.page.get_by_role("region", name="Hop")).to_be_visible()
            assert await faults(flow.page) == [], (theme, panel)


async def in_view(node: Locator) -> bool:
    box = await node.bounding_box()
    return box is not None and 0 <= box["x"] < 1440 and 0 <= box["y"] < 900


async def node_id(flow: FlowPage) -> str:
    return "n" + (await flow.new_id()).replace("-", "")[:11]
