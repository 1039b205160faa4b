"""Who owns which fields of one object: `metadata.managedFields`, read, changed and written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from weirflow.embedded.apply.fields import EMPTY, FieldSet, shown
from weirflow.embedded.apply.shapes import Map
from weirflow.embedded.apply.typed import Comparison, compare, every_field, field_set, merge, remove
from weirflow.embedded.errors import ApiError

APPLY, UPDATE = "Apply", "Update"
BEFORE_FIRST_APPLY = "before-first-apply"
ANCIENT_CHANGES = "ancient-changes"
METADATA = FieldSet.of(("f:metadata",))
"""Metadata as such is nobody's; what is in it is."""
MOST_UPDATERS = 10
"""Entries of updates an object keeps; older ones are joined, as the API does."""


@dataclass(frozen=True, slots=True)
class Manager:
    """One entry of managedFields without its fields: who, by which verb, at which version and part of the object."""

    name: str
    operation: str
    api_version: str
    part: str = ""

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """Updates at another version are another manager's; an apply goes by its name."""
        return self.name, self.operation, "" if self.operation == APPLY else self.api_version, self.part

    def as_met(self) -> str:
        """How a conflict names it."""
        text = f'"{self.name}"'
        if self.part:
            text += f' with subresource "{self.part}"'
        return text if self.operation == APPLY else f"{text} using {self.api_version}"


@dataclass(frozen=True, slots=True)
class Owned:
    """What a manager owns, and since when."""

    manager: Manager
    fields: FieldSet
    time: str = ""


Managers = dict[tuple[str, str, str, str], Owned]


def decode(entries: Any) -> Managers | None:
    """Of managedFields; None where they cannot be read, which the API takes for none."""
    found: Managers = {}
    if not isinstance(entries, list):
        return None
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("operation") not in (APPLY, UPDATE):
            return None
        if entry.get("fieldsType", "FieldsV1") != "FieldsV1":
            return None
        names = [entry.get(name) or "" for name in ("manager", "operation", "apiVersion", "subresource", "time")]
        if not all(isinstance(name, str) for name in names):
            return None
        try:
            fields = FieldSet.from_json(entry.get("fieldsV1") or {})
        except (ValueError, RecursionError):
            return None
        manager = Manager(names[0], names[1], names[2], names[3])
        found[manager.identity] = Owned(manager, fields, names[4])
    return found


def encode(managers: Managers) -> list[dict[str, Any]]:
    """As managedFields."""
    return [_entry(owned) for owned in sorted(_capped(managers), key=_order)]


def _order(owned: Owned) -> tuple[str, str, str, str, str]:
    manager = owned.manager
    return manager.operation, owned.time, manager.name, manager.api_version, manager.part


def _entry(owned: Owned) -> dict[str, Any]:
    manager = owned.manager
    return {
        "manager": manager.name,
        "operation": manager.operation,
        "apiVersion": manager.api_version,
        **({"time": owned.time} if owned.time else {}),
        "fieldsType": "FieldsV1",
        "fieldsV1": owned.fields.as_json(),
        **({"subresource": manager.part} if manager.part else {}),
    }


def _capped(managers: Managers) -> list[Owned]:
    """At most MOST_UPDATERS entries of updates: the oldest of the main resource become one."""
    updates = sorted((one for one in managers.values() if one.manager.operation == UPDATE), key=_order)
    surplus = len(updates) - MOST_UPDATERS
    if surplus <= 0:
        return list(managers.values())
    joined: dict[str, Owned] = {}
    gone = [one for one in updates if not one.manager.part][: surplus + 1]
    for one in gone:
        version = one.manager.api_version
        before = joined.get(version)
        fields = before.fields | one.fields if before else one.fields
        joined[version] = Owned(Manager(ANCIENT_CHANGES, UPDATE, version), fields, one.time)
    lost = {one.manager.identity for one in gone}
    return [*(one for identity, one in managers.items() if identity not in lost), *joined.values()]


@dataclass(frozen=True, slots=True)
class Write:
    """Who writes, when, and what a write to this part of the object owns no field of."""

    manager: Manager
    time: str
    ignored: FieldSet


