"""How long pages take in an installation that has been in use for long."""

import asyncio
import logging
import tempfile
import time
from pathlib import Path

from bench.connection import Connection
from bench.row import Row, percentile
from bench.teams.history import History, make_history
from tests.e2e.product import Product

log = logging.getLogger(__name__)

WARM_UP = 3
REQUESTS = 40
"""Of each page, one after the other."""


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        product = Product(Path(directory) / "home", {"WEIRFLOW_LOG_LEVEL": "warning"})
        try:
            await asyncio.to_thread(product.start)
            history = await asyncio.to_thread(make_history, product)
            times = await page_times(product.url, history)
        finally:
            await asyncio.to_thread(product.stop)
    slowest = {page: percentile(waits, 0.95) for page, waits in times.items()}
    for page, wait in slowest.items():
        log.info("%s: %.1f ms", page, wait)
    # The slowest page alone: among all requests the quick ones would hide it.
    return [Row("page_p95_ms", round(max(slowest.values()), 1), "ms", "lower", must=100, aim=50)]


async def page_times(url: str, history: History) -> dict[str, list[float]]:
    """Milliseconds of each page, from sending the request to its last byte. Raises RuntimeError for one that fails."""
    project = f"/projects/{history.project}"
    pages = {
        "projects": "/projects/",
        "last page of projects": "/projects/?page=42",
        "search of projects": "/projects/?q=plant+07",
        "project": f"{project}/",
        "members": f"{project}/members/",
        "activity": f"{project}/activity/",
        "old activity": f"{project}/activity/?before=300000",
        "audit of a project": f"{project}/audit/",
        "audit, deep": f"{project}/audit/?before=100000",
        "audit, one person": f"{project}/audit/?person=person-007",
        "audit, an action and an address": f"{project}/audit/?action=flow&address=192.0.2.7",
        "audit, text that is nowhere": f"{project}/audit/?text=nowhere",
        "audit, days a year ago": f"{project}/audit/?since=2026-01-01&until=2026-01-02",
        "audit of all": "/audit/",
        "audit of all, text that is nowhere": "/audit/?text=nowhere",
    }
    times: dict[str, list[float]] = {page: [] for page in pages}
    cookie = f"Cookie: weirflow_session={history.session}\r\n"
    async with Connection(url) as connection:
        for number in range(WARM_UP + REQUESTS):
            for page, address in pages.items():
                begun = time.perf_counter()
                answer = await connection.request("GET", address, headers=cookie)
                if answer.status != 200:
                    raise RuntimeError(f"{address} answers {answer.status}")
                if number >= WARM_UP:
                    times[page].append((time.perf_counter() - begun) * 1000)
    return times
