"""How soon a flow of thousands of nodes runs, from the request that creates it; what that costs the module host, and
what one more edit costs. Node-RED gets a flow of the same shape in the same run."""

import asyncio
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import psutil

from bench.memory import pss_mib
from bench.nodered import NAME, node_red
from bench.row import Row
from tests.e2e.people import open_browser, open_demo, open_window, sign_in
from tests.e2e.product import Product
from tests.waiting import eventually

SIZES = (1_000, 5_000)
COLUMNS = 50
#: Nodes that answer requests, added last: the flow runs when all of them do.
SERVERS = 10
#: Operations in one batch, as many as the API takes.
BATCH = 500
DEPLOY_SECONDS = 120.0
EDITS = 20
_MUST = {"deploy": (1.5, 6.0), "host": (0.3, 1.5)}
_AIM = {"deploy": (0.5, 2.5), "host": (0.15, 0.8)}

Operation = dict[str, Any]


async def measure() -> list[Row]:
    deploys: list[float] = []
    shares: list[float] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
            product = Product(Path(directory) / "home", {"WEIRFLOW_LOG_LEVEL": "warning"})
            try:
                await asyncio.to_thread(product.start)
                async with _signed_in(product) as api:
                    host = _host(product)
                    before = _cpu(host)
                    deploys.append(await _deploy(api, product.flows_url, size))
                    shares.append(_cpu(host) - before)
                    if size == SIZES[-1]:
                        memory = pss_mib([host])
                        edit = await _edit(api, product.flows_url)
            finally:
                await asyncio.to_thread(product.stop)
    theirs = [await _theirs(size) for size in SIZES]
    rows = []
    for index, size in enumerate(SIZES):
        peer = theirs[index]
        rows.append(
            Row(f"deploy_{size}_s", round(deploys[index], 2), "s", "lower", NAME if peer else None,
                peer and round(peer[0], 2), must=_MUST["deploy"][index], aim=_AIM["deploy"][index])
        )  # fmt: skip
        rows.append(Row(f"deploy_host_{size}_s", round(shares[index], 2), "s", "lower",
                        must=_MUST["host"][index], aim=_AIM["host"][index]))  # fmt: skip
    last = theirs[-1]
    rows.append(Row("one_node_edit_ms", round(edit, 1), "ms", "lower", must=75, aim=30))
    rows.append(Row(f"memory_{SIZES[-1]}_nodes_mib", round(memory, 1), "MiB", "lower", NAME if last else None,
                    last and round(last[1], 1), must=300, aim=180))  # fmt: skip
    return rows


class _Api:
    """The flow's HTTP API, as the page uses it, without the page."""

    def __init__(self, session: aiohttp.ClientSession, flow: str, token: str) -> None:
        self._session, self._path, self._headers = session, f"/api/flows/{flow}", {"X-CSRFToken": token}
        self.rev = 0

    async def open(self) -> None:
        async with self._session.get(self._path) as answer:
            self.rev = (await answer.json())["flow"]["rev"]

    async def change(self, ops: list[Operation]) -> None:
        body = {"base_rev": self.rev, "client_op_id": str(uuid.uuid4()), "ops": ops}
        async with self._session.post(f"{self._path}/changes", json=body, headers=self._headers) as answer:
            if answer.status != 200:
                raise RuntimeError(f"{answer.status}: {await answer.text()}")
            self.rev = (await answer.json())["rev"]


@asynccontextmanager
async def _signed_in(product: Product) -> AsyncIterator[_Api]:
    async with open_browser() as browser:
        window = await open_window(browser)
        flow = (await open_demo(await sign_in(window, product))).flow
        cookies = {one.get("name", ""): one.get("value", "") for one in await window.cookies()}
    async with aiohttp.ClientSession(product.url, cookies=cookies, headers={"Origin": product.url}) as session:
        api = _Api(session, flow, cookies["csrftoken"])
        await api.open()
        yield api


