"""How long frames take in a page while something is done in each."""

from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import CDPSession, Page

from bench.memory import MIB
from bench.row import percentile

PAGE_SCRIPT = Path(__file__).with_name("page.js")
WARM_UP_FRAMES = 10
QUIET_MS = 60_000
_CALM = """(most) => new Promise((done, fail) => {
  const began = performance.now();
  let last = began, calm = 0;
  const look = (now) => {
    calm = now - last < 50 ? calm + 1 : 0;
    last = now;
    if (calm >= 60) done();
    else if (now - began > most) fail(new Error(`no second without a long frame in ${most} ms`));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


async def calm(page: Page) -> None:
    """Until what opening left to do is done: nothing is asked of the server, and sixty frames in a row came in time."""
    await page.wait_for_load_state("networkidle", timeout=QUIET_MS)
    await page.evaluate(_CALM, QUIET_MS)


async def frames(page: Page, seconds: float, step: str) -> list[float]:
    """Durations in ms of the frames in which `step`, in JavaScript a function of the frame's number, was called."""
    taken = await page.evaluate(f"benchFrames({seconds * 1000}, {step})")
    # A page with frames of a second each has few of them.
    return [float(one) for one in taken][min(WARM_UP_FRAMES, len(taken) // 4) :]


def p95(taken: Sequence[float]) -> float:
    return round(percentile(taken, 0.95), 1)


def per_second(taken: Sequence[float]) -> float:
    return round(1000 * len(taken) / sum(taken), 1)


async def heap_mib(page: Page) -> float:
    """What the page's JavaScript takes once the rubbish is out."""
    session: CDPSession = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.enable")
    await session.send("HeapProfiler.collectGarbage")
    used = float((await session.send("Runtime.getHeapUsage"))["usedSize"])
    await session.detach()
    return used / MIB
