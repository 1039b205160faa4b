"""From a request that changes a node's state to the new value on the screen."""

import asyncio
import re
import time

from bench.connection import Connection
from bench.row import Row, percentile
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product

CHANGES = 200
# Uneven, so that changes meet every phase of whatever beats in the product.
PAUSES_SECONDS = (0.031, 0.073, 0.117, 0.053)
SEEN_SECONDS = 5.0

# Writes down when each number that the node shows was painted: the frame after the change of the document.
_WATCH = """id => {
  const node = document.querySelector(`.react-flow__node[data-id="${id}"]`);
  window.benchSeen = {};
  const note = () => requestAnimationFrame(() => {
    const now = performance.timeOrigin + performance.now();
    for (const [text] of node.innerText.replaceAll(",", "").matchAll(/\\d+/g)) window.benchSeen[text] ??= now;
  });
  new MutationObserver(note).observe(node, {subtree: true, childList: true, characterData: true});
}"""


async def measure(product: Product, flow: FlowPage) -> list[Row]:
    """`GET /visits` counts one up; the count is read off the counter's node in the browser."""
    await flow.page.evaluate(_WATCH, await flow.find("stateful_counter"))
    sent: dict[int, float] = {}
    async with Connection(product.flows_url) as visitor:
        for number in range(CHANGES):
            began = time.time()
            answer = await visitor.request("GET", "/visits")
            found = re.search(rb"\d+", answer.body)
            if answer.status != 200 or not found:
                raise RuntimeError(f"GET /visits: {answer.status}: {answer.body[:200]!r}")
            sent[int(found.group())] = began
            await asyncio.sleep(PAUSES_SECONDS[number % len(PAUSES_SECONDS)])
    last = max(sent)
    await flow.page.wait_for_function("last => last in window.benchSeen", arg=str(last), timeout=SEEN_SECONDS * 1000)
    seen = {int(text): at / 1000 for text, at in (await flow.page.evaluate("window.benchSeen")).items()}
    # A value that was overtaken before a frame came is seen when its successor is.
    delays = [
        (min(at for value, at in seen.items() if value >= number and at >= began) - began) * 1000
        for number, began in sent.items()
    ]
    return [Row("state_to_screen_p95_ms", round(percentile(delays, 0.95), 1), "ms", "lower", must=120, aim=80)]
