"""The JSON Patch that carries state into a TinyNode's status, and the reading back of what is stored."""

from __future__ import annotations

from dataclasses import dataclass

from weirflow.kube.resources import Object
from weirflow.services import StateChange
from weirflow.state_codec import EPOCH_KEY, VERSION_KEY, counter

#: What the state of one node may weigh as JSON; the store's own limit for a resource is 1 MiB or so.
MAX_BYTES = 900 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """What a live object says about its state. ``epoch`` and ``version`` are ``None`` before the first write, and where
    somebody has put there what is no counter."""

    uid: str
    epoch: int | None
    version: int | None
    resource_version: str
    has_status: bool
    has_metadata: bool
    metadata: dict[str, str]

    @classmethod
    def of(cls, node: Object) -> Stored:
        """Read it from a live TinyNode."""
        status = node.get("status")
        metadata = (status or {}).get("metadata")
        return cls(
            uid=str(node["metadata"].get("uid", "")),
            epoch=counter((metadata or {}).get(EPOCH_KEY)),
            version=counter((metadata or {}).get(VERSION_KEY)),
            resource_version=node["metadata"]["resourceVersion"],
            has_status=isinstance(status, dict),
            has_metadata=isinstance(metadata, dict),
            metadata=metadata or {},
        )

    def followed_by(self, change: StateChange, answer: Object) -> Stored:
        """What is stored once a patch that wrote ``change`` was answered."""
        return Stored(
            uid=self.uid,
            epoch=change.epoch,
            version=change.version,
            resource_version=answer["metadata"]["resourceVersion"],
            has_status=True,
            has_metadata=True,
            metadata={},
        )

    def is_base_of(self, change: StateChange) -> bool:
        """Whether ``change`` was built on exactly this."""
        return self.epoch == change.base_epoch and self.version == change.base_version


def state_patch(stored: Stored, metadata: dict[str, str], known: dict[str, str]) -> list[Object]:
    """Operations that turn the stored state into ``metadata``, and apply only while ``stored`` still holds.

    ``known`` are texts that the store surely has: they are not sent again. Where there is no epoch and version yet,
    JSON Patch has nothing to compare, and the object's own version takes their place.
    """
    operations: list[Object] = []
    if stored.version is None or stored.epoch is None:
        operations.append(_op("test", "/metadata/resourceVersion", stored.resource_version))
    if stored.epoch is not None:
        operations.append(_op("test", f"/status/metadata/{EPOCH_KEY}", str(stored.epoch)))
    if stored.version is not None:
        operations.append(_op("test", f"/status/metadata/{VERSION_KEY}", str(stored.version)))
    if not stored.has_status:
        operations.append(_op("add", "/status", {"metadata": metadata}))
    elif not stored.has_metadata:
        operations.append(_op("add", "/status/metadata", metadata))
    else:
        for key, text in metadata.items():
            if known.get(key) != text:
                operations.append(_op("add", f"/status/metadata/{key.replace('~', '~0').replace('/', '~1')}", text))
    return operations


def _op(op: str, path: str, value: object) -> Object:
    return {"op": op, "path": path, "value": value}
