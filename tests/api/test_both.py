"""The same operations, whatever they are, on both servers: the same answers, objects and events.

Versions and uids are opaque: each is named by the order in which it was first seen, so that what was written again, and
what was not, shows. Owner references are left out: a real server collects in its own time.
"""

import asyncio
import json
import os
import re
import ssl
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.servers import ANSWER_SECONDS, APPLY, JSON_PATCH, MERGE, STRATEGIC, ApiServer, Embedded, JsonObject, Real
from tests.cluster.fixtures import ClusterNamespace
from weirflow.embedded import EmbeddedCluster

pytestmark = pytest.mark.cluster

RUNS = int(os.environ.get("WEIRFLOW_BOTH_RUNS", "25"))
"""Histories of a test run; more are worth an hour of a machine now and then."""
TIMES = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
UIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PLURALS = ("configmaps", "tinynodes")

NAMES = st.sampled_from(["a", "b"])
TEXTS = st.sampled_from(["", "1", "2"])
DATA = st.dictionaries(st.sampled_from(["x", "y", "z"]), TEXTS, max_size=2)
LABELS = st.dictionaries(st.sampled_from(["tier", "app"]), st.sampled_from(["1", "2"]), max_size=2)
FINALIZERS = st.lists(st.sampled_from(["w.dev/one", "w.dev/two"]), unique=True, max_size=2)
MANAGERS = st.sampled_from(["ann", "bob"])


@dataclass(frozen=True)
class Operation:
    """One request. `name` is of the object, which each history has to itself; `version` says which one it was made
    from: none, the newest seen, or an old one."""

    method: str
    plural: str
    name: str = ""
    part: str = ""
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    form: str = ""
    version: str = ""
    uid: bool = False


def _metadata(draw: st.DrawFn) -> JsonObject:
    found: JsonObject = {}
    if draw(st.booleans()):
        found["labels"] = draw(LABELS)
    if draw(st.integers(0, 3)) == 0:
        found["finalizers"] = draw(FINALIZERS)
    return found


def _content(draw: st.DrawFn, plural: str, *, whole: bool) -> JsonObject:
    if plural == "configmaps":
        return {"data": draw(DATA)}
    spec: JsonObject = {"module": "m", "component": draw(st.sampled_from(["ticker", "router"]))} if whole else {}
    if draw(st.booleans()):
        spec["component"] = draw(st.sampled_from(["ticker", "router"]))
    if draw(st.booleans()):
        spec["ports"] = [{"port": name} for name in draw(st.lists(st.sampled_from("pq"), unique=True, max_size=2))]
    if draw(st.booleans()):
        spec["extra"] = draw(DATA)
    return {"spec": spec}


def _head(plural: str) -> JsonObject:
    if plural == "configmaps":
        return {"apiVersion": "v1", "kind": "ConfigMap"}
    return {"apiVersion": "operator.tinysystems.io/v1alpha1", "kind": "TinyNode"}


