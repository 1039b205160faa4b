"""The cluster hangs, the network is gone: edits are kept, and in the end everybody has the same flow."""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.product import Product
from tests.e2e.visits import applied, visit_until_answered
from tests.waiting import read_until

pytestmark = [pytest.mark.browser, pytest.mark.kubectl]


@pytest.fixture(scope="module")
def own_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One for all of these: each leaves it running, and asks what it changed itself."""
    own = Product(tmp_path_factory.mktemp("faults") / "home").start()
    yield own
    own.stop()


@pytest.fixture
def hold_cluster(own_product: Product) -> Iterator[None]:
    """While the test runs `os.kill(..., SIGSTOP)` on it, the cluster answers nobody; it goes on at the end."""
    yield
    os.kill(own_product.child("cluster"), signal.SIGCONT)


async def test_delete_and_undo_while_the_cluster_is_slow(
    own_product: Product, open_demo: OpenDemo, hold_cluster: None
) -> None:
    flow = await open_demo(own_product)
    counter = await flow.find("stateful_counter")
    for _ in range(3):
        value = (await visit_until_answered(own_product)).value
    await expect(flow.node(counter)).to_contain_text(str(value))
    before = await flow.document()

    os.kill(own_product.child("cluster"), signal.SIGSTOP)
    await flow.select(counter)
    await flow.page.keyboard.press("Delete")
    await expect(flow.node(counter)).to_have_count(0)
    await flow.page.keyboard.press("Control+z")
    await expect(flow.node(counter)).to_be_visible()
    os.kill(own_product.child("cluster"), signal.SIGCONT)

    await flow.until(lambda now: {one["id"] for one in now["edges"]} == {one["id"] for one in before["edges"]})
    # The cluster may have had the deletion, and has what came back a moment later.
    await read_until(lambda: applied(own_product), lambda count: count == value)
    assert (await visit_until_answered(own_product)).value == value + 1


async def test_delete_and_later_undo_bring_the_value_back(own_product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(own_product)
    counter = await flow.find("stateful_counter")
    for _ in range(3):
        value = (await visit_until_answered(own_product)).value
    await expect(flow.node(counter)).to_contain_text(str(value))
    await flow.select(counter)
    await flow.page.keyboard.press("Delete")

    async def counters() -> int:
        return sum(node["spec"]["component"] == "stateful_counter" for node in own_product.nodes())

    await read_until(counters, lambda count: count == 0)
    await flow.page.keyboard.press("Control+z")
    await read_until(counters, lambda count: count == 1)
    await read_until(lambda: applied(own_product), lambda count: count == value)
    assert (await visit_until_answered(own_product)).value == value + 1


async def test_edits_made_offline_are_kept_and_sent(own_product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(own_product)
    debug = await flow.find("debug")
    row = await flow.row(debug)
    assert row
    await flow.page.context.set_offline(True)
    await flow.move(debug, 80, 60)
    await flow.page.context.set_offline(False)
    moved = await flow.until(lambda now: any(one["id"] == debug and one["x"] != row["x"] for one in now["nodes"]), 40.0)
    assert len(moved["nodes"]) >= 4


async def test_edits_made_while_the_web_is_down_are_kept_and_sent(own_product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(own_product)
    debug = await flow.find("debug")
    row = await flow.row(debug)
    assert row
    own_product.kill("web")
    await flow.move(debug, 80, 60)
    own_product.wait_until_back("web")
    await flow.until(lambda now: any(one["id"] == debug and one["x"] != row["x"] for one in now["nodes"]), 40.0)


async def test_the_page_says_how_it_is_connected(own_product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(own_product)
    await expect(flow.page.get_by_text("Live", exact=True)).to_be_visible()
    own_product.kill("web")
    await expect(flow.page.get_by_role("button", name="Reconnecting")).to_be_visible()
    await expect(flow.page.get_by_text("Live", exact=True)).to_be_visible(timeout=60_000)


async def test_an_offline_edit_that_collides_is_refused_with_the_reason(
    own_product: Product, open_demo: OpenDemo
) -> None:
    flow, other = await open_demo(own_product), await open_demo(own_product)
    debug = await flow.find("debug")
    await flow.page.context.set_offline(True)
    await flow.move(debug, 80, 60)
    assert (await other.change({"op": "delete_node", "id": debug})).status == 200
    await flow.page.context.set_offline(False)
    await expect(flow.node(debug)).to_have_count(0)
    # Of several notices all but the newest are folded away.
    told = flow.page.locator(".toast.is-error").filter(has_text="deleted the node")
    await expect(told.filter(visible=True)).to_be_visible()
