"""A group as a view of its own, Escape in the middle of a gesture, and nodes shared between flows that are open."""

import os
import re
import secrets
import uuid
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e import axe, people
from tests.e2e.conftest import NewContext, SignIn
from tests.e2e.flow_page import FlowPage, still
from tests.e2e.people import FLOW
from tests.e2e.product import Product
from tests.waiting import read_until

pytestmark = pytest.mark.browser


class Grouped(FlowPage):
    """A flow of four nodes in a row, of which the two in the middle stand in a collapsed group."""

    def __init__(self, page: Page, flow: str) -> None:
        super().__init__(page, flow)
        self.group, tail = str(uuid.uuid4()), secrets.token_hex(6)[:11]
        self.entry, self.inner, self.last, self.sink, self.third = (letter + tail for letter in "abcde")


@pytest_asyncio.fixture(loop_scope="session")
async def flow(product: Product, sign_in: SignIn) -> Grouped:
    page = await sign_in(product)
    await page.get_by_role("link", name=re.compile("visit counter", re.IGNORECASE)).first.click()
    opened = Grouped(page, (await _new_flow(page, "Grouped")).flow)
    place = {"x": 0, "y": 0, "width": 720, "height": 240}
    answer = await opened.change(
        {"op": "add_group", "id": opened.group, "name": "Work", "colour": "green", "collapsed": True, **place},
        _node(opened.entry, "Before", -480),
        _node(opened.inner, "First", 24, opened.group),
        _node(opened.last, "Second", 360, opened.group),
        _node(opened.sink, "Behind", 960),
        *(await _wires(opened, (opened.entry, opened.inner), (opened.inner, opened.last), (opened.last, opened.sink))),
    )
    assert answer.status == 200, answer
    await opened.node(opened.group).wait_for()
    await page.keyboard.press("f")
    await still(opened.node(opened.group))
    return opened


async def test_a_group_opens_as_a_view_and_the_address_says_so(flow: Grouped, product: Product) -> None:
    page, path = flow.page, flow.page.get_by_role("navigation", name="Where in the flow you are")
    await flow.node(flow.group).dblclick()
    await expect(path).to_contain_text("Work")
    await expect(flow.node(flow.inner)).to_be_visible()
    await expect(flow.node(flow.entry)).to_have_count(0)
    await expect(flow.node(f"{flow.group}:in")).to_contain_text("Before")
    await expect(flow.node(f"{flow.group}:out")).to_contain_text("Behind")
    await expect(flow.page.get_by_label("Group Work of the flow Grouped")).to_be_focused()
    await _shot(page, "group-view")
    assert await axe.faults(page) == []

    # The address holds it: over a reload, and for the browser's Back and Forward.
    await expect(page).to_have_url(re.compile(re.escape(f"?group={flow.group}")))
    await page.reload()
    await expect(path).to_contain_text("Work")
    await expect(flow.node(flow.inner)).to_be_visible()
    await expect(page.get_by_text("Deployed")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(path).to_have_count(0)
    await expect(flow.node(flow.entry)).to_be_visible()
    await page.go_back()
    await expect(path).to_contain_text("Work")

    # What is added there joins the group, and a colleague's node comes.
    await page.keyboard.press("/")
    await page.get_by_role("combobox").fill("Debug")
    await page.keyboard.press("Enter")
    await flow.until(lambda now: len(_members(now, flow.group)) == 3)
    theirs = await flow.change(_node(flow.third, "Third", 360, flow.group, y=240))
    assert theirs.status == 200
    await expect(flow.node(flow.third)).to_be_visible()

    # Search leads out of it, and back in.
    await page.keyboard.press("Control+f")
    await page.get_by_role("searchbox", name="Find in this flow").fill("Behind")
    await page.get_by_role("search").get_by_role("button", name="Behind").wait_for()
    await page.keyboard.press("Enter")
    await expect(path).to_have_count(0)
    await page.get_by_role("searchbox", name="Find in this flow").fill("Third")
    await page.get_by_role("search").get_by_role("button", name="Third").wait_for()
    await page.keyboard.press("Enter")
    await expect(path).to_contain_text("Work")
    await expect(flow.node(flow.third)).to_be_visible()
    await page.keyboard.press("Escape")

    # A link leads to a node in it.
    await page.goto(f"{page.url.split('?')[0]}?node={flow.last}")
    await expect(path).to_contain_text("Work")
    await expect(flow.node(flow.last)).to_have_class(re.compile("selected"))


async def test_a_viewer_opens_a_group_and_the_document_stays_as_it_is(
    flow: Grouped, product: Product, new_context: NewContext
) -> None:
    before = (await flow.document())["flow"]["rev"]
    viewer = await people.join(await new_context(), product, flow, "onlooker", "VIEWER")
    await viewer.page.keyboard.press("f")
    await viewer.select(flow.group)
    await viewer.page.keyboard.press("Enter")
    await expect(viewer.node(flow.inner)).to_be_visible()
    await expect(flow.node(flow.entry)).to_be_visible()
    await viewer.page.get_by_role("button", name="Grouped").click()
    await expect(viewer.node(flow.entry)).to_be_visible()
    assert (await flow.document())["flow"]["rev"] == before


async def test_escape_takes_back_what_the_pointer_has_begun(flow: Grouped) -> None:
    page, mouse = flow.page, flow.page.mouse
    before = await flow.document()
    await flow.select(flow.entry)
    start = await still(flow.node(flow.sink))
    x, y = start["x"] + 60, start["y"] + 14

    # A drag: the card goes back at once, and stays there however the pointer moves on.
    await mouse.move(x, y)
    await mouse.down()
    await mouse.move(x - 120, y + 160, steps=6)
    await read_until(flow.node(flow.sink).bounding_box, lambda box: box != start)
    await page.keyboard.press("Escape")
    await mouse.move(x - 60, y + 200, steps=4)
    await mouse.up()
    await read_until(flow.node(flow.sink).bounding_box, lambda box: box == start)

    # An area: what was selected before is selected again.
    await flow.select(flow.entry)
    await page.keyboard.down("Shift")
    await mouse.move(start["x"] - 30, start["y"] - 60)
    await mouse.down()
    # Not on to the border, where the view would glide for as long as the pointer is there.
    await mouse.move(start["x"] + start["width"] + 8, start["y"] + start["height"] + 8, steps=6)
    await expect(flow.node(flow.sink)).to_have_class(re.compile("selected"))
    await page.keyboard.press("Escape")
    await mouse.up()
    await page.keyboard.up("Shift")
    await expect(flow.node(flow.sink)).not_to_have_class(re.compile("selected"))
    await expect(flow.node(flow.entry)).to_have_class(re.compile("selected"))

    # A wire that hangs over a port which it would fit.
    port, end = await still(flow.port(flow.entry, "out")), await still(flow.port(flow.sink, "in"))
    await mouse.move(port["x"] + port["width"] / 2, port["y"] + port["height"] / 2)
    await mouse.down()
    await mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)
    await expect(page.locator(".react-flow__connectionline")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.locator(".react-flow__connectionline")).to_have_count(0)
    await mouse.up()
    after = await flow.document()
    assert after["flow"]["rev"] == before["flow"]["rev"]


