"""All rows of the editor."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import BrowserContext

from bench.editor import load, ours, theirs
from bench.editor.flows import CROWDED, Shape, create_flow
from bench.editor.frames import heap_mib, p95
from bench.editor.rest import at_rest
from bench.nodered import NAME
from bench.row import Row
from tests.e2e.people import open_browser, open_demo, open_window, sign_in
from tests.e2e.product import Product

SIZES = (1_000, 5_000, 10_000)
_OPEN = {1_000: (1.2, 0.8), 5_000: (2.0, 1.2), 10_000: (3.0, 1.6)}
_PAN = {5_000: (20.0, 17.0), 10_000: (22.0, 17.0)}


async def measure() -> list[Row]:
    peers = {size: await theirs.measure(size) for size in SIZES[:2]}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        product = Product(Path(directory) / "home", {"WEIRFLOW_LOG_LEVEL": "warning"})
        try:
            await asyncio.to_thread(product.start)
            async with open_browser() as browser:
                window = await open_window(browser)
                demo = await open_demo(await sign_in(window, product))
                for size in SIZES:
                    address = await create_flow(product, window, demo.flow, Shape(size))
                    rows += await _rows(product, window, address, size, peers.get(size))
                rows.append(await _drag(product, window, await create_flow(product, window, demo.flow, CROWDED)))
        finally:
            await asyncio.to_thread(product.stop)
    rows.append(Row("first_load_js_gz_kib", load.first_load_kib(), "KiB", "lower", must=250, aim=200))
    return rows


async def _rows(
    product: Product, window: BrowserContext, address: str, size: int, peer: theirs.Theirs | None
) -> list[Row]:
    page = await ours.open_page(window)
    await page.goto(address)
    await ours.settle(page)
    await at_rest(product)
    name = NAME if peer else None
    must, aim = _OPEN[size]
    rows = [Row(f"open_{size}_s", await ours.openings(page, address), "s", "lower", name,
                peer.open_s if peer else None, must=must, aim=aim)]  # fmt: skip
    if size in _PAN:
        # Opening has the server look at all mappings again.
        await at_rest(product)
        await ours.to_full_size(page)
        must, aim = _PAN[size]
        rows.append(Row(f"pan_{size}_p95_ms", p95(await ours.pan(page)), "ms", "lower", name,
                        p95(peer.pan) if peer else None, must=must, aim=aim))  # fmt: skip
    if size == 5_000:
        cards = await ours.live(page)
        rows.append(Row("zoom_whole_5000_p95_ms", p95(await ours.zoom_whole(page)), "ms", "lower", name,
                        p95(peer.zoom) if peer else None, must=33, aim=20))  # fmt: skip
        whole = await ours.live(page, [f"n{size:05d}{number:06d}" for number in range(size)])
        rows.append(Row("live_5000_fps", min(cards, whole), "1/s", "higher", must=45, aim=58))
        rows.append(Row("heap_5000_mib", round(await heap_mib(page), 1), "MiB", "lower", name,
                        peer.heap_mib if peer else None, must=50, aim=30))  # fmt: skip
    await page.close()
    return rows


async def _drag(product: Product, window: BrowserContext, address: str) -> Row:
    page = await ours.open_page(window)
    await page.goto(address)
    await ours.settle(page)
    await at_rest(product)
    row = Row("drag_200_p95_ms", p95(await ours.drag(page)), "ms", "lower", must=24, aim=18)
    await page.close()
    return row
