"""The one web process is killed while 100 people edit: how long until each is back and has an edit acknowledged.

Those of other processes would notice nothing, and the killed one's find another at once; here all wait until it has
started again, as on an installation of the smallest size.
"""

import asyncio
import os
import signal
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.row import Row
from tests.e2e.product import Product
from tests.services.team import Browser, Team, make_team
from tests.waiting import eventually

PEOPLE = 100
READY_SECONDS = 60.0


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        product = Product(Path(directory) / "home", {"WEIRFLOW_LOG_LEVEL": "warning"})
        try:
            await asyncio.to_thread(product.start)
            team = await asyncio.to_thread(make_team, product, PEOPLE)
            seconds = await seconds_away(product, team)
        finally:
            await asyncio.to_thread(product.stop)
    return [Row("web_killed_100_editors_back_s", round(seconds, 2), "s", "lower", must=5, aim=3)]


async def seconds_away(product: Product, team: Team) -> float:
    """From the kill to the last person's socket and first edit. Raises RuntimeError when an acknowledged edit is lost,
    AssertionError when somebody does not come back."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        people = [Browser(team, number, session) for number in range(PEOPLE)]
        staying = [asyncio.create_task(one.stay()) for one in people]
        try:
            await eventually(lambda: all(one.socket is not None for one in people), READY_SECONDS, "all sockets")
            for one in people:
                await one.add()
            killed = time.perf_counter()
            os.kill(product.child("web"), signal.SIGKILL)
            await asyncio.gather(*(_move(one) for one in people))
            await eventually(lambda: all(_is_back(one) for one in people), READY_SECONDS, "everybody to be back")
            seconds = time.perf_counter() - killed
            rows = {row["id"]: row for row in (await people[0].document())["nodes"]}
            if any(rows.get(one.node, {}).get("y") != 1 for one in people):
                raise RuntimeError("an acknowledged edit is not in the flow")
        finally:
            for task in staying:
                task.cancel()
            await asyncio.gather(*staying, return_exceptions=True)
    return seconds


async def _move(one: Browser) -> None:
    async with asyncio.timeout(READY_SECONDS):
        await one.edit({"op": "set_node", "id": one.node, "fields": {"y": 1}})


def _is_back(one: Browser) -> bool:
    return one.hellos > 1 and one.socket is not None
