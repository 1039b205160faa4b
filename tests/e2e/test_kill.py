"""kill -9 of each process in turn, under load: what SDK authors are promised about counts holds, and pages recover."""

import asyncio
import os
import signal

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.product import Product
from tests.e2e.visits import Load, applied, visit_until_answered
from tests.waiting import eventually, read_until

CHILDREN = ("worker", "web", "modules", "cluster")
VISITS_BETWEEN = 50
VISITS_AT_WORK = 20

pytestmark = [pytest.mark.kubectl, pytest.mark.timeout(600)]


async def _kill_each(product: Product, load: Load) -> None:
    for name in CHILDREN:
        await load.more(VISITS_BETWEEN)
        if name == "modules":
            await _kill_modules_at_work(product, load)
        else:
            product.kill(name)
        # In a thread: visits go on while the process is down.
        await asyncio.to_thread(product.wait_until_back, name)
    await load.more(VISITS_BETWEEN)


async def _kill_modules_at_work(product: Product, load: Load) -> None:
    """Kill the module host while visits are in it: those that it has not taken yet wait for the next one."""
    cluster = product.child("cluster")
    os.kill(cluster, signal.SIGSTOP)
    try:
        await eventually(lambda: load.sent - load.acknowledged >= VISITS_AT_WORK)
        product.kill("modules")
    finally:
        os.kill(cluster, signal.SIGCONT)


async def test_without_a_key_no_answered_visit_is_lost_and_none_is_invented(own_product: Product) -> None:
    await visit_until_answered(own_product)
    before = await applied(own_product)
    async with Load(own_product) as load:
        await _kill_each(own_product, load)
        await load.finish()
        counted = (await visit_until_answered(own_product)).value - 1 - before
        assert load.acknowledged <= counted <= load.sent
        assert load.acknowledged < load.sent, "no visit met a dead process: the test has shown nothing"


async def test_with_a_key_each_visit_counts_exactly_once(own_product: Product) -> None:
    await visit_until_answered(own_product)
    before = await applied(own_product)
    async with Load(own_product, keyed=True) as load:
        await _kill_each(own_product, load)
        await load.finish()
        assert load.repeated > 0, "no visit met a dead process: the test has shown nothing"
        assert load.acknowledged == load.sent
        assert await applied(own_product) - before == load.sent


@pytest.mark.browser
async def test_an_open_page_reconnects_and_shows_the_truth(own_product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(own_product)
    counter = await flow.find("stateful_counter")
    for name in CHILDREN:
        own_product.kill(name)
        await asyncio.to_thread(own_product.wait_until_back, name)
        value = (await visit_until_answered(own_product)).value
        await read_until(lambda: applied(own_product), lambda count, value=value: count == value)
        await expect(flow.node(counter)).to_contain_text(str(value))
