"""What three replicas ask of the cluster while nothing happens in two thousand nodes."""

import asyncio
import tempfile
import time
from pathlib import Path

import pytest

from bench.row import Row
from tests.runtime.test_quiet import NODES, three

SECONDS = 60.0


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory, pytest.MonkeyPatch.context() as patch:
        async with three(Path(directory), patch, NODES) as group:
            await group.quiet()
            group.asked.clear()
            began = time.monotonic()
            await asyncio.sleep(SECONDS)
            rate = group.asked.total() / (time.monotonic() - began)
    return [Row("rest_requests_per_s", round(rate, 2), "1/s", "lower", must=5, aim=1)]
