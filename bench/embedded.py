"""The embedded cluster, by writes, watches and lists as module hosts and the web make them; beside it a real server."""

import asyncio
import contextlib
import json
import os
import socket
import ssl
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import psutil

from bench.connection import Connection
from bench.memory import pss_mib
from bench.row import Row, percentile
from tests.cluster.plane import ETCD, SERVER, ControlPlane
from weirflow.kube.config import ClusterConfig, load_config

NODES = "/apis/operator.tinysystems.io/v1alpha1/namespaces/default/tinynodes"
MERGE_PATCH = "application/merge-patch+json"
CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
WRITERS = 32
WRITE_SECONDS = 5.0
SEQUENTIAL_SECONDS = 4.0
WATCHERS = 100
FANOUT_WRITES = 200
FANOUT_PAUSE_SECONDS = 0.02
LISTED_NODES = 10_000
PAGE = 500
READY_SECONDS = 30.0


async def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        home = Path(directory) / "home"
        async with cluster(home) as (config, process):
            creates = await _creates(config)
            web, modules = (load_config(home / f"kubeconfig.{role}") for role in ("web", "modules"))
            writes, fanout, listed = await _writes(web, modules), await _fanout(web, modules), await _list(web)
            memory = pss_mib([psutil.Process(process.pid)])
        starts = [await _start(home) for _ in range(3)]
        peer = await _peer_creates(Path(directory) / "plane")
    return [
        Row("embedded_vs_apiserver_writes", round(creates), "1/s", "higher", "kube-apiserver", round(peer),
            must_ratio=3, aim_ratio=10),
        Row("embedded_writes_per_s", round(writes), "1/s", "higher", must=4_000, aim=8_000),
        Row("watch_fanout_p95_ms", round(fanout, 2), "ms", "lower", must=30, aim=10),
        Row("list_10000_s", round(listed, 3), "s", "lower", must=0.6, aim=0.3),
        Row("embedded_memory_10000_mib", round(memory, 1), "MiB", "lower", must=250, aim=150),
        Row("embedded_start_ms", round(min(starts) * 1000), "ms", "lower", must=700, aim=300),
    ]  # fmt: skip


async def _peer_creates(home: Path) -> float:
    """What an API server of Kubernetes and its etcd do, on the same disk."""
    plane = ControlPlane(home)
    try:
        await asyncio.to_thread(plane.start, ETCD)
        await asyncio.to_thread(plane.start, SERVER)
        return await _creates(load_config(plane.kubeconfig()))
    finally:
        await asyncio.to_thread(plane.stop)


async def _creates(config: ClusterConfig) -> float:
    """ConfigMaps made per second, one after the other: each is on the disk before the next is sent."""
    return await asyncio.to_thread(_create_in_turn, config)


