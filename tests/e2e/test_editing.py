"""Editing a flow by hand: copying between tabs, wires, order on the canvas, and undo beside a colleague."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

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


async def _add(flow: FlowPage, *nodes: tuple[str, int, int]) -> list[str]:
    """Nodes that let everything through, far from the demo's own, in view; their ids."""
    ids = [(await flow.new_id()).replace("-", "")[:11] for _ in nodes]
    ids = [f"n{one}" for one in ids]
    ops = [
        {"op": "add_node", "id": one, "module": "common-v1", "component": "transform", "label": label, "x": x, "y": y}
        for one, (label, x, y) in zip(ids, nodes, strict=True)
    ]
    answer = await flow.change(*ops)
    assert answer.status == 200, answer
    for one in ids:
        await flow.page.locator("body").press("f")
        await expect(flow.node(one)).to_be_visible()
    return ids


async def _wire(flow: FlowPage, source: str, target: str) -> str:
    edge = await flow.new_id()
    ends = {"source": source, "source_port": "out", "target": target, "target_port": "in"}
    answer = await flow.change({"op": "add_edge", "id": edge, **ends})
    assert answer.status == 200, answer
    await expect(flow.edge(edge)).to_have_count(1)
    return edge


async def _choose(flow: FlowPage, *nodes: str) -> None:
    for number, node in enumerate(nodes):
        modifiers: Any = ["Control"] if number else []
        await flow.node(node).click(position={"x": 40, "y": 14}, modifiers=modifiers)


def _wires(document: dict[str, Any], *nodes: str) -> set[tuple[str, str]]:
    return {
        (edge["source"], edge["target"])
        for edge in document["edges"]
        if edge["source"] in nodes or edge["target"] in nodes
    }


def _places(document: dict[str, Any], *nodes: str) -> list[tuple[int, int]]:
    rows = {node["id"]: node for node in document["nodes"]}
    return [(rows[node]["x"], rows[node]["y"]) for node in nodes]


async def test_nodes_are_copied_as_json_and_pasted_in_another_tab(flow: FlowPage) -> None:
    one, two = await _add(flow, ("Copied", 0, 1200), ("Copied too", 288, 1200))
    await _wire(flow, one, two)
    await _choose(flow, one, two)
    await flow.page.keyboard.press("Control+c")

    async def copied() -> list[str]:
        text = await flow.page.evaluate("navigator.clipboard.readText()")
        return sorted(node["label"] for node in json.loads(text)["nodes"]) if text.startswith("{") else []

    await read_until(copied, lambda labels: labels == ["Copied", "Copied too"])

    other = await flow.page.context.new_page()
    await other.goto(flow.page.url)
    tab = FlowPage(other, flow.flow)
    await expect(tab.node(one)).to_have_count(1)
    await people.listens(other)
    await other.keyboard.press("Control+v")
    await tab.until(lambda now: sum(node["label"] == "Copied" for node in now["nodes"]) == 2)
    document = await tab.document()
    pasted = [node["id"] for node in document["nodes"] if node["label"].startswith("Copied")]
    assert len(_wires(document, *pasted)) == 2
    await other.keyboard.press("Control+z")
    await tab.until(lambda now: sum(node["label"] == "Copied" for node in now["nodes"]) == 1)
    await other.close()


async def test_what_is_no_flow_is_not_pasted_and_said(flow: FlowPage) -> None:
    await flow.page.evaluate("navigator.clipboard.writeText('hello')")
    before = len((await flow.document())["nodes"])
    await flow.page.keyboard.press("Control+v")
    await expect(flow.page.get_by_text("The clipboard holds no nodes of a flow", exact=False)).to_be_visible()
    assert len((await flow.document())["nodes"]) == before


async def test_what_was_cut_comes_back_as_it_was(flow: FlowPage) -> None:
    one, two, three = await _add(flow, ("A", 0, 1400), ("B", 288, 1400), ("C", 576, 1400))
    await _wire(flow, one, two)
    await _wire(flow, two, three)
    await _choose(flow, two)
    await flow.page.keyboard.press("Control+x")
    await flow.until(lambda now: all(node["id"] != two for node in now["nodes"]))
    await flow.page.keyboard.press("Control+v")
    document = await flow.until(lambda now: any(node["id"] == two for node in now["nodes"]))
    assert _wires(document, two) == {(one, two), (two, three)}


