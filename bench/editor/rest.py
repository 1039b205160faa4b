"""Until the product has done what a flow that was just made asks of it."""

import asyncio
import time

from tests.e2e.product import Product

CORES = 0.2
LOOK_SECONDS = 2.0
MOST_SECONDS = 180.0


async def at_rest(product: Product) -> None:
    """Wait until all its processes together use less than a fifth of a core, over two seconds.

    The bar says Deployed once all nodes are on the cluster; their first states and the check of all mappings come after
    that, and on two cores they take from the browser what is measured there. Raises TimeoutError after three minutes.
    """
    until = time.monotonic() + MOST_SECONDS
    before = _used(product)
    while time.monotonic() < until:
        await asyncio.sleep(LOOK_SECONDS)
        now = _used(product)
        if now - before < CORES * LOOK_SECONDS:
            return
        before = now
    raise TimeoutError(f"the product is busy after {MOST_SECONDS:g} s although nothing is asked of it")


def _used(product: Product) -> float:
    """CPU seconds of all its processes so far."""
    times = [process.cpu_times() for process in product.processes()]
    return sum(time.user + time.system for time in times)
