"""How long it takes from `weirflow new` until the component is in the palette of an editor that is open."""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.async_api import expect

from bench.row import Row
from tests.cli.calling import weirflow
from tests.cli.serving import Serving
from tests.e2e import people
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product

TIMES = 3


async def measure() -> list[Row]:
    """The row ``new_to_canvas_s``: the median of modules made one after the other."""
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        product = await asyncio.to_thread(Product(Path(directory) / "home").start)
        try:
            async with people.open_browser() as browser:
                page = await people.sign_in(await people.open_window(browser), product)
                flow = await people.open_demo(page)
                seconds = [await _once(flow, product, Path(directory), f"bench-{number}") for number in range(TIMES)]
        finally:
            await asyncio.to_thread(product.stop)
    return [Row("new_to_canvas_s", round(median(seconds), 2), "s", "lower", must=10, aim=4)]


async def _once(flow: FlowPage, product: Product, folder: Path, name: str) -> float:
    """Seconds for one module. It has stopped, and left the palette, when this returns."""
    row = flow.palette.get_by_role("button", name="Add Greet", exact=True)
    began = time.perf_counter()
    made = await asyncio.to_thread(weirflow, "new", "module", name, cwd=folder)
    assert made.code == 0, made.err
    serving = Serving(folder / name, WEIRFLOW_HOME=str(product.home))
    try:
        await expect(row).to_be_visible(timeout=60_000)
        took = time.perf_counter() - began
    finally:
        await asyncio.to_thread(serving.stop)
    await expect(row).to_have_count(0, timeout=60_000)
    return took