async def _deploy(api: _Api, flows_url: str, size: int) -> float:
    """Seconds from the first request to the moment when all servers of the flow have answered."""
    ops = _operations(size)
    began = time.perf_counter()
    for start in range(0, len(ops), BATCH):
        await api.change(ops[start : start + BATCH])
    async with aiohttp.ClientSession(flows_url) as visitor:
        for number in range(SERVERS):
            await _answers(visitor, f"/ready-{number}")
    return time.perf_counter() - began


async def _edit(api: _Api, flows_url: str) -> float:
    """Milliseconds from the request that changes one node's setting until the node lives by it; the median."""
    taken: list[float] = []
    async with aiohttp.ClientSession(flows_url) as visitor:
        for number in range(EDITS):
            path = f"/edited-{number}"
            began = time.perf_counter()
            await api.change([{"op": "set_setting", "id": "server000000", "path": ["path"], "value": path}])
            await _answers(visitor, path)
            taken.append((time.perf_counter() - began) * 1000)
    return median(taken)


async def _answers(visitor: aiohttp.ClientSession, path: str) -> None:
    async def answers() -> bool:
        async with visitor.get(path) as answer:
            return answer.status == 200

    await eventually(answers, DEPLOY_SECONDS, path)


def _operations(size: int) -> list[Operation]:
    """`size` nodes in rows of fifty, each wired to the next and every fifth to the one below; servers among them."""
    nodes = [
        {"op": "add_node", "id": f"n{number:011d}", "module": "common-v1", "component": "transform",
         "x": number % COLUMNS * 260, "y": 600 + number // COLUMNS * 120}
        for number in range(size)
    ]  # fmt: skip
    edges = [
        _edge(nodes[number]["id"], "out", nodes[number + step]["id"], "in", {"value": "{{$.value}}"})
        for number in range(size)
        for step in ((1, COLUMNS) if number % 5 == 0 else (1,))
        if number + step < size
    ]
    servers: list[Operation] = []
    for number in range(SERVERS):
        server, shape = f"server{number:06d}", f"shape{number:07d}"
        place = {"x": -600, "y": 600 + number * 120}
        settings = {"method": "GET", "path": f"/ready-{number}"}
        servers += [
            {"op": "add_node", "id": server, "module": "http-v1", "component": "http_server", "settings": settings,
             **place},
            {"op": "add_node", "id": shape, "module": "common-v1", "component": "transform", **place},
            _edge(server, "request", shape, "in", {"value": 1}),
            _edge(shape, "out", server, "response", {"body": {"value": "{{$.value}}"}}),
        ]  # fmt: skip
    return [*nodes, *edges, *servers]


def _edge(source: str, source_port: str, target: str, target_port: str, mapping: Operation) -> Operation:
    return {"op": "add_edge", "id": str(uuid.uuid4()), "source": source, "source_port": source_port, "target": target,
            "target_port": target_port, "mapping": mapping}  # fmt: skip


def _host(product: Product) -> psutil.Process:
    return next(one for one in product.processes() if "weirflow.runtime" in one.cmdline())


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _theirs(size: int) -> tuple[float, float] | None:
    """Seconds until the last node of Node-RED's flow answers, and the process's memory in MiB after that."""
    common = {"z": "tab", "x": 100, "y": 100}
    flow: list[Operation] = [{"id": "tab", "type": "tab", "label": "big"}]
    for number in range(size):
        steps = (1, COLUMNS) if number % 5 == 0 else (1,)
        wires = [f"n{number + step}" for step in steps if number + step < size]
        flow.append({**common, "id": f"n{number}", "type": "function", "outputs": 1, "func": "return msg;",
                     "wires": [wires]})  # fmt: skip
    flow += [
        {**common, "id": "in", "type": "http in", "url": f"/ready-{size}", "method": "get", "wires": [["answer"]]},
        {**common, "id": "answer", "type": "http response", "wires": []},
    ]
    async with node_red() as peer:
        if peer is None:
            return None
        address, process, _ = peer
        async with aiohttp.ClientSession(address) as session:
            began = time.perf_counter()
            async with session.post("/flows", json=flow, headers={"Node-RED-Deployment-Type": "full"}) as answer:
                answer.raise_for_status()
            await _answers(session, f"/ready-{size}")
            return time.perf_counter() - began, pss_mib([psutil.Process(process.pid)])
