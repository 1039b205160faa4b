"""A cluster and module hosts as real processes in a directory of their own, and the pushing of nodes and wires."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from tests.honest import honest_session
from tests.ports import free_port
from tests.waiting import eventually
from weirflow.kube.client import list_all
from weirflow.kube.config import load_config
from weirflow.kube.errors import NotFound
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import (
    ANNOTATION_ADDRESS,
    ANNOTATION_BY,
    ANNOTATION_EPOCH,
    ANNOTATION_OPERATION_ID,
    LABEL_HOST,
    LEASE,
    TINY_NODE,
    TINY_SIGNAL,
    Object,
    decode_json,
    encode_json,
    node_name,
)

ROOT = Path(__file__).parents[2]
#: For `WEIRFLOW_LEASE_SECONDS`, where a lead is to be passed on before it ends by itself, on however busy a machine.
LONG_LEASE = "120,100,2"
PACKAGES = ("modules.common", "modules.http", "tests.runtime.faulty")
MODULE_OF = {"http_server": "http-v1", "http_client": "http-v1"} | dict.fromkeys(
    (
        "echo",
        "crash",
        "slow",
        "flaky",
        "dawdle",
        "hog",
        "strict",
        "loop",
        "stubborn",
        "shy",
        "guard",
        "vault",
        "chronicle",
    ),
    "faulty-v1",
)


def host_command(*packages: str) -> list[str]:
    """What starts a module host with these packages."""
    return [sys.executable, "-m", "weirflow.runtime", *packages]


@dataclass
class Process:
    """A child that says on a pipe when it is ready."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    inherit: tuple[int, ...] = ()
    child: subprocess.Popen[bytes] | None = None

    async def start(self, *, ready: bool = True) -> None:
        read, write = os.pipe()
        with self.log.open("ab") as out:
            self.child = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.environment, "WEIRFLOW_READY_FD": str(write)},
                stdout=out,
                stderr=out,
                pass_fds=(write, *self.inherit),
            )
        os.close(write)
        os.set_blocking(read, False)
        try:
            if ready:
                await eventually(lambda: self._said_ready(read), 90, f"{self.command} being ready: {self.log}")
        finally:
            os.close(read)

    def _said_ready(self, read: int) -> bool:
        assert self.child is not None
        assert self.child.poll() is None, f"{self.command} ended: {self.log.read_text()}"
        try:
            return b"ready" in os.read(read, 100)
        except BlockingIOError:
            return False

    def kill(self) -> None:
        assert self.child is not None
        self.child.kill()
        self.child.wait()

    def freeze(self) -> None:
        assert self.child is not None
        self.child.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.child is not None
        self.child.send_signal(signal.SIGCONT)

    async def stop(self, seconds: float = 40) -> int:
        assert self.child is not None
        self.child.send_signal(signal.SIGTERM)
        child = self.child
        return int(await asyncio.wait_for(asyncio.to_thread(child.wait), seconds))

    def end(self) -> None:
        if self.child is not None and self.child.poll() is None:
            self.kill()


Kubeconfig = Callable[[str], Path]