async def test_a_node_that_a_colleague_shares_appears_and_its_settings_are_changed_there(
    flow: Grouped, product: Product, sign_in: SignIn
) -> None:
    other = await _new_flow(await sign_in(product), "Guests")
    shared = await flow.change({"op": "share_node", "id": flow.entry, "flow": other.flow})
    assert shared.status == 200, shared
    await expect(other.node(flow.entry)).to_contain_text("Before")
    await other.page.keyboard.press("f")
    await still(other.node(flow.entry))
    await other.select(flow.entry)
    await expect(other.inspector).to_contain_text("It belongs to the flow Grouped")
    name = other.inspector.get_by_role("textbox", name=re.compile("name", re.IGNORECASE)).first
    await name.fill("Orders")
    await name.press("Enter")
    await flow.until(lambda now: _at(now, flow.entry)["label"] == "Orders")
    await expect(flow.node(flow.entry)).to_contain_text("Orders")
    await other.page.keyboard.press("Escape")
    await other.page.locator(".react-flow").focus()
    await other.page.keyboard.press("Control+z")
    await flow.until(lambda now: _at(now, flow.entry)["label"] == "Before")


def _node(node: str, label: str, x: int, group: str | None = None, y: int = 48) -> dict[str, Any]:
    row = {"op": "add_node", "id": node, "module": "common-v1", "component": "transform", "label": label}
    return {**row, "x": x, "y": y, "group": group}


async def _wires(flow: FlowPage, *ends: tuple[str, str]) -> list[dict[str, Any]]:
    ports = {"source_port": "out", "target_port": "in"}
    return [
        {"op": "add_edge", "id": await flow.new_id(), "source": source, "target": target, "mapping": {}, **ports}
        for source, target in ends
    ]


def _members(document: dict[str, Any], group: str) -> list[str]:
    return [node["id"] for node in document["nodes"] if node["group"] == group]


def _at(document: dict[str, Any], node: str) -> dict[str, Any]:
    return next(dict(one) for one in document["nodes"] if one["id"] == node)


async def _new_flow(page: Page, name: str) -> FlowPage:
    """From the page of the demo's project."""
    if "/projects/" not in page.url or page.url.endswith("/projects/"):
        await page.get_by_role("link", name=re.compile("visit counter", re.IGNORECASE)).first.click()
    await page.get_by_role("link", name="New flow").click()
    await page.get_by_label(re.compile("name", re.IGNORECASE)).first.fill(name)
    await page.keyboard.press("Enter")
    await page.wait_for_url(FLOW)
    found = FLOW.search(page.url)
    assert found
    await page.locator(".react-flow").wait_for()
    await people.listens(page)
    return FlowPage(page, found.group(1))


async def _shot(page: Page, name: str) -> None:
    folder = os.environ.get("E_SHOTS")
    if not folder:
        return
    for theme in ("light", "dark"):
        await page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        await page.screenshot(path=f"{folder}/{name}-{theme}.png")
