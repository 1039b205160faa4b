"""Dashboards: a page built by mouse and by keyboard, live on a phone, pressed from, and refused to viewers."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import people
from tests.e2e.axe import faults
from tests.e2e.conftest import NewContext, OpenDemo
from tests.e2e.flow_page import still
from tests.e2e.product import Product
from tests.e2e.visits import visit_until_answered
from tests.waiting import read_until

pytestmark = [pytest.mark.browser]


async def test_a_page_is_built_watched_pressed_and_shown_to_viewers(
    own_product: Product, open_demo: OpenDemo, new_context: NewContext
) -> None:
    flow = await open_demo(own_product)
    page = flow.page
    count = (await visit_until_answered(own_product)).value

    # From the inspector: the node's panel goes on a page of its own.
    counter = await flow.find("stateful_counter")
    await flow.select(counter)
    await flow.inspector.get_by_role("button", name="Add to dashboard").click()
    await page.get_by_role("dialog").get_by_role("button", name="New page").click()
    await page.get_by_role("link", name="Open the dashboard").click()
    await page.wait_for_url(re.compile("/dashboards/"))
    widget = page.locator(".widget").filter(has=page.get_by_text("Current value", exact=True))
    reading = widget.get_by_label("Current value")
    await expect(reading).to_have_text(str(count))

    # Live.
    count = (await visit_until_answered(own_product)).value
    await expect(reading).to_have_text(str(count))

    # By mouse: another node beside it, dragged onto its place.
    await page.get_by_role("button", name="Arrange").click()
    await page.get_by_role("button", name="Add node").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("searchbox").fill("debug")
    await expect(dialog.get_by_role("listitem")).to_have_count(1)
    await dialog.get_by_role("listitem").get_by_role("button").click()
    other = page.locator(".widget").filter(has=page.get_by_text("Messages", exact=True))
    await expect(other).to_be_visible()
    before = await places(page)
    await drag(page, other.get_by_role("button", name=re.compile("^Move")), widget)
    await expect(page.locator(".widget").first).to_contain_text("Messages")
    await read_until(lambda: places(page), lambda now: len(now) == len(before) and now != before)
    await page.keyboard.press("Control+z")
    await expect(page.locator(".widget").first).to_contain_text("Current value")
    await read_until(lambda: places(page), lambda now: now == before)
    await _shot(page, "arrange")
    assert await faults(page) == []

    # By keyboard: a cell wider, then past its neighbour.
    await other.get_by_role("button", name=re.compile("^Resize")).focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_text(re.compile("3 wide"))).to_be_attached()
    await other.get_by_role("button", name=re.compile("^Move")).focus()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator(".widget").first).to_contain_text("Messages")

    # What it shows: the number as a diagram, without the list of messages.
    await other.get_by_role("button", name=re.compile("^Settings")).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("combobox", name=re.compile("drawn")).select_option("line")
    await dialog.get_by_role("checkbox", name="Last messages").uncheck()
    await page.keyboard.press("Escape")
    await expect(other.get_by_text("Values", exact=False).first).to_be_visible()
    await expect(other.get_by_text("Last messages")).to_have_count(0)
    await page.get_by_role("button", name="Done").click()

    # Pressed from a widget, after asking; who pressed stands there.
    await widget.get_by_role("button", name="Reset counter").click()
    asked = page.get_by_role("dialog", name="Reset counter?")
    await expect(asked.get_by_role("button", name="Cancel")).to_be_focused()
    assert await faults(page) == []
    await asked.get_by_role("button", name="Reset counter").click()
    await expect(reading).to_have_text("0")
    await expect(widget.get_by_text("just now")).to_be_visible()
    assert await faults(page) == []
    await _shot(page, "page")

    # A viewer sees it live and may not press, until an owner says so.
    shown = await looking_on(await new_context(), own_product, flow.flow, page.url)
    button = shown.get_by_role("button", name="Reset counter")
    await expect(button).to_be_disabled()
    await expect(shown.get_by_role("button", name="Arrange")).to_have_count(0)
    await page.keyboard.press("p")
    await page.get_by_role("dialog").get_by_role("radio", name=re.compile("Everyone")).check()
    await page.keyboard.press("Escape")
    await expect(button).to_be_enabled()

    # A colleague arranges it too: whoever has it open sees that, and undoes only what was their own.
    theirs = await looking_on(await new_context(), own_product, flow.flow, page.url, "Edda", "EDITOR")
    await theirs.get_by_role("button", name="Arrange").click()
    moved = theirs.locator(".widget").filter(has=theirs.get_by_text("Current value", exact=True))
    await moved.get_by_role("button", name=re.compile("^Move")).focus()
    for _ in range(6):
        await theirs.keyboard.press("ArrowUp")
    for window in (theirs, page, shown):
        await expect(window.locator(".widget").first).to_contain_text("Current value")
    await page.keyboard.press("Control+z")
    await expect(button).to_be_disabled()
    for window in (theirs, page, shown):
        await expect(window.locator(".widget").first).to_contain_text("Current value")

    # On a phone: one column, nothing beside or below the screen's edge.
    await shown.set_viewport_size({"width": 390, "height": 844})
    boxes = await read_until(lambda: places(shown), in_one_column)
    assert await shown.evaluate("document.documentElement.scrollWidth") <= 390
    count = (await visit_until_answered(own_product)).value
    await expect(shown.get_by_label("Current value")).to_have_text(str(count))
    assert await places(shown) == boxes
    assert await faults(shown) == []
    await _shot(shown, "phone")


async def looking_on(
    context: people.BrowserContext, product: Product, flow: str, address: str, name: str = "Vera", role: str = "VIEWER"
) -> Page:
    """The same address in a window of somebody else."""
    joined = people._COLLEAGUE.format(flow=flow, name=name, role=role)
    printed = product.manage("shell", "-c", joined)
    key = next(line for line in printed.splitlines() if line.startswith("session:")).removeprefix("session:")
    await context.add_cookies([{"name": "weirflow_session", "value": key, "url": product.url}])
    page = await context.new_page()
    await page.goto(address)
    return page


async def places(page: Page) -> list[dict[str, float]]:
    return [await box_of(one) for one in await page.locator(".widget").all()]


def in_one_column(boxes: list[dict[str, float]]) -> bool:
    """As on a phone: under one another, none beyond its edge."""
    return len({box["x"] for box in boxes}) == 1 and all(box["x"] + box["width"] <= 390 for box in boxes)


async def box_of(one: Locator) -> dict[str, float]:
    box = await still(one)
    return {side: round(value) for side, value in dict(box).items()}  # type: ignore[call-overload]


async def drag(page: Page, handle: Locator, onto: Locator) -> None:
    """From the handle to the top left corner of something else."""
    start, end = await box_of(handle), await box_of(onto)
    await page.mouse.move(start["x"] + 8, start["y"] + 8)
    await page.mouse.down()
    await page.mouse.move(end["x"] + 40, end["y"] + 40, steps=6)
    await page.mouse.move(end["x"] + 12, end["y"] + 14, steps=3)
    await page.mouse.up()


async def _shot(page: Page, name: str) -> None:
    """Both themes, where somebody wants to look at them."""
    folder = os.environ.get("WEIRFLOW_SHOTS")
    if not folder:
        return
    for theme in ("light", "dark"):
        await page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        await page.screenshot(path=Path(folder) / f"dashboard-{name}-{theme}.png", full_page=True)
    await page.evaluate("delete document.documentElement.dataset.theme")