@dataclass
class World:
    """``kubeconfig`` names the file of a role (``admin``, ``modules``) on a cluster that runs already; without it the
    world has an embedded one of its own."""

    home: Path
    port: int = field(default_factory=free_port)
    kubeconfig: Kubeconfig | None = None
    project: str = field(default_factory=lambda: f"p-{uuid.uuid4().hex[:5]}")
    hosts: list[Process] = field(default_factory=list)
    #: Environment of hosts that are started later.
    settings: dict[str, str] = field(default_factory=dict)
    listener: socket.socket | None = None

    async def open(self) -> None:
        if self.kubeconfig is None:
            environment = {"WEIRFLOW_HOME": str(self.home)}
            self.cluster_process = Process(
                [sys.executable, "-m", "weirflow.embedded"], environment, self.home / "cluster.log"
            )
            await self.cluster_process.start()
            self.kubeconfig = lambda role: self.home / ("kubeconfig" if role == "admin" else f"kubeconfig.{role}")
        self.cluster = HttpCluster(load_config(self.kubeconfig("admin")))
        self.http = honest_session(base_url=f"http://127.0.0.1:{self.port}", connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        for host in self.hosts:
            host.end()
        if hasattr(self, "cluster_process"):
            self.cluster_process.end()
        if self.listener is not None:
            self.listener.close()
        await self.cluster.close()
        await self.http.close()

    async def start_host(
        self, *, port: int | None = None, ready: bool = True, packages: Sequence[str] = PACKAGES, **environment: str
    ) -> Process:
        host = self._host({"WEIRFLOW_HTTP_PORT": str(self.port if port is None else port), **environment}, packages)
        await host.start(ready=ready)
        return host

    async def start_replicas(self, count: int, own: Sequence[dict[str, str]] = (), **environment: str) -> list[Process]:
        """Hosts called ``r0``, ``r1``, ... which share the world's port, as under the supervisor. ``own`` is what the
        environment of each has beside that of all."""
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=1024)
        port = {"WEIRFLOW_HTTP_PORT": str(self.port), "WEIRFLOW_HTTP_FD": str(self.listener.fileno())}
        hosts = [
            self._host({**port, **environment, "WEIRFLOW_IDENTITY": f"r{number}", **(own[number] if own else {})})
            for number in range(count)
        ]
        for host in hosts:
            host.inherit = (self.listener.fileno(),)
        await asyncio.gather(*(host.start() for host in hosts))
        return hosts

    def _host(self, environment: dict[str, str], packages: Sequence[str] = PACKAGES) -> Process:
        assert self.kubeconfig is not None
        settings = {
            "WEIRFLOW_HOME": str(self.home),
            "KUBECONFIG": str(self.kubeconfig("modules")),
            "WEIRFLOW_LOG_LEVEL": "INFO",
        }
        host = Process(host_command(*packages), {**settings, **environment}, self.home / f"host{len(self.hosts)}.log")
        self.hosts.append(host)
        return host

    # Pushing, as the web process does it.

    async def add(self, component: str, settings: Any = None, *, module: str = "", node_id: str = "") -> str:
        """Create a node. Returns its resource name."""
        module = module or MODULE_OF.get(component, "common-v1")
        name = node_name(self.project, module, component, node_id or f"n{uuid.uuid4().hex[:11]}")
        ports = [] if settings is None else [{"port": "_settings", "configuration": encode_json(settings)}]
        spec = {"module": module, "component": component, "ports": ports, "edges": []}
        await self.cluster.create(TINY_NODE, TINY_NODE.new(name, spec=spec))
        return name

    async def set(self, name: str, settings: Any) -> None:
        spec = (await self.get(name))["spec"]
        ports = [port for port in spec.get("ports") or [] if port["port"] != "_settings"]
        ports.append({"port": "_settings", "configuration": encode_json(settings)})
        await self.cluster.patch(TINY_NODE, name, {"spec": {"ports": ports}})

    async def wire(self, source: str, target: str, mapping: Any, **options: Any) -> str:
        """Connect ``node:port`` to ``node:port``, the mapping first (None: without one). Returns the edge's id."""
        to_node, to_port = target.split(":")
        if mapping is not None:
            ports = (await self.get(to_node))["spec"].get("ports") or []
            ports.append({"from": source, "port": to_port, "configuration": encode_json(mapping)})
            await self.cluster.patch(TINY_NODE, to_node, {"spec": {"ports": ports}})
        return await self.wire_only(source, target, **options)

    async def wire_only(self, source: str, target: str, **options: Any) -> str:
        """The edge alone, as if its target were not there. Returns its id."""
        from_node, from_port = source.split(":")
        edges = (await self.get(from_node))["spec"].get("edges") or []
        edge = {"id": str(uuid.uuid4()), "port": from_port, "to": target, "flowID": "f", **options}
        await self.cluster.patch(TINY_NODE, from_node, {"spec": {"edges": [*edges, edge]}})
        return str(edge["id"])

    async def signal(self, name: str, port: str, data: Any, operation: str, by: str = "") -> str:
        signal_name = uuid.uuid4().hex
        metadata = {"annotations": {ANNOTATION_OPERATION_ID: operation, **({ANNOTATION_BY: by} if by else {})}}
        spec = {"node": name, "port": port, "data": encode_json(data)}
        await self.cluster.create(TINY_SIGNAL, TINY_SIGNAL.new(signal_name, metadata=metadata, spec=spec))
        return signal_name

    # Looking.

    async def leader(self, module: str = "common-v1") -> tuple[str, int]:
        """Who holds the module's Lease, and its epoch."""
        lease = await self.cluster.get(LEASE, f"{module}-lock")
        return str(lease["spec"].get("holderIdentity") or ""), int(lease["metadata"]["annotations"][ANNOTATION_EPOCH])

    async def replicas(self) -> dict[str, str]:
        """Address of the link of each host that says it is there, by identity."""
        leases, _ = await list_all(self.cluster, LEASE, label_selector=f"{LABEL_HOST}=true")
        return {one["spec"]["holderIdentity"]: one["metadata"]["annotations"][ANNOTATION_ADDRESS] for one in leases}

    async def get(self, name: str) -> Object:
        return await self.cluster.get(TINY_NODE, name)

    async def status(self, name: str) -> Object:
        return (await self.get(name)).get("status") or {}

    async def state(self, name: str) -> dict[str, str]:
        return (await self.status(name)).get("metadata") or {}

    async def signal_gone(self, name: str) -> bool:
        try:
            await self.cluster.get(TINY_SIGNAL, name)
        except NotFound:
            return True
        return False

    async def port_value(self, name: str, port: str) -> Any:
        ports = (await self.status(name)).get("ports") or []
        return next((decode_json(p["configuration"]) for p in ports if p["name"] == port), None)

    async def problem(self, name: str, code: str) -> Object:
        """Wait until the node's status shows this problem."""

        async def shown() -> Object | None:
            problem = (await self.status(name)).get("problem") or {}
            return problem if problem.get("code") == code else None

        found: Object = await eventually(shown, what=f"problem {code} on {name}")
        return found

    async def settled(self, *names: str) -> None:
        """Wait until the leader has observed what was pushed."""

        async def observed() -> bool:
            for name in names:
                node = await self.get(name)
                if (node.get("status") or {}).get("observedGeneration") != node["metadata"]["generation"]:
                    return False
            return True

        await eventually(observed, what="the host's having seen the push")

    async def visit(self, path: str, **options: Any) -> tuple[int, Any]:
        """A request to the flows' listener."""
        async with self.http.request(options.pop("method", "GET"), path, **options) as response:
            raw = await response.read()
            try:
                return response.status, orjson.loads(raw)
            except orjson.JSONDecodeError:
                return response.status, raw.decode()

    async def counter(self, path: str = "/visits", **settings: Any) -> tuple[str, str]:
        """``GET path`` counts and answers with the count. Returns the names of server and counter."""
        server = await self.add("http_server", {"path": path, "timeout": 40_000})
        counter = await self.add("stateful_counter", settings or None)
        await self.wire(f"{server}:request", f"{counter}:increment", {})
        await self.wire(f"{counter}:value", f"{server}:response", {"body": {"count": "{{ $.value }}"}})
        await self.settled(server, counter)
        return server, counter


@asynccontextmanager
async def world(home: Path, *, host: bool = True, kubeconfig: Kubeconfig | None = None) -> AsyncIterator[World]:
    """A cluster in ``home`` or behind ``kubeconfig``, by default with one host."""
    home.mkdir(parents=True, exist_ok=True)
    one = World(home, kubeconfig=kubeconfig)
    await one.open()
    try:
        if host:
            await one.start_host()
        yield one
    finally:
        await one.close()
