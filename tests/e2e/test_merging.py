"""Two people write into the same place: the later one wins, and the earlier is told and can take it back."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.e2e import people
from tests.e2e.conftest import NewContext, OpenDemo
from tests.e2e.flow_page import FlowPage, still
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]


@pytest_asyncio.fixture(loop_scope="session")
async def flow(product: Product, open_demo: OpenDemo) -> AsyncIterator[FlowPage]:
    opened = await open_demo(product)
    before = await opened.document()
    server = await opened.find("http_server")
    path = next(node["settings"] for node in before["nodes"] if node["id"] == server)["path"]
    yield opened
    await opened.change({"op": "set_setting", "id": server, "path": ["path"], "value": path})
    await opened.leave_as(before)


async def test_the_later_one_wins_and_the_earlier_may_take_it_back(
    product: Product, flow: FlowPage, new_context: NewContext
) -> None:
    page, server = flow.page, await flow.find("http_server")
    theirs = await people.join(await new_context(), product, flow, "grace")
    await flow.select(server)
    field = flow.field("/path")

    # At the field, while its form is open.
    await _type(flow, field, "/mine")
    await _set(theirs, server, "/theirs")
    note = flow.inspector.get_by_role("group", name="Path: changed by grace")
    await expect(note).to_contain_text("/theirs")
    await expect(note).to_contain_text("/mine")
    await expect(field).to_have_value("/theirs")
    gathered = page.get_by_role("group", name="Changed by others")
    await expect(gathered).to_have_count(0)
    await note.get_by_role("button", name="Take it back").click()
    await expect(note).to_have_count(0)
    await flow.until(lambda now: _path(now, server) == "/mine")
    await expect(theirs.page.get_by_role("group", name="Changed by others")).to_have_count(0)

    # In one notice, however much it is, while it is not.
    await _set(theirs, server, "/theirs-again")
    await expect(note).to_be_visible()
    await page.keyboard.press("Escape")
    await page.locator(".react-flow__pane").click(position={"x": 5, "y": 5})
    await expect(gathered).to_contain_text("Path of")
    await expect(gathered).to_contain_text("grace changed it to /theirs-again after you set it to /mine")
    await gathered.get_by_role("button", name="Keep theirs").click()
    await expect(gathered).to_have_count(0)
    assert _path(await flow.document(), server) == "/theirs-again"


async def test_what_meets_a_deletion_says_who_did_it_and_brings_it_back(
    product: Product, flow: FlowPage, new_context: NewContext
) -> None:
    page = flow.page
    theirs = await people.join(await new_context(), product, flow, "grace")
    ids = [f"m{(await flow.new_id()).replace('-', '')[:11]}" for _ in range(2)]
    row = {"op": "add_node", "module": "common-v1", "component": "transform", "y": 700}
    new = [{**row, "id": one, "label": f"Twin {number}", "x": 300 * number} for number, one in enumerate(ids)]
    assert (await flow.change(*new)).status == 200
    await expect(flow.node(ids[1])).to_have_count(1)
    await page.locator("body").press("f")

    # Moved here while the browser is cut off, and deleted there meanwhile: the other node has moved all the same.
    await still(flow.node(ids[0]))
    await flow.select(ids[0])
    await flow.node(ids[1]).click(position={"x": 40, "y": 14}, modifiers=["Control"])
    await page.context.set_offline(True)
    grip = await still(flow.node(ids[1]))
    await page.mouse.move(grip["x"] + 60, grip["y"] + 14)
    await page.mouse.down()
    await page.mouse.move(grip["x"] + 60, grip["y"] + 74, steps=5)
    await page.mouse.up()
    assert (await theirs.change({"op": "delete_node", "id": ids[0]})).status == 200
    await page.context.set_offline(False)
    log = page.get_by_role("log", name="Messages")
    await expect(log).to_contain_text("Move 2 nodes: grace deleted the node Twin 0")
    await expect(log).to_contain_text("Everything else was done.")
    await flow.until(lambda now: _row(now, ids[1])["y"] > 700 and not _has(now, ids[0]))

    await log.get_by_role("button", name="Bring it back").last.click()
    await flow.until(lambda now: _has(now, ids[0]))
    await expect(flow.node(ids[0])).to_have_count(1)


async def _type(flow: FlowPage, field: Locator, text: str) -> None:
    await field.fill(text)
    await field.press("Enter")
    await flow.until(lambda now: any(node["settings"].get("path") == text for node in now["nodes"]))


async def _set(flow: FlowPage, node: str, path: str) -> None:
    assert (await flow.change({"op": "set_setting", "id": node, "path": ["path"], "value": path})).status == 200


def _row(document: dict[str, Any], node: str) -> dict[str, Any]:
    return next(dict(one) for one in document["nodes"] if one["id"] == node)


def _has(document: dict[str, Any], node: str) -> bool:
    return any(one["id"] == node for one in document["nodes"])


def _path(document: dict[str, Any], node: str) -> Any:
    return _row(document, node)["settings"]["path"]
