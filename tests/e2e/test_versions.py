"""A state of a flow under a name: looked at, compared on the canvas, and gone back to."""

import pytest
from playwright.async_api import expect

from tests.e2e.axe import faults
from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product
from tests.e2e.test_scenarios import picture
from tests.waiting import eventually

pytestmark = [pytest.mark.browser]


async def test_a_version_is_kept_compared_and_restored(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    page = flow.page
    before = await flow.document()
    counter, ticker = await flow.find("stateful_counter"), await flow.find("ticker")

    await page.locator(".react-flow").focus()
    await page.keyboard.press("Shift+V")
    drawer = page.get_by_role("region", name="Versions", exact=True)
    await drawer.get_by_role("button", name="Name the flow as it is").click()
    await drawer.get_by_role("textbox", name="Name").fill("As it came")
    await drawer.get_by_role("textbox", name="Note").fill("Before anybody touched it.")
    await picture(page, "versions-name")
    await drawer.get_by_role("button", name="Keep this version").click()
    states = drawer.get_by_role("list", name="States of the flow")
    await expect(states).to_contain_text("As it came")
    await expect(drawer).to_contain_text("Before anybody touched it.")

    added = "addedlater00"
    operations = [
        {"op": "delete_node", "id": ticker},
        {"op": "set_node", "id": counter, "fields": {"label": "Guests", "x": 400}},
        {"op": "add_node", "id": added, "module": "common-v1", "component": "ticker", "x": 0, "y": 528, "label": "New"},
    ]
    assert (await flow.change(*operations)).status == 200
    await expect(flow.node(added)).to_be_visible()

    await states.get_by_role("button", name="As it came").click()
    await drawer.get_by_role("button", name="Compare with now").click()
    banner = page.get_by_role("region", name="The past")
    await expect(banner).to_contain_text("From As it came to Now")
    await expect(banner).to_contain_text("1 added, ")
    for node, mark in ((added, "Added"), (counter, "Changed"), (ticker, "Removed")):
        await expect(flow.node(node).locator(".diffmark")).to_have_text(mark)
    differences = drawer.get_by_role("list", name="Differences")
    await expect(differences.get_by_role("button").first).to_be_visible()
    await picture(page, "versions-compared")
    assert await faults(page) == []

    await page.locator(".react-flow").focus()
    await page.keyboard.press("j")
    await expect(differences.get_by_role("button", pressed=True)).to_have_count(1)
    await differences.get_by_role("button").filter(has_text="Guests").click()
    await expect(differences).to_contain_text("label")
    await _is_read_only(flow)
    await picture(page, "versions-field")

    await drawer.get_by_role("button", name="Look at it").click()
    await expect(banner).to_contain_text("As it came")
    await expect(flow.node(ticker)).to_be_visible()
    await expect(flow.node(added)).to_have_count(0)
    await picture(page, "versions-opened")
    await banner.get_by_role("button", name="Back to now").click()
    await expect(flow.node(added)).to_be_visible()

    await drawer.get_by_role("button", name="Restore").click()
    await expect(flow.node(added)).to_have_count(0)
    await expect(flow.node(ticker)).to_be_visible()
    await eventually(lambda: _same(flow, before))
    await page.keyboard.press("Control+z")
    await expect(flow.node(added)).to_be_visible()
    await page.keyboard.press("Control+Shift+z")
    await expect(flow.node(added)).to_have_count(0)
    await eventually(lambda: _same(flow, before))

    text = await flow.call("GET", f"/api/flows/{flow.flow}/versions/r{before['flow']['rev']}/diff/now?as=text")
    assert "There is no difference" in text.data
    await page.set_viewport_size({"width": 390, "height": 780})
    await picture(page, "versions-phone")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await drawer.get_by_role("button", name="Delete As it came").click()
    await expect(states).not_to_contain_text("As it came")


async def _is_read_only(flow: FlowPage) -> None:
    await flow.page.locator(".react-flow").focus()
    await flow.page.keyboard.press("Delete")
    assert len((await flow.document())["nodes"]) == 4


async def _same(flow: FlowPage, before: dict[str, list[dict[str, object]]]) -> bool:
    now = await flow.document()
    return _bare(now["nodes"]) == _bare(before["nodes"]) and _bare(now["edges"]) == _bare(before["edges"])


def _bare(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{key: value for key, value in row.items() if key != "rev"} for row in rows]
