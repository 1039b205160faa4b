"""The writing verbs: what each does to the store, and what it answers once that is on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from weirflow.embedded import access
from weirflow.embedded.apply import tracking
from weirflow.embedded.bodies import section
from weirflow.embedded.definitions import DEFINITIONS, kinds_of, terminate
from weirflow.embedded.errors import (
    ApiError,
    already_exists,
    bad_request,
    conflict,
    details_of,
    not_found,
    precondition_failed,
)
from weirflow.embedded.kinds import JsonObject, Kind
from weirflow.embedded.metadata import TIME_FORMAT, now
from weirflow.embedded.objects import (
    changes_generation,
    encode,
    new_object,
    same_content,
    updated_object,
    updated_status,
)
from weirflow.embedded.options import FOREGROUND, ORPHAN, DeleteOptions
from weirflow.embedded.patches import JSON_PATCH, STRATEGIC, apply_json_patch, merge, strategic_merge
from weirflow.embedded.records import Change, Record
from weirflow.embedded.selectors import Selector
from weirflow.embedded.store import Store

KEPT_NAMESPACES = ("default", "kube-system")
NAME_ATTEMPTS = 8
EVENT_AGE = timedelta(hours=1)
MOST_EVENTS = 5_000


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


class Writer:
    """Reads the newest state, computes the next one, and submits the step; all in one turn of the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(
        self, kind: Kind, namespace: str, body: JsonObject, author: Author = Author(), *, dry_run: bool = False
    ) -> Written:
        self._check_place(kind, namespace, str(section(body, "metadata").get("name", "")))
        value = new_object(kind, namespace, body)
        for _ in range(NAME_ATTEMPTS):
            existing = self._store.head(kind.qualified, namespace, value["metadata"]["name"])
            if existing is None:
                tracking.follow(kind, "", value, None, _given(body), author.manager, author.role)
                return self._put(kind, value, None, 201, dry_run=dry_run)
            if section(body, "metadata").get("name"):
                break
            value = new_object(kind, namespace, body)
        terminating = "deletionTimestamp" in existing.parse()["metadata"] if existing else False
        raise already_exists(kind, value["metadata"]["name"], terminating=terminating)

    def update(
        self,
        kind: Kind,
        namespace: str,
        name: str,
        part: str,
        body: JsonObject,
        author: Author,
        *,
        dry_run: bool = False,
    ) -> Written:
        named(name, body)
        record = self._store.head(kind.qualified, namespace, name)
        if record is None:
            if not kind.create_on_update or part:
                raise not_found(kind, name)
            metadata = {**section(body, "metadata"), "name": name}
            metadata.pop("resourceVersion", None)
            return self.create(kind, namespace, {**body, "metadata": metadata}, author, dry_run=dry_run)
        return self._step(kind, record, part, body, author, patched=False, dry_run=dry_run)

    def patch(
        self,
        kind: Kind,
        namespace: str,
        name: str,
        part: str,
        patch: Any,
        form: str,
        author: Author,
        *,
        dry_run: bool = False,
    ) -> Written:
        record = self._store.head(kind.qualified, namespace, name)
        if record is None:
            raise not_found(kind, name)
        if form == JSON_PATCH:
            body = apply_json_patch(record.parse(), patch)
        elif not isinstance(patch, dict):
            raise bad_request("a merge patch must be an object")
        elif form == STRATEGIC:
            body = strategic_merge(record.parse(), patch)
        else:
            body = merge(record.parse(), patch)
        if not isinstance(body, dict):
            raise ApiError(422, "Invalid", "the patch leaves no object behind", {})
        return self._step(kind, record, part, body, author, patched=True, dry_run=dry_run)

    def apply(
        self,
        kind: Kind,
        namespace: str,
        name: str,
        part: str,
        config: Any,
        author: Author,
        *,
        force: bool,
        dry_run: bool = False,
    ) -> Written:
        """Server-side apply: `config` is all that its manager wants of the object."""
        config = checked_config(kind, name, config)
        metadata = config["metadata"]
        record = self._store.head(kind.qualified, namespace, name)
        if record is not None:
            config = {**config, "metadata": {**metadata, "name": name}}
        if record is None:
            if part:
                raise not_found(kind, name)
            named(name, config)
            self._check_place(kind, namespace, name)
            made, managers = tracking.apply(kind, part, None, config, author.manager, force=force)
            value = new_object(kind, namespace, made)
            tracking.settle(value, managers)
            return self._put(kind, value, None, 201, dry_run=dry_run)
        old = record.parse()
        if metadata.get("resourceVersion", record.version) not in ("", record.version, str(record.version)):
            raise conflict(kind, name)
        made, managers = tracking.apply(kind, part, old, config, author.manager, force=force)
        made["metadata"] = {**made["metadata"], "resourceVersion": old["metadata"]["resourceVersion"]}
        self._check_restore(kind, part, old, author)
        change = updated_status if part == "status" else updated_object
        value = change(kind, made, old, patched=True)
        tracking.settle(value, managers)
        return self._finish(kind, record, value, old, dry_run=dry_run)

    def _step(
        self, kind: Kind, record: Record, part: str, body: JsonObject, author: Author, *, patched: bool, dry_run: bool
    ) -> Written:
        old = record.parse()
        self._check_restore(kind, part, old, author)
        change = updated_status if part == "status" else updated_object
        value = change(kind, body, old, patched=patched)
        tracking.follow(kind, part, value, old, _given(body), author.manager, author.role)
        return self._finish(kind, record, value, old, dry_run=dry_run)

    def _check_restore(self, kind: Kind, part: str, old: JsonObject, author: Author) -> None:
        if access.restores(author.role, kind, part):
            access.check_restore(kind, old)

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

    def rewrite(self, kind: Kind, record: Record, value: JsonObject) -> Written:
        """Store `value` as the next state of `record`; the caller knows that it keeps to the kind's rules."""
        return self._finish(kind, record, value, record.parse(), dry_run=False)

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

    def _removal(self, records: Iterable[Record]) -> list[Change]:
        """Remove records, and the namespace or definition under deletion that they were the last content of."""
        changes = [Change(self._store.next_version(), record, None) for record in records]
        gone = {change.record.position for change in changes}
        for name in {position[1] for position in gone if position[1]}:
            namespace = self._store.head("namespaces", "", name)
            if _terminating(namespace) and all(record.position in gone for record in self._store.inside(name)):
                changes.append(Change(self._store.next_version(), namespace, None))
        for resource in {position[0] for position in gone}:
            definition = self._store.head(DEFINITIONS, "", resource)
            if _terminating(definition) and all(record.position in gone for record in self._store.heads(resource)):
                changes.append(Change(self._store.next_version(), definition, None))
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
        if marked is not None and all(entry.position in removed for entry in content):
            changes.append(Change(self._store.next_version(), marked, None))
        return Written(200, marked, ticket=self._store.submit(changes) if changes else written.ticket)

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

    def _check_place(self, kind: Kind, namespace: str, name: str) -> None:
        """Neither the definition nor the namespace of what is to be made is going."""
        if kind.terminating:
            message = "create not allowed while custom resource definition is terminating"
            raise ApiError(405, "MethodNotAllowed", message, details_of(kind))
        if not kind.namespaced:
            return
        record = self._store.head("namespaces", "", namespace)
        if record is None:
            details = {"name": namespace, "kind": "namespaces"}
            raise ApiError(404, "NotFound", f'namespaces "{namespace}" not found', details)
        if "deletionTimestamp" in record.parse()["metadata"]:
            message = (
                f'{kind.qualified} "{name}" is forbidden: unable to create new content in namespace {namespace} '
                "because it is being terminated"
            )
            cause = {
                "reason": "NamespaceTerminating",
                "message": f"namespace {namespace} is being terminated",
                "field": "metadata.namespace",
            }
            raise ApiError(403, "Forbidden", message, details_of(kind, name, causes=[cause]))


