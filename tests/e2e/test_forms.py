"""Forms made from modules' schemas, as people see, fill and hear them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, StorageState, expect

from tests.e2e.axe import faults
from tests.e2e.flow_page import FlowPage
from tests.e2e.people import enter, open_demo, open_window
from tests.e2e.product import Product
from tests.ports import free_port
from tests.runtime.world import Process, host_command
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
async def flow(
    product: Product, browser: Browser, host: Process, signed_in: dict[Path, StorageState]
) -> AsyncIterator[FlowPage]:
    window = await open_window(browser, signed_in.get(product.home))
    flow = await open_demo(await enter(window, product, signed_in))
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
            await expect(flow.inspector.locator(".field__loading")).to_have_count(0)
            body = flow.inspector.locator(".inspector__body")
            assert await body.evaluate("box => box.scrollWidth <= box.clientWidth"), component
            await flow.inspector.screenshot(path=pictures / f"{component}-{theme}.png")
            assert await faults(flow.page) == [], component
            for tab in await flow.inspector.locator(".form__tablist [role=tab]").all():
                await tab.click()
                await expect(flow.inspector.locator(".field__loading")).to_have_count(0)
                name = f"{component}-{await tab.inner_text()}-{theme}.png"
                await flow.inspector.screenshot(path=pictures / name)
                assert await faults(flow.page) == [], name
    await flow.leave_as(before)


async def test_what_is_in_an_open_message_is_said_by_hand(flow: FlowPage) -> None:
    await add(flow, "common-v1", "router")
    said = flow.inspector.get_by_role("region", name="Messages described")
    await said.get_by_role("button", name="Describe Message").click()
    await said.get_by_role("button", name="Add to Fields").click()
    await said.get_by_role("textbox", name="Name").fill("order")
    await said.get_by_role("combobox", name="Kind").select_option(label="Whole number")
    await said.get_by_role("button", name="Save").click()
    await expect(said).to_contain_text("1 field described")

    await said.get_by_role("button", name="Describe Message").click()
    await expect(said.get_by_role("textbox", name="Name")).to_have_value("order")
    assert await faults(flow.page) == []
    await said.get_by_role("button", name="Say nothing").click()
    await expect(said.get_by_text("not described yet")).to_have_count(2)


async def test_what_does_not_fit_says_so_at_its_field_and_stays_there(flow: FlowPage) -> None:
    node = await add(flow, KEYWORDS, "keywords")
    count = field(flow, "/count").get_by_role("spinbutton")
    await count.fill("7000")
    await expect(field(flow, "/count")).to_contain_text("At most 100")
    await expect(count).to_have_attribute("aria-invalid", "true")
    await field(flow, "/count").get_by_role("button", name="Discard").click()
    await expect(count).to_have_value("5")

    await flow.inspector.get_by_role("tab", name="Looks").click()
    token = field(flow, "/token").get_by_role("textbox", name="Token")
    await token.fill("hunter2")
    await expect(field(flow, "/token")).to_contain_text("It is stored on the cluster and not shown again")
    await token.press("Escape")
    await expect(token).to_have_value("")
    await token.fill("[[secret:db/password]]")
    await expect(field(flow, "/token").get_by_role("button", name="Discard")).to_have_count(0)
    await field(flow, "/name").get_by_role("textbox").fill("half ty")
    answer = await flow.change({"op": "delete_node", "id": node})
    assert answer.status == 200
    await expect(flow.node(node)).to_have_count(0)
    await expect(flow.inspector.locator('[data-renderer="search"]')).to_have_count(0)


async def test_what_is_half_typed_outlives_the_host_of_its_module(flow: FlowPage, host: Process) -> None:
    node = await add(flow, KEYWORDS, "keywords")
    name = field(flow, "/name").get_by_role("textbox")
    await name.press_sequentially("half ty")
    host.kill()
    await expect(flow.node(node)).to_contain_text("is not running")
    await expect(name).to_have_value("half ty")
    await expect(name).to_be_focused()
    await name.press_sequentially("ped")
    await name.press("Enter")

    async def stored() -> object:
        row = await flow.row(node)
        return row["settings"].get("name") if row else None

    await read_until(stored, lambda value: value == "half typed")
    await host.start()
    await expect(field(flow, "/name").get_by_role("textbox")).to_have_value("half typed")
