"""The same storm in Node-RED: function nodes that set their status, read by editors on its websocket."""

import asyncio
import time

import aiohttp
import orjson

from bench.nodered import node_red
from bench.row import percentile

WARM_UP_SECONDS = 3.0
RECEIVE_SECONDS = 30.0


async def measure(nodes: int, per_second: int, editors: int, seconds: float) -> float | None:
    """The p99 age of a status at its arrival in milliseconds, or None without Node-RED."""
    async with node_red() as peer:
        if peer is None:
            return None
        address = peer[0]
        async with aiohttp.ClientSession() as session:
            headers = {"Node-RED-Deployment-Type": "full"}
            async with session.post(f"{address}/flows", json=_flow(nodes, per_second), headers=headers) as answer:
                answer.raise_for_status()
            watching = (_editor(session, f"{address.replace('http', 'ws')}/comms", seconds) for _ in range(editors))
            ages = [age for one in await asyncio.gather(*watching) for age in one]
    return percentile(ages, 0.99)


def _flow(nodes: int, per_second: int) -> list[dict[str, object]]:
    beat = (
        f"let n = 0; setInterval(() => node.status({{fill: 'green', shape: 'dot', "
        f"text: Date.now() + ' ' + n++}}), {1000 / per_second:g});"
    )
    functions = [
        {"id": f"pulse{number}", "type": "function", "z": "tab", "name": f"pulse{number}", "outputs": 1, "wires": [[]],
         "x": 100 + number % 10 * 160, "y": 60 + number // 10 * 60, "initialize": beat, "func": "return msg;"}
        for number in range(nodes)
    ]  # fmt: skip
    return [{"id": "tab", "type": "tab", "label": "storm"}, *functions]


async def _editor(session: aiohttp.ClientSession, address: str, seconds: float) -> list[float]:
    ages: list[float] = []
    began = time.monotonic()
    async with session.ws_connect(address, max_msg_size=0) as socket:
        await socket.send_json({"subscribe": "status/#"})
        while (passed := time.monotonic() - began) < WARM_UP_SECONDS + seconds:
            message = await socket.receive(timeout=RECEIVE_SECONDS)
            now, events = time.time() * 1000, orjson.loads(message.data)
            if passed < WARM_UP_SECONDS:
                continue
            for event in events if isinstance(events, list) else [events]:
                text = (event.get("data") or {}).get("text", "") if isinstance(event.get("data"), dict) else ""
                if event.get("topic", "").startswith("status/pulse") and " " in text:
                    ages.append(now - float(text.split()[0]))
    return ages
