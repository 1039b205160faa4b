"""A store that fails in every way a network can, and changes of a counter for it."""

import asyncio
import copy
from collections.abc import Callable

from weirflow.embedded.errors import ApiError as StoreError
from weirflow.embedded.patches import apply_json_patch
from weirflow.kube.errors import Invalid, NotFound, Unavailable
from weirflow.kube.resources import Object, Resource


class Change:
    """Version ``n`` of a counter, built on the one before; of a later line where one before has failed."""

    def __init__(self, n: int, epoch: int = 1, base_epoch: int | None = -1, size: int = 1, line: int = 0) -> None:
        self.base_epoch: int | None = (None if n == 1 else epoch) if base_epoch == -1 else base_epoch
        self.base_version: int | None = n - 1 or None
        self.epoch, self.version, self.size, self.line = epoch, n, size, line

    def metadata(self) -> dict[str, str]:
        return {
            "state-epoch": str(self.epoch),
            "state-version": str(self.version),
            "value": str(self.version) * self.size,
        }


class Lease:
    def __init__(self) -> None:
        self.is_leader, self.epoch, self.stepped_down = True, 1, 0

    def step_down(self, newer: int) -> None:
        self.is_leader, self.stepped_down = False, newer


class Store:
    """One node. ``faults`` are taken one per patch: each may act before or after the patch is applied."""

    def __init__(self) -> None:
        self.node: Object | None = {"metadata": {"resourceVersion": "1"}}
        self.patches: list[list[Object]] = []
        self.reads = 0
        self.faults: list[Callable[[str], None]] = []
        self.gate: asyncio.Event | None = None
        self.waiting = 0
        self.reads_fail = False

    async def get(self, resource: Resource, name: str) -> Object:
        await asyncio.sleep(0)
        self.reads += 1
        if self.reads_fail:
            raise Unavailable("cut")
        if self.node is None:
            raise NotFound("gone", status=404)
        return copy.deepcopy(self.node)

    async def patch_status(self, resource: Resource, name: str, patch: list[Object], *, kind: str) -> Object:
        if self.gate is not None:
            self.waiting += 1
            await self.gate.wait()
        await asyncio.sleep(0)
        fault = self.faults.pop(0) if self.faults else lambda when: None
        fault("before")
        if self.node is None:
            raise NotFound("gone", status=404)
        try:
            changed = apply_json_patch(copy.deepcopy(self.node), copy.deepcopy(patch))
        except StoreError as error:
            raise Invalid(str(error), status=422) from error
        self.patches.append(patch)
        self.write(changed.get("status"))
        fault("after")
        return copy.deepcopy(self.node)

    def write(self, status: Object | None) -> None:
        assert self.node is not None
        version = str(int(self.node["metadata"]["resourceVersion"]) + 1)
        self.node = {"metadata": {**self.node["metadata"], "resourceVersion": version}, "status": status}

    @property
    def metadata(self) -> dict[str, str]:
        assert self.node is not None
        return dict(self.node["status"]["metadata"])


def cut(when: str, error: Unavailable | None = None) -> Callable[[str], None]:
    def fault(now: str) -> None:
        if now == when:
            raise error or Unavailable("cut")

    return fault
