"""How long a second start takes, and what the product takes while nothing happens."""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

import psutil

from bench.memory import pss_mib
from bench.nodered import NAME, node_red
from bench.row import Row
from tests.e2e.product import Product

STARTS = 5
# Long enough for what a start leaves to do; both products get the same.
SETTLE_SECONDS = 10.0


async def measure() -> list[Row]:
    starts, memory = await asyncio.to_thread(_ours)
    peer_starts, peer_memory = await _theirs()
    peer = NAME if peer_starts else None
    return [
        Row("second_start_ready_s", round(median(starts), 3), "s", "lower", peer,
            round(median(peer_starts), 3) if peer_starts else None, must=2.0, aim=1.2),
        Row("idle_memory_mib", round(memory, 1), "MiB", "lower", peer,
            round(peer_memory, 1) if peer_starts else None, must=320, aim=250),
    ]  # fmt: skip


def _ours() -> tuple[list[float], float]:
    """Seconds from the command to its ready line, each on a data directory that has been started before."""
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        product = Product(Path(directory) / "home")
        product.start()
        product.stop()
        seconds, memory = [], 0.0
        for number in range(STARTS):
            began = time.perf_counter()
            product.start()
            seconds.append(time.perf_counter() - began)
            if number == STARTS - 1:
                time.sleep(SETTLE_SECONDS)
                memory = pss_mib(product.processes())
            product.stop()
        return seconds, memory


async def _theirs() -> tuple[list[float], float]:
    seconds: list[float] = []
    memory = 0.0
    for number in range(STARTS + 1):
        async with node_red() as peer:
            if peer is None:
                return [], 0.0
            _, process, took = peer
            # Its first start, too, fills caches.
            if number:
                seconds.append(took)
            if number == STARTS:
                await asyncio.sleep(SETTLE_SECONDS)
                top = psutil.Process(process.pid)
                memory = pss_mib([top, *top.children(recursive=True)])
    return seconds, memory
