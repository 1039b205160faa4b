import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState

from tests.e2e import people
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product

HERE = Path(__file__).parent

NewContext = Callable[..., Awaitable[BrowserContext]]
SignIn = Callable[[Product], Awaitable[Page]]
OpenDemo = Callable[[Product], Awaitable[FlowPage]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all of them: the browser is started once."""
    for item in items:
        if HERE not in item.path.parents:
            continue
        item.add_marker(pytest.mark.server)
        if pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


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
    async with people.open_browser() as started:
        yield started


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
async def new_context(browser: Browser) -> AsyncIterator[NewContext]:
    """Makes windows with cookies of their own. The test fails if a page in them complains."""
    complaints = Complaints()
    async with contextlib.AsyncExitStack() as stack:

        async def make(known: StorageState | None = None) -> BrowserContext:
            context = await people.open_window(browser, known)
            complaints.listen_to(context)
            stack.push_async_callback(context.close)
            return context

        yield make
    assert complaints.found == []


@pytest.fixture(scope="session")
def signed_in() -> dict[Path, StorageState]:
    """Cookies of the owner, for each product that somebody has signed in to: a printed link works once."""
    return {}


@pytest_asyncio.fixture(loop_scope="session")
async def sign_in(new_context: NewContext, signed_in: dict[Path, StorageState]) -> SignIn:
    """`await sign_in(product)`: a page of the owner, in a window of its own."""

    async def sign_in_to(product: Product) -> Page:
        return await people.enter(await new_context(signed_in.get(product.home)), product, signed_in)

    return sign_in_to


@pytest_asyncio.fixture(loop_scope="session")
async def open_demo(sign_in: SignIn) -> OpenDemo:
    """`await open_demo(product)`: the demo flow in the editor, as its owner sees it."""

    async def open_in(product: Product) -> FlowPage:
        return await people.open_demo(await sign_in(product))

    return open_in
