"""Who is owned by whom: which objects name an owner, by its uid."""

from __future__ import annotations

from collections.abc import Iterable

from weirflow.embedded.kinds import JsonObject
from weirflow.embedded.records import Change, Position, Record

MARK = b'"ownerReferences"'
"""Most objects have no owner, which their bytes tell without being read."""


def owners_of(record: Record) -> list[JsonObject]:
    """The owner references of an object; what was stored before they were checked may be none."""
    if MARK not in record.raw:
        return []
    return [owner for owner in record.parse()["metadata"].get("ownerReferences") or [] if _is_owner(owner)]


def _is_owner(owner: JsonObject) -> bool:
    return all(isinstance(owner.get(name), str) for name in ("apiVersion", "kind", "name", "uid"))


class Owners:
    """Dependents by the uid of an owner, committed ones only."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._dependents: dict[str, set[Position]] = {}
        for record in records:
            self._add(record)

    def __bool__(self) -> bool:
        return bool(self._dependents)

    def of(self, uid: str) -> set[Position]:
        """Where the dependents of this owner stand."""
        return set(self._dependents.get(uid, ()))

    def follow(self, change: Change) -> None:
        """Bring the index in step with a committed change."""
        if change.old is not None:
            for owner in owners_of(change.old):
                left = self._dependents.get(owner["uid"])
                if left is not None:
                    left.discard(change.old.position)
                    if not left:
                        del self._dependents[owner["uid"]]
        if change.new is not None:
            self._add(change.new)

    def _add(self, record: Record) -> None:
        for owner in owners_of(record):
            self._dependents.setdefault(owner["uid"], set()).add(record.position)
