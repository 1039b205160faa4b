"""A module host's link listener that says what a test tells it to, and the Leases by which it is found."""

import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from weirflow.kube.errors import ApiError, NotFound
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import (
    ANNOTATION_ADDRESS,
    ANNOTATION_EPOCH,
    ANNOTATION_MODULES,
    LABEL_HOST,
    LEASE,
    Object,
)
from weirflow.runtime import link_proof
from weirflow.runtime.link_key import read_link_key

MODULE = "test-v1"


class TelemetryHost:
    """Serves one link as ``identity``; knows the key, or one that is wrong."""

    def __init__(self, identity: str, key: bytes) -> None:
        self.identity, self.key = identity, key
        self.run = secrets.token_hex(4)
        self.port = 0
        self._runner: web.AppRunner | None = None
        self.sockets: list[web.WebSocketResponse] = []
        self.calls = 0
        self.watched: set[str] = set()
        self.inspected: set[str] = set()
        #: Recorded runs, as the link tells of them.
        self.runs: list[dict[str, Any]] = []
        #: Stacks by node name, and ``[node name, port]`` that are listened to.
        self.stacks: dict[str, dict[str, Any]] = {}
        self.taps: list[list[str]] = []
        #: States by node name, as the link tells of them.
        self.states: dict[str, dict[str, Any]] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/link/telemetry", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        for socket in self.sockets:
            await socket.close()
        self.sockets.clear()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def restart(self) -> None:
        """Under the same identity, with all counts at nothing."""
        await self.stop()
        self.run = secrets.token_hex(4)
        await self.start()

    async def say(self, frame: dict[str, Any]) -> None:
        for socket in self.sockets:
            await socket.send_str(orjson.dumps({"seq": 1, "now": 1, **frame}).decode())

    def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        if "run" in asked:
            return {"run": next((run for run in self.runs if run["trace"] == asked["run"]), None)}
        if "state" in asked:
            told = self.states.get(asked["state"])
            if told is not None and "field" in asked:
                found = next((field for field in told["fields"] if field["name"] == asked["field"]), None)
                told = {**{key: told[key] for key in ("leads", "epoch", "version")}, "field": found}
            return {"state": told}
        if "stack" in asked:
            return {"stack": self.stacks.get(asked["stack"])}
        flow = asked["runs"]["flow"]
        return {"runs": [{**run, "spans": len(run["spans"])} for run in self.runs if run["flow"] == flow]}

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        try:
            proof = link_proof.answer(self.key, self.identity, request.headers[link_proof.HEADER])
        except PermissionError as error:
            raise web.HTTPUnauthorized from error
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"hello": {"host": self.identity, "run": self.run, "proof": proof}})
        self.sockets.append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                asked = orjson.loads(message.data)
                if "ask" in asked:
                    await socket.send_json({"answer": asked["ask"], **self._answer(asked)})
                self.watched = set(asked.get("watch", self.watched))
                self.inspected = set(asked.get("inspect", self.inspected))
                self.taps = asked.get("tap", self.taps)
        if socket in self.sockets:
            self.sockets.remove(socket)
        return socket


class Leases:
    """Writes the Leases of the module and of its hosts."""

    def __init__(self, admin: HttpCluster) -> None:
        self._admin = admin
        self._made: set[str] = set()

    async def present(self, host: TelemetryHost, **annotations: str) -> None:
        """The host says that it is there."""
        said = {ANNOTATION_MODULES: MODULE, ANNOTATION_ADDRESS: host.address, **annotations}
        await self._put(f"{host.identity}-host", host.identity, said, {LABEL_HOST: "true"})

    async def absent(self, host: TelemetryHost) -> None:
        """It has stopped, and said so."""
        await self._admin.delete(LEASE, f"{host.identity}-host")

    async def leads(self, host: TelemetryHost | None, epoch: int = 1) -> None:
        """The host leads the module; None: nobody does."""
        said = {ANNOTATION_EPOCH: str(epoch), ANNOTATION_ADDRESS: host.address if host is not None else ""}
        await self._put(f"{MODULE}-lock", host.identity if host is not None else "", said, {})

    async def clear(self) -> None:
        for name in self._made:
            with contextlib.suppress(NotFound):
                await self._admin.delete(LEASE, name)

    async def _put(self, name: str, holder: str, annotations: dict[str, str], labels: dict[str, str]) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        spec = {"holderIdentity": holder, "leaseDurationSeconds": 600, "acquireTime": now, "renewTime": now}
        metadata: Object = {"annotations": annotations, "labels": labels}
        self._made.add(name)
        try:
            await self._admin.create(LEASE, LEASE.new(name, metadata=metadata, spec=spec))
        except ApiError:
            await self._admin.patch(LEASE, name, {"metadata": metadata, "spec": spec})


@asynccontextmanager
async def telemetry_hosts(admin: HttpCluster, count: int) -> AsyncIterator[tuple[list[TelemetryHost], Leases]]:
    """So many hosts of the test module, the first of which leads it."""
    leases, key = Leases(admin), await read_link_key(admin)
    hosts = [TelemetryHost(f"host-{number}", key) for number in range(count)]
    try:
        for host in hosts:
            await host.start()
            await leases.present(host)
        await leases.leads(hosts[0])
        yield hosts, leases
    finally:
        for host in hosts:
            await host.stop()
        await leases.clear()
