"""A schedule, as somebody meets it who builds a flow: in the palette, in the inspector, on its card."""

import re
import uuid

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import still
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]


async def test_a_schedule_says_where_it_runs_and_when_next(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    before, page = await flow.document(), flow.page
    await flow.palette.get_by_role("searchbox").fill("crontab")
    await flow.palette.get_by_role("button", name="About Cron").click()
    about = page.get_by_role("dialog", name="About Cron")
    await expect(about).to_contain_text("Runs on the leading replica")
    await page.keyboard.press("Escape")
    cron = f"n{uuid.uuid4().hex[:11]}"
    added = await flow.change(
        {"op": "add_node", "id": cron, "module": "common-v1", "component": "cron", "x": 0, "y": 400,
         "settings": {"expression": "0 9 * * *", "timeZone": "Europe/Berlin"}},
    )  # fmt: skip
    assert added.status == 200, added
    try:
        await still(flow.node(cron))
        await expect(flow.node(cron)).to_contain_text(re.compile(r"next .*, 09:00"))
        await flow.select(cron)
        await flow.inspector.get_by_role("tab", name="Details").click()
        await expect(flow.inspector).to_contain_text("the leading replica")
    finally:
        await flow.leave_as(before)
