"""All rows of forms and mappings, in one product."""

import asyncio
import tempfile
from pathlib import Path

from bench.forms import preview, settings
from bench.row import Row
from tests.e2e.people import open_browser, open_window
from tests.e2e.product import Product

PARTS = (settings.measure, preview.measure)
"""Each is given the product, a window of its own, and a directory of its own."""


async def measure() -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        product = Product(Path(directory) / "home", {"WEIRFLOW_LOG_LEVEL": "warning"})
        try:
            await asyncio.to_thread(product.start)
            async with open_browser() as browser:
                for number, part in enumerate(PARTS):
                    home = Path(directory) / f"part{number}"
                    home.mkdir()
                    window = await open_window(browser)
                    rows += await part(product, window, home)
                    await window.close()
        finally:
            await asyncio.to_thread(product.stop)
    return rows
