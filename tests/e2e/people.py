"""A browser, and the owner's way from the sign-in link to the demo flow."""

import contextlib
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, StorageState, async_playwright, expect

from tests.e2e.flow_page import ANSWER_MS, FlowPage
from tests.e2e.product import Product

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
FLOW = re.compile(r"/flows/([0-9a-f-]{36})")
CONNECTED = re.compile("^(Live|Cluster unreachable)")

# What a page shows may wait for processes that start anew, and for other tests that keep the machine busy.
expect.set_options(timeout=ANSWER_MS)

_COLLEAGUE = """
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from projects.models import Flow, Membership, Role
user, _ = get_user_model().objects.get_or_create(username={name!r})
project = Flow.objects.get(pk={flow!r}).project
Membership.objects.update_or_create(project=project, user=user, defaults={{"role": Role.{role}}})
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "config.sessions.PersonBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print("session:" + session.session_key)
"""


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


async def enter(context: BrowserContext, product: Product, known: dict[Path, StorageState]) -> Page:
    """A page of the owner with the list of projects. `known` has the cookies of each product that somebody has signed
    in to, because a printed link works once; the window was opened with them where there are any."""
    if product.home in known:
        page = await context.new_page()
        await page.goto(f"{product.url}/projects/")
        return page
    page = await sign_in(context, product)
    known[product.home] = await context.storage_state()
    return page


async def open_demo(page: Page) -> FlowPage:
    """From the project list to the demo flow in the editor."""
    await page.get_by_role("link", name=re.compile("visit counter", re.IGNORECASE)).first.click()
    await page.get_by_role("link", name="Visits", exact=True).first.click()
    await page.wait_for_url(FLOW)
    await page.locator(".react-flow__node").first.wait_for()
    await listens(page)
    found = FLOW.search(page.url)
    assert found
    return FlowPage(page, found.group(1))


async def listens(page: Page) -> None:
    """Return when the editor hears keys: what is drawn comes first, then what answers to keys, then the connection."""
    await page.locator(".connection__pill").filter(has_text=CONNECTED).wait_for()


async def join(context: BrowserContext, product: Product, flow: FlowPage, name: str, role: str = "EDITOR") -> FlowPage:
    """The same flow in a window of somebody else, who gets that role in its project."""
    printed = product.manage("shell", "-c", _COLLEAGUE.format(flow=flow.flow, name=name, role=role))
    key = next(line for line in printed.splitlines() if line.startswith("session:")).removeprefix("session:")
    await context.add_cookies([{"name": "weirflow_session", "value": key, "url": product.url}])
    page = await context.new_page()
    await page.goto(flow.page.url)
    await page.locator(".react-flow__node").first.wait_for()
    await listens(page)
    return FlowPage(page, flow.flow)
