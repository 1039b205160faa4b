"""What a person does on the canvas reaches the server and the cluster."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import FlowPage, still
from tests.e2e.product import Product
from tests.e2e.visits import visit_once, visit_until_answered
from tests.waiting import read_until, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.kubectl]


@pytest.fixture(scope="module")
def own_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One for all of these: what one of them changes the next does not need."""
    own = Product(tmp_path_factory.mktemp("edit") / "home").start()
    yield own
    own.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def flow(own_product: Product, open_demo: OpenDemo) -> FlowPage:
    return await open_demo(own_product)


def _spec(product: Product, node: str) -> dict[str, Any]:
    found = [one for one in product.nodes() if one["metadata"]["name"].endswith(f"-{node}")]
    return dict(found[0]["spec"]) if found else {}


async def test_a_wire_is_taken_away_and_drawn_again(own_product: Product, flow: FlowPage) -> None:
    counter = await flow.find("stateful_counter")
    document = await flow.document()
    edge = next(one for one in document["edges"] if one["target"] == counter)
    assert (await visit_until_answered(own_product)).status == 200

    await flow.choose_wire(edge["id"])
    await flow.page.keyboard.press("Delete")
    await expect(flow.edge(edge["id"])).to_have_count(0)
    wait_until(lambda: not _targets(own_product, edge["source"], counter), "the wire leaves the cluster")
    await flow.drag(flow.port(edge["source"], edge["source_port"]), flow.port(edge["target"], edge["target_port"]))
    await flow.until(lambda now: any(_same_wire(one, edge) for one in now["edges"]))
    wait_until(lambda: _targets(own_product, edge["source"], counter), "the wire comes back to the cluster")
    before = (await visit_until_answered(own_product)).value
    assert (await visit_once(own_product)).value == before + 1


async def test_a_component_is_dragged_in_from_the_palette(own_product: Product, flow: FlowPage) -> None:
    before = {node["id"] for node in (await flow.document())["nodes"]}
    pane = flow.page.locator(".react-flow__pane")
    box = await pane.bounding_box()
    assert box
    await flow.palette.get_by_text("Router", exact=True).drag_to(
        pane, target_position={"x": box["width"] / 2, "y": box["height"] - 120}
    )
    document = await flow.until(lambda now: len(now["nodes"]) == len(before) + 1)
    added = next(node for node in document["nodes"] if node["id"] not in before)
    assert added["component"] == "router"
    await expect(flow.node(added["id"])).to_be_visible()
    wait_until(lambda: bool(_spec(own_product, added["id"])), "the node is on the cluster")


async def test_a_setting_reaches_the_component(own_product: Product, flow: FlowPage) -> None:
    server = await flow.find("http_server")
    await flow.select(server)
    field = flow.field("/path")
    await field.fill("/people")
    await field.press("Enter")
    moved = own_product.flows_url + "/people"

    async def status() -> int:
        return int((await flow.page.request.get(moved)).status)

    await read_until(status, lambda code: code == 200)
    assert (await visit_once(own_product)).status == 404
    await field.fill("/visits")
    await field.press("Enter")
    await visit_until_answered(own_product)


async def test_undo_and_redo_by_keys(own_product: Product, flow: FlowPage) -> None:
    debug = await flow.find("debug")
    row = await flow.row(debug)
    assert row
    await flow.select(debug)
    await flow.page.keyboard.press("Delete")
    await flow.until(lambda now: all(node["id"] != debug for node in now["nodes"]))
    wait_until(lambda: not _spec(own_product, debug), "the node leaves the cluster")

    await flow.page.keyboard.press("Control+z")
    await flow.until(lambda now: any(node["id"] == debug for node in now["nodes"]))
    await expect(flow.node(debug)).to_be_visible()
    wait_until(lambda: bool(_spec(own_product, debug)), "the node comes back to the cluster")
    back = await flow.row(debug)
    assert back
    assert {key: back[key] for key in ("x", "y", "label", "settings")} == {
        key: row[key] for key in ("x", "y", "label", "settings")
    }

    await flow.page.keyboard.press("Control+Shift+z")
    await flow.until(lambda now: all(node["id"] != debug for node in now["nodes"]))
    await expect(flow.node(debug)).to_have_count(0)


async def test_two_tabs_see_each_others_edits(own_product: Product, flow: FlowPage) -> None:
    other_page = await flow.page.context.new_page()
    await other_page.goto(flow.page.url)
    other = FlowPage(other_page, flow.flow)
    debug = f"n{uuid.uuid4().hex[:11]}"
    place = {"module": "common-v1", "component": "debug", "x": 0, "y": 400}
    assert (await flow.change({"op": "add_node", "id": debug, **place})).status == 200
    await still(other.node(debug))
    assert (await flow.change({"op": "set_node", "id": debug, "fields": {"label": "Seen by both"}})).status == 200
    for page in (flow, other):
        await expect(page.node(debug)).to_contain_text("Seen by both")
    await other.select(debug)
    await other_page.keyboard.press("Delete")
    await expect(flow.node(debug)).to_have_count(0)


def _targets(product: Product, source: str, target: str) -> list[dict[str, Any]]:
    edges = _spec(product, source).get("edges", [])
    return [edge for edge in edges if edge["to"].split(":")[0].endswith(f"-{target}")]


def _same_wire(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one[key] == other[key] for key in ("source", "source_port", "target", "target_port"))
