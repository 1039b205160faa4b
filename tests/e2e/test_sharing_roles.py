"""A project is shared: with people whose roles change while they look, and by a link that shows one flow."""

import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e import people
from tests.e2e.conftest import NewContext, OpenDemo
from tests.e2e.flow_page import FlowPage, still
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]


@pytest_asyncio.fixture(loop_scope="session")
async def flow(product: Product, open_demo: OpenDemo) -> AsyncIterator[FlowPage]:
    opened = await open_demo(product)
    before = await opened.document()
    yield opened
    await opened.leave_as(before)


@pytest_asyncio.fixture(loop_scope="session")
async def members(flow: FlowPage) -> AsyncIterator[Page]:
    """The owner's page of members."""
    page = await flow.page.context.new_page()
    await page.goto(flow.page.url.split("/flows/")[0] + "/members/")
    yield page
    await page.close()


async def test_a_role_that_changes_counts_where_the_flow_is_open(
    product: Product, flow: FlowPage, members: Page, new_context: NewContext
) -> None:
    name = f"ada-{uuid.uuid4().hex[:6]}"
    theirs = await people.join(await new_context(), product, flow, name)
    await members.reload()
    view_only = theirs.page.get_by_text("View only", exact=True)
    await expect(view_only).to_have_count(0)

    counter = await theirs.find("stateful_counter")
    await _give(members, name, "Operator")
    await expect(view_only).to_be_visible()
    assert (await theirs.change({"op": "set_node", "id": counter, "fields": {"x": 1}})).status == 403
    await still(theirs.node(counter))
    await theirs.select(counter)
    reset = theirs.inspector.get_by_role("button", name="Reset counter")
    await expect(reset).to_be_enabled()

    await _give(members, name, "Viewer")
    await expect(reset).to_be_disabled()

    await members.get_by_role("button", name=f"Remove {name}").click()
    await expect(theirs.page.get_by_role("alert").filter(has_text="no longer shared with you")).to_be_visible()


async def test_a_link_shows_the_flow_as_it_is_until_it_is_revoked(
    product: Product, flow: FlowPage, members: Page, new_context: NewContext
) -> None:
    await members.get_by_label("What it shows").select_option(label="Flow Visits")
    await members.get_by_role("button", name="Make link").click()
    address = await members.get_by_label("The link").input_value()
    page = await (await new_context()).new_page()
    answer = await page.goto(address)
    assert answer is not None
    assert answer.status == 200
    await page.locator(".react-flow__node").first.wait_for()
    await expect(page.get_by_text("Shared to look at")).to_be_visible()
    await expect(page.locator(".palette, .inspector, .drawerbar")).to_have_count(0)
    await expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()

    counter = await flow.find("stateful_counter")
    assert (await flow.change({"op": "set_node", "id": counter, "fields": {"label": "Counted"}})).status == 200
    await expect(page.locator(".react-flow__node").filter(has_text="Counted")).to_be_visible()
    refused = await page.request.get(f"{product.url}/api/flows/{flow.flow}")
    assert refused.status == 401

    await members.get_by_role("button", name="Revoke the link to Visits").first.click()
    await expect(page.get_by_text("This link has ended")).to_be_visible()
    gone = await page.goto(address)
    assert gone is not None
    assert gone.status == 410


async def _give(members: Page, name: str, role: str) -> None:
    await members.get_by_label(f"Role of {name}").select_option(label=role)
    await members.get_by_role("button", name=f"Set the role of {name}").click()
    await expect(members.get_by_label(f"Role of {name}")).to_have_value(role.lower())