def _create_in_turn(config: ClusterConfig) -> float:
    # A socket without an event loop: what is measured is the server, and a client of any language waits like this.
    where = urlsplit(config.server)
    assert where.hostname is not None
    assert config.ssl_context is not None
    head = f"Host: {where.netloc}\r\nAuthorization: Bearer {config.read_token()}\r\nContent-Type: application/json\r\n"
    with (
        socket.create_connection((where.hostname, where.port or 443), READY_SECONDS) as plain,
        config.ssl_context.wrap_socket(plain, server_hostname=where.hostname) as tls,
    ):
        tls.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        until, made = time.perf_counter() + SEQUENTIAL_SECONDS, 0
        while time.perf_counter() < until:
            body = f'{{"metadata":{{"name":"sequential-{made}"}},"data":{{"a":"{"b" * 200}"}}}}'
            tls.sendall(f"POST {CONFIG_MAPS} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            _read_created(tls)
            made += 1
    return made / SEQUENTIAL_SECONDS


def _read_created(tls: ssl.SSLSocket) -> None:
    answer = tls.recv(65_536)
    while b"\r\n\r\n" not in answer:
        answer += tls.recv(65_536)
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 201 "):
        raise RuntimeError(answer[:500].decode(errors="replace"))
    [length] = [int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"]
    while len(body) < length:
        body += tls.recv(65_536)


async def _start(home: Path) -> float:
    """Seconds from starting the process until it serves what the file holds: 10,000 nodes."""
    began = time.perf_counter()
    async with cluster(home):
        return time.perf_counter() - began


@contextlib.asynccontextmanager
async def cluster(home: Path) -> AsyncIterator[tuple[ClusterConfig, asyncio.subprocess.Process]]:
    """An embedded cluster on a data directory: the administrator's way into it, and its process."""
    reader, writer = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "weirflow.embedded",
            env={**os.environ, "WEIRFLOW_HOME": str(home), "WEIRFLOW_READY_FD": str(writer),
                 "WEIRFLOW_LOG_LEVEL": "warning"},
            pass_fds=(writer,), stdin=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    finally:
        os.close(writer)
    try:
        async with asyncio.timeout(READY_SECONDS):
            await asyncio.to_thread(os.read, reader, 64)
        yield load_config(home / "kubeconfig"), process
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def node(number: int, prefix: str = "bench") -> bytes:
    """A TinyNode of ordinary size: two ports configured, one edge."""
    name = f"bench-ab12c.common-v1.stateful-counter-{prefix}{number}"
    port = {"configuration": "eyJpbml0aWFsX3ZhbHVlIjowLCJtYXhfaGlzdG9yeSI6MTAwfQ==", "flowID": "bench-ab12c"}
    return json.dumps({
        "apiVersion": "operator.tinysystems.io/v1alpha1",
        "kind": "TinyNode",
        "metadata": {"name": name, "labels": {"tinysystems.io/flow-name": "bench-ab12c"}},
        "spec": {
            "module": "common-v1",
            "component": "stateful_counter",
            "ports": [{"port": "_settings", **port}, {"port": "increment", "from": "source:value", **port}],
            "edges": [{"id": f"e{number}", "port": "value", "to": "target:input", "flowID": "bench-ab12c"}],
        },
    }).encode()  # fmt: skip


async def _writes(web: ClusterConfig, modules: ClusterConfig) -> float:
    """Acknowledged status patches per second, as module hosts commit states of nodes that the web process made:
    `WRITERS` at once, each its own node."""
    until = 0.0
    ready = asyncio.Barrier(WRITERS)

    async def write(number: int) -> int:
        nonlocal until
        path = f"{NODES}/{json.loads(node(number))['metadata']['name']}/status"
        written = 0
        async with Connection(web.server, web) as connection:
            await _expect(connection, "POST", NODES, node(number), 201)
        async with Connection(modules.server, modules) as connection:
            await ready.wait()
            until = until or time.perf_counter() + WRITE_SECONDS
            while time.perf_counter() < until:
                body = json.dumps({"status": {"metadata": {"counter-value": str(written)}}}).encode()
                await _expect(connection, "PATCH", path, body, 200)
                written += 1
        return written

    return sum(await asyncio.gather(*map(write, range(WRITERS)))) / WRITE_SECONDS


async def _fanout(web: ClusterConfig, modules: ClusterConfig) -> float:
    """Milliseconds from sending a write to its event at a watcher, over all of `WATCHERS` watchers."""
    sent: dict[bytes, float] = {}
    delays: list[float] = []
    first = json.loads(node(0))["metadata"]["name"]
    ready = asyncio.Barrier(WATCHERS + 1)

    async def watch() -> None:
        async with Connection(web.server, web) as connection:
            page = json.loads((await connection.request("GET", f"{NODES}?limit=1")).body)
            version = page["metadata"]["resourceVersion"]
            assert await connection.open_stream(f"{NODES}?watch=1&resourceVersion={version}") == 200
            await ready.wait()
            for _ in range(FANOUT_WRITES):
                line = await connection.line()
                now = time.perf_counter()
                mark = line.split(b'"fanout-mark":"', 1)[1].split(b'"', 1)[0]
                delays.append(now - sent[mark])

    async def write() -> None:
        async with Connection(modules.server, modules) as connection:
            await ready.wait()
            for number in range(FANOUT_WRITES):
                mark = f"m{number}"
                body = json.dumps({"status": {"metadata": {"fanout-mark": mark}}}).encode()
                sent[mark.encode()] = time.perf_counter()
                await _expect(connection, "PATCH", f"{NODES}/{first}/status", body, 200)
                await asyncio.sleep(FANOUT_PAUSE_SECONDS)

    async with asyncio.timeout(60):
        await asyncio.gather(write(), *(watch() for _ in range(WATCHERS)))
    return percentile(delays, 0.95) * 1000


async def _list(config: ClusterConfig) -> float:
    """Seconds to read 10,000 nodes in pages of 500, as an informer does; the best of three."""
    numbers = iter(range(LISTED_NODES - WRITERS))

    async def fill() -> None:
        async with Connection(config.server, config) as connection:
            for number in numbers:
                await _expect(connection, "POST", NODES, node(number, "listed"), 201)

    await asyncio.gather(*(fill() for _ in range(WRITERS)))
    seconds = []
    async with Connection(config.server, config) as connection:
        for _ in range(3):
            began, seen, token = time.perf_counter(), 0, ""
            while True:
                answer = await connection.request("GET", f"{NODES}?limit={PAGE}{token}")
                page = orjson.loads(answer.body)
                seen += len(page["items"])
                if not (following := page["metadata"].get("continue")):
                    break
                token = f"&continue={following}"
            assert seen == LISTED_NODES, seen
            seconds.append(time.perf_counter() - began)
    return min(seconds)


async def _expect(connection: Connection, method: str, path: str, body: bytes, status: int) -> None:
    answer = await connection.request(method, path, body, MERGE_PATCH if method == "PATCH" else "application/json")
    if answer.status != status:
        raise RuntimeError(f"{method} {path}: {answer.status} instead of {status}: {answer.body[:500]!r}")
