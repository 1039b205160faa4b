"""Requests that a flow sends to a server of this machine, 64 at once: JSON that is sent, answered, and read again."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from bench.row import Row
from tests.runtime.world import World, world

REQUESTS = 20_000
WIDTH = 64
RUNS = 3
SECONDS = 120.0


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        async with echo_server() as port, world(Path(directory) / "home", host=False) as one:
            await one.start_host(
                packages=("modules.http", "bench.caller", "bench.answerer"),
                WEIRFLOW_LOG_LEVEL="WARNING",
                WEIRFLOW_OUTBOUND_ALLOW=f"127.0.0.1:{port}",
            )
            await _draw(one, port)
            await _ask(one, REQUESTS // 4)
            rates = [REQUESTS / await _ask(one, REQUESTS) for _ in range(RUNS)]
    return [Row("http_client_requests_per_s", round(median(rates)), "1/s", "higher", must=1_500, aim=3_000)]


@asynccontextmanager
async def echo_server() -> AsyncIterator[int]:
    """The port of a process that answers each request with its body."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.library.echo_server", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield int(await asyncio.wait_for(process.stdout.readline(), 20))
    finally:
        process.kill()
        await process.wait()


async def _draw(one: World, port: int) -> None:
    """The order comes by HTTP; what is measured goes from the caller to the client, and on to what answers it."""
    server = await one.add("http_server", {"path": "/call", "timeout": int(SECONDS * 1000)})
    call = await one.add("call", module="caller-v1")
    settings = {"url": f"http://127.0.0.1:{port}/visits", "method": "POST", "maxInFlight": 100}
    client = await one.add("http_client", settings)
    answer = await one.add("answer", module="answerer-v1")
    await one.wire(f"{server}:request", f"{call}:start", {"n": "{{$.query.n}}", "width": "{{$.query.width}}"})
    await one.wire(f"{call}:done", f"{server}:response", {"body": "{{$}}"})
    await one.wire(f"{call}:message", f"{client}:request", {"body": "{{$}}"})
    await one.wire(f"{client}:response", f"{answer}:in", {"number": "{{$.body.number}}", "user": "{{$.body.user}}"})
    await one.settled(server, call, client, answer)


async def _ask(one: World, n: int) -> float:
    """Seconds for `n` requests."""
    async with asyncio.timeout(SECONDS):
        status, answer = await one.visit(f"/call?n={n}&width={WIDTH}")
    if status != 200:
        raise RuntimeError(f"/call: {status} {answer}")
    return float(answer["seconds"])
