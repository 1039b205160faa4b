"""One stored object as the store and the watches pass it around: its key, its version and its JSON as bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

Key = tuple[str, str]
"""Namespace (empty for cluster-wide kinds) and name."""

Position = tuple[str, str, str]
"""Qualified resource, namespace and name: where an object stands in the store."""


class Record:
    """An object at one resourceVersion. The bytes are the truth; labels are read out of them once, when asked."""

    __slots__ = ("_labels", "name", "namespace", "raw", "resource", "version")

    def __init__(self, resource: str, namespace: str, name: str, version: int, raw: bytes) -> None:
        self.resource = resource
        self.namespace = namespace
        self.name = name
        self.version = version
        self.raw = raw
        self._labels: dict[str, str] | None = None

    @property
    def key(self) -> Key:
        return self.namespace, self.name

    @property
    def position(self) -> Position:
        return self.resource, self.namespace, self.name

    @property
    def labels(self) -> dict[str, str]:
        if self._labels is None:
            self._labels = self.parse()["metadata"].get("labels") or {}
        return self._labels

    def parse(self) -> dict[str, Any]:
        """A fresh copy of the object."""
        value: dict[str, Any] = orjson.loads(self.raw)
        return value

    def at_version(self, version: int) -> Record:
        """The same object under another resourceVersion: what a DELETED event shows."""
        value = self.parse()
        value["metadata"]["resourceVersion"] = str(version)
        return Record(self.resource, self.namespace, self.name, version, orjson.dumps(value))


@dataclass(slots=True)
class Change:
    """One object's step from `old` to `new`; None means absent. `version` is the step's own resourceVersion."""

    version: int
    old: Record | None
    new: Record | None

    @property
    def record(self) -> Record:
        record = self.new or self.old
        if record is None:
            raise ValueError("a change needs an object before or after it")
        return record

    @property
    def size(self) -> int:
        return (len(self.old.raw) if self.old else 0) + (len(self.new.raw) if self.new else 0)
