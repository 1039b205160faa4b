"""A mapping that cannot work says so on its wire, before any message has passed."""

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser]


async def test_a_mapping_that_does_not_fit_is_marked_until_it_is_mended(product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(product)
    document = await flow.document()
    counter = await flow.find("stateful_counter")
    edge = next(one for one in document["edges"] if one["target"] == counter)
    chips = flow.page.locator(".wire__chip.is-error")
    answer = await flow.call("GET", f"/api/flows/{flow.flow}/validation")
    assert answer.status == 200
    assert {one["outcome"] for one in answer.data["edges"].values()} <= {"valid", "unverifiable"}, answer.data
    await expect(chips).to_have_count(0)

    broken = {**edge["mapping"], "amount": "{{ $.mehtod }}"}
    assert (await flow.change({"op": "set_mapping", "id": edge["id"], "mapping": broken})).status == 200
    await expect(chips).to_have_text("Mapping")
    await flow.choose_wire(edge["id"])
    note = flow.inspector.get_by_label("Check of the mapping")
    await expect(note).to_contain_text("This mapping does not fit")
    await expect(note).to_contain_text("did you mean $.method?")

    assert (await flow.change({"op": "set_mapping", "id": edge["id"], "mapping": edge["mapping"]})).status == 200
    await expect(chips).to_have_count(0)
    await expect(note).to_have_count(0)
