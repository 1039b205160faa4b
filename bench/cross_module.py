"""Calls from a module of one process to a module of another, the whole way: routing, mapping, validation, result."""

import asyncio
import tempfile
from pathlib import Path
from statistics import median

from bench.row import Row
from tests.ports import free_port
from tests.runtime.world import World, world
from tests.transport.broker import Broker

CALLS = 5_000
CALLS_AT_ONCE = 50_000
WIDTH = 64
RUNS = 5
ANSWER_SECONDS = 120.0
MAPPING = {"number": "{{$.number}}", "user": "{{$.user}}", "text": "{{$.text}}"}


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        broker = Broker(Path(directory))
        await broker.start()
        try:
            nats_ms, nats_rate = await _way(Path(directory) / "nats", WEIRFLOW_NATS_URL=broker.url)
        finally:
            broker.kill()
        grpc_ms, grpc_rate = await _way(Path(directory) / "grpc")
    return [
        Row("cross_module_call_p50_ms_nats", round(nats_ms, 3), "ms", "lower", must=0.5, aim=0.2),
        Row("cross_module_call_p50_ms_grpc", round(grpc_ms, 3), "ms", "lower", must=1.0, aim=0.4),
        Row("cross_module_calls_per_s_nats", round(nats_rate), "1/s", "higher", must=10_000, aim=20_000),
        Row("cross_module_calls_per_s_grpc", round(grpc_rate), "1/s", "higher"),
    ]


async def _way(home: Path, **environment: str) -> tuple[float, float]:
    """Milliseconds of one call after the other, and calls per second with `WIDTH` at once; medians of the runs."""
    async with world(home, host=False) as one:
        quiet = {"WEIRFLOW_LOG_LEVEL": "WARNING", **environment}
        await one.start_host(packages=("modules.http", "bench.caller"), **quiet)
        await one.start_host(packages=("bench.answerer",), port=free_port(), **quiet)
        server = await one.add("http_server", {"path": "/call", "timeout": int(ANSWER_SECONDS * 1000)})
        call = await one.add("call", module="caller-v1")
        answer = await one.add("answer", module="answerer-v1")
        await one.wire(f"{server}:request", f"{call}:start", {"n": "{{$.query.n}}", "width": "{{$.query.width}}"})
        await one.wire(f"{call}:done", f"{server}:response", {"body": "{{$}}"})
        await one.wire(f"{call}:message", f"{answer}:in", MAPPING)
        await one.settled(server, call, answer)
        await _ask(one, CALLS, WIDTH)
        singles = [await _ask(one, CALLS, 1) for _ in range(RUNS)]
        crowds = [await _ask(one, CALLS_AT_ONCE, WIDTH) for _ in range(RUNS)]
    return median(p50 for _, p50 in singles), median(CALLS_AT_ONCE / seconds for seconds, _ in crowds)


async def _ask(one: World, n: int, width: int) -> tuple[float, float]:
    async with asyncio.timeout(ANSWER_SECONDS):
        status, answer = await one.visit(f"/call?n={n}&width={width}")
    if status != 200:
        raise RuntimeError(f"/call: {status} {answer}")
    return float(answer["seconds"]), float(answer["p50Ms"])
