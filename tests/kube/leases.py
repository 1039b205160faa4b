"""A cluster in memory that holds Leases only, counts what it is asked, and can be cut off."""

import copy
from collections.abc import Callable
from typing import Any

from weirflow.kube.errors import AlreadyExists, Conflict, NotFound, Unavailable
from weirflow.kube.resources import Object, Resource


class Leases:
    """``watchers`` hear of every change, as a watch without delay would tell them."""

    def __init__(self) -> None:
        self.leases: dict[str, Object] = {}
        self.watchers: list[Callable[[str, Object | None], None]] = []
        self.asked: list[str] = []
        self.cut = False
        #: So many of the next patches are stored, but their answer gets lost.
        self.lost_answers = 0
        self._version = 0

    async def get(self, resource: Resource, name: str) -> Object:
        self._answer("get", name)
        return copy.deepcopy(self._found(name))

    async def create(self, resource: Resource, obj: Object) -> Object:
        name = obj["metadata"]["name"]
        self._answer("create", name)
        if name in self.leases:
            raise AlreadyExists("taken", status=409)
        return self._store(name, {**obj, "metadata": {**obj["metadata"], "uid": f"u{self._version}"}})

    async def patch(self, resource: Resource, name: str, patch: Object) -> Object:
        self._answer("patch", name)
        old = self._found(name)
        if (
            patch["metadata"].get("resourceVersion", old["metadata"]["resourceVersion"])
            != (old["metadata"]["resourceVersion"])
        ):
            raise Conflict("stale", status=409)
        stored = self._store(name, _merged(old, patch))
        if self.lost_answers:
            self.lost_answers -= 1
            raise Unavailable("the answer was lost")
        return stored

    async def list(
        self,
        resource: Resource,
        *,
        namespace: str | None,
        label_selector: str,
        field_selector: str,
        continue_token: str,
    ) -> Object:
        self._answer("list", label_selector)
        key, _, value = label_selector.partition("=")
        labels = {name: lease["metadata"].get("labels") or {} for name, lease in self.leases.items()}
        found = [name for name, own in labels.items() if not key or (key in own and value in ("", own[key]))]
        return {"items": [copy.deepcopy(self.leases[name]) for name in found], "metadata": {"resourceVersion": "1"}}

    async def delete(self, resource: Resource, name: str, *, uid: str | None = None) -> Object:
        self._answer("delete", name)
        old = self._found(name)
        if uid is not None and uid != old["metadata"]["uid"]:
            raise Conflict("another incarnation", status=409)
        del self.leases[name]
        for watcher in self.watchers:
            watcher(name, None)
        return old

    def _found(self, name: str) -> Object:
        if name not in self.leases:
            raise NotFound("no such lease", status=404)
        return self.leases[name]

    def _store(self, name: str, obj: Object) -> Object:
        self._version += 1
        self.leases[name] = {**obj, "metadata": {**obj["metadata"], "resourceVersion": str(self._version)}}
        for watcher in self.watchers:
            watcher(name, copy.deepcopy(self.leases[name]))
        return copy.deepcopy(self.leases[name])

    def _answer(self, verb: str, name: str) -> None:
        self.asked.append(f"{verb} {name}")
        if self.cut:
            raise Unavailable("cut off")


def _merged(old: Any, patch: Any) -> Any:
    if not isinstance(old, dict) or not isinstance(patch, dict):
        return patch
    return {**old, **{key: _merged(old.get(key), value) for key, value in patch.items()}}