def _given(body: JsonObject) -> Any:
    """What a body has for managedFields."""
    return section(body, "metadata").get("managedFields")


def named(name: str, body: JsonObject) -> None:
    """Raises 400 for the body of a whole object that does not say its name."""
    if not section(body, "metadata").get("name"):
        text = f"the name of the object ({name} based on URL) was undeterminable: name must be provided"
        raise bad_request(text)


def checked_config(kind: Kind, name: str, config: Any) -> JsonObject:
    """The body of an apply, once it is clear that it means the object of the URL. Raises 400."""
    if not isinstance(config, dict):
        raise bad_request("the body of an apply must be an object")
    version, said = config.get("apiVersion") or "", config.get("kind") or ""
    if version != kind.api_version:
        raise bad_request(
            f"Incorrect version specified in apply patch. Specified patch version: {version}, "
            f"expected: {kind.api_version}"
        )
    if said != kind.kind:
        raise bad_request(f"the kind in the body ({said}) does not match the kind of the URL ({kind.kind})")
    metadata = section(config, "metadata")
    if metadata.get("managedFields") is not None:
        raise bad_request("metadata.managedFields must be nil")
    if metadata.get("name", name) != name:
        raise bad_request(f"the name of the object ({metadata['name']}) does not match the name on the URL ({name})")
    return {**config, "metadata": metadata}


def _terminating(record: Record | None) -> bool:
    return record is not None and "deletionTimestamp" in record.parse()["metadata"]


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
