"""Messages that a flow has worked on by code that somebody typed, 64 at once: through the sandbox, warm, and on to what
answers them."""

import asyncio
import tempfile
from pathlib import Path
from statistics import median

from bench.row import Row
from tests.runtime.world import World, world

CALLS = 20_000
WIDTH = 64
RUNS = 3
SECONDS = 120.0
CODE = """
words = message["text"].split()
return {**message, "words": len(words), "even": message["number"] % 2 == 0}
"""


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        async with world(Path(directory) / "home", host=False) as one:
            await one.start_host(
                packages=("modules.http", "modules.common", "bench.caller", "bench.answerer"),
                WEIRFLOW_LOG_LEVEL="WARNING",
            )
            await _draw(one)
            await _call(one, CALLS // 4)
            rates = [CALLS / await _call(one, CALLS) for _ in range(RUNS)]
    return [Row("code_calls_per_s", round(median(rates)), "1/s", "higher", must=2_000, aim=10_000)]


async def _draw(one: World) -> None:
    """The order comes by HTTP; what is measured goes from the caller to the code, and on to what answers it."""
    server = await one.add("http_server", {"path": "/call", "timeout": int(SECONDS * 1000)})
    call = await one.add("call", module="caller-v1")
    code = await one.add("code", {"code": CODE}, module="common-v1")
    answer = await one.add("answer", module="answerer-v1")
    await one.wire(f"{server}:request", f"{call}:start", {"n": "{{$.query.n}}", "width": "{{$.query.width}}"})
    await one.wire(f"{call}:done", f"{server}:response", {"body": "{{$}}"})
    await one.wire(f"{call}:message", f"{code}:in", {"message": "{{$}}"})
    await one.wire(f"{code}:out", f"{answer}:in", {"number": "{{$.number}}", "user": "{{$.user}}"})
    await one.settled(server, call, code, answer)


async def _call(one: World, n: int) -> float:
    """Seconds for `n` messages."""
    async with asyncio.timeout(SECONDS):
        status, answer = await one.visit(f"/call?n={n}&width={WIDTH}")
    if status != 200:
        raise RuntimeError(f"/call: {status} {answer}")
    return float(answer["seconds"])
