"""A form of 500 settings: opened, typed in, and with live values in it. What the page does stands in page.js."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median

from playwright.async_api import BrowserContext, Page

from bench.editor.frames import PAGE_SCRIPT as EDITOR_SCRIPT
from bench.editor.frames import calm, frames, p95, per_second
from bench.forms.wide import EDITABLE, LIVE
from bench.row import Row
from tests.e2e.flow_page import FlowPage
from tests.e2e.people import open_demo, sign_in
from tests.e2e.product import Product
from tests.ports import free_port
from tests.runtime.world import Process, host_command
from tests.waiting import read_until

PAGE_SCRIPT = Path(__file__).with_name("page.js")
OPENINGS = 7
KEYS = 120
KEY_PAUSE_MS = 40
SECONDS = 4.0
LIVE_PER_SECOND = 20
REGISTERED_SECONDS = 60.0
_ALL_FIELDS = f"() => document.querySelectorAll('.inspector .form [data-pointer]').length >= {EDITABLE + LIVE}"


async def measure(product: Product, window: BrowserContext, home: Path) -> list[Row]:
    async with _host(product, home):
        flow = await open_demo(await sign_in(window, product))
        page = flow.page
        await page.add_init_script(path=EDITOR_SCRIPT)
        await page.add_init_script(path=PAGE_SCRIPT)
        node = await _add(flow)
        await page.reload()
        await flow.node(node).wait_for()
        await page.keyboard.press("f")
        opened = [await _open(flow, node) for _ in range(OPENINGS + 1)]
        keys = await _type(page)
        fps = await _live(page, node)
    return [
        # The first opening fetches code that comes when it is needed.
        Row("form_500_fields_open_ms", round(median(opened[1:]), 1), "ms", "lower", must=300, aim=120),
        Row("keystroke_500_fields_p95_ms", p95(keys), "ms", "lower", must=25, aim=16),
        Row("live_values_in_open_form_fps", fps, "1/s", "higher", must=50, aim=60),
    ]


@contextlib.asynccontextmanager
async def _host(product: Product, home: Path) -> AsyncIterator[None]:
    environment = {
        "KUBECONFIG": str(product.kubeconfig),
        "WEIRFLOW_HOME": str(home),
        "WEIRFLOW_HTTP_PORT": str(free_port()),
        "WEIRFLOW_LOG_LEVEL": "WARNING",
    }
    host = Process(host_command("bench.forms.wide"), environment, home / "wide.log")
    await host.start()
    try:
        yield
    finally:
        host.kill()


async def _add(flow: FlowPage) -> str:
    node = f"n{uuid.uuid4().hex[:11]}"
    adding = {"op": "add_node", "id": node, "module": "wide-v1", "component": "wide", "label": "Wide", "x": 0, "y": 600}

    async def try_it() -> int:
        return (await flow.change(adding)).status

    await read_until(try_it, lambda status: status == 200, REGISTERED_SECONDS)
    return node


async def _open(flow: FlowPage, node: str) -> float:
    """Milliseconds from the press on the card to the form's first fields; after it all of them are there."""
    await flow.page.keyboard.press("Escape")
    await flow.page.locator(".inspector .form").wait_for(state="detached")
    await calm(flow.page)
    watch = asyncio.create_task(flow.page.evaluate("benchFormOpens()"))
    await flow.select(node)
    taken = float(await watch)
    await flow.page.wait_for_function(_ALL_FIELDS)
    return taken


async def _type(page: Page) -> list[float]:
    await calm(page)
    await page.locator('.inspector [data-pointer="/setting2"] input').click()
    await page.evaluate("() => { window.benchKeysTaken = benchKeys() }")
    for number in range(KEYS):
        await page.keyboard.press("abcdefghij"[number % 10])
        await page.wait_for_timeout(KEY_PAUSE_MS)
    return [float(one) for one in await page.evaluate("benchKeysTaken()")]


async def _live(page: Page, node: str) -> float:
    """Frames a second while all readings change and somebody types."""
    names = [f"reading{number}" for number in range(LIVE)]
    await page.evaluate(
        "([node, names, rate]) => { window.benchStill = benchReadings(node, names, rate) }",
        [node, names, LIVE_PER_SECOND],
    )
    typing = asyncio.create_task(_keep_typing(page))
    taken = await frames(page, SECONDS, "() => undefined")
    typing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await typing
    await page.evaluate("benchStill()")
    return per_second(taken)


async def _keep_typing(page: Page) -> None:
    while True:
        await page.keyboard.press("x")
        await page.keyboard.press("Backspace")
        await asyncio.sleep(KEY_PAUSE_MS / 1000)
