"""What deleting does: of one object, of many, of a namespace or a definition with what is in it, of old Events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from weirflow.embedded import access
from weirflow.embedded.bodies import section
from weirflow.embedded.definitions import DEFINITIONS, kinds_of, terminate
from weirflow.embedded.errors import (
    ApiError,
    bad_request,
    details_of,
    not_found,
    precondition_failed,
)
from weirflow.embedded.kinds import JsonObject, Kind
from weirflow.embedded.metadata import TIME_FORMAT, now
from weirflow.embedded.objects import check_type, encode, identity
from weirflow.embedded.options import FOREGROUND, ORPHAN, DeleteOptions
from weirflow.embedded.records import Change, Record
from weirflow.embedded.selectors import Selector
from weirflow.embedded.steps import CLUSTERS_FINALIZER, Steps, Written, is_held

KEPT_NAMESPACES = ("default", "kube-system")
EVENT_AGE = timedelta(hours=1)
MOST_EVENTS = 5_000


class Removals(Steps):
    """The verbs that take away."""

    def delete(self, kind: Kind, namespace: str, name: str, options: DeleteOptions) -> Written:
        record = self._store.head(kind.qualified, namespace, name)
        if record is None:
            raise not_found(kind, name)
        value = record.parse()
        _check_preconditions(kind, value["metadata"], options)
        if kind.plural == "namespaces":
            return self._delete_namespace(kind, record, value, options)
        if kind.qualified == DEFINITIONS:
            return self._delete_definition(kind, record, value, options)
        finalizers = _with_policy(value["metadata"].get("finalizers") or [], options.policy)
        if finalizers:
            value["metadata"]["finalizers"] = finalizers
            if "deletionTimestamp" not in value["metadata"]:
                return self._put(kind, _marked(kind, value), record, 200, dry_run=options.dry_run)
            return self._finish(kind, record, value, record.parse(), dry_run=options.dry_run)
        ticket = None if options.dry_run else self._store.submit(self._removal([record]))
        return Written(200, body=_deleted(kind, value), ticket=ticket)

    def delete_collection(self, kind: Kind, selector: Selector, options: DeleteOptions) -> tuple[list[Record], Written]:
        """Delete all that match, in one group. Answers the objects as they were."""
        found = [record for record in self._store.heads(kind.qualified) if selector.matches(record)]
        if options.dry_run or not found:
            return found, Written(200)
        ticket = self._store.submit(self._ending(kind, found, options.policy))
        return found, Written(200, ticket=ticket)

    def _ending(self, kind: Kind, records: Iterable[Record], policy: str | None = None) -> list[Change]:
        """Remove what has no finalizers and mark the rest as being deleted."""
        changes: list[Change] = []
        for record in records:
            value = record.parse()
            finalizers = _with_policy(value["metadata"].get("finalizers") or [], policy)
            if finalizers:
                value["metadata"]["finalizers"] = finalizers
            if not finalizers:
                changes.append(Change(self._store.next_version(), record, None))
            elif "deletionTimestamp" not in value["metadata"]:
                version = self._store.next_version()
                value = _marked(kind, value)
                value["metadata"]["resourceVersion"] = str(version)
                raw = encode(kind, value)
                marked = Record(record.resource, record.namespace, record.name, version, raw)
                changes.append(Change(version, record, marked))
        return changes

    def _delete_namespace(self, kind: Kind, record: Record, value: JsonObject, options: DeleteOptions) -> Written:
        """Take the content along. The namespace goes with the last of it: at once, unless finalizers hold something."""
        if record.name in KEPT_NAMESPACES:
            message = f'namespaces "{record.name}" is forbidden: this namespace may not be deleted'
            raise ApiError(403, "Forbidden", message, details_of(kind, record.name))
        if "deletionTimestamp" in value["metadata"]:
            return Written(200, record)
        value["metadata"]["deletionTimestamp"] = now()
        value["status"] = {"phase": "Terminating"}
        if options.dry_run:
            return self._put(kind, value, record, 200, dry_run=True)
        written = self._put(kind, value, record, 200)
        marked = written.record
        content = list(self._store.inside(record.name))
        changes = [change for entry in content for change in self._ending(self._kind_of(entry), [entry])]
        removed = {change.record.position for change in changes if change.new is None}
        if marked is not None and not is_held(marked) and all(entry.position in removed for entry in content):
            changes.append(Change(self._store.next_version(), marked, None))
        return Written(200, marked, ticket=self._store.submit(changes) if changes else written.ticket)

    def finalize(self, kind: Kind, name: str, body: JsonObject, *, dry_run: bool = False) -> Written:
        """Say anew who has to finalize a namespace. One under deletion goes when nobody has, whatever is left in it."""
        record = self._store.head(kind.qualified, "", name)
        if record is None:
            raise not_found(kind, name)
        old = record.parse()
        identity(kind, body, old["metadata"], patched=False)
        check_type(kind, body)
        finalizers = section(body, "spec").get("finalizers") or []
        if not isinstance(finalizers, list) or not all(isinstance(one, str) for one in finalizers):
            raise bad_request("spec.finalizers must be a list of names")
        value = {**old, "spec": {"finalizers": finalizers} if finalizers else {}}
        rest = [one for one in finalizers if one != CLUSTERS_FINALIZER or any(self._store.inside(name))]
        if "deletionTimestamp" in value["metadata"] and not rest:
            return self._release(kind, record, value, dry_run=dry_run)
        return self._finish(kind, record, value, old, dry_run=dry_run)

    def _kind_of(self, record: Record) -> Kind:
        """Just enough of a kind to write a record back: its names stand in the record."""
        value = record.parse()
        group, _, version = value["apiVersion"].rpartition("/")
        plural = record.resource.partition(".")[0]
        return Kind(group, version, plural, "", value["kind"], has_generation="generation" in value["metadata"])

    def _delete_definition(self, kind: Kind, record: Record, value: JsonObject, options: DeleteOptions) -> Written:
        """A definition takes its instances along; those of the product itself stay."""
        if value["spec"]["group"] == access.TINY_GROUP:
            message = f'{kind.qualified} "{record.name}" is forbidden: Weirflow itself needs this definition'
            raise ApiError(403, "Forbidden", message, details_of(kind, record.name))
        if "deletionTimestamp" in value["metadata"]:
            return Written(200, record)
        terminate(value)
        if options.dry_run:
            return self._put(kind, value, record, 200, dry_run=True)
        written = self._put(kind, value, record, 200)
        marked = written.record
        qualified = {served.qualified for served in kinds_of(value)}
        instances = [entry for name in qualified for entry in self._store.heads(name)]
        changes = [change for entry in instances for change in self._ending(self._kind_of(entry), [entry])]
        removed = {change.record.position for change in changes if change.new is None}
        if marked is not None and all(entry.position in removed for entry in instances):
            changes.append(Change(self._store.next_version(), marked, None))
        return Written(200, marked, ticket=self._store.submit(changes) if changes else written.ticket)

    def expire_events(self) -> None:
        """Remove Events older than EVENT_AGE, and the oldest beyond MOST_EVENTS."""
        events = sorted(self._store.heads("events"), key=lambda record: record.version)
        limit = (datetime.now(UTC) - EVENT_AGE).strftime(TIME_FORMAT)
        surplus = len(events) - MOST_EVENTS
        old = [record for place, record in enumerate(events) if place < surplus or _last_seen(record.parse()) < limit]
        if old:
            self._store.submit(self._removal(old))


def _last_seen(event: JsonObject) -> str:
    """When an Event last happened, as the API writes times: they compare as text."""
    created: str = event["metadata"]["creationTimestamp"]
    return max(created, event.get("lastTimestamp") or "")


def _marked(kind: Kind, value: JsonObject) -> JsonObject:
    """An object whose finalizers hold it, marked as being deleted."""
    metadata = value["metadata"]
    metadata.update(deletionTimestamp=now(), deletionGracePeriodSeconds=0)
    if kind.has_generation:
        metadata["generation"] = metadata.get("generation", 0) + 1
    return value


def _with_policy(finalizers: list[str], policy: str | None) -> list[str]:
    """Finalizers as a delete wants them: one of its policy, none of another."""
    if policy is None:
        return finalizers
    kept = [name for name in finalizers if name not in (FOREGROUND, ORPHAN)]
    return [*kept, policy] if policy else kept


def _deleted(kind: Kind, value: JsonObject) -> JsonObject:
    details = details_of(kind, value["metadata"]["name"], uid=value["metadata"]["uid"])
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}


def _check_preconditions(kind: Kind, metadata: JsonObject, options: DeleteOptions) -> None:
    name = metadata["name"]
    if options.uid and options.uid != metadata["uid"]:
        raise precondition_failed(
            kind,
            name,
            f"the UID in the precondition ({options.uid}) does not match the UID in record ({metadata['uid']}). "
            "The object might have been deleted and then recreated",
        )
    if options.version and options.version != metadata["resourceVersion"]:
        raise precondition_failed(
            kind,
            name,
            f"the ResourceVersion in the precondition ({options.version}) does not match the ResourceVersion in record "
            f"({metadata['resourceVersion']}). The object might have been modified",
        )
