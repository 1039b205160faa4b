"""5,000 live changes a second from 100 nodes, watched by ten editors: one real browser and nine websockets."""

import asyncio
import contextlib
import os
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator

import aiohttp
import orjson

from bench import nodered_live
from bench.memory import pss_mib
from bench.nodered import NAME
from bench.row import Row, percentile
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import ROOT, Product

NODES = 100
PER_SECOND = 50
EDITORS = 10
WARM_UP_SECONDS = 3.0
SECONDS = 10.0
READY_SECONDS = 60.0
# Below this share of what the nodes should change, the row would not say what its name says.
LEAST_OFFERED = 0.9

# What the processes may grow by while the storm lasts: newest wins, so that nothing piles up behind slow readers.
MOST_GROWTH_MIB = 48

# For every value that was painted: how old it was in the frame after the change of the document.
_WATCH = """() => {
  window.benchAges = [];
  const changed = new Set();
  const note = () => {
    const now = performance.timeOrigin + performance.now();
    for (const node of changed) {
      const found = /(\\d{13}\\.\\d) \\d+/.exec(node.textContent);
      if (found) window.benchAges.push(now - Number(found[1]));
    }
    changed.clear();
  };
  new MutationObserver((records) => {
    if (changed.size === 0) requestAnimationFrame(note);
    for (const {target} of records) {
      const element = target.nodeType === 1 ? target : target.parentElement;
      const node = element?.closest(".react-flow__node");
      if (node) changed.add(node);
    }
  }).observe(document.querySelector(".react-flow"), {subtree: true, childList: true, characterData: true});
}"""


async def measure(product: Product, flow: FlowPage) -> list[Row]:
    async with pulse_host(product):
        await _add_nodes(flow)
        await flow.page.get_by_role("button", name="Fit the flow").click()
        ours = await _watch(product, flow)
    theirs = await nodered_live.measure(NODES, PER_SECOND, EDITORS, SECONDS)
    return [
        Row("live_5000_per_s_p99_ms", round(ours, 1), "ms", "lower", NAME if theirs else None,
            round(theirs, 1) if theirs else None, must=150, aim=110),
    ]  # fmt: skip


@contextlib.asynccontextmanager
async def pulse_host(product: Product) -> AsyncIterator[None]:
    """A module host of its own for the changing nodes, as a person starts one by hand."""
    reader, writer = os.pipe()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "weirflow.runtime", "bench.pulse", cwd=ROOT, pass_fds=(writer,),
        env={**os.environ, "WEIRFLOW_HOME": str(product.home), "WEIRFLOW_HTTP_PORT": "0",
             "KUBECONFIG": str(product.home / "kubeconfig.modules"), "WEIRFLOW_READY_FD": str(writer),
             "WEIRFLOW_LOG_LEVEL": "warning"},
        stdin=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writer)
    try:
        async with asyncio.timeout(READY_SECONDS):
            await asyncio.to_thread(os.read, reader, 64)
        yield
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _add_nodes(flow: FlowPage) -> None:
    """The nodes, in ten rows below the demo, once the editor knows their component."""
    ops = [
        {"op": "add_node", "id": f"pulse{number:07d}", "module": "bench-v1", "component": "pulse",
         "x": number % 10 * 260, "y": 600 + number // 10 * 120, "settings": {"perSecond": PER_SECOND}}
        for number in range(NODES)
    ]  # fmt: skip
    until = time.monotonic() + READY_SECONDS
    while (answer := await flow.change(*ops)).status != 200:
        if time.monotonic() > until:
            raise RuntimeError(f"the nodes cannot be added: {answer.data}")
        await asyncio.sleep(0.2)


async def _watch(product: Product, flow: FlowPage) -> float:
    """The worse p99 of both kinds of editor, in milliseconds.

    Raises RuntimeError when less was offered than the row's name says, or memory grew.
    """
    cookies = {one.get("name", ""): one.get("value", "") for one in await flow.page.context.cookies()}
    address = f"{product.url.replace('http', 'ws')}/ws/flows/{flow.flow}"
    async with aiohttp.ClientSession(cookies=cookies, headers={"Origin": product.url}) as session:
        editors = [asyncio.create_task(_editor(session, address)) for _ in range(EDITORS - 1)]
        await asyncio.sleep(WARM_UP_SECONDS)
        before = pss_mib(product.processes())
        await flow.page.evaluate(_WATCH)
        ages = [age for one in await asyncio.gather(*editors) for age in one]
        growth = pss_mib(product.processes()) - before
        painted = [float(age) for age in await flow.page.evaluate("window.benchAges")]
    if growth > MOST_GROWTH_MIB:
        raise RuntimeError(f"the product grew by {growth:.0f} MiB in {SECONDS:g} s: something piles up")
    if not ages or not painted:
        raise RuntimeError(f"nothing was seen: {len(ages)} values on websockets, {len(painted)} in the browser")
    return max(percentile(ages, 0.99), percentile(painted, 0.99))


async def _editor(session: aiohttp.ClientSession, address: str) -> list[float]:
    """How old each value was when it came, in milliseconds, after the warm-up."""
    ages: list[float] = []
    counts: dict[str, list[tuple[float, int]]] = defaultdict(list)
    began = time.monotonic()
    async with session.ws_connect(address, max_msg_size=0) as socket:
        while (passed := time.monotonic() - began) < WARM_UP_SECONDS + SECONDS:
            message = await socket.receive(timeout=READY_SECONDS)
            if message.type is not aiohttp.WSMsgType.TEXT:
                raise RuntimeError(f"the websocket was closed: {message.data} {message.extra}")
            now, frame = time.time() * 1000, orjson.loads(message.data)
            if frame["t"] != "live" or passed < WARM_UP_SECONDS:
                continue
            for node, live in frame["nodes"].items():
                if node.startswith("pulse") and " " in live.get("value", ""):
                    at, count = live["value"].split()
                    ages.append(now - float(at))
                    counts[node].append((float(at), int(count)))
    _check_offer(counts)
    return ages


def _check_offer(counts: dict[str, list[tuple[float, int]]]) -> None:
    rates = [
        (last[1] - first[1]) / (last[0] - first[0]) * 1000
        for first, *_, last in (seen for seen in counts.values() if len(seen) > 1)
    ]
    if sum(rates) < NODES * PER_SECOND * LEAST_OFFERED:
        raise RuntimeError(f"{len(rates)} nodes changed {sum(rates):.0f} times a second, not {NODES * PER_SECOND}")
