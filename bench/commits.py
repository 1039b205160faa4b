"""How many state changes a second the whole way from a request to the store and back commits."""

import asyncio
import time

from bench.connection import Connection
from bench.row import Row
from tests.e2e.product import Product

VISITORS = 64
SECONDS = 5.0


async def measure(product: Product) -> list[Row]:
    """`VISITORS` requests at once to the demo flow: each answered 200 is one committed change of the counter."""
    until = time.perf_counter() + SECONDS

    async def visit() -> int:
        committed = 0
        async with Connection(product.flows_url) as visitor:
            while time.perf_counter() < until:
                answer = await visitor.request("GET", "/visits")
                if answer.status != 200:
                    raise RuntimeError(f"GET /visits: {answer.status}: {answer.body[:200]!r}")
                committed += 1
        return committed

    total = sum(await asyncio.gather(*(visit() for _ in range(VISITORS))))
    return [Row("committed_state_changes_per_s", round(total / SECONDS), "1/s", "higher", aim=2_000)]
