"""A flow opens with its structure; what its nodes and wires hold is read when somebody wants it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Response, expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import FlowPage
from tests.e2e.people import listens
from tests.e2e.product import Product
from tests.waiting import read_until

pytestmark = [pytest.mark.browser]

FIRST = "/initialValue"


@pytest_asyncio.fixture(loop_scope="session")
async def flow(product: Product, open_demo: OpenDemo) -> AsyncIterator[FlowPage]:
    """The demo flow, in a window that may use the clipboard."""
    opened = await open_demo(product)
    await opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    before = await opened.document()
    yield opened
    await opened.leave_as(before)


async def _add(flow: FlowPage, label: str, count: int, y: int) -> list[str]:
    """Counters that start at 1, 2, ..., which the open page has not read: it is opened anew."""
    ids = sorted([f"n{(await flow.new_id()).replace('-', '')[:11]}" for _ in range(count)])  # found in this order
    place = {"op": "add_node", "module": "common-v1", "component": "stateful_counter", "label": label}
    nodes = [
        {**place, "id": one, "x": number % 20 * 264, "y": y + number // 20 * 120, "settings": {"initialValue": number}}
        for number, one in enumerate(ids, 1)
    ]
    assert (await flow.change(*nodes)).status == 200
    await flow.page.reload()
    await flow.page.locator(".react-flow__pane").wait_for()
    await listens(flow.page)
    return ids


def _set(node: str, value: int) -> dict[str, Any]:
    return {"op": "set_setting", "id": node, "path": ["initialValue"], "value": value}


async def _find(flow: FlowPage, words: str, places: str) -> None:
    await flow.page.keyboard.press("Control+f")
    await flow.page.get_by_role("searchbox", name="Find in this flow").fill(words)
    await expect(flow.page.get_by_role("search").get_by_role("status").first).to_have_text(places)


async def test_forms_are_read_when_their_node_is_selected(flow: FlowPage) -> None:
    [one, other] = await _add(flow, "Unread", 2, 3600)
    answers: list[Response] = []
    flow.page.on("response", lambda answer: answers.append(answer) if "/contents" in answer.url else None)
    document = (await flow.call("GET", f"/api/flows/{flow.flow}")).data
    assert all("settings" not in row for row in document["nodes"] if row["label"] == "Unread")
    assert answers == []

    await _find(flow, "Unread", "2 places")
    assert answers == []
    await flow.page.keyboard.press("Enter")
    await flow.page.keyboard.press("Escape")
    await expect(flow.field(FIRST)).to_have_value("1")
    await expect(flow.page.locator(".skeleton")).to_have_count(0)
    assert len(answers) == 1

    # A colleague's edits: of the node that is read, and of the one that is not.
    assert (await flow.change(_set(one, 7), _set(other, 8))).status == 200
    await expect(flow.field(FIRST)).to_have_value("7")
    await flow.select(other)
    await expect(flow.field(FIRST)).to_have_value("8")
    await flow.select(one)
    await expect(flow.field(FIRST)).to_have_value("7")
    assert len(answers) == 2


async def test_hundreds_of_nodes_are_copied_that_nobody_has_looked_at(flow: FlowPage) -> None:
    await _add(flow, "Many", 200, 3600)
    await flow.page.locator(".react-flow__pane").click(position={"x": 5, "y": 5})
    await flow.page.keyboard.press("Control+a")
    await flow.page.keyboard.press("Control+c")

    async def copied() -> list[int]:
        text = await flow.page.evaluate("navigator.clipboard.readText()")
        nodes = json.loads(text)["nodes"] if text.startswith("{") else []
        return [node["settings"]["initialValue"] for node in nodes if node.get("label") == "Many"]

    assert sorted(await read_until(copied, lambda values: len(values) == 200)) == list(range(1, 201))


async def test_without_a_connection_it_says_so_and_reads_once_it_is_back(flow: FlowPage) -> None:
    [one] = await _add(flow, "Offline", 1, 3600)
    await _find(flow, "Offline", "1 place")
    await flow.page.context.set_offline(True)
    await flow.page.keyboard.press("Enter")
    failed = flow.inspector.get_by_role("alert").filter(has_text="could not be read")
    await expect(failed).to_be_visible()
    await flow.page.keyboard.press("Escape")
    await flow.select(one)
    await flow.page.keyboard.press("Control+d")
    await expect(flow.page.get_by_text("Duplicate: it needs settings", exact=False)).to_be_visible()
    await flow.page.context.set_offline(False)
    await expect(flow.field(FIRST)).to_have_value("1")
    await expect(failed).to_have_count(0)


async def test_settings_are_found_that_nobody_has_read(flow: FlowPage) -> None:
    await _add(flow, "Found", 40, 3600)
    await _find(flow, "initialValue: 37", "1 place")
    found = flow.page.get_by_role("search").get_by_role("region", name="Settings")
    await expect(found.get_by_role("button")).to_have_count(1)
    await flow.page.keyboard.press("Enter")
    await expect(flow.field(FIRST)).to_have_value("37")
