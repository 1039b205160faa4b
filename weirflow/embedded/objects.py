"""From a request's body to the form that is stored: identity checked, unknown fields pruned, rules applied."""

from __future__ import annotations

from typing import Any

import orjson

from weirflow.embedded.bodies import section
from weirflow.embedded.errors import ApiError, Cause, bad_request, conflict, invalid, version_required
from weirflow.embedded.kinds import JsonObject, Kind
from weirflow.embedded.metadata import check_metadata, check_update, new_uid, now, random_suffix, read_metadata
from weirflow.embedded.patches import same

OBJECT_BYTES = 1_572_864
"""Most bytes of one stored object: what a real cluster's store takes."""


def encode(kind: Kind, value: JsonObject) -> bytes:
    """The stored bytes, kind and apiVersion first (lists of built-in kinds cut them off).

    Written inside of lists, so that what is stored nests less than can be written: tables and events put it into more.
    """
    ordered = {"kind": kind.kind, "apiVersion": kind.api_version, **value}
    try:
        raw = orjson.dumps([[[[[[[[ordered]]]]]]]])[8:-8]
    except orjson.JSONEncodeError as error:
        raise bad_request(f"the {kind.kind} cannot be stored: {error}; values nest about 240 deep at most") from None
    if len(raw) > OBJECT_BYTES:
        raise ApiError(
            413,
            "RequestEntityTooLarge",
            f"{kind.kind} {value['metadata']['name']!r} has {len(raw)} bytes; an object may have {OBJECT_BYTES}",
        )
    return raw


def check_type(kind: Kind, body: JsonObject) -> None:
    """The body's kind and apiVersion against the URL's."""
    said, version = body.get("kind") or "", body.get("apiVersion") or ""
    if kind.builtin and not said and not version:
        return
    if not said or not version:
        missing = "Kind" if not said else "apiVersion"
        cannot = f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}'
        raise bad_request(f"{cannot}: Object '{missing}' is missing")
    if version != kind.api_version:
        raise bad_request(
            f"the API version in the data ({version}) does not match the expected API version ({kind.api_version})"
        )
    if said != kind.kind:
        if kind.builtin:
            raise bad_request(f'{said} in version "{kind.version}" cannot be handled as a {kind.kind}')
        name = str(section(body, "metadata").get("name", ""))
        text = f'Invalid value: "{said}": must be {kind.kind}'
        raise invalid(kind, name, [Cause("kind", "FieldValueInvalid", text)], as_kind=said)


def new_object(kind: Kind, namespace: str, body: JsonObject) -> JsonObject:
    """A body as the object it creates; uid, creation time and generation are the server's. Raises ApiError."""
    metadata = read_metadata(kind, body)
    if not kind.namespaced:
        metadata.pop("namespace", None)
    if metadata.get("namespace", namespace) != namespace:
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
    if metadata.pop("resourceVersion", ""):
        raise bad_request("resourceVersion should not be set on objects to be created")
    check_type(kind, body)
    if not metadata.get("name") and metadata.get("generateName"):
        metadata["name"] = metadata["generateName"][:248] + random_suffix()
    metadata.pop("deletionTimestamp", None)
    if namespace:
        metadata["namespace"] = namespace
    metadata.update(uid=new_uid(), creationTimestamp=now())
    if kind.has_generation:
        metadata["generation"] = 1
    value = {"metadata": metadata, **_content(body)}
    if kind.has_status:
        value.pop("status", None)
    finish(kind, value, None, check_metadata(kind, metadata))
    return value


def updated_object(kind: Kind, body: JsonObject, old: JsonObject, *, patched: bool) -> JsonObject:
    """A body as the new state of `old`, without regard to its status. Raises ApiError."""
    metadata = identity(kind, body, old["metadata"], patched=patched)
    check_type(kind, body)
    before = old["metadata"]
    causes = check_update(kind, metadata, before)
    for name in ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds"):
        metadata.pop(name, None)
        if name in before:
            metadata[name] = before[name]
    value = {"metadata": metadata, **_content(body)}
    if kind.has_status:
        value.pop("status", None)
        if "status" in old:
            value["status"] = old["status"]
    finish(kind, value, old, causes + check_metadata(kind, metadata))
    return value


