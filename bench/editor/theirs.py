"""Node-RED's editor with flows of the same shape, as far as it can be measured."""

import time
from dataclasses import dataclass
from statistics import median

import aiohttp
from playwright.async_api import Page

from bench.editor.flows import node_red_flow
from bench.editor.frames import PAGE_SCRIPT, calm, frames, heap_mib
from bench.nodered import node_red
from tests.e2e.people import open_browser, open_window

OPENINGS = 3
SECONDS = 3.0
ZOOM_SECONDS = 15.0
SHOWN_MS = 120_000
PAUSE_MS = 3_000
_SHOWN = "size => document.querySelectorAll('.red-ui-flow-node-group').length >= size"
_PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_PAN = """(() => {
  const chart = document.getElementById('red-ui-workspace-chart');
  return () => { chart.scrollLeft += 12; chart.scrollTop += 6; };
})()"""
_ZOOM = """(number) => {
  if (number % 4 === 0) RED.actions.invoke(Math.floor(number / 20) % 2 ? 'core:zoom-in' : 'core:zoom-out');
}"""


@dataclass(frozen=True)
class Theirs:
    open_s: float
    pan: list[float]
    zoom: list[float]
    heap_mib: float


async def measure(size: int) -> Theirs | None:
    """None where Node-RED is not installed."""
    async with node_red() as peer:
        if peer is None:
            return None
        address = peer[0]
        async with aiohttp.ClientSession() as session:
            headers = {"Node-RED-Deployment-Type": "full"}
            async with session.post(f"{address}/flows", json=node_red_flow(size), headers=headers) as answer:
                answer.raise_for_status()
        async with open_browser() as browser:
            page = await (await open_window(browser)).new_page()
            await page.add_init_script(path=PAGE_SCRIPT)
            return await _watch(page, address, size)


async def _watch(page: Page, address: str, size: int) -> Theirs:
    taken = []
    for number in range(OPENINGS + 1):
        await page.goto("about:blank")
        await page.wait_for_timeout(PAUSE_MS)
        began = time.perf_counter()
        await page.goto(address, wait_until="commit")
        await page.wait_for_function(_SHOWN, arg=size, timeout=SHOWN_MS, polling=30)
        await page.evaluate(_PAINTED)
        if number:
            taken.append(time.perf_counter() - began)
    await calm(page)
    pan = await frames(page, SECONDS, _PAN)
    zoom = await frames(page, ZOOM_SECONDS, _ZOOM)
    return Theirs(round(median(taken), 2), pan, zoom, round(await heap_mib(page), 1))
