"""The writing verbs: what each does to the store, and what it answers once that is on disk."""

from __future__ import annotations

from typing import Any

from weirflow.embedded import access
from weirflow.embedded.apply import tracking
from weirflow.embedded.bodies import section
from weirflow.embedded.errors import (
    ApiError,
    already_exists,
    bad_request,
    conflict,
    details_of,
    not_found,
)
from weirflow.embedded.kinds import JsonObject, Kind
from weirflow.embedded.objects import (
    new_object,
    updated_object,
    updated_status,
)
from weirflow.embedded.patches import JSON_PATCH, STRATEGIC, apply_json_patch, merge
from weirflow.embedded.records import Record
from weirflow.embedded.removals import Removals
from weirflow.embedded.steps import Author, Written
from weirflow.embedded.strategic import strategic_merge
from weirflow.embedded.versions import as_served

NAME_ATTEMPTS = 8


class Writer(Removals):
    """Reads the newest state, computes the next one, and submits the step; all in one turn of the event loop."""

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
            body = apply_json_patch(as_served(kind, record).parse(), patch)
        elif not isinstance(patch, dict):
            raise bad_request("a merge patch must be an object")
        elif form == STRATEGIC:
            body = strategic_merge(as_served(kind, record).parse(), patch)
        else:
            body = merge(as_served(kind, record).parse(), patch)
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
        old = as_served(kind, record).parse()
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
        old = as_served(kind, record).parse()
        self._check_restore(kind, part, old, author)
        change = updated_status if part == "status" else updated_object
        value = change(kind, body, old, patched=patched)
        tracking.follow(kind, part, value, old, _given(body), author.manager, author.role)
        return self._finish(kind, record, value, old, dry_run=dry_run)

    def _check_restore(self, kind: Kind, part: str, old: JsonObject, author: Author) -> None:
        if access.restores(author.role, kind, part):
            access.check_restore(kind, old)

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
        if "deletionTimestamp" in as_served(kind, record).parse()["metadata"]:
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
