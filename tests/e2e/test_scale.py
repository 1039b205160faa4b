"""A flow of two thousand nodes in a browser: little of it is in the page, all of it is within reach."""

import re

import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bench.editor.flows import Shape, create_flow
from tests.e2e.conftest import OpenDemo
from tests.e2e.flow_page import soon, still
from tests.e2e.product import Product
from tests.waiting import read_until

SIZE = 2_000
MOST_CARDS = 200
ELEMENTS_PER_CARD = 15
DEPLOYED_MS = 90_000


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address() -> dict[str, str]:
    """Where the large flow is, once the first test has made it."""
    return {}


@pytest_asyncio.fixture(loop_scope="session")
async def page(product: Product, open_demo: OpenDemo, address: dict[str, str]) -> Page:
    """The large flow, as it opens: all of it is in view."""
    demo = await open_demo(product)
    if "flow" not in address:
        address["flow"] = await create_flow(product, demo.page.context, demo.flow, Shape(SIZE))
    await demo.page.goto(address["flow"])
    await demo.page.locator(".overview[data-drawn]").wait_for()
    # The live values of all of it fit through the socket.
    await demo.page.get_by_text("Live", exact=True).wait_for(timeout=DEPLOYED_MS)
    await demo.page.get_by_text("Deployed", exact=True).wait_for(timeout=DEPLOYED_MS)
    return demo.page


async def cards(page: Page) -> int:
    return await page.locator(".react-flow__node").count()


async def in_view(page: Page) -> list[str]:
    """Names of the cards that lie in the canvas."""
    return list(
        await page.evaluate(
            """() => {
              const area = document.querySelector(".react-flow").getBoundingClientRect();
              const inside = ({x, y, right, bottom}) =>
                x < area.right && y < area.bottom && right > area.left && bottom > area.top;
              return [...document.querySelectorAll(".react-flow__node")]
                .filter((node) => inside(node.getBoundingClientRect()))
                .map((node) => node.querySelector(".card__name").textContent);
            }"""
        )
    )


async def to_full_size(page: Page) -> None:
    await page.keyboard.press("0")
    await page.locator(".react-flow__node").first.wait_for()
    await still(page.locator(".react-flow__node").first)


async def drag_canvas(page: Page, right: int, down: int) -> None:
    pane = await page.locator(".react-flow__pane").bounding_box()
    assert pane
    x, y = pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] / 2
    # Between two rows of cards, where the canvas is bare.
    bare = await page.evaluate(
        "([x, y]) => { while (!document.elementFromPoint(x, y).matches('.react-flow__pane')) y += 8; return y; }",
        [x, y],
    )
    await page.mouse.move(x, bare)
    await page.mouse.down()
    await page.mouse.move(x + right, bare + down, steps=12)
    await page.mouse.up()


async def test_the_whole_flow_is_one_drawing_and_a_click_in_it_selects(page: Page) -> None:
    assert await cards(page) == 0
    pane = await page.locator(".react-flow__pane").bounding_box()
    assert pane
    await page.mouse.click(pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] / 2)
    inspector = page.get_by_role("complementary", name="Inspector")
    name = inspector.get_by_role("textbox", name="Name")
    # The middle may lie between two cards: a little to the right and down there is one.
    for step in range(8):
        if await soon(name.count):
            break
        await page.mouse.click(pane["x"] + pane["width"] / 2 + 2 * step, pane["y"] + pane["height"] / 2 + 2 * step)
    await expect(name).to_have_value(re.compile(r"^Step \d+"))