def updated(shape: Map, managers: Managers, write: Write, old: Any, new: Any) -> Managers:
    """The managers after a write that asks nobody: what it changed is the writer's, and no one else's."""
    if not old and not managers:
        made = every_field(shape, new).without(write.ignored) - METADATA
        return {write.manager.identity: Owned(write.manager, made, write.time)} if made else {}
    changes = compare(shape, old, new).without(write.ignored)
    left = _taken(managers, None, changes)
    identity = write.manager.identity
    won = (changes.modified | changes.added) - METADATA
    if won:
        kept = left[identity].fields if identity in left else EMPTY
        left[identity] = Owned(write.manager, kept | won, write.time)
    return left


def applied(
    shape: Map, managers: Managers, write: Write, live: Any, config: Any, *, force: bool, granted: FieldSet = EMPTY
) -> tuple[Any, Managers]:
    """What an apply makes of `live`, and the managers after it. Raises the 409 of a conflict about fields that are
    not `granted`.

    As in the API, an apply that changes nothing but owners leaves no time.
    """
    manager = write.manager
    merged = merge(shape, live, config)
    last = managers.get(manager.identity)
    mine = Owned(manager, field_set(shape, config), last.time if last else "")
    if last is not None and last.fields:
        merged = _pruned(shape, merged, {**managers, manager.identity: mine}, last.fields)
    changed = compare(shape, live, merged)
    changes = changed.without(write.ignored)
    if not force:
        _refuse(_conflicts(managers, manager, (changes.modified | changes.added) - granted))
    left = _taken(managers, manager, changes)
    left.pop(manager.identity, None)
    own = mine.fields.without(write.ignored) - METADATA
    if own:
        left[manager.identity] = Owned(manager, own, write.time if changed else mine.time)
    return merged, left


def _pruned(shape: Map, merged: Any, managers: Managers, last: FieldSet) -> Any:
    """`merged` without what the manager applied last time, applies no more, and nobody else owns."""
    owned = EMPTY
    for one in managers.values():
        owned = owned | one.fields
    every = field_set(shape, merged).named()
    pruned = remove(shape, merged, last.named())
    gone = every - field_set(shape, pruned).named() - owned.named()
    pruned = remove(shape, merged, gone)
    # What was never this manager's stays, even below something that was.
    gone = (every - field_set(shape, pruned).named()) & last.named()
    return remove(shape, merged, gone)


def _taken(managers: Managers, manager: Manager | None, changes: Comparison) -> Managers:
    """Nobody but `manager` owns what a write changed or took away."""
    lost = changes.modified | changes.added | changes.removed
    left: Managers = {}
    for identity, one in managers.items():
        fields = one.fields if manager is not None and identity == manager.identity else one.fields - lost
        if fields:
            left[identity] = replace(one, fields=fields)
    return left


def _conflicts(managers: Managers, manager: Manager, touched: FieldSet) -> list[tuple[str, str]]:
    """Whose fields would change: how the manager is named, and the field."""
    return [
        (one.manager.as_met(), shown(path))
        for one in managers.values()
        if one.manager.identity != manager.identity
        for path in (one.fields & touched).paths()
    ]


def _refuse(conflicts: list[tuple[str, str]]) -> None:
    if not conflicts:
        return
    causes = [
        {"reason": "FieldManagerConflict", "message": f"conflict with {who}", "field": where}
        for who, where in sorted(conflicts)
    ]
    by: dict[str, list[str]] = {}
    for who, where in sorted(conflicts):
        by.setdefault(who, []).append(where)
    if len(conflicts) == 1:
        told = f"conflict with {conflicts[0][0]}: {conflicts[0][1]}"
    else:
        told = "\n".join(
            "\n".join([f"conflicts with {who}:", *(f"- {where}" for where in fields)]) for who, fields in by.items()
        )
    count = f"{len(conflicts)} conflict{'' if len(conflicts) == 1 else 's'}"
    raise ApiError(409, "Conflict", f"Apply failed with {count}: {told}", {"causes": causes})


def first_owners(shape: Map, live: Any, api_version: str, time: str, ignored: FieldSet) -> Managers:
    """Of an object that nobody has applied and whose writers are not on record: all of it is somebody's."""
    return updated(shape, {}, Write(Manager(BEFORE_FIRST_APPLY, UPDATE, api_version), time, ignored), {}, live)
