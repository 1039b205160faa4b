"""The page says by which way live values come, and when they do not."""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import still
from tests.e2e.product import Product

pytestmark = pytest.mark.browser

#: A host that is frozen is noticed by its silence: heartbeat and one attempt to reach it anew.
SILENCE_MS = 60_000


@pytest.fixture
def hold_modules(own_product: Product) -> Iterator[None]:
    """While the test runs `os.kill(..., SIGSTOP)` on it, the module host answers nobody; it goes on at the end."""
    yield
    os.kill(own_product.child("modules"), signal.SIGCONT)


async def test_the_page_says_how_live_values_come_and_when_they_cannot(
    own_product: Product, open_demo: OpenDemo, hold_modules: None
) -> None:
    flow = await open_demo(own_product)
    page = flow.page
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    pill = page.get_by_role("button", name="Live")
    await page.keyboard.press("Control+k")
    await page.get_by_role("searchbox", name="run a command").fill("live values")
    await page.keyboard.press("Enter")
    await expect(pill).to_be_focused()
    details = page.get_by_role("group", name="Connection")
    await expect(details.get_by_text("direct · 1 replica")).to_have_count(2)
    beside = page.get_by_text("Deployed")
    place = await still(beside)

    os.kill(own_product.child("modules"), signal.SIGSTOP)
    await expect(pill).to_have_text("Live · status only", timeout=SILENCE_MS)
    await expect(details.get_by_text("does not answer").first).to_be_visible()
    assert await beside.bounding_box() == place, "nothing moves because of what the indicator says"
    await page.keyboard.press("Escape")
    await expect(details).to_be_hidden()
    await expect(pill).to_be_focused()

    await flow.select(await flow.find("stateful_counter"))
    await flow.inspector.get_by_role("tab", name="Details").click()
    await expect(flow.inspector).to_contain_text("1 replica")

    os.kill(own_product.child("modules"), signal.SIGCONT)
    await expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=SILENCE_MS)
