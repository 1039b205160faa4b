"""Starting a watch: where it begins, how its objects are written, and what it tells beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from weirflow.embedded import tables
from weirflow.embedded.errors import Cause, invalid_options
from weirflow.embedded.hub import Encode, Hub, Watcher, line
from weirflow.embedded.kinds import JsonObject, Kind
from weirflow.embedded.messages import Answer
from weirflow.embedded.negotiation import METADATA, TABLE
from weirflow.embedded.options import Query, number, truthy, version_of
from weirflow.embedded.records import Record
from weirflow.embedded.selectors import Selector
from weirflow.embedded.store import Store
from weirflow.embedded.versions import as_served
from weirflow.embedded.watching import WatchStream

INITIAL = "sendInitialEvents"
MATCH = "resourceVersionMatch"
INITIAL_END = {"k8s.io/initial-events-end": "true"}
"""On the bookmark after what there was at the start: a client has the whole state now."""


class Watches:
    """The watches of one cluster."""

    def __init__(self, store: Store, hub: Hub) -> None:
        self._store, self._hub = store, hub
        self._streams: set[WatchStream] = set()

    def finish(self) -> None:
        """End all of them."""
        for stream in list(self._streams):
            stream.finish()

    def answer(self, kind: Kind, selector: Selector, query: Query, form: str) -> Answer:
        """A watch as the query asks for it."""
        since, initial = version_of(query), initial_events(query)
        encode = _at_version(kind, _encoder(kind, form, query.get("includeObject", "")))
        seconds = max(0, number(query, "timeoutSeconds"))

        def bookmark(annotations: JsonObject | None = None) -> bytes:
            metadata: JsonObject = {"resourceVersion": str(self._store.version)}
            if annotations:
                metadata["annotations"] = annotations
            value = {"kind": kind.kind, "apiVersion": kind.api_version, "metadata": metadata}
            return orjson.dumps({"type": "BOOKMARK", "object": value}) + b"\n"

        def open_stream(wake: Callable[[], None]) -> WatchStream:
            watcher = Watcher(kind.qualified, selector, encode, wake)
            existing, start = None, since or 0
            if initial or (initial is None and not since):
                objects = self._store.objects(kind.qualified)
                keys = self._store.keys(kind.qualified)
                existing = [record for key in keys if selector.matches(record := objects[key])]
            elif not since:
                start = self._store.version
            self._hub.add(watcher, existing, start)
            if initial:
                watcher.push(bookmark(INITIAL_END))
            marks = bookmark if truthy(query, "allowWatchBookmarks") else None
            stream = WatchStream(self._hub, watcher, seconds, marks, self._streams.discard)
            self._streams.add(stream)
            return stream

        return Answer(200, open=open_stream)


def initial_events(query: Query) -> bool | None:
    """Whether the query asks for what there is to come first, as a list; None when it does not say."""
    text, match = query.get(INITIAL, ""), query.get(MATCH, "")
    field, said = "", ""
    if text and match != "NotOlderThan":
        field, said = INITIAL, f"Forbidden: {INITIAL} requires setting {MATCH} to NotOlderThan"
        if match:
            field, said = MATCH, f"Forbidden: {INITIAL} requires setting {MATCH} to NotOlderThan"
    elif match and not text:
        field, said = MATCH, f"Forbidden: {MATCH} is forbidden for watch unless {INITIAL} is provided"
    elif truthy(query, INITIAL) and not truthy(query, "allowWatchBookmarks"):
        field, said = INITIAL, f"Forbidden: {INITIAL} requires allowWatchBookmarks"
    if said:
        raise invalid_options("ListOptions", Cause(field, "FieldValueForbidden", said))
    return truthy(query, INITIAL) if text else None


def _at_version(kind: Kind, encode: Encode | None) -> Encode | None:
    """The same, of objects that may be stored at another version."""
    if not kind.several:
        return encode
    write = encode or line
    return lambda event, record: write(event, as_served(kind, record))


def _encoder(kind: Kind, form: str, include: str) -> Encode | None:
    """How a watch writes its objects; None for the plain form, whose lines all watchers share."""
    if form == TABLE:
        tables.check_include(include)
        first: list[Any] = [tables.definitions(kind)]

        def as_table(event: str, record: Record) -> bytes:
            value = {
                "kind": "Table",
                "apiVersion": tables.META_VERSION,
                "metadata": {"resourceVersion": str(record.version)},
                "columnDefinitions": first.pop() if first else None,
                "rows": [tables.row(kind, record.parse(), include)],
            }
            return orjson.dumps({"type": event, "object": value}) + b"\n"

        return as_table
    if form == METADATA:
        return lambda event, record: (
            orjson.dumps({"type": event, "object": tables.metadata_only(record.parse())}) + b"\n"
        )
    return None