async def test_an_area_of_the_drawing_is_selected_added_to_and_asked_for_its_menu(page: Page) -> None:
    pane = await page.locator(".react-flow__pane").bounding_box()
    assert pane
    x, y = pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] / 2
    inspector = page.get_by_role("complementary", name="Inspector")
    await page.keyboard.down("Shift")
    await page.mouse.move(x - 60, y - 60)
    await page.mouse.down()
    await page.mouse.move(x + 60, y + 60, steps=5)
    await page.mouse.up()
    await page.keyboard.up("Shift")
    many = await read_until(lambda: _selected(inspector), lambda count: count > 10)

    # Cards lie beside one another beyond the area too: the first one that is hit joins it.
    for step in range(12):
        await page.keyboard.down("Control")
        await page.mouse.click(x + 90 + 2 * step, y + 2 * step)
        await page.keyboard.up("Control")
        if await soon(lambda: _is_not(inspector, many)):
            break
    assert await _selected(inspector) == many + 1
    await page.mouse.click(x + 90 + 2 * step, y + 2 * step, button="right")
    await page.get_by_role("menuitem", name="Align left edges").wait_for()
    await page.keyboard.press("Escape")
    assert await _selected(inspector) == many + 1


async def test_little_is_in_the_page_wherever_one_goes(page: Page) -> None:
    await to_full_size(page)
    seen: set[str] = set()
    for right, down in [(-300, 0), (-300, -150), (0, -300), (300, 150), (-350, 100)] * 2:
        await drag_canvas(page, right, down)
        seen.update(await read_until(lambda: in_view(page), lambda names: len(names) >= 6))
        assert await cards(page) <= MOST_CARDS
    assert len(seen) > 30
    most = await page.evaluate(
        "Math.max(...[...document.querySelectorAll('.react-flow__node')]"
        ".map((node) => node.querySelectorAll('*').length + 1))"
    )
    assert most <= ELEMENTS_PER_CARD


async def test_the_map_leads_anywhere(page: Page) -> None:
    await to_full_size(page)
    before = set(await in_view(page))
    chart = await page.get_by_role("img", name="Map of the flow").bounding_box()
    assert chart
    x, y = chart["x"] + chart["width"] / 2, chart["y"] + chart["height"] * 0.3
    await page.mouse.click(x, y)
    there = await read_until(lambda: in_view(page), lambda names: len(names) >= 6 and not before & set(names))
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 20, y + 30, steps=4)
    await page.mouse.up()
    await read_until(lambda: in_view(page), lambda names: len(names) >= 6 and not set(there) & set(names))


async def test_what_is_selected_goes_along_even_out_of_view(page: Page) -> None:
    await to_full_size(page)
    await page.keyboard.press("Control+a")
    await page.locator(".react-flow__node.selected").first.wait_for()
    flow = page.url.rstrip("/").rsplit("/", 1)[1]
    rows_before = await _rows(page, flow)
    start = await page.evaluate(
        """() => {
          const area = document.querySelector(".react-flow").getBoundingClientRect();
          const middle = [area.x + area.width / 2, area.y + area.height / 2];
          const far = ({x, y}) => Math.hypot(x - middle[0], y - middle[1]);
          const names = [...document.querySelectorAll(".card__name")].map((name) => name.getBoundingClientRect());
          const {x, y} = names.reduce((one, other) => (far(other) < far(one) ? other : one));
          return [x + 10, y + 8];
        }"""
    )
    await page.mouse.move(*start)
    await page.mouse.down()
    await page.mouse.move(start[0] + 96, start[1] + 48, steps=6)
    await page.keyboard.down("Alt")
    await page.mouse.up()
    await page.keyboard.up("Alt")
    rows = await read_until(
        lambda: _rows(page, flow), lambda now: now != rows_before and _moved(rows_before, now) == SIZE, 60
    )
    steps = {(rows[one][0] - rows_before[one][0], rows[one][1] - rows_before[one][1]) for one in rows}
    assert len(steps) == 1


async def _selected(inspector: Locator) -> int:
    """How many nodes the inspector speaks of."""
    words = await inspector.get_by_role("heading").first.inner_text()
    found = re.match(r"([\d,]+) nodes", words)
    return int(found.group(1).replace(",", "")) if found else 0


async def _is_not(inspector: Locator, many: int) -> bool:
    return await _selected(inspector) != many


def _moved(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> int:
    return sum(before[one] != after[one] for one in before)


async def _rows(page: Page, flow: str) -> dict[str, tuple[int, int]]:
    nodes = await page.evaluate("async (path) => (await (await fetch(path)).json()).nodes", f"/api/flows/{flow}")
    return {node["id"]: (node["x"], node["y"]) for node in nodes}
