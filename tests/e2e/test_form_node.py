"""A form that a flow asks its questions with: filled in on its node, answered, and its result large on a display."""

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

FIELDS = [
    {"name": "person", "title": "Who", "required": True},
    {"name": "days", "title": "Days", "kind": "whole_number", "required": True},
    {"name": "reason", "title": "Why", "kind": "choice", "choices": ["holiday", "move"]},
]


async def test_a_form_is_filled_in_and_its_result_shown(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    page, before = flow.page, await flow.document()
    form, display, edge = f"n{uuid.uuid4().hex[:11]}", f"n{uuid.uuid4().hex[:11]}", str(uuid.uuid4())
    added = await flow.change(
        {"op": "add_node", "id": form, "module": "common-v1", "component": "form", "x": 0, "y": 400,
         "settings": {"fields": FIELDS}},
        {"op": "add_node", "id": display, "module": "common-v1", "component": "display", "x": 320, "y": 400,
         "settings": {"unit": "days"}},
        {"op": "add_edge", "id": edge, "source": form, "source_port": "out", "target": display, "target_port": "in",
         "mapping": {"value": "{{$.days}}"}},
    )  # fmt: skip
    assert added.status == 200, added
    try:
        await still(flow.node(form))
        await flow.select(form)
        panel = flow.inspector.get_by_role("region", name="Control")
        await panel.get_by_role("textbox", name="Who").fill("Ada")
        await panel.get_by_role("combobox", name="Why").select_option("move")
        assert await faults(page) == []
        await panel.get_by_role("button", name="Submit", exact=True).click()
        await expect(panel).to_contain_text("Days is required; fill it in")
        await panel.get_by_role("spinbutton", name="Days").fill("12")
        await panel.get_by_role("button", name="Submit", exact=True).click()
        value = flow.node(display).locator(".card__live b")
        await expect(value).to_have_text("12 days")
        assert await value.evaluate("value => parseFloat(getComputedStyle(value).fontSize)") >= 18
        if folder := os.environ.get("WEIRFLOW_SHOTS"):
            await page.screenshot(path=Path(folder) / "form-node.png")
    finally:
        await flow.leave_as(before)
