"""What an open editor does when something goes from under it: the connection, the flow, the right to be there."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import people
from tests.e2e.conftest import OpenDemo
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]


async def test_what_cannot_be_loaded_says_so_and_the_page_goes_on(product: Product, open_demo: OpenDemo) -> None:
    demo = await open_demo(product)
    page = demo.page
    cards = page.locator(".react-flow__node")
    shown = len((await demo.document())["nodes"])
    await expect(cards).to_have_count(shown)
    await page.context.set_offline(True)
    await page.keyboard.press("Control+f")
    note = page.get_by_role("alert").filter(has_text="could not be loaded")
    await expect(note).to_be_visible()
    await expect(cards).to_have_count(shown)
    await page.context.set_offline(False)
    await note.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("search", name="Find in this flow")).to_be_visible()


async def test_an_open_flow_hears_that_it_is_renamed_and_deleted(product: Product, open_demo: OpenDemo) -> None:
    demo = (await open_demo(product)).page
    page = await _new_flow(demo, "Short-lived")
    other = await page.context.new_page()

    await other.goto(f"{page.url}rename/")
    await other.get_by_label("New name").fill("Renamed")
    await other.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Renamed", level=1)).to_be_visible()
    await expect(page).to_have_title(re.compile("^Renamed · "))
    await other.wait_for_url(lambda url: not url.endswith("/rename/"))

    await other.goto(f"{page.url}delete/")
    await other.get_by_label("to confirm").fill("Renamed")
    await other.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("This flow was deleted")
    await expect(page.get_by_text("View only")).to_be_visible()


async def test_somebody_signed_out_is_led_back_and_loses_nothing(product: Product, open_demo: OpenDemo) -> None:
    page = await _new_flow((await open_demo(product)).page, "Kept")
    cookies = [one for one in await page.context.cookies() if one.get("name") == "weirflow_session"]
    await page.context.clear_cookies(name="weirflow_session")
    await page.keyboard.press("n")
    await expect(page.get_by_role("textbox", name="Text of the note")).to_be_focused()
    await page.keyboard.type("Written while signed out")
    await page.keyboard.press("Escape")
    note = page.get_by_role("alert").filter(has_text="You are signed out")
    await expect(note.get_by_role("link", name="Sign in")).to_be_visible()
    await page.context.add_cookies(cookies)  # type: ignore[arg-type]
    await expect(note).to_have_count(0)
    await page.reload()
    await expect(page.get_by_text("Written while signed out")).to_be_visible()


async def _new_flow(demo: Page, name: str) -> Page:
    page = await demo.context.new_page()
    await page.goto(demo.url[: demo.url.index("flows/")])
    await page.get_by_role("link", name="New flow").first.click()
    await page.get_by_label("Name").first.fill(name)
    await page.keyboard.press("Enter")
    await page.wait_for_url(people.FLOW)
    await page.locator(".react-flow").wait_for()
    await page.get_by_text("Live", exact=True).wait_for()
    return page
