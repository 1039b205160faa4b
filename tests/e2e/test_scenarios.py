"""Sample data of a flow, kept from a run and used for its checks; and what a node keeps, looked at and set."""

import os

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import faults
from tests.e2e.conftest import OpenDemo
from tests.e2e.product import Product
from tests.e2e.test_seeing import command
from tests.e2e.visits import visit_until_answered
from tests.waiting import eventually

pytestmark = [pytest.mark.browser]


async def picture(page: Page, name: str) -> None:
    """For eyes, where `WEIRFLOW_PICTURES` names a directory."""
    if folder := os.environ.get("WEIRFLOW_PICTURES"):
        await page.emulate_media(reduced_motion="reduce")
        for theme in ("light", "dark"):
            await page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            await page.screenshot(path=f"{folder}/{name}-{theme}.png")


async def test_a_run_becomes_a_scenario_that_the_flow_is_checked_with(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    page = flow.page
    await command(page, "last runs")
    runs = page.get_by_role("region", name="Runs")
    await visit_until_answered(product)
    rows = runs.get_by_role("list", name="Last runs").get_by_role("button").filter(has_text="GET /visits")
    await expect(rows.first).to_be_visible()
    await rows.first.click()
    await runs.get_by_role("button", name="Keep as scenario").click()

    drawer = page.get_by_role("region", name="Scenarios", exact=True)
    name = drawer.get_by_role("textbox", name="Name of the scenario")
    await expect(name).to_be_visible()
    messages = drawer.get_by_role("list", name="Messages").get_by_role("button")
    await expect(messages).to_have_count(2)
    await expect(messages.first).to_contain_text("request")
    await name.fill("One visit")
    await name.press("Enter")
    await expect(drawer.get_by_role("list", name="Scenarios")).to_contain_text("One visit")

    await messages.nth(1).click()
    value = drawer.locator('[data-pointer="/value"]').locator("input").first
    await value.fill("41")
    await value.press("Enter")
    root = f"/api/flows/{flow.flow}/scenarios"

    async def kept() -> bool:
        found = [one for one in (await flow.call("GET", root)).data["scenarios"] if one["name"] == "One visit"]
        samples = {sample["port"]: sample["data"] for one in found for sample in one["ports"]}
        return bool(samples.get("value", {}).get("value") == 41)

    await eventually(kept)
    await drawer.get_by_role("button", name="Use for checks").click()
    await expect(page.get_by_role("button", name="Checked with One visit")).to_be_visible()
    await picture(page, "scenarios")
    assert await faults(page) == []

    await drawer.get_by_role("button", name="Delete One visit").click()
    await expect(page.get_by_role("button", name="Checked with One visit")).to_have_count(0)
    await page.get_by_role("log", name="Messages").get_by_role("button", name="Undo").click()
    await expect(drawer.get_by_role("list", name="Scenarios")).to_contain_text("One visit")
    for scenario in (await flow.call("GET", root)).data["scenarios"]:
        await flow.call("DELETE", f"{root}/{scenario['id']}")


async def test_the_count_of_a_running_node_is_looked_at_and_set(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    counter = await flow.find("stateful_counter")
    await visit_until_answered(product)
    await flow.select(counter)
    panel = flow.inspector
    await panel.get_by_role("tab", name="State").click()
    value = panel.get_by_role("region", name="Value")
    await expect(value).to_contain_text("integer")
    await expect(panel.get_by_role("region", name="Last changes")).to_contain_text("a message of GET /visits")
    await value.get_by_role("button", name="Edit Value").click()
    text = value.get_by_label("New value of Value")
    await text.fill('"many"')
    await value.get_by_role("button", name="Set …").click()
    await value.get_by_role("button", name="Set it").click()
    await expect(value).to_contain_text("does not take this value")

    await text.fill("1000")
    await value.get_by_role("button", name="Set …").click()
    await picture(flow.page, "state-edit")
    await value.get_by_role("button", name="Set it").click()
    await expect(value.get_by_label("New value of Value")).to_have_count(0)
    await expect(value).to_contain_text("1000")
    history = panel.get_by_role("region", name="Last changes")
    await expect(history.get_by_role("listitem").first).to_contain_text("owner")
    assert (await visit_until_answered(product)).value == 1001
    await expect(value).to_contain_text("1001")
    await picture(flow.page, "state")
    assert await faults(flow.page) == []
