"""Two people talk about a node and a wire: what one writes, the other sees where it is about, answers and resolves."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import axe, people
from tests.e2e.conftest import NewContext, OpenDemo
from tests.e2e.flow_page import still
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]

MARKUP = "**Why** <img src=x onerror=alert(1)> [here](javascript:alert(2)) <script>alert(3)</script>"


async def test_what_one_says_the_other_sees_answers_and_resolves(
    product: Product, open_demo: OpenDemo, new_context: NewContext
) -> None:
    flow = await open_demo(product)
    before = await flow.document()
    theirs = await people.join(await new_context(), product, flow, "grace")
    mine, hers = flow.page, theirs.page
    for page in (mine, hers):
        page.on("dialog", lambda dialog: pytest.fail(f"a script of a comment ran: {dialog.message}"))
    place = {"module": "common-v1", "component": "debug", "label": "Talked about", "x": 0, "y": 480}
    added = await flow.change({"op": "add_node", "id": (node := "ntalkedabout"), **place})
    assert added.status == 200, added
    await mine.keyboard.press("f")

    # By keyboard alone: the action's key, a name that is offered, and Ctrl Enter.
    await still(flow.node(node))
    await flow.select(node)
    await mine.keyboard.press("Shift+C")
    text = mine.get_by_label("Comment", exact=True).and_(mine.locator("textarea.composer__text"))
    await expect(text).to_be_focused()
    await mine.keyboard.type(f"{MARKUP} @gr")
    await expect(mine.get_by_role("option", name="grace")).to_have_attribute("aria-selected", "true")
    await mine.keyboard.press("Enter")
    await expect(text).to_have_value(re.compile(r"@grace $"))
    await mine.keyboard.press("Control+Enter")
    said = mine.locator(".comment__text")
    await expect(said.locator("strong")).to_have_text("Why")
    await expect(said.locator(".named")).to_have_text("@grace")
    assert await said.locator("img, script, a").count() == 0
    assert not await axe.faults(mine)

    # She hears of it at once, and finds it where it is about.
    await expect(hers.get_by_role("link", name="1 mention not read")).to_be_visible()
    badge = theirs.node(node).get_by_role("button", name="1 open comment thread")
    await still(theirs.node(node))
    await badge.click()
    await expect(hers.locator(".comment__text strong")).to_have_text("Why")
    await expect(hers.get_by_role("link", name="Mentions")).to_be_visible()
    await _write(hers, "Answer", "Because of the second region.")
    await expect(mine.locator(".comment__text").nth(1)).to_have_text("Because of the second region.")

    # The node goes and comes back; what was said about it stays.
    gone = await flow.change({"op": "delete_node", "id": node})
    await expect(hers.get_by_label("Threads").get_by_text("Deleted node Talked about")).to_be_visible()
    await expect(hers.locator(".comment")).to_have_count(2)
    undo = {"change": gone.data["rev"], "client_op_id": await flow.new_id()}
    assert (await flow.call("POST", f"/api/flows/{flow.flow}/undo", undo)).status == 200
    await expect(hers.get_by_label("Threads").get_by_text("Deleted node")).to_have_count(0)

    await hers.get_by_role("button", name="Resolve", exact=True).click()
    await expect(mine.get_by_text("Resolved by grace")).to_be_visible()
    await expect(flow.node(node).get_by_role("button", name="open comment thread")).to_have_count(0)
    await expect(mine.get_by_text("Nothing is open.")).to_be_visible()
    await flow.leave_as(before)


async def test_a_link_leads_to_the_thread_and_the_inbox_to_the_link(
    product: Product, open_demo: OpenDemo, new_context: NewContext
) -> None:
    flow = await open_demo(product)
    theirs = await people.join(await new_context(), product, flow, "grace")
    edge = (await flow.document())["edges"][0]["id"]
    ids = [await flow.new_id() for _ in range(2)]
    body = {"id": ids[0], "comment": ids[1], "edge": edge, "text": "@grace, is this wire still needed?"}
    assert (await flow.call("POST", f"/api/flows/{flow.flow}/comments", body)).status == 201
    await expect(theirs.edge(edge)).to_be_attached()
    await expect(theirs.page.get_by_role("button", name="1 open comment thread")).to_be_visible()

    await theirs.page.goto(f"{product.url}/mentions/")
    await expect(theirs.page.get_by_role("heading", name="Mentions")).to_be_visible()
    assert not await axe.faults(theirs.page)
    await theirs.page.get_by_role("link", name=re.compile(r"^owner in .* → ")).click()
    await expect(theirs.page.locator(".comment__text")).to_have_text(re.compile("is this wire still needed"))
    await expect(theirs.page.locator(".inspector")).to_contain_text("Mapping")
    await expect(theirs.page.get_by_role("link", name="Mentions")).to_be_visible()
    await theirs.page.goto(f"{product.url}/mentions/")
    await expect(theirs.page.get_by_role("button", name="Mark all as read")).to_have_count(0)


async def _write(page: Page, label: str, text: str) -> None:
    field = page.locator(f'textarea[aria-label="{label}"]')
    await field.fill(text)
    await page.keyboard.press("Control+Enter")
    await expect(field).to_have_value("")
