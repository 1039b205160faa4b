"""The two servers that every case of this folder runs on, behind one form: the embedded cluster and a real one."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp

from tests.api.differences import DIFFERENCES
from tests.cluster.fixtures import ClusterNamespace
from tests.cluster.plane import SERVER
from tests.waiting import eventually
from weirflow.embedded import EmbeddedCluster, access
from weirflow.kube.config import load_config

JsonObject = dict[str, Any]
Query = Mapping[str, str]
TINY = "operator.tinysystems.io/v1alpha1"
GROUPS = {"leases": "/apis/coordination.k8s.io/v1", "configmaps": "/api/v1", "secrets": "/api/v1", "events": "/api/v1"}
MERGE, JSON_PATCH, STRATEGIC = (
    f"application/{form}-patch+json" for form in ("merge", "json", "strategic-merge")
)  # fmt: skip
APPLY = "application/apply-patch+yaml"
ANSWER_SECONDS = 20.0


class ApiServer(ABC):
    """One server, and a namespace of it that is empty but for what Weirflow is installed with."""

    kind: str
    namespace: str

    @abstractmethod
    async def call(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: Any = None,
        role: str = "admin",
        content_type: str = "",
    ) -> tuple[int, JsonObject]:
        """One request: status and JSON answer. A PATCH's default form is merge."""

    @abstractmethod
    def watch(self, path: str, query: Query | None = None, role: str = "admin") -> AsyncIterator[JsonObject]:
        """The events of a watch until it ends."""

    @abstractmethod
    async def forget(self) -> None:
        """Let the server forget all versions but the newest, as it does by itself in time."""

    @abstractmethod
    def user(self, role: str) -> str:
        """A role's name in messages."""

    def differs(self, name: str) -> Any:
        """What this server answers where the two are known to differ."""
        return getattr(DIFFERENCES[name], self.kind)

    def path(self, plural: str = "tinynodes", name: str = "", part: str = "") -> str:
        """The URL of a collection in our namespace, of an object, or of a part of it."""
        parts = [GROUPS.get(plural, f"/apis/{TINY}"), "namespaces", self.namespace, plural, name, part]
        return "/".join(filter(None, parts))

    async def make(self, body: JsonObject, plural: str = "tinynodes") -> JsonObject:
        """Create an object that is sure to be accepted: the object as stored."""
        status, answer = await self.call("POST", self.path(plural), None, body)
        assert status == 201, answer
        return answer

    async def patch(self, name: str, patch: JsonObject, part: str = "") -> JsonObject:
        """Merge into a TinyNode something that is sure to be accepted: the object as stored."""
        status, answer = await self.call("PATCH", self.path("tinynodes", name, part), None, patch)
        assert status == 200, answer
        return answer

    async def names(self, query: Query | None = None, plural: str = "tinynodes") -> list[str]:
        """The names that a list answers, in its order."""
        status, page = await self.call("GET", self.path(plural), query)
        assert status == 200, page
        return [item["metadata"]["name"] for item in page["items"]]


class Embedded(ApiServer):
    """The embedded cluster, called without a network."""

    kind = "embedded"
    namespace = "default"

    def __init__(self, cluster: EmbeddedCluster) -> None:
        self.cluster = cluster

    async def call(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: Any = None,
        role: str = "admin",
        content_type: str = "",
    ) -> tuple[int, JsonObject]:
        return await self.cluster.call(method, path, query, body, role, content_type)

    def watch(self, path: str, query: Query | None = None, role: str = "admin") -> AsyncIterator[JsonObject]:
        return self.cluster.watch(path, query, role)

    async def forget(self) -> None:
        self.cluster.hub.forget()

    def user(self, role: str) -> str:
        return access.user(role)


class Real(ApiServer):
    """A namespace of the control plane, over HTTPS."""

    kind = "real"

    def __init__(self, made: ClusterNamespace, session: aiohttp.ClientSession) -> None:
        self._made, self._session = made, session
        self.namespace = made.name

    async def call(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: Any = None,
        role: str = "admin",
        content_type: str = "",
    ) -> tuple[int, JsonObject]:
        content_type = content_type or (MERGE if method == "PATCH" else "application/json")
        data = None if body is None else json.dumps(body)
        headers = {**await self._headers(role), "Content-Type": content_type}
        async with self._session.request(method, self._url(path), params=query, data=data, headers=headers) as answer:
            raw = await answer.read()
        try:
            return answer.status, json.loads(raw)
        except json.JSONDecodeError:
            return answer.status, {"message": raw.decode()}

    async def watch(self, path: str, query: Query | None = None, role: str = "admin") -> AsyncIterator[JsonObject]:
        asked = {**(query or {}), "watch": "true"}
        async with self._session.get(self._url(path), params=asked, headers=await self._headers(role)) as answer:
            assert answer.status == 200, await answer.text()
            while line := await answer.content.readline():
                yield json.loads(line)

    async def forget(self) -> None:
        # etcd forgets, and so does the API server, which keeps copies of older states.
        plane = self._made.plane
        await asyncio.to_thread(plane.compact)
        plane.kill(SERVER)
        await asyncio.to_thread(plane.start, SERVER)
        await self.settle()

    async def settle(self) -> None:
        """Wait for the memory that watches are served from: for a moment after a start they are refused without it."""
        query = {"watch": "true", "resourceVersion": "0", "timeoutSeconds": "1"}

        async def is_ready() -> bool:
            url, headers = self._url(self.path()), await self._headers("admin")
            async with self._session.get(url, params=query, headers=headers) as answer:
                return answer.status == 200

        await eventually(is_ready, 60.0, "watches are served")

    def user(self, role: str) -> str:
        account = f"system:serviceaccount:{self.namespace}:weirflow-{role}"
        return {"admin": "admin", "anonymous": "system:anonymous"}.get(role, account)

    def _url(self, path: str) -> str:
        return self._made.plane.address + path

    async def _headers(self, role: str) -> dict[str, str]:
        if role == "anonymous":
            return {}
        kubeconfig: Path = await asyncio.to_thread(self._made.kubeconfig, role)
        return {"Authorization": f"Bearer {await load_config(kubeconfig).token()}"}


def node(
    name: str, *, labels: dict[str, str] | None = None, finalizers: list[str] | None = None, **spec: Any
) -> JsonObject:
    """A TinyNode as a client sends it."""
    metadata: JsonObject = {"name": name}
    if labels:
        metadata["labels"] = labels
    if finalizers:
        metadata["finalizers"] = finalizers
    spec = {"module": "common-v1", "component": "ticker", **spec}
    return {"apiVersion": TINY, "kind": "TinyNode", "metadata": metadata, "spec": spec}
