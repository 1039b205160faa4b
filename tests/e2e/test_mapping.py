"""Mapping a wire: message, mapping and result side by side, by mouse and by keyboard alone."""

from collections.abc import AsyncIterator
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.e2e.axe import faults
from tests.e2e.conftest import OpenDemo
from tests.e2e.finger import Finger
from tests.e2e.flow_page import FlowPage, still
from tests.e2e.product import Product
from tests.e2e.visits import visit_until_answered

pytestmark = [pytest.mark.browser]


@pytest_asyncio.fixture(loop_scope="session")
async def flow(product: Product, open_demo: OpenDemo) -> AsyncIterator[FlowPage]:
    """The demo flow, whose wires are afterwards as they were."""
    flow = await open_demo(product)
    edge = await wire(flow)
    yield flow
    answer = await flow.change(
        {"op": "set_mapping", "id": edge["id"], "mapping": edge["mapping"]},
        {"op": "set_delivery", "id": edge["id"], "timeout_ms": None, "retry_policy": None},
    )
    assert answer.status == 200, answer


async def wire(flow: FlowPage) -> dict[str, Any]:
    """The wire from the web address to the counter."""
    counter = await flow.find("stateful_counter")
    return next(dict(edge) for edge in (await flow.document())["edges"] if edge["target"] == counter)


async def select_wire(flow: FlowPage) -> str:
    edge = str((await wire(flow))["id"])
    await flow.choose_wire(edge)
    return edge


def drawer(flow: FlowPage) -> Locator:
    return flow.page.get_by_role("region", name="Wire mapping", exact=True)


def pane(flow: FlowPage, name: str) -> Locator:
    return drawer(flow).get_by_role("region", name=name, exact=True)


async def mapping(flow: FlowPage) -> Any:
    return (await wire(flow))["mapping"]


async def test_by_mouse(product: Product, flow: FlowPage) -> None:
    page = flow.page
    await select_wire(flow)
    await flow.inspector.get_by_role("button", name="Open large").click()
    result = pane(flow, "Result")
    await expect(result).to_contain_text("Fits the target")

    # The last real message comes by itself, and what stands still is renewed on demand.
    await visit_until_answered(product)
    data = drawer(flow).get_by_label("Data to try the mapping on")
    await expect(data).to_have_value("last")
    tree = drawer(flow).get_by_role("tree")
    await expect(tree.get_by_role("treeitem").filter(has_text="method")).to_contain_text('"GET"')

    fields = pane(flow, "Mapping")
    await flow.drag(
        tree.get_by_role("treeitem").filter(has_text="method"),
        fields.locator('[data-pointer="/source"]').locator("input").first,
    )
    await expect(result).to_contain_text('source: "GET"')
    await flow.until(lambda document: "{{ $.method }}" in str(document["edges"]))
    await page.get_by_role("button", name="Undo").click()
    await expect(result).to_contain_text('source: "visits"')

    # A click takes a field, a click on another one puts it there: as fingers do it.
    await tree.get_by_role("treeitem").filter(has_text="path").click()
    await fields.locator('[data-pointer="/source"]').locator("input").first.click()
    await expect(result).to_contain_text('source: "/visits"')

    await fields.get_by_role("button", name="Delivery").click()
    await fields.get_by_label("Attempts", exact=True).fill("3")
    await page.keyboard.press("Enter")
    await expect(fields).to_contain_text("up to 3 times, with pauses of 1 s, 2 s")
    await flow.until(lambda document: '"maxAttempts": 3' in str(document["edges"]).replace("'", '"'))

    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await faults(page) == []


