"""Two people on one canvas: what one drags while the other changes it, and what is carried from flow to flow."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e import people
from tests.e2e.conftest import NewContext, OpenDemo
from tests.e2e.flow_page import FlowPage, still
from tests.e2e.product import Product
from tests.waiting import read_until

pytestmark = [pytest.mark.browser]


@pytest_asyncio.fixture(loop_scope="session")
async def flow(product: Product, open_demo: OpenDemo) -> AsyncIterator[FlowPage]:
    """The demo flow, in a window that may use the clipboard."""
    opened = await open_demo(product)
    await opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    before = await opened.document()
    yield opened
    await opened.leave_as(before)


async def test_a_colleague_who_moves_one_of_the_dragged_nodes_moves_no_other(
    product: Product, flow: FlowPage, new_context: NewContext
) -> None:
    nodes = one, two, three = await _add(flow, "One", "Two", "Three")
    await _choose(flow, *nodes)
    await flow.page.keyboard.down("Alt")
    grip = await still(flow.node(two))
    await _press(flow.page, grip["x"] + 60, grip["y"] + 14, 40, -20)

    theirs = await people.join(await new_context(), product, flow, "grace")
    assert (await theirs.change({"op": "set_node", "id": one, "fields": {"x": -300}})).status == 200
    await read_until(lambda: _left(flow, one), lambda left: left < grip["x"] - grip["width"] * 2, 60)
    await flow.page.mouse.move(grip["x"] + 110, grip["y"] - 16, steps=3)
    await flow.page.mouse.up()
    await flow.page.keyboard.up("Alt")

    document = await flow.until(lambda now: _place(now, two)[1] != 700)
    moved = {(_place(document, node)[0] - x) for node, x in [(one, -300), (two, 300), (three, 600)]}
    assert len(moved) == 1
    assert 0 < moved.pop() < 250


async def test_a_group_that_goes_while_it_is_dragged_lets_go_of_its_nodes(
    product: Product, flow: FlowPage, new_context: NewContext
) -> None:
    nodes = await _add(flow, "In", "Too")
    group = await flow.new_id()
    frame = {"op": "add_group", "id": group, "name": "Dragged", "x": -48, "y": 640, "width": 700, "height": 200}
    into = [{"op": "set_node", "id": node, "fields": {"group": group}} for node in nodes]
    assert (await flow.change(frame, *into)).status == 200
    theirs = await people.join(await new_context(), product, flow, "grace")
    region = flow.page.get_by_role("region", name="Group Dragged")
    await flow.page.locator("body").press("f")
    bar = await still(region.locator(".frame__bar"))
    place = await still(flow.node(nodes[0]))
    await _press(flow.page, bar["x"] + bar["width"] - 20, bar["y"] + 8, 60, 60)
    await read_until(lambda: _left(flow, nodes[0]), lambda left: left > place["x"], 60)

    assert (await theirs.change({"op": "delete_group", "id": group})).status == 200
    await expect(region).to_have_count(0)
    await flow.page.mouse.up()
    await read_until(lambda: _left(flow, nodes[0]), lambda left: left == place["x"], 60)
    document = await flow.document()
    assert [_place(document, node) for node in nodes] == [(0, 700), (300, 700)]


async def test_the_nodes_of_a_group_go_exactly_as_far_as_its_frame(flow: FlowPage) -> None:
    nodes = await _add(flow, "Off", "Grid")
    group = await flow.new_id()
    frame = {"op": "add_group", "id": group, "name": "Exact", "x": -48, "y": 648, "width": 700, "height": 200}
    into = [{"op": "set_node", "id": node, "fields": {"group": group}} for node in nodes]
    assert (await flow.change(frame, *into)).status == 200
    await flow.page.locator("body").press("f")
    bar = await still(flow.page.get_by_role("region", name="Group Exact").locator(".frame__bar"))
    await _press(flow.page, bar["x"] + bar["width"] - 20, bar["y"] + 8, 60, 60)
    await flow.page.mouse.up()
    document = await flow.until(lambda now: now["groups"][0]["y"] != 648)
    right, down = document["groups"][0]["x"] + 48, document["groups"][0]["y"] - 648
    assert [_place(document, node) for node in nodes] == [(right, 700 + down), (300 + right, 700 + down)]
    await flow.page.keyboard.press("Control+z")
    document = await flow.until(lambda now: now["groups"][0]["y"] == 648)
    assert [_place(document, node) for node in nodes] == [(0, 700), (300, 700)]


async def test_nodes_are_carried_to_another_flow_and_another_project(flow: FlowPage) -> None:
    one, two = await _add(flow, "Carried", "Carried too")
    ends = {"source": one, "source_port": "out", "target": two, "target_port": "in"}
    assert (await flow.change({"op": "add_edge", "id": await flow.new_id(), **ends})).status == 200
    await _choose(flow, one, two)
    await flow.page.keyboard.press("Control+g")
    await flow.page.get_by_role("textbox", name="Name of the group").fill("Together")
    await flow.page.keyboard.press("Enter")
    await expect(flow.page.get_by_role("region", name="Group Together")).to_be_visible()
    await flow.page.keyboard.press("Control+c")
    # A page that is left may not write into the clipboard any more.
    await read_until(lambda: flow.page.evaluate("navigator.clipboard.readText()"), lambda text: "Together" in text)

    project = flow.page.url[: flow.page.url.index("/flows/")] + "/"
    for other in [await _new_flow(flow.page, project), await _new_flow(flow.page, await _new_project(flow.page))]:
        await other.page.bring_to_front()
        await other.page.keyboard.press("Control+v")
        document = await other.until(lambda now: len(now["nodes"]) == 2 and len(now["edges"]) == 1)
        [group] = document["groups"]
        assert group["name"] == "Together"
        assert {node["group"] for node in document["nodes"]} == {group["id"]}
        assert not {one, two} & {node["id"] for node in document["nodes"]}
        await expect(other.page.locator(".react-flow__edge")).to_have_count(1)
        await other.page.keyboard.press("Control+z")
        await other.until(lambda now: not now["nodes"] and not now["edges"] and not now["groups"])
        await other.page.close()


async def test_a_place_beyond_the_canvas_is_refused_and_the_page_goes_on(flow: FlowPage) -> None:
    before = len((await flow.document())["nodes"])
    text = json.dumps({"weirflow": 1, "nodes": [{"id": "x", "module": "m", "component": "c", "x": 1e300}]})
    await flow.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    await flow.page.keyboard.press("Control+v")
    await expect(flow.page.get_by_text("nodes/0/x is not a number from", exact=False)).to_be_visible()
    assert len((await flow.document())["nodes"]) == before


async def _add(flow: FlowPage, *labels: str) -> list[str]:
    """Nodes that let everything through, in a row below the demo's own, which makes way for them; their ids."""
    old = [{"op": "delete_group", "id": group["id"]} for group in (await flow.document())["groups"]]
    old += [
        {"op": "delete_node", "id": node["id"]}
        for node in (await flow.document())["nodes"]
        if node["y"] >= 600 and node["component"] == "transform"
    ]
    ids = [f"n{(await flow.new_id()).replace('-', '')[:11]}" for _ in labels]
    row = {"op": "add_node", "module": "common-v1", "component": "transform", "y": 700}
    named = zip(ids, labels, strict=True)
    new = [{**row, "id": one, "label": label, "x": 300 * number} for number, (one, label) in enumerate(named)]
    assert (await flow.change(*old, *new)).status == 200
    await expect(flow.node(ids[-1])).to_have_count(1)
    await flow.page.locator("body").press("f")
    return ids


