"""The cluster of a flow under test: the nodes' resources, in memory, of which only the status is ever written."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Sequence
from typing import Any, NoReturn

from weirflow.kube.client import PAGE_SIZE, Applied, PatchKind, WatchEvent
from weirflow.kube.errors import Forbidden, Invalid, NotFound
from weirflow.kube.resources import Object, Resource


class MemoryCluster:
    """A `ClusterClient` with the TinyNodes of one test. Whatever else is asked of it is refused."""

    def __init__(self) -> None:
        self.objects: dict[str, Object] = {}
        self._version = 0

    def add(self, node: Object) -> None:
        """Put it there."""
        self._version += 1
        node["metadata"].update(uid=f"uid-{self._version}", generation=1, resourceVersion=str(self._version))
        self.objects[node["metadata"]["name"]] = node

    async def get(self, resource: Resource, name: str, *, namespace: str | None = None) -> Object:
        """A copy of the node."""
        if name not in self.objects:
            raise NotFound(f"{name} is not part of the test", status=404)
        return copy.deepcopy(self.objects[name])

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
        """Refused."""
        _refuse()

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
        """Refused."""
        _refuse()

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
        """Refused."""
        _refuse()

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