@st.composite
def operations(draw: st.DrawFn) -> Operation:
    plural, name = draw(st.sampled_from(PLURALS)), draw(NAMES)
    rehearsal = (("dryRun", "All"),) if draw(st.integers(0, 7)) == 0 else ()
    query = (("fieldManager", draw(MANAGERS)), *rehearsal)
    version = draw(st.sampled_from(["", "", "newest", "newest", "old"]))
    match draw(st.sampled_from(["create", "create", "put", "merge", "merge", "json", "apply", "apply", "status",
                                "strategic", "delete", "get", "list", "collection"])):  # fmt: skip
        case "create":
            body = {**_head(plural), "metadata": _metadata(draw), **_content(draw, plural, whole=True)}
            return Operation("POST", plural, name, "", query, body)
        case "put":
            body = {**_head(plural), "metadata": _metadata(draw), **_content(draw, plural, whole=True)}
            return Operation("PUT", plural, name, "", query, body, version=version)
        case "merge":
            body = {"metadata": _metadata(draw), **_content(draw, plural, whole=False)}
            for key in draw(st.lists(st.sampled_from(["labels", "finalizers"]), max_size=1)):
                body["metadata"][key] = None
            return Operation("PATCH", plural, name, "", query, body, MERGE, draw(st.sampled_from(["", "", version])))
        case "json":
            path = draw(
                st.sampled_from(["/data/x", "/metadata/labels/tier", "/spec/component", "/metadata/finalizers"])
            )
            op = draw(st.sampled_from(["add", "remove", "test"]))
            value = ["w.dev/one"] if path.endswith("finalizers") else draw(TEXTS)
            one = {"op": op, "path": path} | ({} if op == "remove" else {"value": value})
            return Operation("PATCH", plural, name, "", query, [one], JSON_PATCH)
        case "apply":
            body = {**_head(plural), "metadata": _metadata(draw), **_content(draw, plural, whole=draw(st.booleans()))}
            force = (("force", "true"),) if draw(st.booleans()) else ()
            return Operation("PATCH", plural, name, "", (*query, *force), body, APPLY)
        case "status":
            body = {**_head("tinynodes"), "metadata": {}, "status": {"status": draw(TEXTS), "metadata": draw(DATA)}}
            form, method = draw(st.sampled_from([(MERGE, "PATCH"), (APPLY, "PATCH"), ("", "PUT")]))
            return Operation(method, "tinynodes", name, "status", query, body, form, version if method == "PUT" else "")
        case "strategic":
            body = {"metadata": _metadata(draw), "data": draw(DATA)}
            return Operation("PATCH", "configmaps", name, "", query, body, STRATEGIC)
        case "delete":
            body = {"preconditions": {}} if draw(st.booleans()) else None
            return Operation("DELETE", plural, name, "", rehearsal, body, version=version if body else "")
        case "get":
            return Operation("GET", plural, name)
        case "list":
            selector = draw(st.sampled_from(["tier=1", "tier!=1", "tier", "!tier", "app in (1,2)"]))
            return Operation("GET", plural, query=(("labelSelector", selector),))
    return Operation("DELETE", plural, query=(("labelSelector", "tier=1"), *rehearsal))


