"""Everything on its way between replicas and the cluster; it moves when the test says so, or never."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from tests.fence.component import NODE
from tests.fence.virtual_loop import VirtualLoop
from weirflow.embedded.access import ADMIN
from weirflow.embedded.cluster import EmbeddedCluster
from weirflow.embedded.messages import Answer, Request
from weirflow.embedded.patches import JSON_PATCH, MERGE
from weirflow.embedded.seed import seed
from weirflow.kube.client import PatchKind
from weirflow.kube.errors import Unavailable, error_from
from weirflow.kube.resources import ANNOTATION_EPOCH, LEASE, TINY_NODE, Object, Resource

NAMESPACE = "default"
#: Seconds after which the real client gives a request up.
_TIMEOUT = 10.0
_STORED_AS = f"{TINY_NODE.plural}.{TINY_NODE.group}"


@dataclass(eq=False)
class Flight:
    """One request: on its way there, then (``answer``) back. Whoever waits may have gone (``asked.done()``); the
    request may arrive all the same."""

    who: str
    request: Request
    asked: asyncio.Future[Object]
    answer: tuple[int, Any] | None = None

    def __repr__(self) -> str:
        return f"<{self.who} {self.request.method} {'back' if self.answer else 'there'}>"


@dataclass
class Network:
    """The cluster is the real one, without a disk. ``history`` has every version of the node in its order."""

    loop: VirtualLoop
    cluster: EmbeddedCluster
    flights: list[Flight] = field(default_factory=list)
    history: list[Object] = field(default_factory=list)
    on_version: Callable[[Object], None] = lambda _node: None

    def send(self, who: str, method: str, path: str, body: Any = None, media: str = "") -> asyncio.Future[Object]:
        raw = b"" if body is None else orjson.dumps(body)
        flight = Flight(who, Request(method, path, {}, ADMIN, raw, media), self.loop.create_future())
        flight.asked.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.flights.append(flight)
        return flight.asked

    @property
    def awaited(self) -> list[Flight]:
        """Requests whose answers somebody waits for."""
        return [flight for flight in self.flights if not flight.asked.done()]

    @property
    def late(self) -> list[Flight]:
        """Requests that were given up and may arrive all the same."""
        return [flight for flight in self.flights if flight.asked.done()]

    @property
    def late_versions(self) -> list[tuple[Flight, str]]:
        """Late requests, and the version of the state that each of them compares."""
        patches = [flight for flight in self.late if flight.request.media == JSON_PATCH]
        return [
            (flight, op["value"])
            for flight in patches
            for op in orjson.loads(flight.request.body)
            if op["op"] == "test" and op["path"].endswith("/state-version")
        ]

    def arrive(self, flight: Flight) -> None:
        """The cluster gets the request and acts on it."""
        if flight.answer is None:
            flight.answer = self.call(flight.request)
            if flight.asked.done():
                self.flights.remove(flight)

    def bring_back(self, flight: Flight) -> None:
        """The answer reaches whoever asked."""
        assert flight.answer is not None
        self.flights.remove(flight)
        status, body = flight.answer
        if flight.asked.done():
            return
        if status < 300:
            flight.asked.set_result(body)
        else:
            flight.asked.set_exception(error_from(status, body, f"{flight.request.method} of {flight.who}"))

    def cut(self, flight: Flight) -> None:
        """The connection breaks: an answer on its way is lost; a request on its way may still arrive, later."""
        if not flight.asked.done():
            flight.asked.set_exception(Unavailable("the connection was cut"))
        if flight.answer is not None:
            self.flights.remove(flight)

    def vanish(self, flight: Flight) -> None:
        """The request never arrives; whoever asked hears of it at the end of their patience."""
        self.flights.remove(flight)

    def call(self, request: Request) -> tuple[int, Any]:
        """One request, acted on at once; a new version of the node is noted."""
        answer = self.loop.finish(self._handle(request))
        record = self.cluster.store.get(_STORED_AS, NAMESPACE, NODE)
        node = record.parse() if record is not None else None
        if node is not None and (not self.history or _version(node) != _version(self.history[-1])):
            self.history.append(node)
            self.on_version(node)
        return answer.status, orjson.loads(answer.body)

    def change(self, patch: Object | list[Object], part: str = "", media: str = MERGE) -> None:
        """A patch by somebody who is no replica."""
        path = TINY_NODE.path(NAMESPACE, NODE, part)
        status, answer = self.call(Request("PATCH", path, {}, ADMIN, orjson.dumps(patch), media))
        assert status == 200, answer

    def note_epoch(self, lease: str, epoch: int) -> None:
        """The Lease has been taken, in this epoch."""
        metadata = {"name": lease, "annotations": {ANNOTATION_EPOCH: str(epoch)}}
        body = orjson.dumps({"apiVersion": LEASE.api_version, "kind": LEASE.kind, "metadata": metadata})
        if self.call(Request("PATCH", LEASE.path(NAMESPACE, lease), {}, ADMIN, body, MERGE))[0] == 404:
            status, answer = self.call(Request("POST", LEASE.path(NAMESPACE), {}, ADMIN, body, ""))
            assert status == 201, answer

    async def _handle(self, request: Request) -> Answer:
        answer = self.cluster.handle(request)
        if answer.ticket is not None:
            await answer.ticket
        return answer


class Wire:
    """The part of ``ClusterClient`` that state needs, for one replica. Once ``dead``, nothing of it leaves any more."""

    def __init__(self, network: Network, who: str) -> None:
        self._network, self._who = network, who
        self.dead = False

    async def get(self, resource: Resource, name: str, *, namespace: str | None = None) -> Object:
        return await self._ask("GET", resource.path(NAMESPACE, name))

    async def patch_status(
        self,
        resource: Resource,
        name: str,
        patch: Object | Sequence[Object],
        *,
        kind: PatchKind = "merge",
        namespace: str | None = None,
    ) -> Object:
        media = JSON_PATCH if kind == "json" else MERGE
        return await self._ask("PATCH", resource.path(NAMESPACE, name, "status"), patch, media)

    async def _ask(self, method: str, path: str, body: Any = None, media: str = "") -> Object:
        if self.dead:
            await self._network.loop.create_future()
        try:
            async with asyncio.timeout(_TIMEOUT):
                return await self._network.send(self._who, method, path, body, media)
        except TimeoutError:
            raise Unavailable("no answer in time") from None


def open_cluster(loop: VirtualLoop, directory: Path) -> EmbeddedCluster:
    """A cluster that commits in the turn of the loop instead of on a disk."""
    cluster = EmbeddedCluster(directory)

    def commit(_changes: object, _version: int, done: Callable[[None], None], *, alone: bool = False) -> None:
        asyncio.get_running_loop().call_soon(done, None)

    cluster.store._journal.commit = commit  # type: ignore[method-assign, assignment]
    loop.finish(seed(cluster.store, cluster.registry, cluster._writer))
    return cluster


def _version(node: Object) -> str:
    return str(node["metadata"]["resourceVersion"])
