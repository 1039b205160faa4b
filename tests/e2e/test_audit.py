"""What was done is told: in the editor, on the project's page, and in the audit with its export."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import faults
from tests.e2e.conftest import OpenDemo
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]


async def test_a_change_is_told_where_people_look_for_it(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    page, before = flow.page, await flow.document()
    await page.keyboard.press("Shift+A")
    told = page.get_by_role("region", name="Activity")
    node = await flow.find("stateful_counter")
    named = await flow.change({"op": "set_node", "id": node, "fields": {"label": "<b>Told</b> twice"}})
    assert named.status == 200
    row = told.get_by_role("listitem").filter(has_text="<b>Told</b> twice")
    await expect(row.first).to_contain_text("owner renamed")
    await page.keyboard.press("Escape")
    await expect(told).to_have_count(0)
    await page.keyboard.press("Shift+A")
    await row.first.get_by_role("button", name="<b>Told</b> twice").click()
    await expect(flow.node(node)).to_have_class(re.compile("selected"))
    await flow.change({"op": "set_node", "id": node, "fields": {"label": _label(before, node)}})

    await told.get_by_role("link", name="As a page").click()
    await expect(page.get_by_role("heading", name="Activity")).to_be_visible()
    place = page.get_by_role("link", name="<b>Told</b> twice").first
    await expect(place).to_have_attribute("href", re.compile(rf"node={node}$"))
    assert await faults(page) == []
    await _audit(page)
    await _back(page, node)


async def _back(page: Page, node: str) -> None:
    """From the page of the project to the node that was named."""
    await page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").last.click()
    await page.get_by_role("link", name="<b>Told</b> twice").first.click()
    await expect(page.locator(f'.react-flow__node[data-id="{node}"]')).to_have_class(re.compile("selected"))


async def _audit(page: Page) -> None:
    """Filters, details and the file, of the same change."""
    await page.get_by_role("link", name="Audit", exact=True).click()
    await page.get_by_label("Search").fill("Told")
    await page.get_by_label("Action").fill("flow")
    await page.get_by_role("button", name="Filter").click()
    entries = page.get_by_role("list", name="Entries, newest first").get_by_role("listitem")
    await expect(entries.first).to_contain_text("flow.change")
    await entries.first.locator("summary").click()
    await expect(entries.first).to_contain_text("127.0.0.1")
    await expect(entries.first.get_by_text("all of theirs")).to_be_visible()
    assert await faults(page) == []
    async with page.expect_download() as started:
        await page.get_by_role("link", name="JSON lines").click()
    path = await (await started.value).path()
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert {row["action"].split(".")[0] for row in rows} == {"flow"}
    assert any(row["after"]["label"] == "<b>Told</b> twice" for row in rows if "label" in row["after"])
    await page.set_viewport_size({"width": 390, "height": 800})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.get_by_label("Search").fill("nothing like it")
    await page.get_by_role("button", name="Filter").click()
    await expect(page.get_by_role("heading", name=re.compile("^Nothing"))).to_be_visible()


def _label(document: dict[str, Any], node: str) -> str:
    return str(next(row["label"] for row in document["nodes"] if row["id"] == node))