def updated_status(kind: Kind, body: JsonObject, old: JsonObject, *, patched: bool) -> JsonObject:
    """`old` with the body's status and nothing else of the body. Raises ApiError."""
    identity(kind, body, old["metadata"], patched=patched)
    check_type(kind, body)
    value = {name: part for name, part in old.items() if name not in ("status", "kind", "apiVersion")}
    value["metadata"] = dict(old["metadata"])
    if body.get("status") is not None:
        value["status"] = body["status"]
    if kind.schema is not None:
        _check_part(kind, value, old, "status")
    return value


def identity(kind: Kind, body: JsonObject, before: JsonObject, *, patched: bool) -> JsonObject:
    """The metadata of an update's body, once it is clear that it means the object `before` at its present version."""
    metadata = read_metadata(kind, body)
    name, namespace = before["name"], before.get("namespace", "")
    if metadata.get("name", name) != name:
        said = metadata["name"]
        raise bad_request(f"the name of the object ({said}) does not match the name on the URL ({name})")
    if metadata.get("namespace", namespace) != namespace:
        said = metadata["namespace"]
        raise bad_request(
            f"the namespace of the object ({said}) does not match the namespace on the request ({namespace})"
        )
    version = metadata.get("resourceVersion", "")
    if version and not version.isdigit():
        raise bad_request(f"metadata.resourceVersion {version!r} is not a version this cluster gave out")
    if version in ("", "0"):
        if kind.version_required:
            raise version_required(kind, name)
    elif version != before["resourceVersion"]:
        raise conflict(kind, name)
    if not patched and metadata.get("uid", before["uid"]) != before["uid"]:
        text = f"Precondition failed: UID in precondition: {metadata['uid']}, UID in object meta: {before['uid']}"
        raise conflict(kind, name, text)
    metadata["name"] = name
    if namespace:
        metadata["namespace"] = namespace
    metadata["resourceVersion"] = before["resourceVersion"]
    return metadata


def _content(body: JsonObject) -> JsonObject:
    return {name: part for name, part in body.items() if name not in ("kind", "apiVersion", "metadata")}


def finish(kind: Kind, value: JsonObject, old: JsonObject | None, causes: list[Cause]) -> None:
    """Apply the kind's own rules to `value` in place; 422 with every cause if one is broken."""
    metadata = value["metadata"]
    if kind.prepare is not None:
        causes = causes + kind.prepare(value, old)
    elif kind.schema is not None:
        del value["metadata"]
        kind.schema.settle(value)
        kind.schema.check(value, "", causes)
        value["metadata"] = metadata
    if causes:
        raise invalid(kind, metadata.get("name", ""), causes)


def _check_part(kind: Kind, value: JsonObject, old: JsonObject, part: str) -> None:
    """Prune and check one top-level part; what did not change in it was checked when it was written."""
    schema = kind.schema.properties.get(part) if kind.schema else None
    if schema is None:
        value.pop(part, None)
    elif part in value:
        before, now = old.get(part), value[part]
        unchanged: set[str] = set()
        if isinstance(before, dict) and isinstance(now, dict):
            unchanged = {name for name, field in now.items() if name in before and same(field, before[name])}
        schema.settle(now, unchanged)
        causes: list[Cause] = []
        schema.check(now, part, causes, unchanged)
        if causes:
            raise invalid(kind, value["metadata"]["name"], causes)


def same_content(new: JsonObject, old: JsonObject) -> bool:
    """True when a write would change nothing."""
    named = ("kind", "apiVersion")
    left = {name: part for name, part in new.items() if name not in named}
    return same(left, {name: part for name, part in old.items() if name not in named})


def changes_generation(kind: Kind, new: JsonObject, old: JsonObject) -> bool:
    """True when the desired state differs: anything but metadata and (with a status subresource) status."""
    outside = {"kind", "apiVersion", "metadata"} | ({"status"} if kind.has_status else set())
    names = (new.keys() | old.keys()) - outside
    missing: Any = object()
    return any(not same(new.get(name, missing), old.get(name, missing)) for name in names)
