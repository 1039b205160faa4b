"""Our editor: opened, moved, zoomed, fed with live values, dragged in. What is done in the page stands in page.js."""

import time
from statistics import median

from playwright.async_api import BrowserContext, Page

from bench.editor.frames import PAGE_SCRIPT, calm, frames, per_second

OPENINGS = 3
SECONDS = 4.0
SHOWN_MS = 60_000
DEPLOYED_MS = 240_000
PER_SECOND = 5_000
PAUSE_MS = 3_000

_SHOWN = "() => document.querySelector('.overview[data-drawn], .react-flow__node') !== null"
_PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_AT_REST = """() => new Promise((done) => {
  let last = "", same = 0;
  const look = () => {
    const now = document.querySelector(".react-flow__viewport").style.transform;
    same = now === last ? same + 1 : 0;
    last = now;
    if (same < 15) requestAnimationFrame(look);
    else done();
  };
  look();
})"""
"""The view has not moved for 15 frames."""
_CARDS = "[...document.querySelectorAll('.react-flow__node')].map((node) => node.dataset.id)"


async def open_page(window: BrowserContext) -> Page:
    page = await window.new_page()
    await page.add_init_script(path=PAGE_SCRIPT)
    return page


async def settle(page: Page) -> None:
    """Until all of the flow is on the cluster, as the bar above says."""
    await page.get_by_text("Deployed", exact=True).wait_for(timeout=DEPLOYED_MS)


async def openings(page: Page, address: str) -> float:
    """Seconds from navigation until the flow is painted and the page takes input; the median."""
    taken = []
    for number in range(OPENINGS + 1):
        await page.goto("about:blank")
        # What the page before asked of the server, such as a look at all mappings, is no part of this opening.
        await page.wait_for_timeout(PAUSE_MS)
        began = time.perf_counter()
        await page.goto(address, wait_until="commit")
        await page.wait_for_function(_SHOWN, timeout=SHOWN_MS, polling="raf")
        await page.evaluate(_PAINTED)
        # The first one fills the browser's cache.
        if number:
            taken.append(time.perf_counter() - began)
    return round(median(taken), 2)


async def to_full_size(page: Page) -> None:
    await page.keyboard.press("0")
    await page.locator(".react-flow__node").first.wait_for(timeout=SHOWN_MS)
    await calm(page)


async def pan(page: Page) -> list[float]:
    taken = await frames(page, SECONDS, "benchPan()")
    await page.evaluate("benchRelease()")
    return taken


async def zoom_whole(page: Page) -> list[float]:
    await page.keyboard.press("f")
    await page.evaluate(_AT_REST)
    return await frames(page, SECONDS, "benchZoom()")


async def live(page: Page, ids: list[str] | None = None) -> float:
    """Frames a second while 5,000 values a second change of the nodes in `ids`, or of those that are in the page."""
    await page.evaluate("([ids, rate]) => benchLive(ids, rate)", [ids or await page.evaluate(_CARDS), PER_SECOND])
    taken = await frames(page, SECONDS, "() => undefined")
    await page.evaluate("benchQuiet()")
    return per_second(taken)


async def drag(page: Page) -> list[float]:
    """All nodes of a flow are chosen, as many in view as can be as cards, and dragged to and fro."""
    while await page.locator(".react-flow__node").count() == 0:
        await page.keyboard.press("+")
        await page.evaluate(_AT_REST)
    await page.keyboard.press("Control+a")
    await page.locator(".react-flow__node.selected").first.wait_for()
    await calm(page)
    taken = await frames(page, SECONDS, "benchDrag()")
    await page.evaluate("benchRelease()")
    return taken
