"""Flows built without a mouse: by keyboard alone, by fingers alone, and pages that axe finds nothing serious on."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.axe import faults
from tests.e2e.conftest import OpenDemo, SignIn
from tests.e2e.finger import Finger
from tests.e2e.flow_page import FlowPage, still
from tests.e2e.people import FLOW, listens
from tests.e2e.product import Product
from tests.waiting import eventually, read_until

pytestmark = pytest.mark.browser

PROJECT = re.compile(r"/projects/[0-9a-f-]{36}/$")


async def _new_flow(page: Page, product: Product, name: str) -> FlowPage:
    """An empty flow beside the demo, open in the editor."""
    await page.goto(f"{product.url}/projects/")
    await page.get_by_role("link", name=re.compile("visit counter", re.IGNORECASE)).first.click()
    await page.wait_for_url(PROJECT)
    project = page.url.rstrip("/").rsplit("/", 1)[1]
    await page.goto(f"{product.url}/projects/{project}/flows/new/")
    await page.get_by_role("textbox").first.fill(name)
    await page.keyboard.press("Enter")
    await page.wait_for_url(FLOW)
    await page.locator(".emptycanvas").wait_for()
    await listens(page)
    found = FLOW.search(page.url)
    assert found
    return FlowPage(page, found.group(1))


async def _press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def _tab_to(page: Page, wanted: Locator, most: int = 40) -> None:
    """Tab until the element has the focus: it can be reached, and in how many steps says how well."""
    await wanted.wait_for()
    for _ in range(most):
        if await wanted.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} was not reached by {most} times Tab")


async def _add(page: Page, what: str) -> None:
    """`/`, some letters, Enter: the first that fits is added, wired to the selected node, and has the focus."""
    before = await page.locator(".react-flow__node").count()
    await page.keyboard.press("/")
    await expect(page.get_by_role("combobox", name="Add a component")).to_be_focused()
    await page.keyboard.type(what)
    await page.keyboard.press("Enter")
    await expect(page.locator(".react-flow__node")).to_have_count(before + 1)
    await expect(page.locator(".react-flow__node.selected")).to_be_focused()


async def test_a_flow_is_built_named_wired_set_and_run_by_keyboard_alone(product: Product, sign_in: SignIn) -> None:
    page = await sign_in(product)
    flow = await _new_flow(page, product, "By keys")

    await _add(page, "http server")
    await _add(page, "counter")
    await _press(page, "F2")
    await page.keyboard.type("Counted")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("group", name=re.compile("^Counted, stateful counter, 3 inputs"))).to_be_focused()
    server, counter = await flow.find("http_server"), await flow.find("stateful_counter")

    await page.keyboard.press("c")
    picker = page.get_by_role("dialog", name="Connect Counted")
    await _tab_to(page, picker.get_by_role("button", name=re.compile("Response")))
    await page.keyboard.press("Enter")
    await flow.until(lambda now: len(now["edges"]) == 2)

    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await expect(flow.node(server)).to_be_focused()
    await page.keyboard.press("Enter")
    path = flow.field("/path")
    await _tab_to(page, path)
    await _press(page, "Control+a")
    await page.keyboard.type("/by-keys")
    await page.keyboard.press("Enter")

    # The wire that leads back: what is counted is the answer.
    await _press(page, "F6", "F6", "F6")
    await expect(flow.node(server)).to_be_focused()
    back = next(edge["id"] for edge in (await flow.document())["edges"] if edge["target"] == server)
    chosen = page.locator(".react-flow__edge.selected")
    await page.keyboard.press("w")
    await expect(chosen).to_have_count(1)
    if await chosen.get_attribute("data-id") != back:
        await page.keyboard.press("w")
    await expect(chosen).to_have_attribute("data-id", back)
    await page.keyboard.press("Enter")
    body = flow.field("/body")
    await _tab_to(page, body)
    await page.keyboard.type("{{ $.value }}")
    await page.keyboard.press("Tab")
    await flow.until(lambda now: any("body" in edge["mapping"] for edge in now["edges"]))

    async def ask() -> tuple[int, str]:
        answer = await page.request.get(f"{product.flows_url}/by-keys")
        return answer.status, await answer.text()

    assert (await read_until(ask, lambda answer: answer[0] == 200 and answer[1] != "", 60.0))[1].isdigit()

    # The parts of the page go round with F6, and arrows lead from a wire to its ends.
    await _press(page, "F6", "F6", "F6", "ArrowLeft")
    await expect(flow.node(counter)).to_be_focused()
    await page.keyboard.press("Enter")
    reset = flow.inspector.get_by_role("button", name=re.compile("Reset"))
    await _tab_to(page, reset)
    await page.keyboard.press("Enter")
    # It asks first; the answer that changes nothing has the focus.
    await expect(page.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_focused()
    await _press(page, "Tab", "Enter")
    await expect(flow.node(counter).locator(".card__live")).to_have_text(re.compile("^0"))

    await _press(page, "F6", "F6", "F6", "Delete")
    await flow.until(lambda now: len(now["nodes"]) == 1 and not now["edges"])
    await expect(page.get_by_role("status", name="What was done")).to_have_text(re.compile("Delete"))
    await page.keyboard.press("Control+z")
    await flow.until(lambda now: len(now["nodes"]) == 2 and len(now["edges"]) == 2)
    await expect(page.get_by_role("status", name="What was done")).to_have_text(re.compile("Undone: Delete"))


async def test_skip_links_and_one_stop_lead_past_the_bar_and_the_palette(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    page = flow.page
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the canvas")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("application", name="Flow Visits")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator(".react-flow__node.selected")).to_be_focused()


async def test_a_menu_a_search_and_the_table_work_by_keys_and_give_the_focus_back(
    product: Product, open_demo: OpenDemo
) -> None:
    flow = await open_demo(product)
    page = flow.page
    counter = await flow.find("stateful_counter")

    await page.keyboard.press("Control+f")
    await expect(page.get_by_role("searchbox", name="Find in this flow")).to_be_focused()
    await page.keyboard.type("/visits")
    found = page.get_by_role("search", name="Find in this flow")
    await expect(found.get_by_role("region", name="Settings")).to_contain_text("path: /visits")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("stateful")
    await expect(found.get_by_role("region", name="Components")).to_contain_text("Stateful Counter")
    await _press(page, "Enter", "Escape")
    await expect(flow.node(counter)).to_be_focused()

    await page.keyboard.press("Shift+F10")
    menu = page.get_by_role("menu")
    await expect(menu.get_by_role("menuitem").first).to_be_focused()
    await page.keyboard.press("r")
    await expect(menu.get_by_role("menuitem", name=re.compile("Rename"))).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(menu).to_have_count(0)
    await expect(flow.node(counter)).to_be_focused()

    await page.keyboard.press("t")
    table = page.get_by_role("region", name="Visits as a table")
    await expect(table).to_be_focused()
    await expect(table.get_by_role("row", name=re.compile("Every 5 seconds"))).to_have_count(3)
    await _tab_to(page, table.get_by_role("button", name="Actions of Visits"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name=re.compile("Connect"))).to_be_visible()
    await _press(page, "Escape", "Escape")
    await expect(table).to_have_count(0)


async def test_what_a_wire_dropped_on_nothing_fits_is_added_with_it_and_undone_with_it(
    product: Product, open_demo: OpenDemo
) -> None:
    flow = await open_demo(product)
    page = flow.page
    before = await flow.document()
    port = await still(flow.port(await flow.find("stateful_counter"), "value"))
    await page.mouse.move(port["x"] + 5, port["y"] + 5)
    empty = await page.evaluate(EMPTY_PLACE, [port["x"], port["y"]])
    await page.mouse.down()
    await page.mouse.move(*empty, steps=8)
    await page.mouse.up()
    options = page.get_by_role("listbox", name="Components")
    await expect(options.get_by_role("option", name=re.compile("Debug"))).to_be_visible()
    await expect(options.get_by_role("option", name=re.compile("Ticker"))).to_have_count(0)
    await page.keyboard.type("debug")
    await page.keyboard.press("Enter")
    await flow.until(lambda now: _sizes(now) == (_sizes(before)[0] + 1, _sizes(before)[1] + 1))
    await page.keyboard.press("Control+z")
    await flow.until(lambda now: _sizes(now) == _sizes(before))


#: The nearest place to the upper right of a point where nothing but the canvas is: others have left nodes and wires.
EMPTY_PLACE = """([x, y]) => {
  const free = (left, top) => [[0, 0], [-20, 0], [20, 0], [0, -20], [0, 20]].every(([right, down]) =>
    document.elementFromPoint(left + right, top + down)?.classList.contains("react-flow__pane"));
  for (let far = 60; far < 600; far += 10) {
    for (const [right, down] of [[0.5, -1], [1, -0.5], [1, 0.5], [0.5, 1], [-0.5, -1], [-0.5, 1]]) {
      if (free(x + right * far, y + down * far)) return [x + right * far, y + down * far];
    }
  }
  throw new Error("the canvas is full");
}"""


def _sizes(document: dict[str, Any]) -> tuple[int, int]:
    return len(document["nodes"]), len(document["edges"])


@pytest_asyncio.fixture(loop_scope="session")
async def touched(browser: Browser, product: Product, sign_in: SignIn) -> AsyncIterator[Page]:
    """A tablet: no mouse, no keyboard."""
    known = await (await sign_in(product)).context.storage_state()
    context: BrowserContext = await browser.new_context(
        viewport={"width": 1180, "height": 820}, has_touch=True, storage_state=known
    )
    yield await context.new_page()
    await context.close()


async def test_a_flow_is_built_by_fingers(product: Product, touched: Page) -> None:
    page = touched
    flow = await _new_flow(page, product, "By fingers")
    finger = Finger(await page.context.new_cdp_session(page))

    for component in ("Ticker", "Debug"):
        before = len((await flow.document())["nodes"])
        await flow.palette.get_by_role("button", name=f"Add {component}").first.tap()
        await flow.until(lambda now, more=before + 1: len(now["nodes"]) == more)
    await page.get_by_role("button", name="Fit the flow").tap()

    source, target = await flow.find("ticker"), await flow.find("debug")
    await flow.port(source, "tick").tap()
    await flow.port(target, "in").tap()
    await flow.until(lambda now: len(now["edges"]) == 1)

    await flow.select(source)
    switch = await still(flow.inspector.get_by_role("switch").first)
    assert min(switch["width"], switch["height"]) >= 24, switch

    card = await still(flow.node(target))
    await finger.down(card["x"] + 60, card["y"] + 16)
    menu = page.get_by_role("menu")
    await expect(menu).to_be_visible()
    await finger.up()
    await menu.get_by_role("menuitem", name=re.compile("Delete")).tap()
    await flow.until(lambda now: len(now["nodes"]) == 1 and not now["edges"])

    # Last, as the browser takes a tap right after for one that stops the finger's flight.
    router = flow.palette.get_by_role("button", name="Add Router")
    await router.scroll_into_view_if_needed()
    row = await still(router)
    await finger.down(row["x"] + 30, row["y"] + 20)
    for step in range(1, 9):
        await finger.move(row["x"] + 30 + step * 40, row["y"] + 20 + step * 2)
    await finger.up()
    await flow.until(lambda now: {node["component"] for node in now["nodes"]} == {"ticker", "router"})


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_serious_on_the_editor_whatever_is_open(
    product: Product, open_demo: OpenDemo, theme: Any
) -> None:
    flow = await open_demo(product)
    page = flow.page
    await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    await flow.select(await flow.find("stateful_counter"))
    assert await faults(page) == []
    await page.set_viewport_size({"width": 820, "height": 1180})
    assert await faults(page) == [], "on a tablet"
    await page.set_viewport_size({"width": 390, "height": 844})
    stage, panel = await still(page.locator(".stage")), await still(flow.inspector)
    assert panel["width"] == 390
    assert panel["y"] >= stage["y"] + stage["height"]
    await flow.inspector.get_by_role("button", name="About Stateful Counter").click()
    about = page.get_by_role("dialog", name="About Stateful Counter")
    await expect(about.get_by_text("Only the leading replica changes the count")).to_be_visible()
    assert await faults(page) == [], "on a phone, reading about a component"
    await page.keyboard.press("Escape")
    await expect(about).to_have_count(0)
    await page.set_viewport_size({"width": 720, "height": 450})
    await page.keyboard.press("Escape")
    await page.keyboard.press("Shift+d")
    drawer = page.get_by_role("region", name="Debug")
    await expect(drawer).to_be_focused()
    assert await faults(page) == [], "at 200 %, with a drawer"
    await drawer.press("Escape")
    await expect(drawer).to_have_count(0)
    await page.set_viewport_size({"width": 1440, "height": 900})
    await flow.select(await flow.find("stateful_counter"))
    for keys, shown in (
        ("Control+k", page.get_by_role("dialog", name="Find a node or run a command")),
        ("?", page.get_by_role("dialog", name="Keys")),
        ("Control+f", page.get_by_role("search", name="Find in this flow")),
        ("/", page.get_by_role("dialog", name="Add a component")),
        ("Shift+F10", page.get_by_role("menu")),
        ("t", page.get_by_role("region", name="Visits as a table")),
    ):
        await page.keyboard.press(keys)
        await expect(shown).to_be_visible()
        assert await faults(page) == [], f"after {keys}"
        await page.keyboard.press("Escape")
        await expect(shown).to_have_count(0)
        await eventually(lambda: page.evaluate("document.querySelector('dialog[open]') === null"))