async def _choose(flow: FlowPage, *nodes: str) -> None:
    for number, node in enumerate(nodes):
        await still(flow.node(node))
        modifiers: Any = ["Control"] if number else []
        await flow.node(node).click(position={"x": 40, "y": 14}, modifiers=modifiers)


async def _press(page: Page, x: float, y: float, right: int, down: int) -> None:
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + right, y + down, steps=5)


async def _left(flow: FlowPage, node: str) -> float:
    box = await flow.node(node).bounding_box()
    assert box
    return box["x"]


def _place(document: dict[str, Any], node: str) -> tuple[int, int]:
    [row] = [one for one in document["nodes"] if one["id"] == node]
    return row["x"], row["y"]


async def _new_project(page: Page) -> str:
    other = await page.context.new_page()
    await other.goto(page.url[: page.url.index("/projects/")] + "/projects/new/")
    await other.get_by_label("Name").first.fill("Elsewhere")
    await other.keyboard.press("Enter")
    await other.get_by_role("link", name="New flow").first.wait_for()
    address = other.url
    await other.close()
    return address


async def _new_flow(page: Page, project: str) -> FlowPage:
    other = await page.context.new_page()
    await other.goto(project)
    await other.get_by_role("link", name="New flow").first.click()
    await other.get_by_label("Name").first.fill("Target")
    await other.keyboard.press("Enter")
    await other.wait_for_url(people.FLOW)
    await other.locator(".react-flow").wait_for()
    await people.listens(other)
    found = people.FLOW.search(other.url)
    assert found
    return FlowPage(other, found.group(1))
