"""Forms made from modules' schemas, as people see, fill and hear them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator

from tests.e2e.axe import faults
from tests.e2e.flow_page import FlowPage
from tests.e2e.people import open_demo, open_window, sign_in
from tests.e2e.product import Product
from tests.runtime.world import Process, free_port, host_command
from tests.waiting import read_until

pytestmark = [pytest.mark.browser]

KEYWORDS = "keywords-v1"
SHIPPED = {"common-v1": ("debug", "router", "signal", "stateful_counter", "ticker", "transform"),
           "http-v1": ("http_server",)}  # fmt: skip


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def host(product: Product, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Process]:
    """A host beside the product's own, with the module that has every keyword."""
    home = tmp_path_factory.mktemp("keywords")
    environment = {
        "KUBECONFIG": str(product.kubeconfig),
        "WEIRFLOW_HOME": str(home),
        "WEIRFLOW_HTTP_PORT": str(free_port()),
    }
    started = Process(host_command("tests.e2e.keywords"), environment, home / "host.log")
    await started.start()
    yield started
    if started.child is not None and started.child.poll() is None:
        started.kill()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def flow(product: Product, browser: Browser, host: Process) -> AsyncIterator[FlowPage]:
    window = await open_window(browser)
    flow = await open_demo(await sign_in(window, product))
    before = await flow.document()
    yield flow
    await flow.leave_as(before)
    await window.close()


async def add(flow: FlowPage, module: str, component: str, **settings: object) -> str:
    """A new node, selected; the id."""
    node = "n" + (await flow.new_id()).replace("-", "")[:11]
    where = {"x": 40, "y": 560, "label": component}
    adding = {"op": "add_node", "id": node, "module": module, "component": component, "settings": settings, **where}

    async def try_it() -> int:
        return (await flow.change(adding)).status

    # The module registers itself; until then the component is not known.
    await read_until(try_it, lambda status: status == 200, 60)
    await choose(flow, node)
    return node


async def choose(flow: FlowPage, node: str) -> None:
    await flow.node(node).wait_for()
    await flow.page.keyboard.press("Escape")
    await flow.page.keyboard.press("f")
    await flow.select(node)
    await flow.inspector.locator(".form").first.wait_for()


def field(flow: FlowPage, pointer: str) -> Locator:
    return flow.inspector.locator(f'[data-pointer="{pointer}"]')


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_forms_of_all_components_can_be_seen_and_read(flow: FlowPage, pictures: Path, theme: str) -> None:
    before = await flow.document()
    await flow.page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    for module, components in {**SHIPPED, KEYWORDS: ("keywords",)}.items():
        for component in components:
            await add(flow, module, component)
            await flow.inspector.screenshot(path=pictures / f"{component}-{theme}.png")
            assert await faults(flow.page) == [], component
            for tab in await flow.inspector.locator(".form__tablist [role=tab]").all():
                await tab.click()
                name = f"{component}-{await tab.inner_text()}-{theme}.png"
                await flow.inspector.screenshot(path=pictures / name)
                assert await faults(flow.page) == [], name
    await flow.leave_as(before)