@dataclass
class Player:
    """Plays one history on one server. All it says is in terms of the history."""

    server: ApiServer
    prefix: str
    seen: dict[str, str] = field(default_factory=dict)
    newest: dict[tuple[str, str], str] = field(default_factory=dict)
    first: dict[tuple[str, str], str] = field(default_factory=dict)
    uids: dict[tuple[str, str], str] = field(default_factory=dict)

    async def play(self, history: list[Operation]) -> list[Any]:
        watches = [asyncio.create_task(self._watch(plural, await self._now(plural))) for plural in PLURALS]
        answers = [await self._send(operation) for operation in history]
        await self._clean()
        events = [await watch for watch in watches]
        return [*answers, *(self._plain(one) for one in events)]

    async def _now(self, plural: str) -> str:
        _, page = await self.server.call("GET", self.server.path(plural), {"limit": "1"})
        return str(page["metadata"]["resourceVersion"])

    async def _send(self, operation: Operation) -> Any:
        place = (operation.plural, operation.name)
        body = json.loads(json.dumps(operation.body))
        name = f"{self.prefix}{operation.name}" if operation.name else ""
        if operation.method in ("POST", "PUT") or operation.form == APPLY:
            body["metadata"]["name"] = name
        if operation.method == "POST":
            name = ""
        version = {"newest": self.newest, "old": self.first}.get(operation.version, {}).get(place)
        if version is not None:
            body.setdefault("preconditions" if operation.method == "DELETE" else "metadata", {})
            body["preconditions" if operation.method == "DELETE" else "metadata"]["resourceVersion"] = version
        query = dict(operation.query)
        if not operation.name:
            query["labelSelector"] += f",run={self.prefix}"
        elif isinstance(body, dict) and "labels" in body.get("metadata", {}) and body["metadata"]["labels"] is not None:
            body["metadata"]["labels"]["run"] = self.prefix
        path = self.server.path(operation.plural, name, operation.part)
        status, answer = await self.server.call(operation.method, path, query, body, content_type=operation.form)
        self._remember(place, answer)
        return self._plain([status, answer])

    def _remember(self, place: tuple[str, str], answer: JsonObject) -> None:
        metadata = answer.get("metadata") or {}
        if metadata.get("name") and metadata.get("resourceVersion"):
            self.first.setdefault(place, metadata["resourceVersion"])
            self.newest[place] = metadata["resourceVersion"]

    async def _clean(self) -> None:
        """Take away what is left; the last is a mark by which a watch knows its end."""
        for plural in PLURALS:
            for name in ("a", "b"):
                path = self.server.path(plural, self.prefix + name)
                await self.server.call("PATCH", path, None, {"metadata": {"finalizers": None}})
                await self.server.call("DELETE", path)
            content = {"spec": {"module": "m", "component": "c"}} if plural == "tinynodes" else {}
            mark = {**_head(plural), "metadata": {"name": f"{self.prefix}end"}, **content}
            await self.server.call("POST", self.server.path(plural), {"fieldManager": "end"}, mark)
            await self.server.call("DELETE", self.server.path(plural, f"{self.prefix}end"))

    async def _watch(self, plural: str, version: str) -> list[Any]:
        events = []
        stream: AsyncIterator[JsonObject] = self.server.watch(
            self.server.path(plural), {"resourceVersion": version, "timeoutSeconds": "20"}
        )
        async for event in stream:
            if event["object"]["metadata"]["name"] == f"{self.prefix}end":
                break
            events.append([event["type"], event["object"]])
        return events

    def _plain(self, value: Any, name: str = "") -> Any:
        """What was said, without what is this server's own."""
        if isinstance(value, dict):
            hidden = {"message", "details"} if value.get("kind") == "Status" else set()
            kept = {key: item for key, item in value.items() if key not in hidden | {"remainingItemCount"}}
            if value.get("kind", "").endswith("List") or "items" in value:
                kept["metadata"] = {}
                kept.pop("kind", None)
            return {key: self._plain(item, key) for key, item in sorted(kept.items())}
        if isinstance(value, list):
            return [self._plain(item) for item in value]
        if not isinstance(value, str):
            return value
        if name in ("resourceVersion", "uid"):
            return self.seen.setdefault(f"{name} {value}", f"{name} {len(self.seen)}")
        if TIMES.match(value):
            return "a time"
        return value.replace(self.prefix, "").replace(self.server.namespace, "ns")


class Pair:
    """The two servers, on one event loop that lives as long as the test."""

    def __init__(self, made: ClusterNamespace, directory: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.count = 0
        self._made, self._directory = made, directory
        self.run(self._open())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, 120.0))

    async def _open(self) -> None:
        tls = ssl.create_default_context(cafile=self._made.plane.home / "ca.crt")
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS * 2)
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls), timeout=timeout)
        self.cluster = await EmbeddedCluster.open(self._directory)
        self.servers: list[ApiServer] = [Embedded(self.cluster), Real(self._made, self._session)]

    async def close(self) -> None:
        await self.cluster.close()
        await self._session.close()

    async def play(self, history: list[Operation]) -> list[list[Any]]:
        self.count += 1
        return [await Player(server, f"h{self.count}x").play(history) for server in self.servers]


@pytest.fixture
def pair(cluster_namespace: ClusterNamespace, tmp_path: Path) -> Iterator[Pair]:
    made = Pair(cluster_namespace, tmp_path / "cluster")
    yield made
    made.run(made.close())
    made.loop.close()


def test_both_answer_the_same(pair: Pair) -> None:
    @settings(max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(operations(), min_size=1, max_size=14))
    def played(history: list[Operation]) -> None:
        ours, theirs = pair.run(pair.play(history))
        for operation, left, right in zip([*history, *PLURALS], ours, theirs, strict=True):
            assert left == right, operation

    played()
