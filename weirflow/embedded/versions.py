"""One object at several versions of its kind: the same content under another apiVersion, as without a conversion."""

from __future__ import annotations

import orjson

from weirflow.embedded.kinds import Kind
from weirflow.embedded.records import Record


def as_served(kind: Kind, record: Record) -> Record:
    """The object as this version of its kind shows it. Stored bytes begin with kind and apiVersion."""
    if not kind.several:
        return record
    if kind.view is not None:
        raw = orjson.dumps(kind.view.shown(kind, record.parse()))
        return Record(record.resource, record.namespace, record.name, record.version, raw)
    head = f'{{"kind":"{kind.kind}","apiVersion":"'.encode()
    if not record.raw.startswith(head):
        return record
    rest = record.raw[record.raw.index(b'"', len(head)) :]
    raw = head + kind.api_version.encode() + rest
    return Record(record.resource, record.namespace, record.name, record.version, raw)
