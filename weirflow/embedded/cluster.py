"""The embedded cluster as a library: one `handle` for all requests, whatever carries them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from weirflow.embedded import access, discovery, listing, reviews, scaling, tables
from weirflow.embedded.backup import NoBackup, copies_kept, prune, write_backup
from weirflow.embedded.builtin import builtin_kinds
from weirflow.embedded.collector import Collector
from weirflow.embedded.definitions import DEFINITIONS, definition_kind, kinds_of
from weirflow.embedded.direct import call, watch
from weirflow.embedded.discovery_list import content_type, groups, version_asked
from weirflow.embedded.errors import (
    ApiError,
    Cause,
    PageNotFound,
    bad_request,
    invalid_options,
    not_found,
    storage_failed,
    too_large,
    version_in_future,
)
from weirflow.embedded.hub import Hub
from weirflow.embedded.kinds import JsonObject, Kind, Registry
from weirflow.embedded.messages import BODY_BYTES, PATCHES, Answer, Request
from weirflow.embedded.negotiation import METADATA, TABLE, form_of
from weirflow.embedded.openapi.documents import Documents
from weirflow.embedded.options import (
    DeleteOptions,
    Query,
    dry_run,
    manager_of,
    truthy,
    version_of,
)
from weirflow.embedded.patches import APPLY, MERGE
from weirflow.embedded.records import Change, Record
from weirflow.embedded.renamed import view_of
from weirflow.embedded.routes import Target, find, verb_of
from weirflow.embedded.seed import seed
from weirflow.embedded.selectors import Selector, parse_fields, parse_labels
from weirflow.embedded.steps import Author, Written
from weirflow.embedded.store import Store
from weirflow.embedded.strict import check_fields, validation_of
from weirflow.embedded.vault import Vault
from weirflow.embedded.versions import as_served
from weirflow.embedded.watches import Watches
from weirflow.embedded.writes import Writer

OPENAPI_PROTOBUF = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
BACKUP_PATH = "/weirflow/backup"
HEALTH = ("/healthz", "/livez", "/readyz")


class EmbeddedCluster:
    """A cluster in one directory. Make one with `open`; all its methods belong to that event loop."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.store = Store(directory / "cluster.db", Vault.from_file(directory / "secrets.key"))
        self.hub = Hub(self.store.oldest, self.store.version)
        builtin = builtin_kinds()
        events = next(kind for kind in builtin if kind.plural == "events")
        self.registry = Registry([*builtin, view_of(events), definition_kind()])
        for record in self.store.objects(DEFINITIONS).values():
            self._serve(record)
        self.store.on_commit = self._committed
        self._writer = Writer(self.store)
        self._documents = Documents(self.registry, str(discovery.VERSION["gitVersion"]))
        self._collector = Collector(self.store, self.registry, self._writer)
        self._collects, self._directory = True, directory
        self._tasks: set[asyncio.Task[None]] = set()
        self._watches = Watches(self.store, self.hub)

    @classmethod
    async def open(cls, directory: Path, *, collect: bool = True) -> EmbeddedCluster:
        """Open or create the cluster in `directory`, with what every cluster has. Raises StoreInUse, KeyMismatch.

        Without `collect` owners are only looked at by those who read them, as on a control plane without controllers.
        """
        cluster = cls(directory)
        cluster._collects = collect
        await seed(cluster.store, cluster.registry, cluster._writer)
        if collect:
            cluster._collector.look_at_all()
        return cluster

    async def close(self) -> None:
        """End all watches, store what is queued, and let go of the directory."""
        self._watches.finish()
        self._collector.close()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self.store.close()

    async def call(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: JsonObject | list[Any] | None = None,
        role: str = access.ADMIN,
        content_type: str = "",
    ) -> tuple[int, JsonObject]:
        """One request without a network: the status and the JSON answer. A PATCH's default form is merge."""
        return await call(self, method, path, query, body, role, content_type)

    def watch(self, path: str, query: Query | None = None, role: str = access.ADMIN) -> AsyncIterator[JsonObject]:
        """A watch without a network: its events until it ends. Raises ApiError when it cannot start."""
        return watch(self, path, query, role)

    def handle(self, request: Request) -> Answer:
        """Answer one request. Everything is decided in this call; a write's answer counts once its ticket is done."""
        try:
            return self._dispatch(request)
        except ApiError as error:
            return Answer.failure(error)
        except (RecursionError, orjson.JSONEncodeError):
            return Answer.failure(bad_request("the body is nested too deeply"))

    def _dispatch(self, request: Request) -> Answer:
        if len(request.body) > BODY_BYTES:
            raise too_large(BODY_BYTES)
        if request.path in HEALTH:
            return Answer(200, b"ok", "text/plain; charset=utf-8")
        review = reviews.review_at(request.path)
        target = None if review else find(self.registry, request.path)
        if review and request.method == "POST":
            access.check_path(request.role, "create", request.path)
            body = reviews.answer(review, self.registry, request.role, request.object(review[1]))
            return Answer.of(body, 201)
        if request.path == BACKUP_PATH and request.method == "POST":
            return self._backup(request.role)
        if target is None:
            return self._answer_path(request)
        watching = request.method == "GET" and not target.name and (target.watched or truthy(request.query, "watch"))
        verb = verb_of(request.method, target, watching=watching)
        self._authorise(request.role, verb, target)
        match verb:
            case "get":
                return self._get(target, request)
            case "list":
                return self._list(target, request)
            case "watch":
                selector = self._selector(target, request.query)
                return self._watches.answer(target.kind, selector, request.query, form_of(request.accept))
            case _:
                return self._write(verb, target, request)

    def _answer_path(self, request: Request) -> Answer:
        access.check_path(request.role, request.method.lower(), request.path)
        if request.method == "GET" and request.path.startswith("/openapi/"):
            return self._openapi(request)
        version = version_asked(request.accept) if request.path in ("/api", "/apis") else ""
        if version and request.method == "GET":
            listed = groups(self.registry, version, core=request.path == "/api")
            return Answer(200, orjson.dumps(listed), content_type(version))
        found = discovery.answer(self.registry, request.path, request.address)
        if found is None and request.role != access.ADMIN:
            raise access.forbidden_path(request.role, request.method.lower(), request.path)
        if found is None:
            return Answer.of({"paths": discovery.paths(self.registry)}, 404)
        if request.method != "GET":
            error = ApiError(405, "MethodNotAllowed", f"{request.path} is read with GET only", {})
            return Answer.failure(error)
        return Answer.of(found)

    def _openapi(self, request: Request) -> Answer:
        match request.path.strip("/").split("/"):
            case ["openapi", "v2"] if OPENAPI_PROTOBUF in request.accept.replace("%40", "@"):
                return Answer(200, self._documents.version_2_protobuf(), "application/octet-stream")
            case ["openapi", "v2"]:
                return Answer(200, self._documents.version_2())
            case ["openapi", "v3"]:
                return Answer(200, self._documents.index())
            case ["openapi", "v3", "api", version]:
                found = self._documents.version_3("", version)
            case ["openapi", "v3", "apis", group, version]:
                found = self._documents.version_3(group, version)
            case _:
                found = None
        if found is None:
            raise PageNotFound
        return Answer(200, found)

    def _authorise(self, role: str, verb: str, target: Target) -> None:
        kind = target.kind
        if not access.may(role, verb, kind.group, kind.plural, target.part, target.name):
            raise access.forbidden(kind, role, verb, target.name, target.namespace, target.part)

    def _get(self, target: Target, request: Request) -> Answer:
        form = form_of(request.accept)
        asked = version_of(request.query)
        if asked is not None and asked > self.store.version:
            raise version_in_future(asked, self.store.version)
        record = self.store.get(target.kind.qualified, target.namespace, target.name)
        if record is None:
            raise not_found(target.kind, target.name)
        if target.part == "scale":
            return scaling.read(target.kind, record)
        return self._show(target.kind, record, form, request.query)

    def _show(self, kind: Kind, record: Record, form: str, query: Query, written: Written | None = None) -> Answer:
        record = as_served(kind, record)
        status, ticket = (written.status, written.ticket) if written else (200, None)
        if form == TABLE:
            metadata = {"resourceVersion": str(record.version)}
            shown = tables.table(kind, [record.parse()], query.get("includeObject", ""), metadata)
            return Answer.of(shown, status, ticket)
        if form == METADATA:
            return Answer.of(tables.metadata_only(record.parse()), status, ticket)
        return Answer(status, record.raw + b"\n", ticket=ticket)

    def _selector(self, target: Target, query: Query) -> Selector:
        return Selector(
            target.namespace,
            parse_labels(query.get("labelSelector", "")),
            parse_fields(target.kind, query.get("fieldSelector", "")),
        )

    def _list(self, target: Target, request: Request) -> Answer:
        kind, form = target.kind, form_of(request.accept)
        page = listing.list_page(self.store, self.hub, kind, self._selector(target, request.query), request.query)
        if kind.several:
            page = replace(page, records=[as_served(kind, record) for record in page.records])
        if form == TABLE:
            values = (record.parse() for record in page.records)
            return Answer.of(tables.table(kind, values, request.query.get("includeObject", ""), page.metadata))
        if form == METADATA:
            items = [tables.metadata_only(record.parse()) for record in page.records]
            head = {"kind": "PartialObjectMetadataList", "apiVersion": tables.META_VERSION}
            return Answer.of({**head, "metadata": page.metadata, "items": items})
        return Answer(200, listing.list_bytes(kind, page))

    def _write(self, verb: str, target: Target, request: Request) -> Answer:
        """Refusals and answers that wrote nothing wait as well, for what they were judged by: whoever is refused for
        another's write, and reads then, must not find the state from before it."""
        try:
            answer = self._attempt(verb, target, request)
        except ApiError as error:
            answer = Answer.failure(error)
        if answer.ticket is None:
            answer.ticket = self.store.last_ticket
        return answer

    def _attempt(self, verb: str, target: Target, request: Request) -> Answer:
        kind, query, form = target.kind, request.query, form_of(request.accept)
        shown, view = kind, kind.view
        if view is not None:
            kind = view.of
        namespace, name = target.namespace, target.name
        warnings: tuple[str, ...] = ()
        if target.part == "scale":
            return scaling.answer(verb, target, request, self.store, self._writer)
        if verb in ("delete", "deletecollection"):
            options = DeleteOptions.read(query, request.json())
            if verb == "deletecollection":
                records, written = self._writer.delete_collection(kind, self._selector(target, query), options)
                page = listing.Page([as_served(shown, record) for record in records], self.store.version)
                return Answer(200, listing.list_bytes(shown, page), ticket=written.ticket)
            written = self._writer.delete(kind, namespace, name, options)
            if not access.may(request.role, "get", kind.group, kind.plural, target.part, name):
                # One that finalizers hold is answered as it stands.
                form = METADATA
        elif verb == "patch":
            written, warnings = self._patch(target, request)
        else:
            form_of_options = "CreateOptions" if verb == "create" else "UpdateOptions"
            author = Author(request.role, manager_of(request, form_of_options))
            rehearsal, body = dry_run(query, form_of_options), request.object(kind.kind)
            if view is not None:
                body = view.stored(shown, body)
            if view is not None and verb == "create":
                view.check_new(body)
            warnings = self._check_fields(kind, request, body, form_of_options)
            if target.part == "finalize":
                written = self._writer.finalize(kind, name, body, dry_run=rehearsal)
            elif verb == "create":
                written = self._writer.create(kind, namespace, body, author, dry_run=rehearsal)
            else:
                written = self._writer.update(kind, namespace, name, target.part, body, author, dry_run=rehearsal)
        if written.record is None:
            return Answer.of(written.body, written.status, written.ticket)
        answer = self._show(shown, written.record, form, query, written)
        answer.warnings = warnings
        return answer

    def _check_fields(self, kind: Kind, request: Request, body: Any, options: str) -> tuple[str, ...]:
        validation = validation_of(request.query, options, by_person=request.role == access.ADMIN)
        return check_fields(kind, body, request.body, validation, patch=options == "PatchOptions")

    def _patch(self, target: Target, request: Request) -> tuple[Written, tuple[str, ...]]:
        shown, query, applies = target.kind, request.query, request.media == APPLY
        kind = shown if shown.view is None else shown.view.of
        place = (kind, target.namespace, target.name, target.part)
        if "force" in query and not applies:
            cause = Cause("force", "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch")
            raise invalid_options("PatchOptions", cause)
        patch = request.patch(PATCHES[kind.builtin])
        if shown.view is not None:
            patch = shown.view.stored_patch(shown, patch, request.media)
        rehearsal = dry_run(query, "PatchOptions")
        if not applies:
            author = Author(request.role, manager_of(request, "PatchOptions"))
            warnings = self._check_fields(kind, request, patch, "PatchOptions") if request.media == MERGE else ()
            return self._writer.patch(*place, patch, request.media, author, dry_run=rehearsal), warnings
        if not query.get("fieldManager"):
            cause = Cause("fieldManager", "FieldValueRequired", "Required value: is required for apply patch")
            raise invalid_options("PatchOptions", cause)
        author = Author(request.role, manager_of(request, "PatchOptions"))
        return self._writer.apply(*place, patch, author, force=truthy(query, "force"), dry_run=rehearsal), ()

    def _backup(self, role: str) -> Answer:
        """A copy of all objects as they are now, in a file of its own; answered once it is written. Of those that lie
        there the oldest go."""
        if role != access.ADMIN:
            raise access.forbidden_path(role, "post", BACKUP_PATH)
        if self._tasks:
            raise ApiError(409, "Conflict", "a backup is being written already: ask again once that is answered", {})
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        path = self._directory / "backups" / f"cluster-{moment}-{self.store.version}.db"
        records = self.store.snapshot()
        ticket: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            kept = copies_kept()
        except NoBackup as error:
            raise storage_failed(str(path), str(error)) from error
        version = self.store.version

        def write() -> None:
            write_backup(path, records, version, self.store.vault)
            prune(path.parent, kept)

        writing = asyncio.create_task(asyncio.to_thread(write), name="cluster backup")

        def written(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if ticket.done():
                return
            error = None if task.cancelled() else task.exception()
            if task.cancelled() or error is not None:
                ticket.set_exception(storage_failed(str(path), str(error or "the cluster is stopping")))
            else:
                ticket.set_result(None)

        self._tasks.add(writing)
        writing.add_done_callback(written)
        return Answer.of({"path": str(path), "version": str(self.store.version), "objects": len(records)}, 201, ticket)

    def expire_events(self) -> None:
        """Drop Events that are an hour old, and the oldest beyond a bound; whoever runs the cluster calls it."""
        self._writer.expire_events()

    def _committed(self, changes: list[Change]) -> None:
        for change in changes:
            if change.record.resource == DEFINITIONS:
                self._serve(change.new or change.record, gone=change.new is None)
        self.hub.publish(changes)
        if self._collects:
            self._collector.committed(changes)

    def _serve(self, record: Record, *, gone: bool = False) -> None:
        """Bring the registry in step with a stored definition."""
        self.registry.remove(record.name)
        if not gone:
            for kind in kinds_of(record.parse()):
                self.registry.add(kind)
