import contextlib
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from tests.e2e.flow_page import ANSWER_MS, FlowPage
from tests.e2e.product import Product

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all of them: the browser is started once."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.server)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product that tests share and leave running. What kills or stops it belongs to `own_product`."""
    shared = Product(tmp_path_factory.mktemp("shared") / "home").start()
    yield shared
    assert shared.stop() == 0, shared.tail()


@pytest.fixture
def own_product(tmp_path: Path) -> Iterator[Product]:
    """A product for one test alone."""
    own = Product(tmp_path / "home").start()
    yield own
    own.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        await started.close()


class Complaints:
    """What pages complain about by themselves: errors nobody caught, and breaches of the Content-Security-Policy."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def listen_to(self, context: BrowserContext) -> None:
        context.on("weberror", lambda error: self.found.append(f"uncaught: {error.error}"))
        context.on("console", self._read)

    def _read(self, message: ConsoleMessage) -> None:
        if re.search(r"Content[- ]Security[- ]Policy", message.text):
            self.found.append(message.text)


@pytest_asyncio.fixture(loop_scope="session")
async def new_context(browser: Browser) -> AsyncIterator[Callable[[], Awaitable[BrowserContext]]]:
    """Makes windows with cookies of their own. The test fails if a page in them complains."""
    complaints = Complaints()
    async with contextlib.AsyncExitStack() as stack:

        async def make() -> BrowserContext:
            context = await browser.new_context(viewport={"width": 1440, "height": 900})
            context.set_default_timeout(ANSWER_MS)
            complaints.listen_to(context)
            stack.push_async_callback(context.close)
            return context

        yield make
    assert complaints.found == []


SignIn = Callable[[Product], Awaitable[Page]]
OpenDemo = Callable[[Product], Awaitable[FlowPage]]


@pytest_asyncio.fixture(loop_scope="session")
async def sign_in(new_context: Callable[[], Awaitable[BrowserContext]]) -> SignIn:
    """`await sign_in(product)`: a page of the owner, signed in by a link of its own."""

    async def sign_in_to(product: Product) -> Page:
        page = await (await new_context()).new_page()
        await page.goto(product.new_link())
        await page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
        await page.wait_for_url(re.compile(r"/(projects/?.*)?$"))
        return page

    return sign_in_to


@pytest_asyncio.fixture(loop_scope="session")
async def signed_in_page(sign_in: SignIn, product: Product) -> Page:
    return await sign_in(product)


@pytest_asyncio.fixture(loop_scope="session")
async def open_demo(sign_in: SignIn) -> OpenDemo:
    """`await open_demo(product)`: the demo flow in the editor, as its owner sees it."""

    async def open_in(product: Product) -> FlowPage:
        page = await sign_in(product)
        flow = re.compile(r"/flows/([0-9a-f-]{36})")
        await page.get_by_role("link", name=re.compile("visit counter", re.IGNORECASE)).first.click()
        if not flow.search(page.url):
            await page.locator('a[href*="/flows/"]').first.click()
        await page.wait_for_url(flow)
        await page.locator(".react-flow__node").first.wait_for()
        found = flow.search(page.url)
        assert found
        return FlowPage(page, found.group(1))

    return open_in
