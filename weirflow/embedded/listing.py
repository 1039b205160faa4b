"""Lists: one consistent state, in pages, as bytes that were made when the objects were written."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_left
from dataclasses import dataclass

import orjson

from weirflow.embedded.errors import bad_request, expired, version_in_future
from weirflow.embedded.hub import Hub
from weirflow.embedded.kinds import Kind
from weirflow.embedded.options import Query, check_match, number, version_of
from weirflow.embedded.records import Key, Record
from weirflow.embedded.selectors import Selector
from weirflow.embedded.store import Store

TOKEN_FORM = "meta.k8s.io/v1"  # noqa: S105
EXPIRED_TEXT = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. "
    "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
    "deleted between the time the first chunk was returned and now may show up in the list."
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its objects, the version they show, and how to go on."""

    records: list[Record]
    version: int
    token: str = ""
    remaining: int | None = None

    @property
    def metadata(self) -> dict[str, object]:
        found: dict[str, object] = {"resourceVersion": str(self.version)}
        if self.token:
            found["continue"] = self.token
            if self.remaining is not None:
                found["remainingItemCount"] = self.remaining
        return found


def list_page(store: Store, hub: Hub, kind: Kind, selector: Selector, query: Query) -> Page:
    """The page that a list request asks for. Raises ApiError for bad options and versions no longer kept."""
    match = check_match(query)
    limit = max(0, number(query, "limit"))
    asked = version_of(query)
    token = query.get("continue", "")
    start: Key | None = None
    version = store.version
    if token:
        if asked:
            raise bad_request("specifying resource version is not allowed when using continue")
        version, start = _read_token(store, hub, token, selector.namespace)
    elif asked is not None:
        if asked > store.version:
            raise version_in_future(asked, store.version)
        if asked == 0:
            limit = 0
        elif match == "Exact" or (limit and not match):
            version = asked
            if version < hub.oldest:
                raise expired("The resourceVersion for the provided list is too old.")
    return _page(store, hub, kind, selector, version, start, limit)


def _page(store: Store, hub: Hub, kind: Kind, selector: Selector, version: int, start: Key | None, limit: int) -> Page:
    objects, keys = store.objects(kind.qualified), store.keys(kind.qualified)
    steps = list(hub.after(version, kind.qualified))
    if steps:
        objects = dict(objects)
        for step in reversed(steps):
            key = step.change.record.key
            if step.change.old is None:
                objects.pop(key, None)
            else:
                objects[key] = step.change.old
        keys = sorted(objects)
    low, high = 0, len(keys)
    if selector.namespace:
        low = bisect_left(keys, (selector.namespace, ""))
        high = bisect_left(keys, (selector.namespace + "\0", ""))
    if start is not None:
        low = max(low, bisect_left(keys, start))
    records: list[Record] = []
    at = low
    for at in range(low, high):
        record = objects[keys[at]]
        if selector.selects_all or selector.matches(record):
            if limit and len(records) == limit:
                token = _make_token(version, records[-1], selector.namespace)
                return Page(records, version, token, high - at if selector.selects_all else None)
            records.append(record)
    return Page(records, version)


def _make_token(version: int, last: Record, namespace: str) -> str:
    """A token that goes on behind `last`; keys inside one namespace are names, else `namespace/name`."""
    start = last.name if namespace or not last.namespace else f"{last.namespace}/{last.name}"
    content = {"v": TOKEN_FORM, "rv": version, "start": start + "\0"}
    return base64.urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("=")


def _read_token(store: Store, hub: Hub, token: str, namespace: str) -> tuple[int, Key]:
    try:
        content = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        version, start = int(content["rv"]), str(content["start"])
        if content["v"] != TOKEN_FORM:
            raise ValueError(content["v"])
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise bad_request(f"invalid continue token: {error}") from None
    first, slash, second = start.partition("/")
    key = (namespace, start) if namespace or not slash else (first, second)
    if version == -1:
        return store.version, key
    if version > store.version:
        raise bad_request("invalid continue token: it was not made by this cluster")
    if version < hub.oldest:
        fresh = base64.urlsafe_b64encode(orjson.dumps({**content, "rv": -1})).decode().rstrip("=")
        raise expired(EXPIRED_TEXT, continue_token=fresh)
    return version, key


def list_bytes(kind: Kind, page: Page) -> bytes:
    """The list as JSON. Items of built-in kinds carry no kind and apiVersion, as a real server writes them."""
    head = {"kind": f"{kind.kind}List", "apiVersion": kind.api_version, "metadata": page.metadata}
    raws = [record.raw for record in page.records]
    if kind.builtin:
        cut = len(orjson.dumps({"kind": kind.kind, "apiVersion": kind.api_version}))
        raws = [b"{" + raw[cut:] for raw in raws]
    return orjson.dumps(head)[:-1] + b',"items":[' + b",".join(raws) + b"]}\n"