async def test_a_node_is_dropped_into_a_wire_and_taken_out_again(flow: FlowPage) -> None:
    one, two, middle = await _add(flow, ("From", 0, 1600), ("To", 600, 1600), ("Between", 288, 1800))
    edge = await _wire(flow, one, two)
    wire, card = await still(flow.edge(edge)), await still(flow.node(middle))
    assert wire
    assert card
    mouse = flow.page.mouse
    await mouse.move(card["x"] + 60, card["y"] + 14)
    await mouse.down()
    await mouse.move(wire["x"] + wire["width"] / 2 - 20, wire["y"] + 40, steps=6)
    await mouse.move(wire["x"] + wire["width"] / 2, wire["y"] + wire["height"] / 2, steps=6)
    await expect(flow.page.locator(".wire--target")).to_have_count(1)
    await mouse.up()
    await flow.until(lambda now: _wires(now, one, two) == {(one, middle), (middle, two)})

    await flow.page.keyboard.press("Control+z")
    await flow.until(lambda now: _wires(now, one, two) == {(one, two)})
    await flow.page.keyboard.press("Control+Shift+z")
    await flow.until(lambda now: _wires(now, one, two) == {(one, middle), (middle, two)})
    await _choose(flow, middle)
    await flow.page.keyboard.press("Alt+Delete")
    document = await flow.until(lambda now: _wires(now, one, two) == {(one, two)})
    assert all(node["id"] != middle for node in document["nodes"])


async def test_a_component_is_dropped_on_a_wire(flow: FlowPage) -> None:
    one, two = await _add(flow, ("Start", 0, 2000), ("End", 600, 2000))
    edge = await _wire(flow, one, two)
    await flow.drag(flow.palette.get_by_text("Transform", exact=True), flow.edge(edge))
    document = await flow.until(lambda now: len(_wires(now, one, two)) == 2)
    [between] = {target for source, target in _wires(document, one) if source == one}
    assert _wires(document, two) == {(between, two)}


async def test_a_wires_end_is_led_to_another_node(flow: FlowPage) -> None:
    one, two, three = await _add(flow, ("Source", 0, 2200), ("Old", 480, 2200), ("New", 480, 2360))
    edge = await _wire(flow, one, two)
    await flow.choose_wire(edge)
    await flow.drag(flow.page.locator(".react-flow__edgeupdater-target"), flow.port(three, "in"))
    await flow.until(lambda now: _wires(now, one) == {(one, three)})


async def test_nodes_are_lined_up_moved_by_keys_and_tidied(flow: FlowPage) -> None:
    one, two, three = await _add(flow, ("X", 10, 2600), ("Y", 331, 2650), ("Z", 620, 2610))
    await _wire(flow, one, two)
    await _wire(flow, two, three)
    await _choose(flow, one, two, three)
    await flow.page.keyboard.press("Alt+t")
    await flow.until(lambda now: {y for _, y in _places(now, one, two, three)} == {2600})
    await flow.page.keyboard.press("Alt+Shift+ArrowDown")
    await flow.until(lambda now: {y for _, y in _places(now, one, two, three)} == {2696})
    await flow.page.keyboard.press("Shift+t")
    document = await flow.until(lambda now: _places(now, two)[0][0] - _places(now, one)[0][0] == 288)
    assert len({y for _, y in _places(document, one, two, three)}) == 1
    for _ in range(3):
        await flow.page.keyboard.press("Control+z")
    await flow.until(lambda now: _places(now, one, two, three) == [(10, 2600), (331, 2650), (620, 2610)])


async def test_undo_leaves_what_a_colleague_changed(product: Product, flow: FlowPage, new_context: NewContext) -> None:
    one, two, three = await _add(flow, ("Mine", 0, 2900), ("Shared", 288, 3000), ("Mine too", 576, 3050))
    await _choose(flow, one, two, three)
    await flow.page.keyboard.press("Alt+t")
    await flow.until(lambda now: {y for _, y in _places(now, two, three)} == {2900})

    tab = await people.join(await new_context(), product, flow, "grace")
    await expect(tab.node(two)).to_have_count(1)
    assert (await tab.change({"op": "set_node", "id": two, "fields": {"y": 3144}})).status == 200
    await flow.until(lambda now: _places(now, two) == [(288, 3144)])

    await flow.page.keyboard.press("Control+z")
    notice = flow.page.get_by_text("Undo: align 3 nodes", exact=False)
    await expect(notice).to_contain_text("Last change by grace")
    await flow.page.get_by_role("button", name="Undo the rest").click()
    document = await flow.until(lambda now: _places(now, three) == [(576, 3050)])
    assert _places(document, two) == [(288, 3144)]
