"""How many hops a second a chain of ten nodes takes: mappings on its wires, or code in its nodes."""

import asyncio
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp

from bench.chain import BATCH
from bench.nodered import NAME, node_red
from bench.row import Row
from tests.runtime.world import World, world
from tests.waiting import eventually

HOPS = 10
MESSAGES = 50_000
RUNS = 5
ANSWER_SECONDS = 120.0

#: What a wire does on its way to a mapping node: one field is set from another, as Node-RED's change node does.
MAPPED = {"count": "{{$.count}}", "name": "{{$.user.name}}", "user": "{{$.user}}"}
#: What a wire to a node with code does: it hands over what came.
PASSED = {"count": "{{$.count}}", "user": "{{$.user}}"}


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        async with world(Path(directory) / "home", host=False) as one:
            await one.start_host(
                packages=("modules.common", "modules.http", "bench.chain"), WEIRFLOW_LOG_LEVEL="WARNING"
            )
            await _chain(one, "/mapping", "common-v1", "transform", MAPPED)
            await _chain(one, "/component", "chain-v1", "step", PASSED)
            mapping, component = await _run(one, "/mapping"), await _run(one, "/component")
    async with node_red() as peer:
        theirs = await _theirs(peer[0]) if peer else None
    return [
        Row("mapping_hops_per_s", round(mapping), "1/s", "higher", NAME if theirs else None,
            theirs and round(theirs[0]), must_ratio=1.1, aim_ratio=1.5),
        Row("component_hops_per_s", round(component), "1/s", "higher", NAME if theirs else None,
            theirs and round(theirs[1]), must_ratio=2.0, aim_ratio=3.0),
    ]  # fmt: skip


async def _chain(one: World, path: str, module: str, component: str, mapping: dict[str, Any]) -> None:
    """`GET path?n=` sends n messages through ten nodes to a sink."""
    server = await one.add("http_server", {"path": path, "timeout": int(ANSWER_SECONDS * 1000)})
    source = await one.add("generate", module="chain-v1")
    nodes = [await one.add(component, module=module) for _ in range(HOPS)]
    sink = await one.add("sink", module="chain-v1")
    await one.wire(f"{server}:request", f"{source}:start", {"n": "{{$.query.n}}"})
    await one.wire(f"{source}:done", f"{server}:response", {"body": {"seconds": "{{$.seconds}}"}})
    origin = f"{source}:message"
    for node in nodes:
        await one.wire(origin, f"{node}:in", mapping)
        origin = f"{node}:out"
    await one.wire(origin, f"{sink}:in", PASSED)
    await one.settled(server, source, *nodes, sink)


async def _run(one: World, path: str) -> float:
    await _ask(one, path, MESSAGES // 10)
    return median([MESSAGES * HOPS / await _ask(one, path, MESSAGES) for _ in range(RUNS)])


async def _ask(one: World, path: str, messages: int) -> float:
    async with asyncio.timeout(ANSWER_SECONDS):
        status, answer = await one.visit(f"{path}?n={messages}")
    if status != 200:
        raise RuntimeError(f"{path}: {status} {answer}")
    return float(answer["seconds"])


async def _theirs(address: str) -> tuple[float, float]:
    """Hops per second through ten change nodes, and through ten function nodes."""
    rates: list[float] = []
    change = {"t": "set", "p": "payload.name", "pt": "msg", "to": "payload.user.name", "tot": "msg"}
    kinds: list[dict[str, Any]] = [
        {"type": "change", "rules": [change]},
        {"type": "function", "outputs": 1, "func": "msg.payload.count=msg.payload.count+1;return msg;"},
    ]
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    async with aiohttp.ClientSession(address, timeout=timeout) as session:
        for kind in kinds:
            async with session.post("/flows", json=_flow(kind), headers={"Node-RED-Deployment-Type": "full"}) as answer:
                answer.raise_for_status()
            await eventually(lambda: _seconds(session, 10), ANSWER_SECONDS, "Node-RED's chain")
            await _seconds(session, MESSAGES // 10)
            taken = [await _seconds(session, MESSAGES) for _ in range(RUNS)]
            rates.append(median([MESSAGES * HOPS / seconds for seconds in taken if seconds]))
    return rates[0], rates[1]


async def _seconds(session: aiohttp.ClientSession, messages: int) -> float | None:
    async with session.get("/chain", params={"n": messages}) as answer:
        return float((await answer.json())["seconds"]) if answer.status == 200 else None


def _flow(kind: dict[str, Any]) -> list[dict[str, Any]]:
    """`GET /chain?n=` sends n messages through ten nodes of `kind`; the sink answers when the last has come."""
    generate = (
        "const n = +msg.req.query.n; const run = {n, seen: 0, began: Date.now(), msg};"
        "global.set('run', run); let i = 0;"
        f"function go() {{ const end = Math.min(n, i + {BATCH});"
        " for (; i < end; i++) node.send({payload: {count: i, user: {name: 'bob'}}});"
        " if (i < n) setTimeout(go, 0); } go(); return null;"
    )
    sink = (
        # What a context gives out is a copy, so the sink keeps its own.
        "const run = context.run || (context.run = global.get('run')); if (++run.seen < run.n) return null;"
        "context.run = null; run.msg.payload = {seconds: (Date.now() - run.began) / 1e3};"
        "return run.msg;"
    )
    common = {"z": "tab", "x": 100, "y": 100}
    chain = [
        {**common, **kind, "id": f"n{i}", "wires": [[f"n{i + 1}" if i + 1 < HOPS else "sink"]]} for i in range(HOPS)
    ]
    return [
        {"id": "tab", "type": "tab", "label": "chain"},
        {**common, "id": "in", "type": "http in", "url": "/chain", "method": "get", "wires": [["generate"]]},
        {**common, "id": "generate", "type": "function", "outputs": 1, "func": generate, "libs": [],
         "wires": [["n0"]]},
        *chain,
        {**common, "id": "sink", "type": "function", "outputs": 1, "func": sink, "wires": [["answer"]]},
        {**common, "id": "answer", "type": "http response", "wires": []},
    ]  # fmt: skip
