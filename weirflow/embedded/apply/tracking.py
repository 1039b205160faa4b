"""What the writer asks: the managers after a write of one object.

Writes of the product's own processes are not followed on objects that nobody else has written: there are thousands a
second of them, and the first apply finds such an object's fields owned by `before-first-apply`, as the API has it for
whatever was written before managers were kept.
"""

from __future__ import annotations

from typing import Any

import orjson

from weirflow.embedded import access
from weirflow.embedded.apply.fields import FieldSet
from weirflow.embedded.apply.managers import (
    APPLY,
    UPDATE,
    Manager,
    Managers,
    Write,
    applied,
    decode,
    encode,
    first_owners,
    updated,
)
from weirflow.embedded.apply.shapes import Map, builtin_shape, custom_shape
from weirflow.embedded.apply.typed import NotTyped, check, field_set
from weirflow.embedded.errors import bad_request
from weirflow.embedded.kinds import JsonObject, Kind
from weirflow.embedded.metadata import now
from weirflow.embedded.openapi.kinds import BUILTIN

SERVERS = FieldSet.of(
    ("f:apiVersion",),
    ("f:kind",),
    *(
        ("f:metadata", f"f:{name}")
        for name in (
            "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields",
            "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds",
        )
    ),
)  # fmt: skip
"""Nobody owns these."""

KUBECTL = "kubectl"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
NEVER_ABSENT = {"leases.coordination.k8s.io": ("spec",), "namespaces": ("spec", "status"), "events": ("source",)}
"""Parts that the API's own kinds have from the beginning, so that nobody who makes an object owns them as such."""
STATUS = FieldSet.of(("f:status",))
NOT_STATUS = FieldSet.of(("f:spec",), ("f:metadata",))


def shape_of(kind: Kind) -> Map:
    """How the objects of a kind are made."""
    shape: Map | None = kind.shape
    if shape is None:
        if kind.schema is not None:
            shape = custom_shape(kind.schema)
        else:
            shape = builtin_shape(kind.qualified, BUILTIN[kind.kind][1])
        kind.shape = shape
    return shape


def ignored(kind: Kind, part: str) -> FieldSet:
    """What a write to this part of the object never owns."""
    if part == "status":
        return SERVERS | NOT_STATUS
    return SERVERS | STATUS if kind.has_status else SERVERS


def follow(
    kind: Kind, part: str, value: JsonObject, old: JsonObject | None, given: Any, manager: str, role: str
) -> None:
    """Set managedFields of `value`, the next state of `old`, after an update by `manager`.

    `given` is what the body had in their place: `[{}]` forgets them all, and what can be read replaces them.
    """
    metadata = value["metadata"]
    kept = old["metadata"].get("managedFields") if old is not None else None
    if given == [{}]:
        metadata.pop("managedFields", None)
    elif kept or (old is None and role == access.ADMIN):
        managers = decode(given) if given else None
        managers = decode(kept) or {} if managers is None else managers
        write = Write(Manager(manager, UPDATE, kind.api_version, part), now(), ignored(kind, part))
        before = _bare(old) if old is not None else {name: {} for name in NEVER_ABSENT.get(kind.qualified, ())}
        settle(value, updated(shape_of(kind), managers, write, before, _bare(value)))


def apply(
    kind: Kind, part: str, live: JsonObject | None, config: JsonObject, manager: str, *, force: bool
) -> tuple[JsonObject, Managers]:
    """The object an apply asks for, before the kind's own rules, and the managers after it.

    Raises ApiError: 400 for what is not made as the kind says, 409 for conflicts.
    """
    shape = shape_of(kind)
    try:
        check(shape, config)
    except NotTyped as error:
        raise bad_request(f"failed to create typed patch object ({_named(kind, config)}): {error}") from None
    write = Write(Manager(manager, APPLY, kind.api_version, part), now(), ignored(kind, part))
    managers: Managers = {}
    bare: JsonObject = {}
    if live is not None:
        bare = _bare(live)
        managers = decode(live["metadata"].get("managedFields")) or {}
        managers = managers or first_owners(shape, bare, kind.api_version, write.time, ignored(kind, ""))
    said = _last_applied(live) if manager == KUBECTL else None
    granted = field_set(shape, said) if isinstance(said, dict) else FieldSet()
    made, managers = applied(shape, managers, write, bare, _bare(config), force=force, granted=granted)
    if said is not None:
        annotations = made["metadata"].get("annotations") or {}
        made["metadata"]["annotations"] = {**annotations, LAST_APPLIED: orjson.dumps(config).decode()}
    return made, managers


def _last_applied(live: JsonObject | None) -> Any:
    """What kubectl applied by itself last: what it said there it may say here, and it is kept in step."""
    text = ((live or {}).get("metadata", {}).get("annotations") or {}).get(LAST_APPLIED)
    try:
        return orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return None


def settle(value: JsonObject, managers: Managers) -> None:
    """Write the managers into the object."""
    if managers:
        value["metadata"]["managedFields"] = encode(managers)
    else:
        value["metadata"].pop("managedFields", None)


def _bare(value: JsonObject | None) -> JsonObject:
    """An object as managers see it."""
    if value is None:
        return {}
    metadata = {
        name: item for name, item in value["metadata"].items() if name not in ("managedFields", "resourceVersion")
    }
    return {**value, "metadata": metadata}


def _named(kind: Kind, config: JsonObject) -> str:
    metadata = config.get("metadata") or {}
    place = f"{metadata.get('namespace') or ''}/{metadata.get('name') or ''}"
    return f"{place}; {kind.api_version}, Kind={kind.kind}"
