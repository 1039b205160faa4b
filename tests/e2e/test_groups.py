"""Groups, notes, a collapsed group and a node in two flows, as a person draws them."""

import os
import re

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import FlowPage, still
from tests.e2e.people import FLOW
from tests.e2e.product import Product
from tests.e2e.visits import visit_once, visit_until_answered

pytestmark = [pytest.mark.browser, pytest.mark.kubectl]


async def test_what_is_drawn_around_nodes_changes_nothing_that_runs(own_product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(own_product)
    page = flow.page
    before = (await visit_until_answered(own_product)).value
    document = await flow.document()
    counter, debug = await flow.find("stateful_counter"), await flow.find("debug")

    # A group, named as it is made.
    await flow.select(counter)
    await page.keyboard.down("Shift")
    await flow.select(debug)
    await page.keyboard.up("Shift")
    await page.keyboard.press("Control+g")
    await page.get_by_role("textbox", name="Name of the group").fill("Counting")
    await page.keyboard.press("Enter")
    drawn = await flow.until(lambda now: [group["name"] for group in now["groups"]] == ["Counting"])
    assert {node["id"] for node in drawn["nodes"] if node["group"]} == {counter, debug}

    # Its bar moves its nodes.
    frame = page.get_by_role("region", name="Group Counting")
    bar = await still(frame.locator(".frame__bar"))
    await flow._drag(bar["x"] + bar["width"] - 20, bar["y"] + 10, 0, 96)
    old = {node["id"]: node["y"] for node in document["nodes"]}
    moved = await flow.until(lambda now: _at(now, counter)["y"] != old[counter])
    assert _at(moved, counter)["y"] - old[counter] == _at(moved, debug)["y"] - old[debug] > 0

    # A note in Markdown, which shows tags as text.
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    await page.get_by_role("textbox", name="Text of the note").fill("# Why\n- counts **visits**\n<img src=x onerror=y>")
    await page.keyboard.press("Control+Enter")
    note = page.get_by_role("region", name="Note")
    await expect(note.get_by_role("heading", name="Why")).to_be_visible()
    await expect(note.locator("img")).to_have_count(0)

    # One card instead of two, on the same wires; messages go on.
    await frame.locator(".frame__title").click()
    await _shot(flow, "open")
    await page.get_by_role("button", name="Collapse into one card").click()
    await expect(flow.node(counter)).to_have_count(0)
    card = page.locator(".card--fold")
    await expect(card).to_contain_text("2 nodes")
    edges = {edge["id"] for edge in (await flow.document())["edges"]}
    assert edges == {edge["id"] for edge in document["edges"]}
    assert (await visit_once(own_product)).value == (before or 0) + 1
    await _shot(flow, "collapsed")
    await card.click(position={"x": 40, "y": 14})
    await page.keyboard.press("Control+]")
    await expect(flow.node(counter)).to_be_visible()
    await page.keyboard.press("Control+z")
    await expect(card).to_be_visible()
    await page.keyboard.press("Control+z")

    # Into another flow and back, counting on.
    await _new_flow(flow, "Reports")
    await page.keyboard.press("Escape")
    await expect(flow.inspector.get_by_role("heading", name="nodes selected")).to_have_count(0)
    await flow.select(debug)
    await _command(flow, "Move the selected nodes to another")
    await page.get_by_role("dialog").get_by_role("button", name="Reports").click()
    kept = await flow.until(lambda now: _at(now, debug)["foreign"] is not None)
    assert _at(kept, debug)["foreign"]["name"] == "Reports"
    await expect(flow.node(debug).locator(".card__home")).to_have_text("Reports")
    await expect(flow.inspector).to_contain_text("It belongs to the flow Reports")
    await _shot(flow, "foreign")
    assert (await visit_until_answered(own_product)).value == (before or 0) + 2
    await page.keyboard.press("Control+z")
    await flow.until(lambda now: _at(now, debug)["foreign"] is None)


def _at(document: dict, node: str) -> dict:  # type: ignore[type-arg]
    return next(one for one in document["nodes"] if one["id"] == node)


async def _command(flow: FlowPage, words: str) -> None:
    await flow.page.keyboard.press("Control+k")
    await flow.page.get_by_role("searchbox", name=re.compile("command")).fill(words)
    await flow.page.keyboard.press("Enter")


async def _new_flow(flow: FlowPage, name: str) -> None:
    """In another tab, on the project's page."""
    other = await flow.page.context.new_page()
    await other.goto(flow.page.url[: flow.page.url.index("/flows/")] + "/")
    await other.get_by_role("link", name="New flow").click()
    await other.get_by_label(re.compile("name", re.IGNORECASE)).first.fill(name)
    await other.keyboard.press("Enter")
    await other.wait_for_url(FLOW)
    await other.close()


async def _shot(flow: FlowPage, name: str) -> None:
    folder = os.environ.get("E_SHOTS")
    if not folder:
        return
    for theme in ("light", "dark"):
        await flow.page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        await flow.page.screenshot(path=f"{folder}/{name}-{theme}.png")
