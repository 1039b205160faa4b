"""Code in a node, as somebody writes it: what is wrong is shown on its field with the line, and what it prints in its
panel."""

import os
import uuid
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.axe import faults
from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import still
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]

RIGHT = 'print("twice", message["n"])\nreturn {"twice": message["n"] * 2}'


async def test_code_is_corrected_and_called(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    page, before = flow.page, await flow.document()
    signal, code, display = (f"n{uuid.uuid4().hex[:11]}" for _ in range(3))
    wires = [str(uuid.uuid4()) for _ in range(2)]
    added = await flow.change(
        {"op": "add_node", "id": signal, "module": "common-v1", "component": "signal", "x": 0, "y": 400,
         "settings": {"message": {"n": 21}}},
        {"op": "add_node", "id": code, "module": "common-v1", "component": "code", "x": 320, "y": 400,
         "settings": {"code": "print(message)\nreturn (message"}},
        {"op": "add_node", "id": display, "module": "common-v1", "component": "display", "x": 640, "y": 400},
        {"op": "add_edge", "id": wires[0], "source": signal, "source_port": "out", "target": code, "target_port": "in",
         "mapping": {"message": "{{$}}"}},
        {"op": "add_edge", "id": wires[1], "source": code, "source_port": "out", "target": display, "target_port": "in",
         "mapping": {"value": "{{$.twice}}"}},
    )  # fmt: skip
    assert added.status == 200, added
    try:
        await still(flow.node(code))
        await flow.select(code)
        field = flow.inspector.locator('[data-pointer="/code"]')
        await expect(field).to_contain_text("line 2: '(' was never closed")
        if folder := os.environ.get("WEIRFLOW_SHOTS"):
            await page.screenshot(path=Path(folder) / "code-wrong.png")
        changed = await flow.change({"op": "set_setting", "id": code, "path": ["code"], "value": RIGHT})
        assert changed.status == 200, changed
        await expect(field).not_to_contain_text("was never closed")
        await flow.select(signal)
        await flow.inspector.get_by_role("button", name="Send", exact=True).click()
        await expect(flow.node(display).locator(".card__live b")).to_have_text("42")
        await flow.select(code)
        panel = flow.inspector.get_by_role("region", name="Control")
        await expect(panel).to_contain_text("full: limits")
        await expect(panel).to_contain_text("twice 21")
        assert await faults(page) == []
        if folder:
            await page.screenshot(path=Path(folder) / "code-node.png")
    finally:
        await flow.leave_as(before)
