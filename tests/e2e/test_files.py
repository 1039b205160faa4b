"""A file on the canvas: what it would do, in by one step, out again, and back."""

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]

FILE = """\
weirflow: 1
kind: Flow
name: Guests
nodes:
  hello-guests: {component: common-v1/debug, at: [0, 0]}
  nobody-yet: {component: late-v1/thing, at: [0, 160], settings: {key: "[[secret:guests/key]]"}}
"""


async def test_a_file_comes_in_and_goes_out(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    page = flow.page
    before = await flow.document()
    await page.keyboard.press("Shift+I")
    dialog = page.get_by_role("dialog", name="Import a file")
    await dialog.get_by_label("Text of the file").fill(FILE.replace("hello-guests:", "Hello:"))
    await dialog.get_by_role("button", name="See what it would do").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Line 5")
    await dialog.get_by_label("Text of the file").fill(FILE)
    await dialog.get_by_role("button", name="See what it would do").click()
    await expect(dialog).to_contain_text("2 nodes · 0 wires")
    await expect(dialog).to_contain_text("late-v1/thing")
    await expect(dialog.get_by_label("Value of guests/key")).to_be_visible()
    await dialog.get_by_role("button", name="Import into this flow").click()
    await expect(dialog).to_be_hidden()
    try:
        now = await flow.until(lambda now: any(node["label"] == "Hello guests" for node in now["nodes"]))
        hello = flow.node(next(node["id"] for node in now["nodes"] if node["label"] == "Hello guests"))
        await expect(hello).to_be_visible()
        out = await page.request.get(f"{product.url}/api/flows/{flow.flow}/export")
        text = await out.text()
        assert "\n  hello-guests:\n    component: common-v1/debug\n" in text
        assert 'settings: {key: "[[secret:guests/key]]"}' in text
        await page.get_by_role("button", name="Undo").last.click()
        await expect(hello).to_be_hidden()
    finally:
        await flow.leave_as(before)
