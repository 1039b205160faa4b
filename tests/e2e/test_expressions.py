"""An example of the expression reference, as a reader runs and changes it: with the keyboard alone."""

import pytest
from playwright.async_api import expect

from docs.site.components import PRODUCT
from docs.site.trials import address
from tests.e2e.axe import faults
from tests.e2e.conftest import SignIn
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]


async def test_a_reader_runs_an_example_and_changes_it(product: Product, sign_in: SignIn) -> None:
    page = await sign_in(product)
    await page.goto(address("$.items[*].name").replace(PRODUCT, product.url))
    text, result = page.get_by_label("Expression", exact=True), page.get_by_role("group", name="Result")
    await expect(text).to_be_focused()
    await expect(result).to_contain_text('["pen", "ink"]')

    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.type("upper($.name) + 1")
    await page.keyboard.press("Enter")
    await expect(result).to_contain_text("cannot add null and a number")
    assert await faults(page) == []

    await page.get_by_label("Message").fill('{"name": "Eve"}')
    await text.fill("upper($.name) + '!'")
    await text.press("Enter")
    await expect(result).to_contain_text('"EVE!"')
    await expect(page.get_by_label("Message")).to_have_value('{"name": "Eve"}')
