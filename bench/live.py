"""The live side, in a real browser on the whole product."""

import asyncio
import tempfile
from pathlib import Path

from bench import commits, edits, screen, storm
from bench.row import Row
from tests.e2e.people import open_browser, open_demo, open_window, sign_in
from tests.e2e.product import Product


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        product = Product(Path(directory) / "home", {"WEIRFLOW_LOG_LEVEL": "warning"})
        try:
            await asyncio.to_thread(product.start)
            async with open_browser() as browser:
                page = await sign_in(await open_window(browser), product)
                flow = await open_demo(page)
                rows = await edits.measure(product, flow)
                rows += await screen.measure(product, flow)
                rows += await storm.measure(product, flow)
            rows += await commits.measure(product)
        finally:
            await asyncio.to_thread(product.stop)
    return rows
