"""A real embedded cluster in a process of its own, and a stand-in for the module host."""

import asyncio
import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from weirflow.kube.client import ClusterClient
from weirflow.kube.config import load_config
from weirflow.kube.errors import ApiError
from weirflow.kube.http import HttpCluster
from weirflow.kube.informer import Informer
from weirflow.kube.resources import TINY_MODULE, TINY_NODE, TINY_SIGNAL, Object, encode_json
from weirflow.kube.watching import Pace

ROOT = Path(__file__).resolve().parents[2]


class ClusterProcess:
    """``python -m weirflow.embedded`` on a directory that outlives it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        read, write = os.pipe()
        environment = {**os.environ, "WEIRFLOW_HOME": str(self.home), "WEIRFLOW_READY_FD": str(write)}
        environment.pop("KUBECONFIG", None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "weirflow.embedded"],
            cwd=ROOT,
            env=environment,
            pass_fds=[write],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        try:
            ready, _, _ = select.select([read], [], [], 30)
            assert ready
            assert os.read(read, 16).startswith(b"ready"), "the embedded cluster did not start"
        finally:
            os.close(read)

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(40)

    def pause(self) -> None:
        """Stop answering, with every connection left open."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(40)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(40)

    def kubeconfig(self, role: str = "web") -> Path:
        return self.home / ("kubeconfig" if role == "admin" else f"kubeconfig.{role}")


def port(name: str, *, source: bool = False, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    schema = schema if schema is not None else {"type": "object"}
    entry = {"name": name, "label": name.title(), "source": source, "position": 1 if source else 3}
    return {**entry, "schema": encode_json(schema), "configuration": encode_json({})}


SETTINGS = {
    "type": "object",
    "properties": {
        "start": {"type": "integer", "minimum": 0},
        "name": {"type": "string"},
        "password": {"type": "string", "secret": True},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}
OPEN = {"$defs": {"Message": {"x-id": "test.Open.message", "configurable": True}}}
COMPONENTS = [
    {
        "name": "counter",
        "description": "Counts",
        "info": "",
        "tags": ["state"],
        "title": "Counter",
        "category": "State",
        "icon": "hash",
        "ports": [
            port("_settings", schema=SETTINGS),
            port("_control", source=True),
            port("in"),
            port("out", source=True),
        ],
    },
    {"name": "open", "description": "", "info": "", "tags": [], "ports": [port("_settings"), port("in", schema=OPEN)]},
    {"name": "debug", "description": "Shows", "info": "", "tags": [], "ports": [port("_settings"), port("in")]},
]


async def register_module(cluster: ClusterClient, name: str = "test-v1", **more: Any) -> None:
    """Announce the test components as a module host would; ``more`` of its status."""
    with contextlib.suppress(ApiError):
        await cluster.create(TINY_MODULE, TINY_MODULE.new(name, spec={"image": f"{name}:1"}))
    status = {"addr": "", "name": name, "version": "1.0", "sdkVersion": "1", "components": COMPONENTS, **more}
    await cluster.patch_status(TINY_MODULE, name, {"status": status})


class FakeHost:
    """Takes in every TinyNode's generation, and keeps a counter in its state as a component would."""

    def __init__(self, cluster: ClusterClient) -> None:
        self.cluster = cluster
        self.informer = Informer(cluster, TINY_NODE, pace=Pace(longest_pause=0.2))
        self.signals = Informer(cluster, TINY_SIGNAL, pace=Pace(longest_pause=0.2))
        self.informer.on_change(self._changed)
        self.signals.on_change(self._pressed)
        self.pressed: list[str] = []
        self.fail_presses = False
        self._tasks: set[asyncio.Task[None]] = set()

    def _changed(self, name: str, new: Object | None, _old: Object | None) -> None:
        if new is not None and new.get("status", {}).get("observedGeneration") != new["metadata"]["generation"]:
            self._spawn(self._take_in(name, new["metadata"]["generation"]))

    def _pressed(self, name: str, new: Object | None, _old: Object | None) -> None:
        if new is not None and "status" not in new:
            self._spawn(self._handle(name))

    async def _take_in(self, name: str, generation: int) -> None:
        with contextlib.suppress(ApiError):
            status = {"observedGeneration": generation, "status": "OK", "error": False}
            await self.cluster.patch_status(TINY_NODE, name, {"status": status})

    async def _handle(self, name: str) -> None:
        self.pressed.append(name)
        with contextlib.suppress(ApiError):
            if self.fail_presses:
                await self.cluster.patch_status(TINY_SIGNAL, name, {"status": {"error": "no such button"}})
            else:
                await self.cluster.delete(TINY_SIGNAL, name)

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def count(self, name: str, value: int) -> None:
        """Commit a value of the node's counter."""
        metadata = {"state-epoch": "1", "state-version": str(value), "counter-value": str(value)}
        await self.cluster.patch_status(TINY_NODE, name, {"status": {"metadata": metadata}})

    def start(self) -> None:
        self.informer.start()
        self.signals.start()

    async def stop(self) -> None:
        await self.informer.stop()
        await self.signals.stop()
        for task in list(self._tasks):
            task.cancel()


@contextlib.asynccontextmanager
async def client(kubeconfig: Path) -> AsyncIterator[HttpCluster]:
    async with HttpCluster(load_config(kubeconfig), timeout=30.0) as cluster:
        yield cluster
