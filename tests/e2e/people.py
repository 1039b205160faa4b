"""A browser, and the owner's way from the sign-in link to the demo flow."""

import contextlib
import re
import shutil
from collections.abc import AsyncIterator

from playwright.async_api import Browser, BrowserContext, Page, StorageState, async_playwright

from tests.e2e.flow_page import ANSWER_MS, FlowPage
from tests.e2e.product import Product

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
FLOW = re.compile(r"/flows/([0-9a-f-]{36})")


@contextlib.asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """The Chromium of the system, else Playwright's own."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            yield started
        finally:
            await started.close()


async def open_window(browser: Browser, known: StorageState | None = None) -> BrowserContext:
    """A window with cookies of its own, at first those of `known`."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=known)
    context.set_default_timeout(ANSWER_MS)
    return context


async def sign_in(context: BrowserContext, product: Product) -> Page:
    """A page of the owner, signed in by the link that the product has printed."""
    page = await context.new_page()
    await page.goto(product.sign_in)
    await page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    await page.wait_for_url(re.compile(r"/projects/$"))
    return page


async def open_demo(page: Page) -> FlowPage:
    """From the project list to the demo flow in the editor."""
    await page.get_by_role("link", name=re.compile("visit counter", re.IGNORECASE)).first.click()
    await page.get_by_role("link", name="Visits", exact=True).first.click()
    await page.wait_for_url(FLOW)
    await page.locator(".react-flow__node").first.wait_for()
    found = FLOW.search(page.url)
    assert found
    return FlowPage(page, found.group(1))
