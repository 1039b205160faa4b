"""A step of one object from one state to the next: what the store is given, and what a write answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from weirflow.embedded.definitions import DEFINITIONS
from weirflow.embedded.kinds import JsonObject, Kind
from weirflow.embedded.objects import (
    changes_generation,
    encode,
    same_content,
)
from weirflow.embedded.records import Change, Record
from weirflow.embedded.store import Store

CLUSTERS_FINALIZER = "kubernetes"
"""Stands in the spec of each namespace."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: the role of its token, and the name under which it owns fields."""

    role: str = ""
    manager: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A write's result: the HTTP status and the record (or Status object) to show, once `ticket` is done."""

    status: int
    record: Record | None = None
    body: JsonObject | None = None
    ticket: asyncio.Future[None] | None = None


class Steps:
    """Submits steps of objects; the verbs are built on it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def rewrite(self, kind: Kind, record: Record, value: JsonObject) -> Written:
        """Store `value` as the next state of `record`; the caller knows that it keeps to the kind's rules."""
        return self._finish(kind, record, value, record.parse(), dry_run=False)

    def _finish(self, kind: Kind, record: Record, value: JsonObject, old: JsonObject, *, dry_run: bool) -> Written:
        """Store the step from `old` to `value`, if it is one."""
        if same_content(value, old):
            return Written(200, record)
        metadata = value["metadata"]
        if kind.has_generation and changes_generation(kind, value, old):
            metadata["generation"] = old["metadata"].get("generation", 0) + 1
        if "deletionTimestamp" in metadata and not metadata.get("finalizers") and kind.plural != "namespaces":
            return self._release(kind, record, value, dry_run=dry_run)
        return self._put(kind, value, record, 200, dry_run=dry_run)

    def _put(self, kind: Kind, value: JsonObject, old: Record | None, status: int, *, dry_run: bool = False) -> Written:
        metadata = value["metadata"]
        namespace, name = metadata.get("namespace", ""), metadata["name"]
        if dry_run:
            return Written(status, Record(kind.qualified, namespace, name, 0, encode(kind, value)))
        version = self._store.next_version()
        metadata["resourceVersion"] = str(version)
        record = Record(kind.qualified, namespace, name, version, encode(kind, value))
        return Written(status, record, ticket=self._store.submit([Change(version, old, record)]))

    def _release(self, kind: Kind, record: Record, value: JsonObject, *, dry_run: bool) -> Written:
        """The write that takes the last finalizer off deletes; it answers the object at its old version."""
        shown = Record(record.resource, record.namespace, record.name, record.version, encode(kind, value))
        if dry_run:
            return Written(200, shown)
        return Written(200, shown, ticket=self._store.submit(self._removal([record])))

    def _removal(self, records: Iterable[Record]) -> list[Change]:
        """Remove records, and the namespace or definition under deletion that they were the last content of."""
        changes = [Change(self._store.next_version(), record, None) for record in records]
        gone = {change.record.position for change in changes}
        for name in {position[1] for position in gone if position[1]}:
            namespace = self._store.head("namespaces", "", name)
            if (
                _terminating(namespace)
                and not is_held(namespace)
                and all(record.position in gone for record in self._store.inside(name))
            ):
                changes.append(Change(self._store.next_version(), namespace, None))
        for resource in {position[0] for position in gone}:
            definition = self._store.head(DEFINITIONS, "", resource)
            if _terminating(definition) and all(record.position in gone for record in self._store.heads(resource)):
                changes.append(Change(self._store.next_version(), definition, None))
        return changes


def is_held(record: Record | None) -> bool:
    """Whether somebody has to finalize the namespace besides the cluster, which does with the last of its content."""
    finalizers = (record.parse().get("spec") or {}).get("finalizers") or [] if record is not None else []
    return any(name != CLUSTERS_FINALIZER for name in finalizers)


def _terminating(record: Record | None) -> bool:
    return record is not None and "deletionTimestamp" in record.parse()["metadata"]
