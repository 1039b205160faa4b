"""A run becomes a test: it fails, what came is taken as expected, it passes; and the canvas shows its way."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.axe import faults
from tests.e2e.conftest import OpenDemo
from tests.e2e.product import Product
from tests.e2e.test_scenarios import picture
from tests.e2e.test_seeing import command
from tests.e2e.visits import visit_until_answered
from tests.waiting import eventually

pytestmark = [pytest.mark.browser]


async def test_a_run_becomes_a_test_that_fails_and_then_holds(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    page = flow.page
    await visit_until_answered(product)
    counter = await flow.find("stateful_counter")
    await command(page, "last runs")
    runs = page.get_by_role("region", name="Runs")
    await visit_until_answered(product)
    rows = runs.get_by_role("list", name="Last runs").get_by_role("button").filter(has_text="GET /visits")
    await expect(rows.first).to_be_visible()
    await rows.first.click()
    await runs.get_by_role("button", name="Make a test").click()

    drawer = page.get_by_role("region", name="Tests", exact=True)
    name = drawer.get_by_role("textbox", name="Name of the test")
    await name.fill("Counts a visit")
    await name.press("Enter")
    # The counter of a test begins anew: what came of the run does not come of it again.
    await drawer.get_by_role("button", name="Run", exact=True).click()
    failed = drawer.get_by_role("list", name="Expected").get_by_role("button").filter(has_text="did not hold")
    await expect(failed.first).to_be_visible()
    await failed.first.click()
    await expect(drawer.get_by_role("table")).to_be_visible()
    await expect(flow.node(counter).locator(".card")).to_have_class(re.compile("card--"))
    await expect(page.locator(".testmark.is-error").first).to_be_visible()
    await picture(page, "tests-failed")
    assert await faults(page) == []

    root = f"/api/flows/{flow.flow}/tests"
    while await failed.count():
        before = await failed.count()
        await failed.first.click()
        await drawer.get_by_role("button", name="Take what came as expected").click()
        await expect(drawer.get_by_text("Before the last edit", exact=True)).to_be_visible()
        # Whoever has them run, on whatever page: all who look see what becomes of them.
        assert (await flow.call("POST", f"{root}/run", {"tests": None})).status == 200
        await expect(drawer.get_by_text("Before the last edit", exact=True)).to_have_count(0)
        await expect(failed).to_have_count(before - 1)
    await expect(drawer.locator(".tests__result")).to_contain_text("Passed")
    await expect(page.locator(".testmark.is-ok").first).to_be_visible()
    await picture(page, "tests-passed")
    await page.set_viewport_size({"width": 390, "height": 800})
    await picture(page, "tests-narrow")
    await page.set_viewport_size({"width": 1280, "height": 800})

    await drawer.get_by_role("button", name="Close tests").click()
    await expect(page.locator(".testmark")).to_have_count(0)
    await flow.select(counter)
    await flow.inspector.get_by_role("tab", name="Messages").click()
    use = flow.inspector.get_by_role("button", name="Use as test")

    async def seen() -> bool:
        await visit_until_answered(product)
        return await use.count() > 0

    await eventually(seen, what="a message of the counter")
    await use.first.click()
    await expect(drawer.get_by_role("textbox", name="Name of the test")).to_be_visible()
    await picture(page, "tests-used")
    for test in (await flow.call("GET", root)).data["tests"]:
        assert (await flow.call("DELETE", f"{root}/{test['id']}")).status == 200
