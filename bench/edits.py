"""From a keystroke in the browser to the resource on the cluster, and to the component that has the setting."""

import asyncio
import base64
import json
import time
from pathlib import Path

from bench.connection import Connection
from bench.embedded import NODES
from bench.row import Row, percentile
from tests.e2e.flow_page import FlowPage
from tests.e2e.product import Product
from weirflow.kube.config import load_config

EDITS = 60
WARM_UP = 5
ANSWER_SECONDS = 10.0
POLL_SECONDS = 0.004
# Nobody presses Enter in the instant of the last letter; the form itself would send after 0.3 s.
FINGER_SECONDS = 0.12

# When the key that sends the setting went down, on the clock that Python reads too.
_MARK = """() => addEventListener("keydown", (event) => {
  if (event.key === "Enter") window.benchPressed = performance.timeOrigin + event.timeStamp;
}, true)"""


async def measure(product: Product, flow: FlowPage) -> list[Row]:
    applied, reconfigured = await times(product, flow, product.kubeconfig)
    return [
        Row("edit_to_applied_p95_ms", round(applied, 1), "ms", "lower", must=50, aim=25),
        Row("edit_to_reconfigured_p95_ms", round(reconfigured, 1), "ms", "lower", must=100, aim=75),
    ]


async def times(product: Product, flow: FlowPage, kubeconfig: Path, namespace: str = "default") -> tuple[float, float]:
    """The p95 in milliseconds until an edit is on the cluster, and until the component has it.

    Changes the path of the HTTP server by typing it, again and again.
    """
    nodes = NODES.replace("/default/", f"/{namespace}/")
    await flow.select(await flow.find("http_server"))
    await flow.page.evaluate(_MARK)
    field = flow.field("/path")
    config = load_config(kubeconfig)
    applied, reconfigured = [], []
    async with Connection(config.server, config) as watch, Connection(product.flows_url) as visitor:
        page = json.loads((await watch.request("GET", f"{nodes}?limit=1")).body)
        await watch.open_stream(f"{nodes}?watch=1&resourceVersion={page['metadata']['resourceVersion']}")
        for number in range(EDITS + WARM_UP):
            path = f"/visits-{number}"
            seen = asyncio.gather(_on_cluster(watch, path), _served(visitor, path))
            await field.fill(path)
            await asyncio.sleep(FINGER_SECONDS)
            await field.press("Enter")
            async with asyncio.timeout(ANSWER_SECONDS):
                on_cluster, served = await seen
            pressed = float(await flow.page.evaluate("window.benchPressed")) / 1000
            if number >= WARM_UP:
                applied.append((on_cluster - pressed) * 1000)
                reconfigured.append((served - pressed) * 1000)
        await field.fill("/visits")
        await field.press("Enter")
        async with asyncio.timeout(ANSWER_SECONDS):
            await _served(visitor, "/visits")
    return percentile(applied, 0.95), percentile(reconfigured, 0.95)


async def _on_cluster(watch: Connection, path: str) -> float:
    """When a watcher got the TinyNode with this path in its settings; seconds since 1970."""
    while True:
        event = json.loads(await watch.line())
        now = time.time()
        for port in event["object"].get("spec", {}).get("ports", []):
            if port["port"] == "_settings" and path in base64.b64decode(port["configuration"]).decode():
                return now


async def _served(visitor: Connection, path: str) -> float:
    """When the HTTP server answered at this path; seconds since 1970."""
    while True:
        if (await visitor.request("GET", path)).status == 200:
            return time.time()
        await asyncio.sleep(POLL_SECONDS)
