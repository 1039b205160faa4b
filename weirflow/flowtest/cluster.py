"""The cluster of a flow under test, in memory: the nodes' resources, of which only the status is ever written, and what
nodes keep beside their states."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Sequence
from typing import Any, NoReturn

from weirflow.kube.client import PAGE_SIZE, Applied, PatchKind, WatchEvent
from weirflow.kube.errors import Forbidden, Invalid, NotFound
from weirflow.kube.resources import LABEL_BATCH, TINY_BATCH, Object, Resource


class MemoryCluster:
    """A `ClusterClient` with the TinyNodes of one test. Whatever else is asked of it is refused."""

    def __init__(self) -> None:
        self.objects: dict[str, Object] = {}
        self._batches: dict[str, Object] = {}
        self._version = 0

    def add(self, node: Object) -> None:
        """Put it there."""
        self._version += 1
        node["metadata"].update(uid=f"uid-{self._version}", generation=1, resourceVersion=str(self._version))
        self.objects[node["metadata"]["name"]] = node

    async def get(self, resource: Resource, name: str, *, namespace: str | None = None) -> Object:
        """A copy of the node, or of the batch."""
        objects = self._batches if resource is TINY_BATCH else self.objects
        if name not in objects:
            raise NotFound(f"{name} is not part of the test", status=404)
        return copy.deepcopy(objects[name])

    async def patch_status(
        self,
        resource: Resource,
        name: str,
        patch: Object | Sequence[Object],
        *,
        kind: PatchKind = "merge",
        namespace: str | None = None,
    ) -> Object:
        """Apply the operations of a state's JSON Patch, all or none."""
        if kind != "json" or not isinstance(patch, list):
            _refuse()
        fresh = await self.get(resource, name)
        for operation in patch:
            *path, last = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
            at: Any = fresh
            for part in path:
                at = at[part]
            if operation["op"] == "add":
                at[last] = operation["value"]
            elif at.get(last) != operation["value"]:
                raise Invalid(f"{operation['path']} is not {operation['value']!r} any more", status=422)
        self._version += 1
        fresh["metadata"]["resourceVersion"] = str(self._version)
        self.objects[name] = fresh
        return fresh

    async def list(
        self,
        resource: Resource,
        *,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
        limit: int = PAGE_SIZE,
        continue_token: str = "",
    ) -> Object:
        """The batches of one node."""
        if resource is not TINY_BATCH:
            _refuse()
        label = label_selector.partition("=")[2]
        found = [each for each in self._batches.values() if each["metadata"]["labels"][LABEL_BATCH] == label]
        return {"metadata": {}, "items": copy.deepcopy(found)}

    async def watch(
        self,
        resource: Resource,
        *,
        resource_version: str,
        timeout_seconds: int,
        inactivity_seconds: float,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
    ) -> AsyncIterator[WatchEvent]:
        """Refused."""
        _refuse()
        yield  # makes it a generator

    async def create(self, resource: Resource, obj: Object, *, namespace: str | None = None) -> Object:
        """Put a batch there."""
        if resource is not TINY_BATCH:
            _refuse()
        self._batches[obj["metadata"]["name"]] = copy.deepcopy(obj)
        return obj

    async def replace(self, resource: Resource, name: str, obj: Object, *, namespace: str | None = None) -> Object:
        """Refused."""
        _refuse()

    async def patch(
        self,
        resource: Resource,
        name: str,
        patch: Object | Sequence[Object],
        *,
        kind: PatchKind = "merge",
        namespace: str | None = None,
    ) -> Object:
        """Refused."""
        _refuse()

    async def delete(
        self, resource: Resource, name: str, *, uid: str | None = None, namespace: str | None = None
    ) -> Object:
        """Remove a batch."""
        if resource is not TINY_BATCH:
            _refuse()
        if name not in self._batches:
            raise NotFound(f"{name} is not part of the test", status=404)
        return self._batches.pop(name)

    async def apply_crds(self, definitions: Sequence[Object]) -> dict[str, Applied]:
        """Refused."""
        _refuse()

    async def access_review(
        self, verb: str, resource: Resource, *, subresource: str = "", name: str = "", namespace: str | None = None
    ) -> bool:
        """Nothing is allowed."""
        return False


def _refuse() -> NoReturn:
    raise Forbidden("a flow under test has no cluster; give what it would answer under `answers`", status=403)
