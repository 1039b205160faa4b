"""A mapping that is typed: from each key to the result that the server has worked out, painted."""

import asyncio
from pathlib import Path

from playwright.async_api import BrowserContext

from bench.editor.frames import calm, p95
from bench.row import Row
from tests.e2e.people import open_demo
from tests.e2e.product import Product

PAGE_SCRIPT = Path(__file__).with_name("preview.js")
KEYS = 80
PAUSE_MS = 120
"""A quick typist's; pauses in between are shorter than the one after which a field is sent."""


async def measure(product: Product, window: BrowserContext, home: Path) -> list[Row]:
    page = await window.new_page()
    # A printed link works once, and the product's own is somebody else's.
    link = (await asyncio.to_thread(product.manage, "signin_link")).rpartition("Sign in: ")[2].strip()
    await page.goto(link)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/projects/")
    await page.add_init_script(path=PAGE_SCRIPT)
    flow = await open_demo(page)
    counter = await flow.find("stateful_counter")
    wire = next(edge["id"] for edge in (await flow.document())["edges"] if edge["target"] == counter)
    await flow.edge(wire).click(force=True)
    await page.keyboard.press("m")
    drawer = page.get_by_role("region", name="Wire mapping", exact=True)
    await drawer.get_by_role("group", name="Source: value or expression").get_by_text("Expression").click()
    field = drawer.get_by_role("combobox", name="Source")
    await field.fill("{{ upper('') }}")
    for _ in range(len("') }}")):
        await field.press("ArrowLeft")
    await calm(page)
    taken, typed = [], ""
    for number in range(KEYS):
        letter = "abcdefghijklmnopqrstuvwxyz"[number % 26]
        typed += letter
        await page.evaluate("text => { window.benchShown = benchPreviewShows(text) }", typed.upper())
        await page.keyboard.press(letter)
        taken.append(float(await page.evaluate("benchShown")))
        await page.wait_for_timeout(PAUSE_MS)
    return [Row("mapping_preview_p95_ms", p95(taken[5:]), "ms", "lower", must=120, aim=60)]
