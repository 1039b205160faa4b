import re

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo, SignIn
from tests.e2e.product import Product
from tests.e2e.visits import applied, visit_once, visit_until_answered
from tests.waiting import read_until

pytestmark = [pytest.mark.browser, pytest.mark.kubectl]


async def test_a_new_person_sees_the_demo_flow_run(own_product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(own_product)
    counter = await flow.find("stateful_counter")
    for component in ("http_server", "stateful_counter", "ticker", "debug"):
        await expect(flow.node(await flow.find(component))).to_be_visible()

    first = await visit_until_answered(own_product)
    assert first.value == 1, first
    assert (await visit_once(own_product)).value == 2
    shown = flow.node(counter).locator(".card__live")
    await expect(shown).to_have_text(re.compile("^2"))

    await flow.select(counter)
    await flow.inspector.get_by_role("button", name=re.compile("reset counter", re.IGNORECASE)).click()
    await flow.page.get_by_role("dialog").get_by_role("button", name="Reset counter").click()
    await expect(shown).to_have_text(re.compile("^0"))
    await read_until(lambda: applied(own_product), lambda count: count == 0)
    assert (await visit_once(own_product)).value == 1
    await read_until(lambda: applied(own_product), lambda count: count == 1)


async def test_the_sign_in_link_shows_a_page_and_works_once(product: Product, sign_in: SignIn) -> None:
    page = await sign_in(product)
    link = product.new_link()
    # To look at it spends nothing: mail scanners and previews do.
    for _ in range(2):
        assert (await page.goto(link)).status == 200  # type: ignore[union-attr]
    await page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    await page.wait_for_url(re.compile(r"/projects/$"))
    again = await page.goto(link)
    assert again
    assert again.status in (403, 404, 410), again.status
    await expect(page.get_by_text(re.compile("used|expired", re.IGNORECASE)).first).to_be_visible()
