"""Who else is in the flow: their names above it, their pointers, what they have selected, and the field they edit."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e import people
from tests.e2e.axe import faults
from tests.e2e.conftest import NewContext, OpenDemo
from tests.e2e.flow_page import FlowPage, still
from tests.e2e.product import Product
from tests.waiting import read_until

pytestmark = [pytest.mark.browser]


@pytest_asyncio.fixture(loop_scope="session")
async def flow(product: Product, open_demo: OpenDemo) -> AsyncIterator[FlowPage]:
    opened = await open_demo(product)
    yield opened
    await opened.page.close()


async def test_two_people_see_what_the_other_does_and_one_follows_the_other(
    product: Product, flow: FlowPage, new_context: NewContext
) -> None:
    mine = flow.page
    await expect(mine.get_by_role("list", name="Others who are here")).to_have_count(0)
    grace = await people.join(await new_context(), product, flow, "grace")
    await expect(avatar(mine, "grace")).to_have_attribute("data-initials", "GR")

    # Another tab of hers is nobody else; a viewer is seen, and sees.
    second = await grace.page.context.new_page()
    await second.goto(grace.page.url)
    viewer = await people.join(await new_context(), product, flow, "vera", role="VIEWER")
    await expect(avatar(mine, "vera")).to_be_visible()
    await expect(avatar(viewer.page, "grace")).to_be_visible()
    await expect(mine.locator(".avatars .avatar")).to_have_count(2)
    await mine.get_by_role("button", name="Everybody who is here: 3").click()
    rows = mine.get_by_role("list", name="Everybody who is here").get_by_role("listitem")
    await expect(rows).to_have_text(["owner (you)", "grace", "vera"])
    await mine.keyboard.press("Escape")
    await expect(rows).to_have_count(0)
    await second.close()

    # What she selects is framed with her name, what she edits is marked; her pointer is at the same place of the flow.
    node = await flow.find("http_server")
    await flow.select(node)
    await grace.select(node)
    await expect(flow.node(node)).to_have_attribute("data-who", "grace")
    await grace.field("/path").click()
    await expect(flow.inspector.get_by_text("grace edits this")).to_be_visible()
    await expect(mine.get_by_role("button", name="Follow grace, edits", exact=False)).to_be_visible()
    assert await faults(mine) == []
    await point_at(grace, node)
    await read_until(lambda: distance(cursor(mine, "grace"), flow.node(node)), lambda far: far < 3)

    # The view goes along with her, until its owner does something.
    await avatar(mine, "grace").click()
    await expect(mine.get_by_text("Following grace")).to_be_visible()
    canvas = await still(grace.page.locator(".react-flow"))
    for _ in range(8):
        await grace.page.mouse.move(canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2)
        await grace.page.mouse.wheel(0, 300)
    await grace.page.mouse.move(canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] - 60, steps=5)
    await read_until(lambda: is_in_sight(mine, cursor(mine, "grace")), bool)
    await expect(flow.node(node)).not_to_be_in_viewport()
    await mine.keyboard.press("f")
    await expect(mine.get_by_text("Following grace")).to_have_count(0)
    await expect(flow.node(node)).to_be_in_viewport()

    # She is gone, and with her all that showed her.
    await grace.page.close()
    await expect(avatar(mine, "grace")).to_have_count(0)
    await expect(cursor(mine, "grace")).to_have_count(0)
    await expect(flow.node(node)).not_to_have_attribute("data-who", "grace")
    await viewer.page.close()
    await expect(mine.get_by_role("list", name="Others who are here")).to_have_count(0)


def avatar(page: Page, name: str) -> Locator:
    return page.locator(".avatars").get_by_role("button", name=f"Follow {name}", exact=False)


def cursor(page: Page, name: str) -> Locator:
    return page.locator(".cursor", has_text=name)


async def point_at(flow: FlowPage, node: str) -> None:
    """Into the middle of a card's upper edge."""
    box = await still(flow.node(node))
    await flow.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30, steps=4)
    await flow.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 14, steps=2)


async def distance(pointer: Locator, card: Locator) -> float:
    """How far a pointer is from where `point_at` points."""
    at, box = await pointer.bounding_box(), await card.bounding_box()
    if at is None or box is None:
        return float("inf")
    return abs(at["x"] - box["x"] - box["width"] / 2) + abs(at["y"] - box["y"] - 14)


async def is_in_sight(page: Page, pointer: Locator) -> bool:
    at, canvas = await pointer.bounding_box(), await page.locator(".react-flow").bounding_box()
    return bool(
        at
        and canvas
        and canvas["x"] <= at["x"] <= canvas["x"] + canvas["width"]
        and canvas["y"] <= at["y"] <= canvas["y"] + canvas["height"]
    )