async def test_by_keyboard_alone(flow: FlowPage) -> None:
    page = flow.page
    edge = await select_wire(flow)
    await page.keyboard.press("m")
    await expect(drawer(flow)).to_be_focused()
    result = pane(flow, "Result")
    tree = drawer(flow).get_by_role("tree")

    await tree.get_by_role("treeitem").first.focus()
    await page.keyboard.press("ArrowDown")
    await expect(tree.get_by_role("treeitem").nth(1)).to_be_focused()
    await page.keyboard.press("Enter")
    source = pane(flow, "Mapping").locator('[data-pointer="/source"]')
    await expect(pane(flow, "Mapping")).to_contain_text("$.method goes to the field")
    await source.locator("input").first.focus()
    await page.keyboard.press("Enter")
    field = pane(flow, "Mapping").get_by_role("combobox", name="Source")
    await expect(field).to_have_value("{{ $.method }}")
    await expect(field).to_be_focused()

    await flow.until(lambda document: "{{ $.method }}" in str(document["edges"]))

    # Functions are completed with what they do; what cannot be read is said at its place, and is not sent.
    await field.fill("")
    await field.press_sequentially("{{ low")
    offer = pane(flow, "Mapping").get_by_role("option").first
    await expect(offer).to_contain_text("In small letters")
    await page.keyboard.press("ArrowDown")
    await expect(field).to_have_attribute("aria-activedescendant", str(await offer.get_attribute("id")))
    await page.keyboard.press("Enter")
    await expect(field).to_have_value("{{ lower(")
    await field.press_sequentially("$.method + ) }}")
    await expect(source.locator(".expression__place mark").first).to_have_text(")")
    await expect(result).to_contain_text("Does not fit the target")
    assert (await mapping(flow))["source"] == "{{ $.method }}"
    await field.fill("{{ lower($.method) }}")
    await expect(result).to_contain_text("Fits the target")
    await flow.until(lambda document: "lower($.method)" in str(document["edges"]))

    await tree.get_by_role("treeitem").first.focus()
    await page.keyboard.press("Escape")
    await expect(drawer(flow)).to_have_count(0)
    await expect(flow.edge(edge)).to_have_count(1)


async def test_on_the_message_of_a_scenario_for_as_long_as_there_is_one(flow: FlowPage) -> None:
    source = (await wire(flow))["source"]
    root, scenario = f"/api/flows/{flow.flow}/scenarios", await flow.new_id()
    data = {
        "method": "PUT",
        "path": "/shelf",
        "query": {},
        "headers": {},
        "body": None,
        "encoding": "none",
        "params": {},
    }
    kept = {"id": scenario, "name": "A put", "ports": [{"node": source, "port": "request", "data": data}]}
    assert (await flow.call("POST", root, kept)).status == 201
    await flow.page.reload()
    await select_wire(flow)
    await flow.page.keyboard.press("m")
    choice = drawer(flow).get_by_label("Data to try the mapping on")
    await choice.select_option(label="Scenario: A put")
    row = drawer(flow).get_by_role("treeitem").filter(has_text="method")
    await expect(row).to_contain_text('"PUT"')
    await row.click()
    await pane(flow, "Mapping").locator('[data-pointer="/source"]').locator("input").first.click()
    await expect(pane(flow, "Result")).to_contain_text('source: "PUT"')
    await expect(pane(flow, "Result")).to_contain_text("A put")

    assert (await flow.call("DELETE", f"{root}/{scenario}")).status == 200
    await flow.page.reload()
    await select_wire(flow)
    await flow.page.keyboard.press("m")
    await expect(choice).not_to_have_value(scenario)
    await expect(pane(flow, "Result")).not_to_contain_text("PUT")


async def test_a_finger_brings_a_field_across_by_its_grip(browser: Browser, flow: FlowPage) -> None:
    known = await flow.page.context.storage_state()
    context = await browser.new_context(viewport={"width": 1180, "height": 820}, has_touch=True, storage_state=known)
    try:
        page = await context.new_page()
        await page.goto(flow.page.url)
        touched = FlowPage(page, flow.flow)
        edge = (await wire(touched))["id"]
        await touched.choose_wire(str(edge))
        await touched.inspector.get_by_role("button", name="Open large").tap()
        grip = await still(drawer(touched).get_by_role("treeitem").filter(has_text="path").locator("[data-grip]"))
        field = pane(touched, "Mapping").locator('[data-pointer="/source"]')
        there = await still(field)
        finger = Finger(await context.new_cdp_session(page))
        x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
        right, down = there["x"] + there["width"] / 2 - x, there["y"] + there["height"] - 16 - y
        await finger.down(x, y)
        for step in range(1, 11):
            await finger.move(x + right * step / 10, y + down * step / 10)
        await finger.up()
        await touched.until(lambda document: "{{ $.path }}" in str(document["edges"]))
    finally:
        await context.close()
