"""Requests through a flow of two nodes, sixteen connections at once, by wrk; Node-RED's like flow in the same run."""

import asyncio
import re
import shutil
import tempfile
from pathlib import Path
from statistics import median

import aiohttp

from bench.nodered import NAME, node_red
from bench.row import Row
from tests.runtime.world import world
from tests.waiting import eventually

CONNECTIONS = 16
SECONDS = 8
RUNS = 3
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


async def measure() -> list[Row]:
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is needed to load the flows. On Debian: sudo apt-get install wrk")
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        async with world(Path(directory) / "home", host=False) as one:
            await one.start_host(WEIRFLOW_LOG_LEVEL="WARNING")
            server = await one.add("http_server", {"path": "/bench", "timeout": 10_000})
            shape = await one.add("transform")
            await one.wire(f"{server}:request", f"{shape}:in", {"ok": True, "name": "{{$.query.name}}"})
            await one.wire(f"{shape}:out", f"{server}:response", {"body": "{{$}}"})
            await one.settled(server, shape)
            status, answer = await one.visit("/bench?name=bob")
            if (status, answer) != (200, {"ok": True, "name": "bob"}):
                raise RuntimeError(f"GET /bench: {status} {answer}")
            rate, p99 = await _load(f"http://127.0.0.1:{one.port}")
    async with node_red() as peer:
        theirs = await _theirs(peer[0]) if peer else None
    return [
        Row("http_flow_requests_per_s", round(rate), "1/s", "higher", NAME if theirs else None,
            theirs and round(theirs[0]), must_ratio=1.3, aim_ratio=2.0),
        Row("http_flow_p99_ms", round(p99, 2), "ms", "lower", NAME if theirs else None,
            theirs and round(theirs[1], 2), must_ratio=0.5, aim_ratio=0.333),
    ]  # fmt: skip


async def _load(address: str) -> tuple[float, float]:
    """The median rate and p99 (ms) of some runs, after one that does not count. Raises RuntimeError for any error."""
    await _wrk(address, 2)
    runs = [await _wrk(address, SECONDS) for _ in range(RUNS)]
    return median(rate for rate, _ in runs), median(p99 for _, p99 in runs)


async def _wrk(address: str, seconds: int) -> tuple[float, float]:
    process = await asyncio.create_subprocess_exec(
        "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--latency", f"{address}/bench?name=bob",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    text = (await process.communicate())[0].decode()
    rate, p99 = re.search(r"Requests/sec:\s+([\d.]+)", text), re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    if rate is None or p99 is None or "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(f"wrk against {address}: {text}")
    return float(rate[1]), float(p99[1]) * _UNITS[p99[2]]


async def _theirs(address: str) -> tuple[float, float]:
    common = {"z": "tab", "x": 100, "y": 100}
    rules = [
        {"t": "set", "p": "payload", "pt": "msg", "to": '{"ok":true}', "tot": "json"},
        {"t": "set", "p": "payload.name", "pt": "msg", "to": "req.query.name", "tot": "msg"},
    ]
    flow = [
        {"id": "tab", "type": "tab", "label": "bench"},
        {**common, "id": "in", "type": "http in", "url": "/bench", "method": "get", "wires": [["shape"]]},
        {**common, "id": "shape", "type": "change", "rules": rules, "wires": [["answer"]]},
        {**common, "id": "answer", "type": "http response", "wires": []},
    ]  # fmt: skip
    async with aiohttp.ClientSession(address) as session:
        async with session.post("/flows", json=flow, headers={"Node-RED-Deployment-Type": "full"}) as answer:
            answer.raise_for_status()

        async def answers() -> bool:
            async with session.get("/bench", params={"name": "bob"}) as answer:
                return answer.status == 200

        await eventually(answers, what="Node-RED's flow answering")
    return await _load(address)
